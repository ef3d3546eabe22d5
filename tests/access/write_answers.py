"""``python -m pytest tests/access/write_answers.py`` writes the table anew, for a person to read the difference.

Not collected by itself (its name does not begin with test_), so CI never writes what it should check.
"""

import csv

import pytest

from tests.access.walk import ANSWERS, METHODS, ROLES, answers_of, places

FOUND: list[list[str]] = []


@pytest.mark.django_db
@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_collect(world, browsers, place):
    found = answers_of(place, world, browsers)
    FOUND.extend([place.name, method, *(found[method][role] for role in ROLES)] for method in METHODS)


def test_write():
    with ANSWERS.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["url", "method", *ROLES])
        writer.writerows(FOUND)
