"""Writing a staged file, going on after a stop, and taking it back."""

import datetime as dt

import pytest
from django.db.models import Sum

from yiwang.kernel.clock import now, today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.counters.models import Delta
from yiwang.platform.jobs.actions import cancel_job, run_long_job
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.text.queries import search
from yiwang.register.imports import tasks
from yiwang.register.imports.actions import (
    apply_here,
    apply_here_if_clean,
    forget_rows,
    receive_file,
    stage_here,
    start_applying,
    start_applying_valid_rows,
    start_undoing,
    undo_here,
)
from yiwang.register.imports.errors import NothingToApply, RowsInTheWay, UndoTooLate, UnknownBatch
from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries import batch_called
from yiwang.register.imports.queries.batches import unseal
from yiwang.register.imports.tests.factories import as_xlsx, make_id
from yiwang.register.members.actions import register_person, retain_membership, start_membership
from yiwang.register.members.models import Conflict, Membership, MembershipSpan, Person
from yiwang.register.organisations.models import Employer

pytestmark = pytest.mark.django_db

OURS = {"person__name__startswith": "王"}


class Killed(BaseException):
    """As abrupt as kill -9 can be inside one process."""


def killed_at(done):
    """Watches a run and kills it with this much done, before the batch in hand is committed."""

    def watch(seen):
        if seen.done >= done:
            raise Killed

    return watch


def ours():
    return Membership.objects.filter(**OURS).select_related("person", "employer").order_by("person__phone_hash")


def member(n: int) -> Membership:
    return ours().get(person__id_hash=blind_index("identity", f"1:{make_id(n)}"))


def members_counted(unit) -> int:
    return Delta.objects.filter(name="members.current", path=str(unit.path)).aggregate(n=Sum("amount"))["n"] or 0


def test_a_written_row_is_a_whole_member(applied, rows_of, unit, employer):
    batch = applied(
        rows_of(
            1, gender="男", nation="汉族", is_migrant="是", new_form="货车司机", skill_level="技师", is_full_time="是"
        )
    )

    found = member(1)
    person = found.person
    assert (person.id_number, person.phone, person.birth_date, person.gender) == (
        make_id(1),
        "13900000001",
        dt.date(1970, 1, 2),
        "1",
    )
    assert (person.nation, person.realname_level, person.pinyin_full[:4]) == ("01", 1, "wang")
    assert (found.organisation, found.employer, found.state, found.join_way) == (unit, employer, "active", "6")
    assert (found.joined_on, found.post, found.trade, found.skill_level) == (dt.date(2021, 3, 5), "装配工", "装配工", 5)
    assert (found.is_migrant, found.new_form, found.union_post, found.source) == (True, "N01", "专职工会干部", "import")
    assert found.number.startswith("32")
    assert len(found.number) == 13
    span = MembershipSpan.objects.get(membership=found)
    assert (span.days.lower, span.days.upper, span.reason) == (dt.date(2021, 3, 5), None, "joined")
    row = batch.rows.get()
    assert (row.person_id, row.membership_id, row.made_person, row.made_membership) == (person.pk, found.pk, True, True)
    assert (batch.state, members_counted(unit)) == ("applied", 1)
    names = list(
        JournalEntry.objects.filter(subject__in=["person", "membership"]).order_by("id").values_list("name", flat=True)
    )
    assert names == ["members.person_registered", "members.membership_started"]
    assert [hit.object_id for hit in search(person.name, kinds=("person",), scope=[str(unit.path)])] == [
        person.public_id
    ]


def test_unknown_employers_are_registered_once(applied, rows_of):
    applied(rows_of(2, uscc="91350100M000100Y43", employer_name="新厂有限公司"))

    new = Employer.objects.get(uscc="91350100M000100Y43")
    assert (new.name, new.source, new.division_code, new.pinyin_initials[:2]) == (
        "新厂有限公司",
        "import",
        "320583100",
        "xc",
    )
    assert ours().filter(employer=new).count() == 2


