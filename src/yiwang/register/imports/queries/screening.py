"""Comparing plain rows with the register by the ten thousand: a few statements over a temporary table.

Only two verdicts are given here, *new* and *unchanged*, and only where ``matching`` would add no word to them. All
other rows get none and are judged one by one.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection

from yiwang.kernel.ltree import is_within
from yiwang.register.imports.library.columnar import PLAIN
from yiwang.register.imports.models import StagedRow
from yiwang.register.imports.queries.matching import FULL_TIME
from yiwang.register.organisations.models import Employer, Kind, Organisation, OrganisationEmployer

State = Organisation.State
NEW, UNCHANGED = StagedRow.Verdict.NEW.value, StagedRow.Verdict.UNCHANGED.value
VERDICT = "verdict"
COMPARED = (
    "number", "id_hash", "phone_hash", "name", "birth_date", "nation", "political", "education", "household_type",
    "household_division", "residence_division", "organisation_id", "employer_id", "group_id", "department", "post",
    "employ_kind", "employ_state", "is_migrant", "new_form", "skill_level", "title_level", "joined_on", "is_full_time",
)  # fmt: skip


@dataclass
class Seen:
    """Documents of the rows so far, by half of a half of their index: a million of them in some dozen megabytes."""

    keys: dict[int, int] = field(default_factory=dict)

    def setdefault(self, id_hash: str, number: int) -> int:
        return self.keys.setdefault(int(id_hash[:15], 16), number)

    def add(self, keys: Iterable[int], numbers: Iterable[int]) -> None:
        for key, number in zip(keys, numbers, strict=True):
            self.keys.setdefault(key, number)


def key_of(id_hash: str) -> int:
    return int(id_hash[:15], 16)


def with_hashes(frame: pl.DataFrame) -> pl.DataFrame:
    """The blind indexes of document and telephone, as ``members.queries`` makes them, for all rows at once."""
    key = settings.BLIND_INDEX_KEY.encode()
    digest = hmac.digest
    identities = [
        digest(key, f"identity\x00{kind}:{number}".encode(), "sha256").hex()
        for kind, number in zip(frame["id_type"].to_list(), frame["id_number"].to_list(), strict=True)
    ]
    phones = [digest(key, f"phone\x00{number}".encode(), "sha256").hex() for number in frame["phone"].to_list()]
    return frame.with_columns(
        pl.Series("id_hash", identities, dtype=pl.String), pl.Series("phone_hash", phones, dtype=pl.String)
    )


@dataclass
class Places:
    """Unions, employers and groups that rows of one file name, each looked up once."""

    scope: Sequence[str] | None
    bodies: dict[str, tuple[int, str, date | None] | None] = field(default_factory=dict)
    employers: dict[str, tuple[int, str] | None] = field(default_factory=dict)
    covered: set[tuple[int, int]] = field(default_factory=set)

    def learn(self, frame: pl.DataFrame) -> None:
        codes = {code for code in frame["organisation"].unique().to_list() if code} - self.bodies.keys()
        uscc = {code for code in frame["uscc"].unique().to_list() if code} - self.employers.keys()
        if not codes and not uscc:
            return
        self._learn_bodies(codes)
        known = Employer.objects.filter(uscc__in=uscc).values_list("uscc", "pk", "name")
        self.employers |= dict.fromkeys(uscc) | {code: (pk, name) for code, pk, name in known}
        links = OrganisationEmployer.objects.filter(
            organisation__in=[body[0] for body in self.bodies.values() if body],
            employer__in=[employer[0] for employer in self.employers.values() if employer],
            valid_to=None,
        )
        self.covered = set(links.values_list("organisation_id", "employer_id"))

    def _learn_bodies(self, codes: set[str]) -> None:
        """Those that may take members and lie in the importer's scope; the others are for the careful reader."""
        fields = ("code", "uscc", "pk", "path", "founded_on", "kind", "state")
        found = Organisation.objects.filter(pk__in=_bodies_called(codes)).only(*fields)
        ours = [body for body in found if body.takes_members and self._has(body)]
        by_uscc = {body.uscc: body for body in ours if body.uscc}
        called = by_uscc | {body.code: body for body in ours}
        self.bodies |= dict.fromkeys(codes)
        self.bodies |= {
            code: (body.pk, str(body.path), body.founded_on) for code, body in called.items() if code in codes
        }

    def _has(self, body: Organisation) -> bool:
        return self.scope is None or any(is_within(str(body.path), root) for root in self.scope)


