import pytest

from yiwang.net.catalogue.actions import (
    draft_version,
    edit_definition,
    found_problems,
    load_seed,
    publish_version,
    submit_for_review,
)
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.queries import current_version
from yiwang.net.catalogue.seed import SERVICES, seeded_services
from yiwang.platform.text.queries import search

# Handbook, grassroots_and_team 6.3.
TABLE = [
    "MB-0001",
    "MB-0002",
    "MB-0003",
    "MB-0004",
    "MB-0005",
    "MB-0006",
    "MB-0007",
    "OR-0001",
    "OR-0002",
    "OR-0003",
    "OR-0004",
    "OR-0005",
    "OR-0006",
    "RT-0001",
    "RT-0002",
    "RT-0003",
    "RT-0004",
    "RT-0005",
    "RT-0006",
    "HP-0001",
    "HP-0002",
    "HP-0003",
    "HP-0004",
    "MA-0001",
    "SK-0001",
    "SK-0002",
    "SK-0003",
    "LM-0001",
    "CU-0001",
    "CU-0002",
    "CU-0003",
    "CU-0004",
    "ST-0001",
    "EM-0001",
    "PS-0001",
    "FD-0001",
    "SG-0001",
]
BUNDLES = {"BD-0001", "BD-0002", "BD-0003"}
IN_BUNDLES = {"OR-0007", "OR-0008"}  # the letter to the bank and the registration of funds of 企业建会一件事


def test_every_service_of_the_handbook_and_the_three_bundles_are_there():
    assert {service.code for service in seeded_services()} == {*TABLE, *BUNDLES, *IN_BUNDLES}


def test_every_text_stands_in_both_languages():
    def texts(value):
        if isinstance(value, dict):
            if set(value) <= {"zh", "en"}:
                yield value
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)

    for service in seeded_services():
        assert all(set(text) == {"zh", "en"} for text in texts(service.definition)), service.code


@pytest.mark.django_db
def test_every_seeded_service_passes_the_publishing_checks(seeded):
    found = {str(version): found_problems(version) for version in ServiceVersion.objects.all()}

    assert len(found) == 42
    assert [problem for problems in found.values() for problem in problems] == []


@pytest.mark.django_db
def test_loading_again_changes_nothing(seeded):
    again = load_seed()

    assert len(seeded.created) == 42
    assert len(again.unchanged) == 42
    assert ServiceVersion.objects.count() == 42


@pytest.mark.django_db
def test_a_new_edition_of_a_file_becomes_a_new_version(seeded, monkeypatch, tmp_path):
    for path in SERVICES.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace("吐槽", "吐个槽"))
    monkeypatch.setattr("yiwang.net.catalogue.actions.seeded_services", lambda: seeded_services(tmp_path))

    report = load_seed()

    assert report.updated == ("SG-0001",)
    assert current_version("SG-0001").number == 2
    assert ServiceVersion.objects.get(service__code="SG-0001", number=1).state == ServiceVersion.State.RETIRED


@pytest.mark.django_db
def test_a_version_people_wrote_is_never_replaced_by_a_file(seeded, cast):
    version = draft_version(current_version("SG-0001"), by=cast.province_handler)
    edit_definition(version, {"minutes": 2}, seen=version.digest, by=cast.province_handler)
    submit_for_review(version, note="", by=cast.province_handler)
    publish_version(version, by=cast.leader)

    report = load_seed()

    assert report.kept == ("SG-0001",)
    assert current_version("SG-0001").content.minutes == 2


@pytest.mark.django_db
def test_seeded_services_are_found_by_everyday_words(seeded):
    codes = [hit.object_id for hit in search("拖欠工资", kinds=("service",))]

    assert codes[0] == "RT-0005"