def test_changes_are_written_and_verified_telephones_are_not(applied, rows_of):
    applied(rows_of(2))
    Person.objects.filter(pk=member(2).person_id).update(phone_verified_at=now())

    applied(
        rows_of(
            2,
            phone="13700000000",
            department="二车间",
            joined_on="2020-01-01",
            uscc="91350100M000100Y43",
            employer_name="新厂",
        )
    )

    first, second = member(1), member(2)
    assert (first.person.phone, second.person.phone) == ("13700000000", "13900000002")
    assert first.person.phone_hash == blind_index("phone", "13700000000")
    assert (first.department, first.joined_on, first.employer.name) == ("二车间", dt.date(2020, 1, 1), "新厂")
    assert MembershipSpan.objects.get(membership=first).days.lower == dt.date(2020, 1, 1)


def test_importing_the_same_file_again_writes_nothing(applied, staged, rows_of):
    applied(rows_of(3))
    before = JournalEntry.objects.filter(subject="membership").count()

    again = staged(rows_of(3))

    assert (again.new, again.unchanged) == (0, 3)
    assert apply_here(again) is None
    assert ours().count() == 3
    assert JournalEntry.objects.filter(subject="membership").count() == before


def test_nothing_is_written_while_rows_are_in_the_way_unless_asked(rows_of, clerk):
    rows = [*rows_of(2), *rows_of(1, start=9, phone="12351")]
    batch = receive_file(as_xlsx(rows), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()

    with pytest.raises(RowsInTheWay, match="1行"):
        start_applying(batch, by=clerk)
    assert (batch.state, ours().count()) == ("staged", 0)

    start_applying_valid_rows(batch, by=clerk, link="/x")
    run_queued()
    batch.refresh_from_db()
    assert (batch.state, ours().count()) == ("applied", 2)
    assert JournalEntry.objects.get(name="imports.import_started").data == {
        "batch_id": batch.pk,
        "rows": 2,
        "left_out": 1,
    }
    with pytest.raises(NothingToApply):
        start_applying_valid_rows(batch, by=clerk)


def test_the_command_line_can_ask_for_all_or_nothing(staged, rows_of):
    batch = staged([*rows_of(1), *rows_of(1, start=9, phone="12351")])

    with pytest.raises(RowsInTheWay):
        apply_here_if_clean(batch)
    assert ours().count() == 0
    assert apply_here_if_clean(staged(rows_of(1))).done == 1


def test_an_empty_decision_is_refused(staged, rows_of, clerk):
    batch = staged(rows_of(1, phone="12351"))

    with pytest.raises(NothingToApply):
        start_applying_valid_rows(batch, by=clerk)


def test_a_row_that_went_stale_fails_alone_and_says_why(staged, rows_of, sibling_unit):
    batch = staged(rows_of(3))
    other = stage_here(as_xlsx(rows_of(1, start=2, organisation=sibling_unit.code)), file_name="other.xlsx")
    apply_here(other)

    run = apply_here(batch)

    assert (run.state, run.done, run.failed) == ("partly", 2, 1)
    failure = run.failures.get()
    assert (failure.row, "会籍转接" in failure.reason) == ("第3行", True)
    assert ours().count() == 3


def test_an_importer_who_lost_the_post_writes_nothing_more(rows_of, clerk):
    batch = receive_file(as_xlsx(rows_of(2)), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()
    start_applying(batch, by=clerk)
    type(clerk).objects.filter(pk=clerk.pk).update(is_active=False)

    run_queued()

    assert ours().count() == 0
    assert batch.rows.to_write().count() == 2


def test_writing_resumes_after_a_crash_and_repeats_nothing(rows_of, clerk, monkeypatch, unit):
    monkeypatch.setattr("yiwang.register.imports.actions.apply.CHUNK", 2)
    batch = receive_file(as_xlsx(rows_of(5)), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()
    run = start_applying(batch, by=clerk)

    with pytest.raises(Killed):
        run_long_job(run.pk, watch=killed_at(4))
    run_long_job(run.pk)

    batch.refresh_from_db()
    assert (batch.state, ours().count(), members_counted(unit)) == ("applied", 5, 5)
    assert JournalEntry.objects.filter(name="members.membership_started").count() == 5


def test_undo_removes_what_was_made(applied, rows_of, unit):
    batch = applied(rows_of(3))
    public_id = member(1).person.public_id

    run = undo_here(batch, reason="传错了文件")

    batch.refresh_from_db()
    assert (run.state, run.done, batch.state) == ("done", 3, "undone")
    assert (ours().count(), Person.objects.filter(name__startswith="王").count(), members_counted(unit)) == (0, 0, 0)
    assert public_id not in [hit.object_id for hit in search("王", kinds=("person",), scope=[str(unit.path)])]
    assert JournalEntry.objects.get(name="imports.import_undo_started").data["reason"] == "传错了文件"
    assert JournalEntry.objects.get(name="imports.import_undone").data == {"batch_id": batch.pk, "rows": 3, "kept": 0}


def test_undo_puts_back_what_was_changed(applied, rows_of):
    applied(rows_of(1, department="一车间", political="党员"))
    second = applied(rows_of(1, department="二车间", political="群众", joined_on="2020-01-01", phone="13700000000"))

    undo_here(second, reason="x")

    found = member(1)
    assert (found.department, found.joined_on, found.person.political, found.person.phone) == (
        "一车间",
        dt.date(2021, 3, 5),
        "01",
        "13900000001",
    )
    assert found.person.phone_hash == blind_index("phone", "13900000001")


def test_undo_of_a_known_person_keeps_the_person(applied, rows_of, courier_person):
    batch = applied(rows_of(1, name=courier_person.name, id_number=courier_person.id_number, political="党员"))
    assert Membership.objects.filter(person=courier_person).count() == 1

    undo_here(batch, reason="x")

    courier_person.refresh_from_db()
    assert Membership.objects.filter(person=courier_person).count() == 0
    assert courier_person.political == ""


def test_undo_leaves_alone_what_others_changed_since(applied, rows_of):
    first = applied(rows_of(3))
    applied(rows_of(1, start=2, department="二车间"))

    run = undo_here(first, reason="x")

    assert (run.state, run.done, run.failed) == ("partly", 2, 1)
    assert "又有变化" in run.failures.get().reason
    assert [m.department for m in ours()] == ["二车间"]


def test_undo_of_a_change_that_was_changed_again_says_so(applied, rows_of):
    applied(rows_of(1, department="一车间"))
    second = applied(rows_of(1, department="二车间"))
    applied(rows_of(1, department="三车间"))

    run = undo_here(second, reason="x")

    assert "又被改过" in run.failures.get().reason
    assert member(1).department == "三车间"


def test_undo_passes_over_people_who_already_have_a_record(applied, rows_of):
    batch = applied(rows_of(3))
    held = member(2)
    duplicate = Person.objects.create(name="李重", id_number="x", id_hash="y", merged_into=held.person)
    run = undo_here(batch, reason="x")
    assert (run.done, run.failed, run.failures.get().row) == (2, 1, "第3行")
    assert ours().get() == held
    assert duplicate.merged_into == held.person


def test_undo_of_somebody_who_is_gone_says_so(applied, rows_of):
    batch = applied(rows_of(1))
    batch.rows.update(membership_id=10**9)

    assert "合并或删除" in undo_here(batch, reason="x").failures.get().reason


def test_undo_ends_after_thirty_days(applied, rows_of, clerk):
    batch = applied(rows_of(1))
    ImportBatch.objects.update(applied_at=now() - dt.timedelta(days=31))
    batch.refresh_from_db()

    with pytest.raises(UndoTooLate, match="30天"):
        start_undoing(batch, by=clerk, reason="x")
    assert ours().count() == 1


def test_undo_in_the_background_tells_its_starter(rows_of, clerk, monkeypatch):
    monkeypatch.setattr("yiwang.register.imports.actions.undo.CHUNK", 2)
    batch = receive_file(as_xlsx(rows_of(5)), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()
    start_applying(batch, by=clerk)
    run_queued()
    batch.refresh_from_db()

    run = start_undoing(batch, by=clerk, reason="传错了", link="/x")
    run_queued()

    run.refresh_from_db()
    batch.refresh_from_db()
    assert (run.state, run.done, batch.state, ours().count()) == ("done", 5, "undone", 0)
    run_long_job(run.pk)
    with pytest.raises(NotAllowedInState):
        start_undoing(batch, by=clerk, reason="again")


def test_stopped_work_can_be_taken_up_again(rows_of, clerk):
    batch = receive_file(as_xlsx(rows_of(2)), file_name="a.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()
    run = start_applying(batch, by=clerk)
    type(run).objects.filter(pk=run.pk).update(state="cancelled", finished_at=now())
    batch.refresh_from_db()

    start_applying(batch, by=clerk)
    run_queued()

    batch.refresh_from_db()
    assert (batch.state, ours().count()) == ("applied", 2)


def test_taking_back_goes_on_after_a_crash_and_counts_nothing_twice(applied, rows_of, clerk, monkeypatch):
    monkeypatch.setattr("yiwang.register.imports.actions.undo.CHUNK", 2)
    batch = applied(rows_of(5))
    run = start_undoing(batch, by=clerk, reason="传错了")

    with pytest.raises(Killed):
        run_long_job(run.pk, watch=killed_at(4))
    assert ours().count() == 3
    run_long_job(run.pk)

    run.refresh_from_db()
    batch.refresh_from_db()
    assert (run.state, run.total, run.done, batch.state, ours().count()) == ("done", 5, 5, "undone", 0)


def test_taking_back_that_was_stopped_can_be_taken_up_again(applied, rows_of, clerk):
    batch = applied(rows_of(2))
    cancel_job(start_undoing(batch, by=clerk, reason="传错了"), by=clerk)
    batch.refresh_from_db()
    assert (batch.state, ours().count()) == ("undoing", 2)

    start_undoing(batch, by=clerk, reason="还是传错了")
    run_queued()

    batch.refresh_from_db()
    assert (batch.state, ours().count()) == ("undone", 0)


def test_work_whose_batch_has_moved_on_does_nothing(applied, rows_of):
    batch = applied(rows_of(1))
    run = JobRun.objects.create(name="x", title="x", params={"batch": batch.pk})
    for task in (tasks.stage, tasks.apply, tasks.undo):
        task(run)

    assert ours().count() == 1


def test_what_rows_said_is_forgotten_after_a_while(applied, rows_of):
    batch = applied(rows_of(2))

    assert forget_rows(now=now() + dt.timedelta(days=61), patience=dt.timedelta(days=60)) == 1
    assert forget_rows(now=now() + dt.timedelta(days=61), patience=dt.timedelta(days=60)) == 0
    assert [unseal(row) for row in batch.rows.all()] == [{}, {}]
    assert StagedRow.objects.exclude(id_hash="").count() == 0
    assert tasks.forget_rows.func(0) is None


def test_a_batch_is_found_by_its_number(staged, rows_of):
    batch = staged(rows_of(1))

    assert batch_called(batch.public_id) == batch
    with pytest.raises(UnknownBatch):
        batch_called("nothing")
    assert today() >= dt.date(2026, 1, 1)


def test_people_of_other_unions_go_on_both_worklists_once_the_rest_is_written(staged, rows_of, cast, employer):
    theirs, sent = rows_of(2, start=500)
    for row, kind in ((theirs, "1"), (sent, "2")):
        one = register_person(name=row["name"], id_number=row["id_number"], by=None)
        start_membership(one, cast.sibling_unit, by=None, employ_kind=kind)
    back = rows_of(1, start=600)[0]
    one = register_person(name=back["name"], id_number=back["id_number"], by=None)
    retain_membership(start_membership(one, cast.sibling_unit, by=None), by=None)
    other_name = {**rows_of(1, start=700)[0], "name": "王别名"}
    register_person(name="王本名", id_number=other_name["id_number"], by=None)

    batch = staged([*rows_of(1), theirs, sent, back, other_name, {**rows_of(1, start=800)[0], "organisation": "X"}])
    assert not Conflict.objects.exists()
    apply_here(batch)

    assert sorted(Conflict.objects.values_list("rule", flat=True)) == ["D2", "D7", "D8", "D9"]
    assert {row.claimed_by for row in Conflict.objects.all()} == {cast.unit}
    assert Conflict.objects.get(rule="D8").organisation == cast.sibling_unit
    apply_here(staged([rows_of(1, start=900)[0], theirs]))
    assert Conflict.objects.filter(rule="D8").count() == 1


def test_whoever_was_merged_meanwhile_goes_on_no_worklist(staged, rows_of, cast, employer):
    (theirs,) = rows_of(1, start=500)
    one = register_person(name=theirs["name"], id_number=theirs["id_number"], by=None)
    start_membership(one, cast.sibling_unit, by=None, employ_kind="1")
    batch = staged([*rows_of(1), theirs])
    Person.objects.filter(pk=one.pk).update(merged_into=cast.wenjuan_person)

    apply_here(batch)

    assert not Conflict.objects.exists()
