"""What a row is found to be, compared with the register (handbook GT 2.10, 2.14)."""

import json

import pytest
from django.db import connection

from yiwang.kernel.identity import uscc_check_digit
from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.jobs.actions import run_long_job
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.imports.actions import (
    apply_here,
    content_of,
    discard_batch,
    receive_file,
    settle_columns,
    stage,
    stage_here,
)
from yiwang.register.imports.errors import BadSheet
from yiwang.register.imports.models import ImportBatch, KnownHeading, StagedRow
from yiwang.register.imports.queries import batch_json
from yiwang.register.imports.queries.batches import unseal
from yiwang.register.imports.tests.factories import as_csv, as_xlsx, make_id, make_row
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import identity_hash
from yiwang.register.organisations.models import Kind, Organisation

pytestmark = pytest.mark.django_db


def counts(batch):
    return (batch.new, batch.changed, batch.unchanged, batch.conflict, batch.refused)


def problems(batch, number=2):
    said = unseal(batch.rows.get(number=number))
    return [(problem["column"], problem["code"]) for problem in said["problems"]]


def notes(batch, number=2):
    """Without the doubt about the invented credit codes of the cast."""
    said = unseal(batch.rows.get(number=number))
    return [(note["column"], note["code"]) for note in said["notes"] if note["code"] != "org_code"]


def test_unknown_people_are_new(staged, rows_of):
    batch = staged(rows_of(3))

    assert counts(batch) == (3, 0, 0, 0, 0)
    assert (batch.state, batch.pieces.count(), batch.total) == ("staged", 0, 3)
    assert Person.objects.filter(name__startswith="王").count() == 0
    event = JournalEntry.objects.get(name="imports.import_staged")
    assert (event.data["new"], event.data["sha256"]) == (3, batch.sha256)


def test_a_gbk_csv_says_the_same_as_a_workbook(rows_of):
    rows = rows_of(3)

    first = stage_here(as_xlsx(rows), file_name="a.xlsx")
    second = stage_here(as_csv(rows, encoding="gb18030"), file_name="b.csv")

    assert [unseal(r)["values"] for r in first.rows.order_by("number")] == [
        unseal(r)["values"] for r in second.rows.order_by("number")
    ]


def test_what_a_row_says_is_sealed_in_the_database(staged, rows_of):
    batch = staged(rows_of(2))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM imports_stagedrow t")
        raw = cursor.fetchone()[0]
    assert make_id(1) not in raw
    assert "王" not in raw
    assert unseal(batch.rows.get(number=2))["values"]["id_number"] == make_id(1)


def test_a_refused_row_goes_back_to_its_owner_as_it_came(staged, rows_of):
    batch = staged(rows_of(1, phone="12351", remark="老员工"))

    assert counts(batch) == (0, 0, 0, 0, 1)
    assert unseal(batch.rows.get())["cells"]["remark"] == "老员工"
    assert batch_json(batch) == {
        "batch": batch.public_id,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "conflict": 0,
        "refused": [{"row": 2, "column": "手机号码", "reason": "这不是手机号。请填以1开头的11位手机号。"}],
    }


def test_a_second_row_of_one_number_is_refused_also_in_a_later_thousand(staged, rows_of, monkeypatch):
    monkeypatch.setattr(stage, "PORTION", 2)

    batch = staged([*rows_of(3), *rows_of(1, phone="13900009999")])

    assert counts(batch) == (3, 0, 0, 0, 1)
    assert problems(batch, 5) == [("证件号码", "twice")]


def test_a_known_member_without_differences_is_unchanged_and_with_them_changed(applied, staged, rows_of):
    applied(rows_of(2, department="一车间"))

    batch = staged(
        [rows_of(1, department="一车间")[0], rows_of(1, start=2, department="二车间", skill_level="高级工")[0]]
    )

    assert counts(batch) == (0, 1, 1, 0, 0)
    assert unseal(batch.rows.get(number=3))["changes"] == [
        ["部门", "一车间", "二车间"],
        ["技能等级", "", "高级工（三级）"],
    ]


