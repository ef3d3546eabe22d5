"""Every URL × every role, against one literal table. A URL that is not in the table fails, and so does another answer."""

from dataclasses import fields

import pytest

from tests.access.samples import SAMPLES, World
from tests.access.walk import METHODS, ROLES, Place, answers_of, browser_of, places, row_text, table
from tests.cast import Cast

PLACES = places()
SUCCESS = {"200", "201", "204", "302"}
STAFF = ("chair", "town", "handler", "approver", "supervisor", "leader", "sibling", "hotline", "quality", "discipline")
ADMINISTRATORS = ("admin", "security", "auditor")
WORKERS = ("worker", "other_worker", "courier")


def test_every_url_has_a_name_of_its_own():
    names = [place.name for place in PLACES]

    assert [name for name in names if "(unnamed" in name] == []
    assert sorted(set(names)) == sorted(names)


def test_every_url_that_names_a_record_has_a_sample():
    assert [place.name for place in PLACES if place.parameters and place.name not in SAMPLES] == []


def test_the_table_lists_nothing_that_is_gone():
    listed = {name for name, _method in table()}

    assert listed - {place.name for place in PLACES} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_url_answers_every_role_as_listed(world: World, browsers, place: Place):
    listed = table()
    found = answers_of(place, world, browsers)

    wrong = [
        row_text(place.name, method, found[method])
        for method in METHODS
        if listed.get((place.name, method)) != found[method]
    ]
    assert wrong == [], "\n".join(["read these rows, then put them into answers.csv if they are right:", *wrong])


READ_BY_AUDIT = {
    "aid:file-list", "aid:figures", "aid:file-detail", "aid:file-form", "aid:file-paper", "aid:review", "aid:roll",
    "payments:batch-list", "payments:batch-detail", "payments:payment-list", "payments:payment-detail",
    "payments:fund-list", "payments:fund-detail",
}  # fmt: skip


@pytest.mark.django_db
def test_the_audit_committee_reads_files_and_payments_and_changes_nothing(world: World):
    """经审 (rights 0.4): not a role of the table; at the desks of aid and money it opens these pages and no other."""
    auditor = {"audit": browser_of(world, "audit")}
    desks = [place for place in PLACES if place.route.startswith(("work/aid/", "work/payments/", "work/notices/"))]
    found = {place.name: answers_of(place, world, auditor) for place in desks}

    assert {name for name, given in found.items() if given["GET"]["audit"] == "200"} == READ_BY_AUDIT
    assert {given["POST"]["audit"] for given in found.values()} <= {"403", "404", "405"}


# What must hold whatever the table says: the table is literal, these are its laws.


def rows(prefix: str = "") -> list[tuple[str, str, dict[str, str]]]:
    routes = {place.name: place.route for place in PLACES}
    return [
        (name, method, given) for (name, method), given in table().items() if routes.get(name, "").startswith(prefix)
    ]


def test_nothing_breaks():
    assert [row_text(*row) for row in rows() if {"500", "501", "502", "503"} & set(row[2].values())] == []


def test_the_staff_side_is_closed_to_strangers_and_workers():
    opened = [
        row_text(name, method, given)
        for name, method, given in rows("work/")
        if name not in OWN_RECORDS
        and (given["anonymous"] in {"200", "201"} or any(given[role] in SUCCESS for role in WORKERS))
    ]

    assert opened == []


# Lists of what one started oneself: empty for those who never started anything.
OWN_RECORDS = frozenset({"jobs:run-list"})


def test_nobody_else_opens_a_workers_matter():
    """Only officers of the worker's own line see a matter; other workers, the sibling and administrators don't."""
    personal = ("cases:matter-", "cases:apply-", "cases:receipt", "cases:letter", "evaluation:rate", "api-v1:one_case")
    outside = ("anonymous", "other_worker", "courier", "sibling", *ADMINISTRATORS)
    parameters = {place.name: place.parameters for place in PLACES}
    opened = [
        row_text(name, method, given)
        for name, method, given in rows()
        if name.startswith(personal)
        and parameters[name]
        and name != "cases:apply-start"  # the guide's own number, not a record of anybody
        and any(given[role] in SUCCESS for role in outside)
    ]

    assert opened == []


def test_the_demo_page_does_not_exist_outside_demo_mode(client, db, settings):
    assert client.get("/demo/").status_code == 200
    settings.DEMO = False

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"persona": "worker"}).status_code == 404


def test_administrators_see_no_register_and_no_cases():
    personal = ("cases:", "members:", "imports:", "evaluation:", "files:", "drafts:")
    opened = [
        row_text(name, method, given)
        for name, method, given in rows("work/")
        if name.startswith(personal) and any(given[role] in SUCCESS for role in ADMINISTRATORS)
    ]

    assert opened == []


def test_a_sibling_officer_opens_no_record_of_this_county():
    """Where the county's own handler opens a named record, the handler of the next county must not."""
    parameters = {place.name: place.parameters for place in PLACES}
    opened = [
        row_text(name, method, given)
        for name, method, given in rows("work/")
        if parameters[name] and name not in PUBLIC_RECORDS and given["sibling"] in SUCCESS
    ]

    assert opened == []


# Records on the staff side that are no county's own: a transfer belongs to the union that lets go (ours) and the union
# that receives (the sibling's); both have a clock on it.
# A practice that is shown is everybody's to try, its map keeps to one's own areas; figures and forms of cadres,
# rolls of households and figures of congresses are named by their kind, not by a record, and hold one's own area.
PUBLIC_RECORDS: frozenset[str] = frozenset(
    {
        "joining:transfer-detail",
        "practices:map-of",
        "cadres:indicator-rows",
        "cadres:paper",
        "aid:roll",
        "congress:figure-rows",
    }
)


def test_roles_are_those_of_the_cast():
    assert {who for who in ROLES.values() if who} <= {field.name for field in fields(Cast)}
    assert set(STAFF) | set(ADMINISTRATORS) | set(WORKERS) | {"anonymous"} == set(ROLES)
