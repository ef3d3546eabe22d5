"""Receipts: the reasons of one decision as bytes that anyone can work out again, years later and offline.

A receipt carries the rules and figures it used, so its bytes alone are enough. They are canonical JSON (keys sorted,
UTF-8, no spaces, whole numbers only) and hold no name, no number of a person and no minute of the day.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.explaining import Answer, Outcome, Version, decide_many
from yiwang.platform.rules.library.model import Parameter, RuleSet, canonical, digest
from yiwang.platform.rules.library.running import Compiled
from yiwang.platform.rules.library.shapes import BadShape, to_data
from yiwang.platform.rules.library.words import Words

FORMAT = "yiwang-receipt-1"
PARTS = ("rules", "facts", "answer", "recourse")


@dataclass(frozen=True)
class Recourse:
    """Until when and where the person can object."""

    until: dt.date
    where: Words
    basis: Words


@dataclass(frozen=True)
class Receipt:
    body: dict[str, Any]
    content: bytes

    @property
    def sha256(self) -> str:
        return digest(self.content)


def issue(version: Version, facts: Mapping[str, Any], on: dt.date, recourse: Recourse) -> Receipt:
    """The receipt of the decision that these rules make on these facts. Raises what ``explain`` raises."""
    outcome = decide_many([version], facts, on)[0]
    if outcome.stopped is not None:
        raise MissingParameter(outcome.stopped.zh)
    return _written(outcome, version.number, to_data(recourse))


def _written(outcome: Outcome, number: int, recourse: dict[str, Any]) -> Receipt:
    ruleset = outcome.ruleset
    used: dict[str, Any] = {"key": ruleset.key, "sha256": ruleset.sha256, "text": ruleset.to_data()}
    if number:
        used["version"] = number
    parts: dict[str, Any] = {
        "rules": used,
        "facts": {name: list(value) if isinstance(value, tuple) else value for name, value in outcome.facts.items()},
        "answer": _answer_data(outcome),
        "recourse": recourse,
    }
    body = {"format": FORMAT, "on": outcome.on.isoformat(), **parts}
    body["seals"] = {part: digest(canonical(parts[part])) for part in PARTS}
    return Receipt(body, canonical(body))


def _answer_data(outcome: Outcome) -> dict[str, Any]:
    zh, en = outcome.answer("zh"), outcome.answer("en")
    data: dict[str, Any] = {"verdict": outcome.verdict, "missing": list(outcome.missing)}
    data["conditions"] = [
        {
            "key": reason.condition,
            "holds": reason.holds,
            "value": reason.value,
            "limit": reason.limit,
            "margin": reason.margin,
            "fact": reason.fact,
            "evidence": reason.evidence,
            "zh": _told(zh, place),
            "en": _told(en, place),
            "correct": _correct(outcome, reason.fact),
        }
        for place, reason in enumerate(zh.reasons)
    ]
    data["steps"] = [{"key": step.key, "value": step.value, "text": step.text} for step in zh.steps]
    data["amount"] = zh.amount
    return data


def _told(answer: Answer, place: int) -> dict[str, str]:
    reason = answer.reasons[place]
    return {"requires": reason.label, "because": reason.because, "source": reason.source, "basis": reason.basis}


def _correct(outcome: Outcome, fact: str) -> dict[str, str]:
    known = outcome.ruleset.fact.get(fact)
    return {"zh": known.correct.zh, "en": known.correct.en} if known else {}


def recompute(content: bytes) -> bytes:
    """The bytes these rules and facts give today. Equal to ``content`` unless someone changed it."""
    body = json.loads(content)
    return _again(body).content


def _again(body: dict[str, Any]) -> Receipt:
    from yiwang.platform.rules.library.compiling import compile_ruleset  # noqa: PLC0415 -- slow import

    ruleset = RuleSet.from_data(body["rules"]["text"])
    compiled: Compiled = compile_ruleset(ruleset)
    number = int(body["rules"].get("version", 0))
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in body["facts"].items()}
    outcome = decide_many([Version(ruleset, compiled, number)], facts, dt.date.fromisoformat(body["on"]))[0]
    return _written(outcome, number, body["recourse"])


def altered_parts(content: bytes, sha256: str = "") -> list[str]:
    """The parts that were changed after the receipt was issued; empty if it is as it was.

    ``sha256`` is the hash on record. With it even a change whose seals were worked out anew is seen (as ``"hash"``).
    """
    altered = []
    try:
        body = json.loads(content)
        altered = [part for part in PARTS if digest(canonical(body[part])) != body["seals"][part]]
        if body["rules"]["sha256"] != digest(canonical(body["rules"]["text"])) and "rules" not in altered:
            altered.append("rules")
        if not altered:
            again = _again(body)
            altered = [part for part in PARTS if canonical(again.body[part]) != canonical(body[part])]
        if not altered and canonical(body) != content:
            altered = ["form"]
    except (ValueError, KeyError, TypeError, BadShape):
        return ["form"]
    if not altered and sha256 and digest(content) != sha256:
        altered = ["hash"]
    return altered


def parameters_used(ruleset: RuleSet, on: dt.date) -> list[tuple[Parameter, tuple[str, ...], int]]:
    """Every figure in force, for the page that shows a receipt."""
    return [
        (parameter, key, value.value) for parameter in ruleset.parameters for key, value in parameter.on(on).items()
    ]