def _bodies_called(codes: Collection[str]) -> list[int]:
    """By code and by credit code, each through its own index."""
    by_code = Organisation.objects.filter(code__in=codes).values_list("pk", flat=True)
    by_uscc = Organisation.objects.filter(uscc__in=codes).values_list("pk", flat=True)
    return [*by_code, *by_uscc]


def placed(frame: pl.DataFrame, places: Places) -> pl.DataFrame:
    """With the ids of union, employer and group; ``is_plain`` falls where one of them needs a word."""
    places.learn(frame)
    known = frame.join(_bodies(places), on="organisation", how="left", maintain_order="left")
    known = known.join(_employers(places), on="uscc", how="left", maintain_order="left")
    pair = ["organisation_id", "employer_id"]
    known = known.join(_covered(places), on=pair, how="left", maintain_order="left")
    known = known.join(_groups(places, frame), on=["organisation_id", "group"], how="left", maintain_order="left")
    plain = (
        pl.col(PLAIN)
        & pl.col("organisation_id").is_not_null()
        & (pl.col("founded_on").is_null() | (pl.col("joined_on") >= pl.col("founded_on")))
        & (pl.col("employer_id").is_null() | ((pl.col("known_as") == pl.col("employer_name")) & pl.col("is_covered")))
        & (pl.col("group").is_null() | pl.col("group_id").is_not_null())
    )
    return known.with_columns(plain.fill_null(False).alias(PLAIN)).drop("founded_on", "known_as", "is_covered")


def _bodies(places: Places) -> pl.DataFrame:
    schema = {"organisation": pl.String, "organisation_id": pl.Int64, "path": pl.String, "founded_on": pl.Date}
    return pl.DataFrame([(c, *body) for c, body in places.bodies.items() if body], schema=schema, orient="row")


def _employers(places: Places) -> pl.DataFrame:
    schema = {"uscc": pl.String, "employer_id": pl.Int64, "known_as": pl.String}
    return pl.DataFrame([(c, *found) for c, found in places.employers.items() if found], schema=schema, orient="row")


def _covered(places: Places) -> pl.DataFrame:
    schema = {"organisation_id": pl.Int64, "employer_id": pl.Int64, "is_covered": pl.Boolean}
    return pl.DataFrame([(*pair, True) for pair in places.covered], schema=schema, orient="row")


def _groups(places: Places, frame: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in frame["group"].unique().to_list() if name]
    found: dict[tuple[int | None, str], int] = {}
    if names:
        parents = [body[0] for body in places.bodies.values() if body]
        groups = Organisation.objects.active().filter(kind=Kind.UNION_GROUP, parent__in=parents, name__in=names)
        found = {(parent, name): pk for parent, name, pk in groups.values_list("parent_id", "name", "pk")}
    schema = {"organisation_id": pl.Int64, "group": pl.String, "group_id": pl.Int64}
    return pl.DataFrame([(*pair, pk) for pair, pk in found.items()], schema=schema, orient="row")