def test_empty_cells_never_erase(applied, staged, rows_of):
    applied(rows_of(1, department="一车间", political="党员"))

    assert counts(staged(rows_of(1))) == (0, 0, 1, 0, 0)


def test_a_known_person_without_membership_joins(staged, rows_of, courier_person):
    row = rows_of(1, name=courier_person.name, id_number=courier_person.id_number)

    batch = staged(row)

    assert counts(batch) == (1, 0, 0, 0, 0)
    assert batch.rows.get().person_id == courier_person.pk


def test_d1_a_member_of_another_union_needs_a_transfer(staged, rows_of, stranger_person):
    batch = staged(rows_of(1, name="孙志伟", id_number=stranger_person.id_number))

    assert counts(batch) == (0, 0, 0, 1, 0)
    assert problems(batch) == [("所属工会编码", "D1")]


def test_d2_a_known_number_under_another_name_is_held(staged, rows_of, wenjuan_person):
    batch = staged(rows_of(1, name="周文涓", id_number=wenjuan_person.id_number))

    assert problems(batch) == [("姓名", "D2")]
    assert batch.conflict == 1


def test_d3_a_telephone_that_somebody_else_verified_is_for_contact_only(staged, rows_of, wenjuan_person):
    wenjuan_person.phone_verified_at = "2026-01-01T00:00Z"
    wenjuan_person.save()

    batch = staged(rows_of(1, phone=wenjuan_person.phone))

    assert (counts(batch), notes(batch)) == ((1, 0, 0, 0, 0), [("手机号码", "D3")])


def test_d4_a_namesake_of_the_same_birthday_and_employer_is_looked_at(applied, staged, rows_of):
    applied(rows_of(1))
    twin = {**rows_of(1)[0], "id_number": make_id(11_001)}
    assert twin["id_number"][6:14] == make_id(1)[6:14]

    assert problems(staged([twin])) == [("证件号码", "D4")]
    other = {**twin, "uscc": "91320583MC1234588" + uscc_check_digit("91320583MC1234588")}
    assert counts(staged([other])) == (1, 0, 0, 0, 0)


def test_d9_a_retained_membership_is_resumed_not_imported(applied, staged, rows_of):
    applied(rows_of(1))
    Membership.objects.filter(person__name__startswith="王").update(state="retained")

    assert problems(staged(rows_of(1))) == [("所属工会编码", "D9")]


def test_a_pending_application_is_decided_first(staged, rows_of, courier_person, unit):
    Membership.objects.create(person=courier_person, organisation=unit, number="x")

    batch = staged(rows_of(1, name=courier_person.name, id_number=courier_person.id_number))

    assert problems(batch) == [("所属工会编码", "pending")]


def test_a_number_that_was_replaced_still_finds_the_person(staged, rows_of, wenjuan_person):
    old = make_id(77)
    from_history = wenjuan_person.identity_history.model
    from_history.objects.create(person=wenjuan_person, id_type="1", id_number=old, id_hash=identity_hash("1", old))

    batch = staged(rows_of(1, name="周文娟", id_number=old))

    assert batch.rows.get().person_id == wenjuan_person.pk


