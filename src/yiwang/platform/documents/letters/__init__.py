"""The letters a case may need. Each kind is one TOML file that people who write letters can read and change:
its title, the character for its number, the facts it needs, and its paragraphs with ``{facts}`` in them.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yiwang.kernel.crypto import blind_index
from yiwang.platform.documents.errors import LetterIncomplete
from yiwang.platform.documents.words import clean_words

FOLDER = Path(__file__).parent
# Every letter has these; the rest is said by its file.
COMMON = {
    "organisation": "发文单位",
    "number": "发文字号",
    "recipient": "收件人",
    "date": "落款日期",
    "contact_person": "联系人",
    "contact_phone": "联系电话",
}
NOTHING: tuple[Any, ...] = (None, "", [])
ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Block:
    """One paragraph, or one paragraph for each item of ``each``; left out when the fact ``when`` is missing
    or the fact ``unless`` is given."""

    text: str
    when: str = ""
    unless: str = ""
    each: str = ""


@dataclass(frozen=True)
class LetterKind:
    """What one kind of letter says and needs. ``needs`` and ``may`` map keys to what a person calls them."""

    key: str
    title: str
    number_kind: str
    needs: Mapping[str, str]
    may: Mapping[str, str]
    blocks: tuple[Block, ...]

    @property
    def required(self) -> frozenset[str]:
        return frozenset(COMMON) | frozenset(self.needs)


@cache
def kinds() -> Mapping[str, LetterKind]:
    """Every kind of letter by key, e.g. ``acceptance``, ``supplement``, ``result_no``."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> LetterKind:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return LetterKind(
        key=path.stem,
        title=told["title"],
        number_kind=told.get("number_kind", ""),
        needs=told.get("needs", {}),
        may=told.get("may", {}),
        blocks=tuple(Block(**block) for block in told["blocks"]),
    )


def letter_kind(key: str) -> LetterKind:
    found = kinds().get(key)
    if found is None:
        raise LookupError(f"no letter is called “{key}”; the kinds are {', '.join(kinds())}")
    return found


def compose(key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The page as plain values, the same for Word and PDF. Raises ``LetterIncomplete``."""
    kind = letter_kind(key)
    words: dict[str, Any] = clean_words(data)
    names = {**COMMON, **kind.needs}
    if missing := [names[name] for name in names if words.get(name) in NOTHING]:
        raise LetterIncomplete(kind.title, missing)
    page = {
        "title": kind.title,
        **{name: str(words[name]) for name in COMMON},
        "paragraphs": [line for block in kind.blocks for line in _lines(block, words)],
        "contact": f"联系人：{words['contact_person']}　联系电话：{words['contact_phone']}",
        "copies": [str(copy) for copy in words.get("copies", [])],
    }
    return page | {"check_code": check_code(page)}


def _lines(block: Block, words: Mapping[str, Any]) -> list[str]:
    if block.when and words.get(block.when) in NOTHING or block.unless and words.get(block.unless) not in NOTHING:
        return []
    if not block.each:
        return [block.text.format_map(_Plain(words))]
    items = [str(item) for item in words[block.each]]
    if len(items) == 1:
        return [block.text.format_map(_Plain({**words, "place": "", "item": items[0]}))]
    return [
        block.text.format_map(_Plain({**words, "place": f"（{_ordinal(place)}）", "item": item}))
        for place, item in enumerate(items, start=1)
    ]


class _Plain(dict[str, str]):
    """Facts as text: a list becomes one line."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__({key: _as_text(value) for key, value in words.items()})


def _as_text(value: Any) -> str:
    return "；".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _ordinal(place: int) -> str:
    tens, ones = divmod(place, 10)
    if tens == 0:
        return ORDINALS[ones - 1]
    head = "十" if tens == 1 else f"{ORDINALS[tens - 1]}十"
    return head + (ORDINALS[ones - 1] if ones else "")


def check_code(page: Mapping[str, Any]) -> str:
    """“7F3A-91CE”: eight digits that only we can make from exactly these words; recomputed from what was kept."""
    text = json.dumps(page, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digits = blind_index("documents.check_code", text)[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


SHEET = {
    "title": "表名",
    "number": "编号",
    "printed_by": "打印人",
    "printed_at": "打印时间",
    "rule_version": "规则版本",
}


def compose_sheet(data: Mapping[str, Any]) -> dict[str, Any]:
    """An A4 form as plain values: ``rows`` of label/value cells, ``ledger``, ``opinions`` and a ``footnote``."""
    words: dict[str, Any] = clean_words(data)
    if missing := [SHEET[name] for name in SHEET if not words.get(name)]:
        raise LetterIncomplete(str(words.get("title") or ""), missing)
    page = {
        **{name: str(words[name]) for name in SHEET},
        "rows": words.get("rows", []),
        "ledger": words.get("ledger"),
        "amounts": words.get("amounts"),
        "opinions": words.get("opinions", []),
        "footnote": str(words.get("footnote", "")),
        "mark": str(words.get("mark", "")),
    }
    return page | {"check_code": check_code({name: value for name, value in page.items() if name != "printed_at"})}


LIST = {"title": "标题", "body": "单位", "printed_by": "打印人", "printed_at": "打印时间", "heads": "栏目"}


def compose_list(data: Mapping[str, Any]) -> dict[str, Any]:
    """A list across the sheet as plain values: every row as wide as its heads."""
    words: dict[str, Any] = clean_words(data)
    if missing := [LIST[name] for name in LIST if not words.get(name)]:
        raise LetterIncomplete(str(words.get("title") or ""), missing)
    heads = [str(head) for head in words["heads"]]
    rows = [[str(cell) for cell in row] for row in words.get("rows", [])]
    if any(len(row) != len(heads) for row in rows):
        raise ValueError("a row of a list is as wide as its heads")
    page = {name: str(words[name]) for name in LIST if name != "heads"} | {"heads": heads, "rows": rows}
    return page | {"check_code": check_code({name: value for name, value in page.items() if name != "printed_at"})}