_CREATE = """
    CREATE TEMP TABLE IF NOT EXISTS imports_incoming (
        number integer, id_hash text, phone_hash text, name text, birth_date date, nation text, political text,
        education text, household_type text, household_division text, residence_division text, organisation_id bigint,
        employer_id bigint, group_id bigint, department text, post text, employ_kind text, employ_state text,
        is_migrant boolean, new_form text, skill_level smallint, title_level text, joined_on date, is_full_time boolean
    ) ON COMMIT DELETE ROWS
"""
_KNOWN = """
    SELECT i.number FROM imports_incoming i JOIN members_person p ON p.id_hash = i.id_hash
    UNION SELECT i.number FROM imports_incoming i JOIN members_identityhistory h ON h.id_hash = i.id_hash
"""
# D4: a document that nobody has, with the name and birth date of somebody at the same employer.
_NAMESAKES = """
    SELECT DISTINCT i.number FROM imports_incoming i
    JOIN members_person p ON p.name = i.name AND p.birth_date = i.birth_date
    JOIN members_membership m ON m.person_id = p.id AND m.employer_id = i.employer_id
        AND m.state IN ('active', 'moving', 'retained')
    WHERE i.number = ANY (%s)
"""
# D3: a telephone that somebody else verified.
_DOUBTFUL = """
    SELECT DISTINCT i.number FROM imports_incoming i
    JOIN members_person p ON p.phone_hash = i.phone_hash AND p.phone_hash <> '' AND p.id_hash <> i.id_hash
    WHERE p.phone_verified_at IS NOT NULL
"""
_SAME_PERSON = ("nation", "political", "education", "household_type", "household_division", "residence_division")
_SAME_MEMBER = (
    "group_id", "department", "post", "employ_kind", "employ_state", "is_migrant", "new_form", "skill_level",
    "title_level",
)  # fmt: skip
_UNCHANGED = f"""
    SELECT i.number FROM imports_incoming i
    JOIN members_person p ON p.id_hash = i.id_hash AND p.merged_into_id IS NULL AND p.name = i.name
    JOIN members_membership m ON m.person_id = p.id AND m.state IN ('active', 'moving')
        AND m.organisation_id = i.organisation_id AND m.employer_id = i.employer_id AND m.joined_on = i.joined_on
    WHERE p.phone_hash = i.phone_hash
        AND {" AND ".join(f"(i.{name} IS NULL OR i.{name} = p.{name})" for name in _SAME_PERSON)}
        AND {" AND ".join(f"(i.{name} IS NULL OR i.{name} = m.{name})" for name in _SAME_MEMBER)}
        AND (i.is_full_time IS NOT TRUE OR m.union_post = %s)
        AND NOT EXISTS (
            SELECT FROM members_membership w WHERE w.person_id = p.id AND w.state IN ('applied', 'returned')
        )
"""  # noqa: S608 -- names of our own columns


def screen(frame: pl.DataFrame) -> pl.DataFrame:
    """``verdict`` for the plain rows of the frame: new, unchanged, or null where the register has more to say."""
    numbers = _numbers_in_register(frame.filter(PLAIN))
    number = pl.col("number")
    is_new = ~number.is_in(numbers["known"]) & ~number.is_in(numbers["doubtful"])
    is_same = number.is_in(numbers["unchanged"]) & ~number.is_in(numbers["doubtful"])
    verdict = pl.when(~pl.col(PLAIN)).then(None).when(is_new).then(pl.lit(NEW)).when(is_same).then(pl.lit(UNCHANGED))
    return frame.with_columns(verdict.alias(VERDICT))


def _numbers_in_register(plain: pl.DataFrame) -> dict[str, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("TRUNCATE imports_incoming")
        with cursor.copy(f"COPY imports_incoming ({', '.join(COMPARED)}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(plain.select(COMPARED).write_csv(include_header=False).encode())
        cursor.execute("ANALYZE imports_incoming (number, id_hash, phone_hash, name)")
        found = {"unchanged": _asked(cursor, _UNCHANGED, FULL_TIME), "doubtful": _asked(cursor, _DOUBTFUL)}
        # A list that comes again has nothing else, and nobody's document or namesakes are looked for.
        others = set(plain["number"].to_list()) - set(found["unchanged"])
        found["known"] = [*found["unchanged"], *(_asked(cursor, _KNOWN) if others else ())]
        if unknown := others - set(found["known"]):
            found["doubtful"] += _asked(cursor, _NAMESAKES, list(unknown))
    return found


def _asked(cursor: Any, statement: str, *given: object) -> list[int]:
    cursor.execute(statement, given)
    return [number for (number,) in cursor.fetchall()]


def without_twins(frame: pl.DataFrame, *, seen: Seen, others: Collection[str]) -> pl.DataFrame:
    """``is_plain`` falls for rows whose document stands in another row of the file."""
    theirs = {key_of(id_hash) for id_hash in others}
    keys = [key_of(id_hash) for id_hash in frame["id_hash"].to_list()]
    is_first = [key not in theirs and key not in seen.keys for key in keys]
    alone = pl.Series(is_first, dtype=pl.Boolean) & ~pl.Series(keys, dtype=pl.Int64).is_duplicated()
    return frame.with_columns((pl.col(PLAIN) & alone).alias(PLAIN))
