"""``yiwang demo-sheet``: a plainly fictional member spreadsheet as unions send it (layout of handbook GT 2.11)."""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rustpy_xlsxwriter import FastExcel

from config.demo.fiction import Fiction
from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.register.imports.library.columns import COLUMNS, HEADINGS
from yiwang.register.organisations.models import OrganisationEmployer

Row = dict[str, str]
UNIONS = 200
KINDS = (("合同制", 86), ("劳务派遣", 8), ("非全日制", 6))
POSTS = ("装配工", "质检员", "仓管员", "电工", "叉车司机", "保洁员", "程序员", "缝纫工")


class NoUnions(DomainError):
    """There is no enterprise union that the members could belong to."""

    code = "no_unions"


@dataclass(frozen=True)
class Sheet:
    """What was written: how many rows, and how many of them nobody should take as they are."""

    files: tuple[Path, Path]
    rows: int
    spoilt: int


def write_sheet(folder: Path, *, rows: int, seed: int) -> Sheet:
    """The same list as .xlsx and as a GBK .csv; the same for the same seed, day and unions."""
    links = OrganisationEmployer.objects.filter(organisation__source="demo", relation="own")
    unions = list(links.select_related("organisation", "employer").order_by("organisation_id")[:UNIONS])
    if not unions:
        raise NoUnions("还没有企业工会，表里的会员没有地方可去。先运行 yiwang demo。")
    fiction = Fiction(seed)
    lines = [make_row(fiction, number, unions, on=today()) for number in range(1, rows + 1)]
    spoilt = spoil(fiction, lines)
    table = [{column.heading: line.get(column.key, "") for column in COLUMNS} for line in lines]
    folder.mkdir(parents=True, exist_ok=True)
    xlsx, text = folder / f"members-{rows}.xlsx", folder / f"members-{rows}-gbk.csv"
    FastExcel(str(xlsx)).sheet("会员名册", table).save()
    with text.open("w", encoding="gbk", newline="") as target:
        writer = csv.DictWriter(target, list(HEADINGS.values()))
        writer.writeheader()
        writer.writerows(table)
    return Sheet((xlsx, text), rows, spoilt)


def make_row(fiction: Fiction, number: int, unions: list[OrganisationEmployer], *, on: dt.date) -> Row:
    """One person as the layout wants them."""
    draw = fiction.random
    link = draw.choice(unions)
    human = fiction.person(link.organisation.division_code[:6], on=on)
    name = human.name
    while not fits_gbk(name):
        name = fiction.name(human.gender)
    grown_up = human.birth_date.replace(day=1, year=human.birth_date.year + 18)
    joined = max(on - dt.timedelta(days=draw.randrange(40, 1800)), min(grown_up, on))
    return {
        "serial": str(number),
        "name": name,
        "id_type": "居民身份证",
        "id_number": human.id_number,
        "gender": "男" if human.gender == "1" else "女",
        "nation": "汉族",
        "phone": f"13600{number:06d}",  # none of the demo federation begins so
        "employer_name": link.employer.name,
        "uscc": link.employer.uscc,
        "post": draw.choice(POSTS),
        "employ_kind": draw.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0],
        "employ_state": "在岗",
        "is_migrant": "是" if draw.random() < 0.3 else "否",
        "joined_on": joined.isoformat(),
        "organisation": link.organisation.code,
    }


def fits_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def wrong_check_digit(row: Row) -> None:
    digit = row["id_number"][-1]
    row["id_number"] = row["id_number"][:-1] + ("0" if digit != "0" else "1")


def no_phone(row: Row) -> None:
    row["phone"] = ""


def short_phone(row: Row) -> None:
    row["phone"] = row["phone"][:-1]


def no_name(row: Row) -> None:
    row["name"] = ""


def unknown_union(row: Row) -> None:
    row["organisation"] = "99999999"


def joined_tomorrow(row: Row) -> None:
    row["joined_on"] = "2099-01-01"


def wide_letters(row: Row) -> None:
    """Typed with a Chinese keyboard: the import understands this one."""
    row["id_number"] = "".join(chr(ord(ch) + 0xFEE0) for ch in row["id_number"])
    row["name"] = f" {row['name']}　"


# What goes wrong in lists of this kind (handbook GT 2.11), in rows of a thousand.
MISTAKES: tuple[tuple[Callable[[Row], None], int], ...] = (
    (wrong_check_digit, 6),
    (no_phone, 5),
    (short_phone, 4),
    (no_name, 2),
    (unknown_union, 3),
    (joined_tomorrow, 2),
)
TWICE = 5  # the same person again further down, in rows of a thousand
WIDE = 10


def spoil(fiction: Fiction, rows: list[Row]) -> int:
    """Put the mistakes in; how many rows are wrong now."""
    draw = fiction.random
    places = list(range(1, len(rows)))
    draw.shuffle(places)
    spoilt = 0
    for mistake, share in MISTAKES:
        for _ in range(max(1, len(rows) * share // 1000)):
            mistake(rows[places.pop()])
            spoilt += 1
    for _ in range(max(1, len(rows) * TWICE // 1000)):
        again = places.pop()
        whole = rows[places[-1]]
        serial = rows[again]["serial"]
        rows[again].update(whole, serial=serial)
        spoilt += 1
    for _ in range(max(1, len(rows) * WIDE // 1000)):
        wide_letters(rows[places.pop()])
    return spoilt
