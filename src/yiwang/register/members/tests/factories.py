"""Persons for tests: invented people with valid numbers."""

import datetime as dt
from itertools import count

from yiwang.kernel.identity import id_check_digit
from yiwang.register.members.actions import register_person, start_membership

_serials = count(1)
JOINED = dt.date(2022, 3, 1)


def id_number(*, birth: str = "19900307", serial: int | None = None) -> str:
    body = f"320583{birth}{(serial or next(_serials)) % 1000:03d}"
    return body + id_check_digit(body)


def person(name: str = "周小芳", **details):
    return register_person(name=name, id_number=details.pop("number", "") or id_number(), by=None, **details)


def member(organisation, name: str = "周小芳", **details):
    return start_membership(person(name), organisation, by=None, joined_on=details.pop("joined_on", JOINED), **details)
