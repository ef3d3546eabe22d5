"""The breadth of a large demo: unions by the hundred thousand, members by the million, no story and no object for each.

Written after the small federation. Unions in one transaction, members in blocks, each in one of its own: what was
interrupted goes on where it stopped when the same command is given again.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from django.db import connection, transaction
from numpy.typing import NDArray

from config.demo.fiction import COMPOUND, FEMALE, MALE, SURNAMES, TRADES, Fiction
from config.demo.loading import beside, lightly_indexed
from config.demo.register import SINCE, employer_of, regional_bodies, union_of
from config.demo.sizes import Width
from config.demo.units import HEAVY, Body, Unit, draw_unit
from yiwang.kernel.copying import copy_rows
from yiwang.platform.text.library import Entry, person_keys
from yiwang.register.imports.queries.screening import with_hashes
from yiwang.register.members.actions.columnar import enrol_columns
from yiwang.register.members.models import Membership
from yiwang.register.organisations.actions.bulk import found_many
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer

SOURCE = "width"
BLOCK = 40_000
UNIONS_AT_ONCE = 10_000
FIRMS_FROM = 1_000_000  # serials of the credit codes, beyond those of the small federation
DAYS, STEP = 16_411, 7_919  # a prime and a step: each of 45 years of birthdays is met once before any comes again
QUARTER = 91
# Two of these and a trade name a firm that no story knows.
SYLLABLES = "安邦博诚德港恒嘉捷金康朗美能普启润盛泰万祥新信扬益优裕源泽正"
WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
CHECKS = np.frombuffer(b"10X98765432", dtype="S1").astype("U1")
Tell = Callable[[str], None]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Unions:
    """The unions of the breadth as columns, in the order of their ids."""

    ids: Numbers
    paths: Sequence[str]
    employers: Numbers
    cities: Numbers  # the first four digits of the division
    quarters: Numbers  # when they were founded, in quarters since SINCE
    upto: Numbers  # members up to and including this union


def begun() -> bool:
    return Organisation.objects.filter(source=SOURCE).exists()


def widen(width: Width, *, seed: int, on: dt.date, tell: Tell) -> None:
    """Found the unions if they are not there, then write the blocks of members that are missing."""
    if not begun():
        tell(f"{width.unions} more enterprise unions")
        with transaction.atomic():
            found_unions(width, seed=seed, on=on)
    unions = unions_of(width)
    blocks = missing_blocks(width)
    tell(f"{width.members} more members; {len(blocks)} blocks of {BLOCK} to write")
    with lightly_indexed():
        half = len(blocks) // 2
        with beside(lambda: write_blocks(blocks[:half], unions, width, seed=seed, on=on)):
            write_blocks(blocks[half:], unions, width, seed=seed, on=on)
        tell("Indexes")


def found_unions(width: Width, *, seed: int, on: dt.date) -> None:
    """Employers and their unions below real towns and zones; Python objects for some thousand at a time."""
    fiction = Fiction(seed + 1)
    fiction.firms = FIRMS_FROM
    drawn = draw_firms(fiction, width, on=on)
    standing = {str(body.pk): body for body in Organisation.objects.filter(level__lte=5)}
    while units := list(itertools.islice(drawn, UNIONS_AT_ONCE)):
        employers = [employer_of(fiction, unit) for unit in units]
        for employer in employers:
            employer.source = SOURCE
        copy_rows(employers)
        bodies = found_many(
            [union_of(fiction, unit) for unit in units], dict(standing), source=SOURCE, valid_from=SINCE
        )
        copy_rows(
            [
                OrganisationEmployer(organisation=body, employer=employer, relation="own", valid_from=SINCE)
                for body, employer in zip(bodies, employers, strict=True)
            ]
        )


def draw_firms(fiction: Fiction, width: Width, *, on: dt.date) -> Iterator[Unit]:
    """Firms by the weights of the counties, or of one county; no two of one name in a place."""
    towns: dict[str, list[Body]] = {}
    for body in regional_bodies():
        if body.kind in ("C1", "C2") and body.county == (width.county or body.county):
            towns.setdefault(body.county, []).append(body)
    counties = sorted(towns)
    weights = list(itertools.accumulate(HEAVY.get(code, 8) for code in counties))
    draw, taken = fiction.random, set(Employer.objects.values_list("name", flat=True))
    trades, wanted = list(TRADES), len(taken) + width.unions
    while len(taken) < wanted:
        county = draw.choices(counties, cum_weights=weights)[0]
        brand = draw.choice(SYLLABLES) + draw.choice(SYLLABLES)
        unit = draw_unit(fiction, draw.choice(towns[county]), on=on, brand=brand, trade=draw.choice(trades))
        if unit.firm.name not in taken:
            taken.add(unit.firm.name)
            yield unit


def unions_of(width: Width) -> Unions:
    """What stands in the tables, with the number of members each union gets: by its size, all of them in sum."""
    rows = OrganisationEmployer.objects.filter(organisation__source=SOURCE).order_by("organisation_id")
    ids, paths, employers, divisions, founded, employees = zip(
        *rows.values_list(
            "organisation_id",
            "organisation__path",
            "employer_id",
            "organisation__division_code",
            "organisation__founded_on",
            "organisation__employee_count",
        ),
        strict=True,
    )
    upto = np.cumsum(np.array(employees, dtype=np.int64))
    days = np.array([(day - SINCE).days for day in founded], dtype=np.int64)
    return Unions(
        ids=np.array(ids),
        paths=[str(path) for path in paths],
        employers=np.array(employers),
        cities=np.array([int(code[:4]) for code in divisions]),
        quarters=-(-days // QUARTER),
        upto=(upto * width.members) // upto[-1],
    )


def missing_blocks(width: Width) -> list[int]:
    wanted = range(-(-width.members // BLOCK))
    done = set(Membership.objects.filter(source__startswith="w-").values_list("source", flat=True).distinct())
    return [block for block in wanted if f"w-{block}" not in done]


def write_blocks(blocks: Sequence[int], unions: Unions, width: Width, *, seed: int, on: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a block lost with the machine is written again
    for block in blocks:
        start = block * BLOCK
        rows = draw_members(unions, start, min(start + BLOCK, width.members), seed=seed, on=on)
        with transaction.atomic():
            made = enrol_columns(rows, source=f"w-{block}", by=None)
            make_findable(made)


def draw_members(unions: Unions, start: int, end: int, *, seed: int, on: dt.date) -> pl.DataFrame:
    """Members number ``start`` to ``end``: the same for the same seed, whoever writes them and when."""
    serial = np.arange(start, end)
    draw = np.random.default_rng([seed, start])
    home = np.searchsorted(unions.upto, serial, side="right")
    women = draw.random(len(serial)) < 0.44
    births = np.datetime64(on.replace(month=1, day=1)) - (18 * 366 + serial * STEP % DAYS).astype("timedelta64[D]")
    adult = (births - np.datetime64(SINCE)).astype(np.int64) // QUARTER + 18 * 4 + 3
    last = (on - SINCE).days // QUARTER - 1
    joined = np.minimum(np.maximum(unions.quarters[home], adult) + draw.integers(0, 8, len(serial)), last)
    frame = pl.DataFrame(
        {
            "name": names(draw, women),
            "id_type": "1",
            "id_number": numbers(unions.cities[home], births, 2 * (serial // DAYS + 1) + ~women),
            "gender": np.where(women, "2", "1"),
            "birth_date": births,
            "phone": [f"140{n:08d}" for n in serial.tolist()],  # given to things, never to people
            "nation": "01",
            "political": "13",
            "education": draw.choice(["20", "30", "40", "60", "70"], len(serial)),
            "household_type": draw.choice(["1", "2", "3"], len(serial)),
            "household_division": "",
            "residence_division": "",
            "organisation_id": unions.ids[home],
            "path": [unions.paths[at] for at in home.tolist()],
            "employer_id": unions.employers[home],
            "joined_on": np.datetime64(SINCE) + (joined * QUARTER).astype("timedelta64[D]"),
            "department": "",
            "post": draw.choice(["装配工", "质检员", "包装工", "仓管员", "焊工", "钳工"], len(serial)),
            "title_level": "",
            "union_post": "",
            "employ_kind": draw.choice(["1", "1", "1", "2", "6"], len(serial)),
            "employ_state": "1",
            "is_migrant": draw.random(len(serial)) < 0.35,
            "new_form": "N99",
            "skill_level": draw.integers(1, 8, len(serial)),
        }
    )
    return with_hashes(frame.with_columns(pl.lit(None, dtype=pl.Int64).alias("group_id")))


def numbers(cities: Numbers, births: "NDArray[np.datetime64]", sequence: Numbers) -> list[str]:
    """Valid numbers that nobody else in the demo has: no county of the tree ends in 00."""
    days = np.datetime_as_string(births, unit="D").tolist()
    heads = [
        f"{city:04d}00{day[:4]}{day[5:7]}{day[8:]}{number:03d}"
        for city, day, number in zip(cities.tolist(), days, sequence.tolist(), strict=True)
    ]
    digits = np.frombuffer("".join(heads).encode(), dtype=np.uint8).reshape(len(heads), 17) - 48
    checks = CHECKS[digits @ WEIGHTS % 11].tolist()
    return [head + check for head, check in zip(heads, checks, strict=True)]


@lru_cache(maxsize=1)
def _name_parts() -> tuple["NDArray[np.str_]", ...]:
    surnames = np.array([*SURNAMES, *COMPOUND])
    both = (
        np.array([*letters, *("".join(pair) for pair in itertools.product(letters, repeat=2))])
        for letters in (MALE, FEMALE)
    )
    return (surnames, *both)


def names(draw: np.random.Generator, women: "NDArray[np.bool_]") -> list[str]:
    surnames, male, female = _name_parts()
    given = np.where(women, draw.choice(female, len(women)), draw.choice(male, len(women)))
    found: list[str] = np.char.add(draw.choice(surnames, len(women)), given).tolist()
    return found


_FINDABLE = """
    INSERT INTO text_searchentry
        (kind, object_id, title, detail, plain, head, vector, pinyin, weight, scope, is_public)
    SELECT 'person', p.public_id, p.name, CASE o.short_name WHEN '' THEN o.name ELSE o.short_name END,
        w.plain, w.head, w.vector::tsvector, w.pinyin, 0, 'n' || o.id, false
    FROM members_membership m JOIN members_person p ON p.id = m.person_id
    JOIN organisations_organisation o ON o.id = m.organisation_id JOIN width_words w ON w.name = p.name
    WHERE m.id = ANY (%s)
"""


def make_findable(made: pl.DataFrame) -> None:
    """As ``members.actions.effects.make_findable`` writes it: the words of each name once, the rows by the database."""
    words = []
    for name in made["name"].unique().to_list():
        entry = Entry(kind="person", object_id="", title=name, scope_path="n1", readings=(person_keys(name),))
        words.append((name, entry.plain, entry.head, entry.vector, entry.pinyin))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE width_words (name text, plain text, head text, vector text, pinyin text) ON COMMIT DROP"
        )
        with cursor.copy("COPY width_words FROM STDIN") as copy:
            for row in words:
                copy.write_row(row)
        cursor.execute(_FINDABLE, [made["membership_id"].to_list()])
        cursor.execute("DROP TABLE width_words")
