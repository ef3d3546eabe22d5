"""Where each fact of a member came from, for their union and for themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from yiwang.kernel.clock import now
from yiwang.kernel.crypto import blind_index
from yiwang.platform.jobs.inline import run_queued
from yiwang.register.access.models import Look
from yiwang.register.imports.actions import apply_here, forget_rows, receive_file, start_applying, undo_here
from yiwang.register.imports.models import StagedBlock, StagedRow
from yiwang.register.imports.queries.people import traced_facts
from yiwang.register.imports.tests.factories import as_xlsx, make_id
from yiwang.register.members.actions import correct_person, transfer_membership
from yiwang.register.members.models import Change, Membership, Person

pytestmark = pytest.mark.django_db

DOUBT = {"employ_state": "在岗", "group": "没有的小组"}  # a row with a doubt is kept row by row, not in a block


def person(n: int) -> Person:
    return Person.objects.get(id_hash=blind_index("identity", f"1:{make_id(n)}"))


def told(who: Person) -> dict[str, tuple[str, str, int | None]]:
    """For each field how it came, out of which file and line."""
    return {
        traced.fact.field: (
            traced.source.how,
            traced.source.batch.file_name if traced.source.batch else "",
            traced.source.line,
        )
        for traced in traced_facts(Person.objects.get(pk=who.pk))
    }


@pytest.mark.usefixtures("by_column", "covered")
def test_rows_and_blocks_name_their_file_and_line_and_the_number_tells_itself(rows_of, applied):
    applied(rows_of(2, nation="汉族"), "一块.xlsx")
    applied(rows_of(1, start=3, **DOUBT), "一行.xlsx")
    assert (StagedBlock.objects.exclude(numbers=[]).count(), StagedRow.objects.to_undo().count()) == (1, 1)

    assert told(person(2))["nation"] == ("名册导入", "一块.xlsx", 3)
    assert told(person(2))["joined_on"] == ("名册导入", "一块.xlsx", 3)
    assert told(person(3))["phone"] == told(person(3))["organisation"] == ("名册导入", "一行.xlsx", 2)
    assert told(person(3))["birth_date"] == ("由证件号码算出", "", None)


def test_the_last_writing_of_each_field_is_told_also_when_rows_were_forgotten(rows_of, applied, clerk, wenjuan):
    applied(rows_of(1, nation="汉族"), "旧.xlsx")
    applied(rows_of(1, nation="汉族", education="大学本科", post="检验员"), "新.xlsx")
    who = person(1)
    before = told(who)
    assert before["education"] == before["post"] == ("名册导入", "新.xlsx", 2)
    assert before["nation"] == ("名册导入", "旧.xlsx", 2)
    forget_rows(now=now(), patience=now() - now())
    assert told(who) == before

    correct_person(who, by=wenjuan, source=Change.Source.SELF, education="30")
    correct_person(who, by=clerk, political="13")
    assert told(who)["education"] == ("本人改的", "", None)
    assert told(who)["political"] == ("工会改的", "", None)
    by = {traced.fact.field: traced.source.by for traced in traced_facts(who)}
    assert (by["political"], by["education"]) == (clerk.name, "")


def test_what_was_taken_back_is_no_source(rows_of, staged, applied):
    applied(rows_of(1), "旧.xlsx")
    undone = staged(rows_of(1, nation="汉族", post="检验员"), "新.xlsx")
    apply_here(undone)
    undo_here(undone, reason="导错了")
    assert "新.xlsx" not in str(told(person(1)))


def test_who_came_otherwise_is_told_by_the_day_they_registered_and_joined(
    wenjuan_person, wenjuan_membership, sibling_unit, cast
):
    Person.objects.filter(pk=wenjuan_person.pk).update(phone_verified_at=timezone.now(), id_number="坏")
    facts = told(wenjuan_person)
    assert facts["phone"] == ("本人验证过", "", None)
    assert facts["name"] == facts["birth_date"] == ("第一次登记", "", None)
    assert facts["organisation"][0].startswith("入会时登记")
    transfer_membership(Membership.objects.get(pk=wenjuan_membership.pk), sibling_unit, by=cast.handler)
    assert told(wenjuan_person)["organisation"] == ("转入", "", None)
    nobody = Person.objects.create(name="无会籍", id_number=make_id(9), id_hash="x")
    assert set(told(nobody)) == {"name", "id_number"}


def test_the_union_and_the_person_read_it_and_nobody_else(client_of, clerk, handler, rows_of, cast, wenjuan):
    batch = receive_file(as_xlsx(rows_of(1, nation="汉族")), file_name="名册.xlsx", by=clerk)
    run_queued()
    batch.refresh_from_db()
    start_applying(batch, by=clerk)
    run_queued()
    who = person(1)
    page = reverse("imports:person-sources", args=[who.public_id])
    link = reverse("imports:batch-detail", args=[batch.public_id])

    mine = client_of(clerk).get(page)
    assert "名册.xlsx第2行" in mine.text
    assert link in mine.text
    assert make_id(1) not in mine.text
    above = client_of(handler).get(page).text
    assert "名册.xlsx第2行" in above
    assert link not in above
    assert Look.objects.filter(person_id=who.pk, purpose="查看资料来源").count() == 2
    assert page in client_of(clerk).get(reverse("members:person-detail", args=[who.public_id])).text
    assert client_of(cast.sibling_handler).get(page).status_code == 404
    assert client_of(wenjuan).get(page).status_code == 403

    own = client_of(wenjuan).get(reverse("imports:own-sources"))
    assert "第一次登记" in own.text
    assert reverse("imports:own-sources") in client_of(wenjuan).get(reverse("members:membership")).text
    assert client_of(handler).get(reverse("imports:own-sources")).status_code == 404


def test_a_page_costs_the_same_for_one_import_and_for_three(
    rows_of, applied, client_of, clerk, django_assert_max_num_queries
):
    for n, post in enumerate(("一", "二", "三")):
        applied(rows_of(1, post=f"岗位{post}"), f"{n}.xlsx")
    browser = client_of(clerk)
    page = reverse("imports:person-sources", args=[person(1).public_id])
    browser.get(page)
    with django_assert_max_num_queries(30):
        assert "2.xlsx" in browser.get(page).text