@pytest.mark.parametrize("which", ["sibling_unit", "nowhere"])
def test_a_union_out_of_scope_and_one_that_does_not_exist_look_the_same(which, rows_of, clerk, sibling_unit):
    code = sibling_unit.code if which == "sibling_unit" else "X" * 19
    rows = rows_of(1, organisation=code)

    batch = receive_file(as_xlsx(rows), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()

    said = unseal(batch.rows.get())["problems"]
    assert [(p["column"], p["code"]) for p in said] == [("所属工会编码", "unknown_organisation")]
    assert said[0]["text"] == f"你管的范围里没有编码为{code}的工会。请核对编码。"


def test_a_union_in_scope_is_found_by_either_code(rows_of, clerk, unit):
    unit.uscc = "81320000509100012B"
    unit.save()
    for code in (unit.code, "81320000509100012b"):
        batch = receive_file(as_xlsx(rows_of(1, organisation=code)), file_name="a.xlsx", by=clerk)
        run_queued()
        batch.refresh_from_db()
        assert counts(batch) == (1, 0, 0, 0, 0)


def test_only_a_living_grassroots_union_takes_members(staged, rows_of, county, unit):
    assert problems(staged(rows_of(1, organisation=county.code))) == [("所属工会编码", "holds_no_members")]
    Organisation.objects.filter(pk=unit.pk).update(state="suspended")
    assert problems(staged(rows_of(1))) == [("所属工会编码", "holds_no_members")]


def test_a_union_that_is_being_founded_takes_members(staged, rows_of, unit):
    Organisation.objects.filter(pk=unit.pk).update(state="prep_approved")
    assert counts(staged(rows_of(2))) == (2, 0, 0, 0, 0)


def test_doubts_are_noted(staged, rows_of, unit, sibling_employer):
    Organisation.objects.filter(pk=unit.pk).update(founded_on="2022-01-01")
    batch = staged(rows_of(1, uscc=sibling_employer.uscc, group="一组"))

    assert counts(batch) == (1, 0, 0, 0, 0)
    assert notes(batch) == [
        ("单位名称", "employer_name"),
        ("工会小组", "unknown_group"),
        ("入会时间", "before_founding"),
        ("统一社会信用代码", "not_covered"),
    ]


def test_a_group_of_the_union_is_found(staged, rows_of, unit):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id'))")
        number = cursor.fetchone()[0]
    group = Organisation.objects.create(
        pk=number,
        code="g1",
        name="一组",
        kind=Kind.UNION_GROUP,
        level=9,
        parent=unit,
        path=f"{unit.path}.n{number}",
        division_code="320583100",
        valid_from="2020-01-01",
    )
    batch = staged(rows_of(1, group="一组"))

    assert notes(batch) == []
    assert batch.new == 1
    apply_here(batch)
    assert Membership.objects.get(group=group).organisation == unit

    Membership.objects.filter(group=group).update(group=None)
    again = staged(rows_of(1, group="一组", is_full_time="是", is_migrant="是"))
    changes = unseal(again.rows.get())["changes"]
    assert changes == [["是否农民工", "否", "是"], ["工会小组", "", "一组"], ["是否专职工会干部", "", "专职工会干部"]]
    apply_here(again)
    assert counts(staged(rows_of(1, group="一组", is_full_time="是"))) == (0, 0, 1, 0, 0)


def test_a_file_that_is_no_sheet_leaves_nothing(clerk):
    with pytest.raises(BadSheet):
        receive_file(b"x", file_name="a.xlsx", by=clerk)

    assert ImportBatch.objects.count() == 0


def test_the_same_file_twice_is_one_batch_while_it_waits(rows_of, clerk, handler):
    content = as_xlsx(rows_of(2))
    first = receive_file(content, file_name="a.xlsx", by=clerk)

    assert receive_file(content, file_name="b.xlsx", by=clerk) == first
    run_queued()
    assert receive_file(content, file_name="b.xlsx", by=clerk) == first
    assert receive_file(content, file_name="a.xlsx", by=handler) != first
    assert StagedRow.objects.filter(batch=first).count() == 2


def test_a_discarded_file_is_forgotten(rows_of, clerk):
    content = as_xlsx(rows_of(2))
    batch = receive_file(content, file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()

    discard_batch(batch, by=clerk)

    assert (batch.state, batch.rows.count()) == ("discarded", 0)
    assert receive_file(content, file_name="a.xlsx", by=clerk) != batch
    with pytest.raises(NotAllowedInState):
        discard_batch(batch, by=clerk)


def test_staging_resumes_where_it_was_killed(rows_of, clerk, monkeypatch):
    monkeypatch.setattr(stage, "PORTION", 2)
    batch = receive_file(as_xlsx(rows_of(5)), file_name="a.xlsx", by=clerk)
    real, calls = stage.stage_portion, []

    def dies_once(reader, portion):
        calls.append(len(portion))
        if len(calls) == 2:
            raise ConnectionError
        real(reader, portion)

    monkeypatch.setattr(stage, "stage_portion", dies_once)
    with pytest.raises(ConnectionError):
        run_queued()
    run_long_job(batch.run_id)

    batch.refresh_from_db()
    assert counts(batch) == (5, 0, 0, 0, 0)
    assert list(batch.rows.order_by("number").values_list("number", flat=True)) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("size", [1, 30])
def test_comparing_costs_the_same_queries_whatever_the_size(
    applied, staged, rows_of, size, django_assert_max_num_queries
):
    applied(rows_of(size))
    with django_assert_max_num_queries(44):
        staged(rows_of(size, department="二车间"))


def test_reasons_are_in_the_language_of_the_importer(rows_of, clerk):
    clerk.language = "en"
    clerk.save()
    batch = receive_file(as_xlsx(rows_of(1, phone="12351")), file_name="a.xlsx", by=clerk)
    run_queued()

    assert (
        unseal(batch.rows.get())["problems"][0]["text"]
        == "This is not a mobile number. Enter the 11 digits that begin with 1."
    )


def test_rows_hold_json(staged, rows_of):
    row = staged(rows_of(1)).rows.get()

    assert json.loads(row.sealed)["values"]["employ_kind"] == "1"
    assert str(row) == "2"
    assert str(row.batch) == "名册.xlsx"
    assert make_row(1, union="x", uscc="y")["serial"] == "1"


def test_columns_are_matched_once_and_then_known(rows_of, clerk):
    def sent(*rows):
        content = as_csv(rows, encoding="utf-8").decode().replace("手机号码", "打哪个号").encode()
        batch = receive_file(content, file_name="a.csv", by=clerk)
        run_queued()
        batch.refresh_from_db()
        return batch

    batch = sent(*rows_of(2))
    assert (batch.state, batch.run, batch.rows.count()) == ("matching", None, 0)
    columns = {**batch.columns, "phone": batch.headings.index("打哪个号")}
    with pytest.raises(BadSheet, match="手机号码"):
        settle_columns(batch, columns=batch.columns, constants={}, by=clerk)

    settle_columns(batch, columns=columns, constants={}, by=clerk)
    run_queued()

    batch.refresh_from_db()
    assert (batch.state, counts(batch), batch.strange_columns) == ("staged", (2, 0, 0, 0, 0), [])
    assert unseal(batch.rows.get(number=2))["values"]["phone"] == "13900000001"
    assert list(KnownHeading.objects.values_list("by", "heading", "key")) == [(clerk.pk, "打哪个号", "phone")]
    assert sent(*rows_of(3)).state == "staged"


def test_the_command_line_refuses_a_file_without_a_required_column(rows_of):
    content = as_csv(rows_of(2), encoding="utf-8").decode().replace("手机号码", "打哪个号").encode()

    with pytest.raises(BadSheet, match="手机号码"):
        stage_here(content, file_name="a.csv")
    assert StagedRow.objects.count() == 0


def test_a_portion_of_empty_lines_is_passed_over(rows_of, monkeypatch):
    monkeypatch.setattr(stage, "PORTION", 1)
    header, first, second = as_csv(rows_of(2), encoding="utf-8").decode().splitlines()

    batch = stage_here("\n".join([header, first, "", "", second, ""]).encode(), file_name="a.csv")

    assert (batch.state, counts(batch)) == ("staged", (2, 0, 0, 0, 0))
    assert list(batch.rows.order_by("number").values_list("number", flat=True)) == [2, 5]


def test_a_file_of_two_gigabytes_is_not_even_read(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(2 << 30)

    with pytest.raises(BadSheet, match="2048MB，太大了"):
        content_of(large)
    small = tmp_path / "small.csv"
    small.write_bytes(b"x")
    assert content_of(small) == b"x"
