"""The member spreadsheet of the demo tool goes through the real import, in both of its forms."""

import pytest

from config.demo.fiction import social_credit_code
from config.demo.sheet import NoUnions, write_sheet
from yiwang.register.imports.actions import apply_here, stage_here, undo_here
from yiwang.register.imports.queries import batch_json
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer
from yiwang.register.organisations.tests.factories import line


@pytest.fixture
def union(db):
    body = line()[-1]
    Organisation.objects.filter(pk=body.pk).update(source="demo", division_code="320583100")
    employer = Employer.objects.create(uscc=social_credit_code("320583", 20_260_001), name="昆山市恒达精密机械有限公司")
    OrganisationEmployer.objects.create(organisation=body, employer=employer, relation="own", valid_from="2020-01-01")
    return body


def test_without_unions_it_says_what_to_do(db, tmp_path):
    with pytest.raises(NoUnions, match="yiwang demo"):
        write_sheet(tmp_path, rows=50, seed=1)


def test_the_same_seed_gives_the_same_list(union, tmp_path):
    first = write_sheet(tmp_path / "a", rows=60, seed=1).files[1].read_bytes()
    assert first == write_sheet(tmp_path / "b", rows=60, seed=1).files[1].read_bytes()
    assert first != write_sheet(tmp_path / "c", rows=60, seed=2).files[1].read_bytes()
    assert "姓名" in first.decode("gbk")


def test_both_forms_are_read_previewed_applied_and_undone(union, tmp_path):
    sheet = write_sheet(tmp_path, rows=80, seed=7)
    answers = []
    for path in sheet.files:
        batch = stage_here(path.read_bytes(), file_name=path.name)
        answers.append({key: value for key, value in batch_json(batch).items() if key != "batch"})
    assert answers[0] == answers[1]
    assert answers[0]["new"] + len({row["row"] for row in answers[0]["refused"]}) + answers[0]["conflict"] == 80
    assert {row["column"] for row in answers[0]["refused"]} >= {
        "证件号码",
        "手机号码",
        "姓名",
        "所属工会编码",
        "入会时间",
    }
    assert all(row["reason"].endswith("。") for row in answers[0]["refused"])

    assert not Membership.objects.filter(organisation=union).exists()
    apply_here(batch)
    assert Membership.objects.filter(organisation=union).count() == answers[0]["new"]
    undo_here(batch, reason="只是试一试")
    assert not Membership.objects.filter(organisation=union).exists()
