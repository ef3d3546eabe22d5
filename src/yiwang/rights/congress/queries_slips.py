"""Reads about paper slips: how many, and what the tellers fill in."""

from dataclasses import dataclass

from yiwang.platform.ballots.library.election import Question
from yiwang.platform.ballots.models import Election
from yiwang.rights.congress.models import SecretBallot
from yiwang.rights.congress.queries import label_of


def slips_of(ballot: SecretBallot) -> int:
    """How many delegates of the roll vote on paper."""
    return ballot.roll.filter(on_paper=True).count()


def questions_on(ballot: SecretBallot) -> list[Question]:
    return [Question.read(row) for row in ballot.election.questions]


def with_slips(ballot: SecretBallot, counts: list[list[int]]) -> list[list[int]]:
    """What the box holds and what the tellers counted on paper."""
    slips = ballot.slip_counts or [[0] * len(row) for row in counts]
    return [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(counts, slips, strict=True)]


@dataclass(frozen=True)
class SlipField:
    """One option of one question, for the tellers' count."""

    name: str
    label: str
    title: str = ""  # at the first option of each question


def slip_fields(ballot: SecretBallot) -> list[list[SlipField]]:
    """For each question its options in the order of the box: “none of them” first, where there is one."""
    found = []
    for number, question in enumerate(questions_on(ballot)):
        labels = [label_of("blank"), *question.answers] if question.blank else list(question.answers)
        found.append(
            [
                SlipField(f"s{number}_{place}", label, "" if place else question.question)
                for place, label in enumerate(labels)
            ]
        )
    return found


def slip_sheet(ballot: SecretBallot) -> list[list[SlipField]]:
    """What the tellers fill in now: after the closing, before the box is opened."""
    waits = ballot.election.state == Election.State.CLOSED and ballot.slip_counts is None
    return slip_fields(ballot) if waits and slips_of(ballot) else []
