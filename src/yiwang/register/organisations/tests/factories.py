"""Bodies for tests, founded by the real verbs."""

import datetime as dt
from itertools import count

from yiwang.register.organisations.actions import create_organisation
from yiwang.register.organisations.models import Organisation

SINCE = dt.date(2020, 1, 1)
_numbers = count(1)


def province(name: str = "江苏省总工会") -> Organisation:
    return body(None, "A2", name, division="320000")


def body(parent: Organisation | None, kind: str, name: str = "", *, division: str = "", **details) -> Organisation:
    return create_organisation(
        name=name or f"第{next(_numbers)}工会",
        kind=kind,
        parent=parent,
        by=None,
        division_code=division,
        valid_from=SINCE,
        **details,
    )


def line() -> list[Organisation]:
    """province – city – county – town – village – unit."""
    top = province()
    city = body(top, "A3", "苏州市总工会", division="320500")
    county = body(city, "A4", "昆山市总工会", division="320583")
    town = body(county, "C1", "玉山镇总工会", division="320583100")
    village = body(town, "C3", "五联村工会", division="320583100201")
    unit = body(town, "E1", "恒达精密工会")
    return [top, city, county, town, village, unit]
