"""Plain rows by column: they must end as the careful way would have ended them."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.clock import today
from yiwang.platform.jobs.actions import run_here, run_long_job
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobFailure, JobRun
from yiwang.platform.text.library import person_keys
from yiwang.platform.text.models import SearchEntry
from yiwang.register.imports.actions import (
    apply_here,
    receive_file,
    stage_here,
    start_applying_valid_rows,
    undo_here,
)
from yiwang.register.imports.actions import stage as staging
from yiwang.register.imports.actions.starting import forget_rows
from yiwang.register.imports.library.cleaning import Limits, cells_of, clean_row
from yiwang.register.imports.library.columnar import KEYS, PLAIN, read_columns, rows_as_dicts
from yiwang.register.imports.queries import preview_of, written_rows
from yiwang.register.imports.queries.sealing import SAID, open_block
from yiwang.register.imports.tests.factories import as_csv, make_id, make_row
from yiwang.register.imports.tests.test_applying import Killed, killed_at
from yiwang.register.members.actions import correct_membership
from yiwang.register.members.formulas import member_number
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.members.queries import identity_hash, phone_hash
from yiwang.register.organisations.models import Employer

LIMITS = Limits(youngest=16, oldest=75)
pytestmark = pytest.mark.usefixtures("by_column", "covered")

ON = dt.date(2026, 5, 1)


def counts(batch):
    return batch.new, batch.changed, batch.unchanged, batch.conflict, batch.refused


def ours():
    return Membership.objects.filter(source="import")


def csv_of(rows):
    return as_csv(rows, encoding="utf-8")


def stage(rows, name="a.csv"):
    return stage_here(csv_of(rows), file_name=name)


CELLS = {
    "name": ["周文娟", "王 伟", "阿卜杜拉·热合曼", "测试", "a1"],
    "id_type": ["居民身份证", "身份证", "护照", "1", "x"],
    "id_number": [make_id(5), make_id(6)[:-1] + "x", "810000198001010014", "440524188001010014", "１１", "1.1E+17", ""],
    "gender": ["", "男", "女", "未知", "中"],
    "nation": ["", "汉族", "汉", "火星"],
    "phone": ["13912345678", "139 1234 5678", "12351"],
    "education": ["", "大专", "博士", "?"],
    "household_division": ["", "320583", "昆山"],
    "uscc": ["91350100M000100Y43", "91350100M000100Y44", ""],
    "department": ["", "一车间", "长" * 61],
    "is_migrant": ["", "是", "否", "也许"],
    "skill_level": ["", "中级工", "五级"],
    "employ_state": ["在岗", "退休", "x"],
    "joined_on": [
        "2021-03-05",
        "2021/3/5",
        "2021年3月5日",
        "20210305",
        "44260",
        "2099-01-01",
        "1980-01-01",
        "x",
        "=A1",
    ],
    "organisation": ["32u 1", "X"],
    "group": ["", "一组", "无"],
}


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({key: st.sampled_from(values) for key, values in CELLS.items()}))
def test_a_plain_row_reads_as_the_careful_reader_reads_it(changes):
    row = {**make_row(7, union="U1", uscc="91350100M000100Y43"), **changes}
    frame = pl.DataFrame({"number": [2], **{key: [row.get(key, "")] for key in KEYS}})

    read = read_columns(frame, limits=LIMITS, on=ON)

    careful = clean_row(
        2, cells_of([row.get(k, "") for k in KEYS], {k: n for n, k in enumerate(KEYS)}), limits=LIMITS, on=ON
    )
    if read[PLAIN][0]:
        assert (careful.problems, careful.notes) == ([], [])
        assert rows_as_dicts(read, SAID) == [careful.values]


def test_the_usual_row_is_plain():
    row = make_row(7, union="U1", uscc="91350100M000100Y43")
    frame = pl.DataFrame({"number": [2], **{key: [row.get(key, "")] for key in KEYS}})

    assert read_columns(frame, limits=LIMITS, on=ON)[PLAIN].to_list() == [True]


def test_blocks_are_written_as_single_rows_would_be(rows_of, unit, employer):
    batch = stage(rows_of(3, nation="汉族", is_migrant="是", skill_level="中级工"))
    assert (counts(batch), batch.rows.count(), batch.blocks.count()) == ((3, 0, 0, 0, 0), 0, 1)

    apply_here(batch)

    member = ours().select_related("person").order_by("pk")[0]
    person = member.person
    assert (person.id_number, person.phone) == (make_id(1), "13900000001")
    assert (person.id_hash, person.phone_hash) == (identity_hash("1", make_id(1)), phone_hash("13900000001"))
    assert (person.pinyin_full, person.pinyin_initials) == person_keys(person.name)
    assert (person.gender, person.birth_date, person.nation) == ("1", dt.date(1970, 1, 2), "01")
    assert (member.organisation, member.employer, member.state, member.join_way) == (unit, employer, "active", "6")
    assert (member.post, member.trade, member.is_migrant, member.skill_level) == ("装配工", "装配工", True, 3)
    assert member.number == member_number(int(member.number[2:12]))
    span = MembershipSpan.objects.get(membership=member)
    assert (span.days.lower, span.days.upper, span.may_vote) == (dt.date(2021, 3, 5), None, True)
    assert written_rows(batch) == 3


def test_the_same_file_again_is_unchanged_and_an_edited_one_is_told_field_by_field(rows_of):
    rows = rows_of(3)
    apply_here(stage(rows))

    again = stage([*rows, *rows_of(1, start=9)])
    assert (counts(again), again.rows.count()) == ((1, 0, 3, 0, 0), 0)
    edited = stage([{**rows[0], "department": "二车间"}, *rows[1:]])
    assert (counts(edited), edited.rows.count()) == ((0, 1, 2, 0, 0), 1)


def test_rows_that_need_a_word_get_it_beside_plain_ones(rows_of):
    rows = [*rows_of(3), *rows_of(1, phone="13900009999"), *rows_of(1, start=8, name="王五六七", phone="12351")]

    batch = stage(rows)

    assert counts(batch) == (2, 0, 0, 0, 3) or counts(batch) == (3, 0, 0, 0, 2)
    assert batch.rows.filter(verdict="refused").count() == batch.refused


def test_undo_takes_blocks_back_and_keeps_what_was_edited_since(rows_of):
    batch = stage(rows_of(3))
    apply_here(batch)
    edited = ours().order_by("pk")[1]
    correct_membership(edited, by=None, department="后来改的")

    run = undo_here(batch, reason="错了")

    assert (run.done, run.failed) == (2, 1)
    assert list(ours()) == [edited]
    assert JobFailure.objects.get(run=run).row == "第3行"
    assert Person.objects.filter(pk=edited.person_id).exists()
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_a_block_whose_rows_went_stale_gives_them_words(rows_of):
    batch = stage(rows_of(2))
    apply_here(stage(rows_of(1), name="other.csv"))

    apply_here(batch)

    assert ours().count() == 2
    assert batch.blocks.get().numbers == [3]


def test_chosen_lines_are_written_first_and_the_rest_later(rows_of, clerk):
    batch = stage(rows_of(4))
    start_applying_valid_rows(batch, by=clerk, selection={"ranges": [[2, 3]]})
    run_queued()
    batch.refresh_from_db()
    assert written_rows(batch) == 2

    start_applying_valid_rows(batch, by=clerk)
    run_queued()

    assert (written_rows(batch), ours().count()) == (4, 4)


def test_pages_show_plain_rows_masked(rows_of):
    batch = stage(rows_of(3))

    shown = preview_of(batch, tab="new", page="1", on=today()).rows

    assert [row.number for row in shown] == [2, 3, 4]
    assert "*" in shown[0].id_number


def test_members_of_blocks_become_findable(rows_of):
    batch = stage(rows_of(2))
    apply_here(batch)
    names = set(ours().values_list("person__public_id", flat=True))
    assert not SearchEntry.objects.filter(kind="person", object_id__in=names).exists()

    run_here("imports.index", {"batch": batch.pk}, by=None, title="x")

    assert SearchEntry.objects.filter(kind="person", object_id__in=names).count() == 2


def test_making_members_findable_goes_on_after_a_crash_where_it_was(rows_of, monkeypatch):
    monkeypatch.setattr(staging, "PORTION", 2)
    batch = stage(rows_of(3))
    apply_here(batch)
    run = JobRun.objects.get(name="imports.index")

    with pytest.raises(Killed):
        run_long_job(run.pk, watch=killed_at(3))
    assert SearchEntry.objects.filter(kind="person", title__startswith="王").count() == 2
    run_long_job(run.pk)

    run.refresh_from_db()
    assert (run.state, run.total, run.done) == ("done", 3, 3)
    assert SearchEntry.objects.filter(kind="person", title__startswith="王").count() == 3


def test_blocks_are_forgotten_like_rows(rows_of):
    batch = stage(rows_of(2))
    assert len(open_block(batch.blocks.get())) == 2

    forget_rows(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=99), patience=dt.timedelta(days=60))

    assert bytes(batch.blocks.get().sealed) == b""
    assert preview_of(batch, tab="new", page="1", on=today()).rows == []


def test_a_block_of_stale_rows_alone_writes_nothing(rows_of):
    batch = stage(rows_of(2))
    apply_here(stage(rows_of(2), name="other.csv"))

    apply_here(batch)

    block = batch.blocks.get()
    assert (block.numbers, block.new, block.written_at, len(open_block(block))) == ([], 0, None, 0)
    assert list(batch.rows.order_by("number").values_list("number", "verdict")) == [(2, "unchanged"), (3, "unchanged")]
    assert ours().count() == 2


def test_blocks_wait_when_only_changes_were_chosen(rows_of, clerk):
    rows = rows_of(3)
    apply_here(stage(rows[:1]))
    batch = stage([{**rows[0], "department": "二车间"}, *rows[1:]])
    start_applying_valid_rows(batch, by=clerk, selection={"verdicts": ["changed"]})

    run_queued()

    assert [member.department for member in ours()] == ["二车间"]
    assert batch.blocks.get().numbers == []


def test_employers_that_nobody_knew_are_registered_once_from_a_block(rows_of, employer):
    new = {"uscc": "91350100M000100Y43", "employer_name": "新厂有限公司"}
    batch = stage([*rows_of(1), *rows_of(2, start=2, **new)])
    assert (batch.blocks.get().new, Employer.objects.filter(uscc=new["uscc"]).count()) == (3, 0)

    apply_here(batch)

    made = Employer.objects.get(uscc=new["uscc"])
    assert (made.name, made.source, made.division_code, made.pinyin_initials) == (
        "新厂有限公司", "import", "320583100", "xcyxgs",
    )  # fmt: skip
    assert list(ours().values_list("employer", flat=True).order_by("employer")) == sorted(
        [employer.pk, made.pk, made.pk]
    )


def test_undo_says_of_each_member_why_it_stays(rows_of):
    batch = stage(rows_of(3))
    apply_here(batch)
    first, second, _third = batch.blocks.get().person_ids
    Person.objects.filter(pk=first).update(merged_into=second)

    run = undo_here(batch, reason="错了")

    assert (run.done, run.failed) == (1, 2)
    said = dict(JobFailure.objects.filter(run=run).values_list("row", "reason"))
    assert said.keys() == {"第2行", "第3行"}
    assert "合并" in said["第2行"]
    assert "已经办过事" in said["第3行"]


def test_a_portion_without_a_plain_row_makes_no_block(rows_of):
    batch = stage(rows_of(2, phone="12351"))

    assert (counts(batch), batch.rows.count(), batch.blocks.count()) == ((0, 0, 0, 0, 2), 2, 0)


def test_reading_that_goes_on_after_a_stop_knows_the_documents_of_earlier_blocks(rows_of, clerk, monkeypatch):
    monkeypatch.setattr(staging, "PORTION", 2)
    content = csv_of([*rows_of(3), *rows_of(1, phone="13900009999")])
    batch = receive_file(content, file_name="a.csv", by=clerk)
    real, calls = staging.stage_portion, []

    def dies_once(reader, portion):
        calls.append(len(portion))
        if len(calls) == 2:
            raise ConnectionError
        real(reader, portion)

    monkeypatch.setattr(staging, "stage_portion", dies_once)
    with pytest.raises(ConnectionError):
        run_queued()
    assert batch.blocks.count() == 1
    run_long_job(batch.run_id)

    batch.refresh_from_db()
    assert (counts(batch), batch.blocks.count()) == ((3, 0, 0, 0, 1), 2)
    assert batch.rows.get().number == 5
