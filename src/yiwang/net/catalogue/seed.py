"""The catalogue that ships with the system: one TOML file a service, read by experts, expanded to definitions.

In the files a pair of strings is a text in both languages, an option is ``[value, Chinese, English]``, and a form step
``{ use = "applicant" }`` stands for the step of that name in ``blocks.toml``.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.net.catalogue.definitions import Json, tidy

SERVICES = Path(__file__).parent / "services"
RULES = Path(__file__).parent / "rules"

_NOT_CONTENT = ("code", "position")
_LISTS_OF_TEXTS = ("conditions", "other_ways")
_PLAIN_LISTS = ("audience", "levels", "channels", "aliases", "bundle", "delivery", "in", "accept", "id_types")


@dataclass(frozen=True)
class SeededService:
    code: str
    position: int
    definition: Json


def seeded_services(folder: Path = SERVICES, rules: Path = RULES) -> list[SeededService]:
    blocks = tomllib.loads((folder / "blocks.toml").read_text(encoding="utf-8"))
    files = sorted(path for path in folder.glob("*.toml") if path.stem != "blocks")
    return [_read(path, blocks, rules) for path in files]


def _read(path: Path, blocks: Json, rules: Path) -> SeededService:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    code: str = written["code"]
    steps = [
        {"key": step["use"], **blocks[step["use"]]} if "use" in step else step for step in written["form"]["steps"]
    ]
    written["form"] = {"steps": steps}
    content = {key: _expanded(key, value) for key, value in written.items() if key not in _NOT_CONTENT}
    if (rules / f"{code.lower()}.toml").exists():
        content.setdefault("ruleset", code.lower())
    return SeededService(code=code, position=written["position"], definition=tidy(content))


def _expanded(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _expanded(name, part) for name, part in value.items()}
    if not isinstance(value, list) or key in _PLAIN_LISTS:
        return value
    if key == "options":
        return [{"value": option[0], "label": _text(option[1:])} for option in value]
    if key in _LISTS_OF_TEXTS:
        return [_text(pair) for pair in value]
    if len(value) == 2 and all(isinstance(part, str) for part in value):
        return _text(value)
    return [_expanded("", part) for part in value]


def _text(pair: list[str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}
