"""The election and its questions (4.9, 4.10)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from yiwang.platform.ballots.library import canonical, group
from yiwang.platform.ballots.library.canonical import array, count, fields
from yiwang.platform.ballots.library.errors import BallotProblem

UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,}")
MOST_ANSWERS = 500


@dataclass(frozen=True)
class Question:
    """One homomorphic question: tick at least ``least`` and at most ``most`` answers, or leave it blank if allowed."""

    question: str
    answers: tuple[str, ...]
    least: int = 1
    most: int = 1
    blank: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.answers) <= MOST_ANSWERS or not 0 <= self.least <= self.most <= len(self.answers):
            raise BallotProblem("bad_question", "a question needs answers, and a least and most that fit them")

    @property
    def width(self) -> int:
        """How many ciphertexts an answer holds."""
        return len(self.answers) + self.blank

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = {"answers": list(self.answers)}
        if self.blank:
            found["blank"] = True
        return {**found, "min": self.least, "max": self.most, "question": self.question}

    @classmethod
    def read(cls, value: Any) -> "Question":
        if isinstance(value, dict) and value.get("type") == "NonHomomorphic":
            raise BallotProblem("unsupported", "questions with ranks are not supported here")
        found = fields(value, "answers", "min", "max", "question", optional=("blank",))
        if found.get("blank", False) not in (True, False):
            raise BallotProblem("malformed", "blank is yes or no")
        return cls(
            question=canonical.text(found["question"]),
            answers=tuple(canonical.text(answer) for answer in array(found["answers"])),
            least=count(found["min"]),
            most=count(found["max"]),
            blank=bool(found.get("blank", False)),
        )


@dataclass(frozen=True)
class Election:
    """What is voted on, with which key; ``raw`` are the bytes everyone signs, ``hash`` their fingerprint."""

    uuid: str
    name: str
    description: str
    public_key: mpz
    questions: tuple[Question, ...]
    raw: bytes
    hash: str

    @classmethod
    def read(cls, raw: bytes) -> "Election":
        found = fields(
            canonical.load(raw),
            *("version", "description", "name", "group", "public_key", "questions", "uuid"),
            optional=("administrator", "credential_authority"),
        )
        if found["version"] != 1 or found["group"] != group.NAME:
            raise BallotProblem("unsupported", f"only version 1 with the group {group.NAME} is supported")
        if not UUID.fullmatch(canonical.text(found["uuid"])):
            raise BallotProblem("malformed", "the election's identifier is not one of the protocol")
        key = group.element(found["public_key"])
        group.require_member(key)
        return cls(
            uuid=found["uuid"],
            name=canonical.text(found["name"]),
            description=canonical.text(found["description"]),
            public_key=key,
            questions=tuple(Question.read(item) for item in array(found["questions"])),
            raw=raw,
            hash=canonical.fingerprint(raw),
        )


def write_election(
    *,
    uuid: str,
    name: str,
    description: str,
    public_key: mpz,
    questions: Sequence[Question],
    administrator: str = "",
    credential_authority: str = "",
) -> bytes:
    """The bytes of an election; they never change from here on."""
    document: dict[str, Any] = {
        "version": 1,
        "description": description,
        "name": name,
        "group": group.NAME,
        "public_key": str(public_key),
        "questions": [question.document() for question in questions],
        "uuid": uuid,
    }
    if administrator:
        document["administrator"] = administrator
    if credential_authority:
        document["credential_authority"] = credential_authority
    return canonical.dump(document).encode()
