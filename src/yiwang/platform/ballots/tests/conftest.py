import copy

import pytest

from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library.election import Question

QUESTIONS = [
    Question('是否通过"集体合同"\\草案？', ("赞成", "反对", "弃权"), 1, 1),
    Question("选举职工董事（2名）", ("甲", "乙", "丙"), 1, 2, blank=True),
]


@pytest.fixture(scope="session")
def tallied() -> testing.Held:
    """Four voters, one of whom voted twice; one trustee who must and two of three who suffice."""
    held = testing.hold(QUESTIONS, voters=5, singles=1, threshold=(2, 3))
    held.vote(0, [[1, 0, 0], [0, 1, 0, 0]])
    held.vote(1, [[0, 1, 0], [0, 1, 1, 0]])
    held.vote(2, [[0, 0, 1], [1, 0, 0, 0]])
    held.vote(0, [[0, 1, 0], [0, 0, 1, 1]])
    held.close()
    held.decrypt(1, 2, 4)
    return held


@pytest.fixture(scope="session")
def _open() -> testing.Held:
    held = testing.hold(QUESTIONS, voters=4, singles=0, threshold=(2, 3))
    held.vote(0, [[1, 0, 0], [0, 1, 0, 0]])
    held.vote(1, [[0, 1, 0], [1, 0, 0, 0]])
    return held


@pytest.fixture
def held(_open) -> testing.Held:
    """An open election with two ballots; each test has its own copy."""
    return copy.deepcopy(_open)
