"""The list of union bodies: staged, compared, written, taken back; on pages by an officer of the place."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook
from rustpy_xlsxwriter import FastExcel

from yiwang.kernel.identity import uscc_check_digit
from yiwang.platform.counters.queries import figure
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.text.queries import search
from yiwang.register.imports import actions
from yiwang.register.imports.actions import bodies
from yiwang.register.imports.errors import BadSheet
from yiwang.register.imports.library.bodies import COLUMNS, HEADINGS
from yiwang.register.imports.models import ImportBatch, KnownHeading, StagedRow
from yiwang.register.imports.queries import batch_json
from yiwang.register.imports.queries.batches import rows_of
from yiwang.register.imports.queries.bodies import origins_of, unlinked_of
from yiwang.register.members.tests.factories import member
from yiwang.register.organisations.actions import create_organisation, link_employer, update_organisation
from yiwang.register.organisations.counting import BODIES
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer, OrganisationSpan

pytestmark = pytest.mark.django_db

USCC = "81320000509100012B"
LIST = reverse("imports:body-list")


def url(name: str, batch: ImportBatch) -> str:
    return reverse(f"imports:batch-{name}", args=[batch.public_id])


def as_xlsx(rows, headings=HEADINGS) -> bytes:
    target = io.BytesIO()
    told = [{headings[column.key]: row.get(column.key, "") for column in COLUMNS} for row in rows]
    FastExcel(target).sheet("工会组织名单", told).save()
    return target.getvalue()


def staged(rows) -> ImportBatch:
    return actions.stage_here(as_xlsx(rows), file_name="工会.xlsx", kind="organisations")


@pytest.fixture
def rows(town):
    """Two right rows below the town; ``changes`` go into the first."""

    def make(**changes):
        base = {"kind": "E1", "parent": town.code}
        full = {"uscc": USCC, "employee_count": "120", "phone": "0512-1", "founded_on": "2019/5/1"}
        return [{**base, "name": "甲厂工会", **full, **changes}, {**base, "name": "乙厂 (昆山)公会"}]

    return make


def test_a_list_is_compared_before_anything_is_written(rows, town):
    batch = staged(rows())

    assert (batch.new, batch.changed, batch.refused) == (2, 0, 0)
    assert not Organisation.objects.filter(parent=town, name="甲厂工会").exists()


def test_written_rows_are_bodies_with_history_figures_and_words_and_the_list_again_changes_nothing(rows, town):
    before = figure(town.path, BODIES)
    actions.apply_here(staged(rows()))
    again = staged(rows(founded_on="2018-01-01"))

    found = Organisation.objects.get(name="甲厂工会")
    assert (found.level, found.employee_count, found.uscc, found.member_scope) == (7, 120, USCC, "single")
    assert str(found.founded_on) == "2019-05-01"
    assert Organisation.objects.filter(name="乙厂（昆山）工会", parent=town).exists()
    assert OrganisationSpan.objects.filter(organisation=found).count() == 1
    assert figure(town.path, BODIES) == before + 2
    assert "甲厂工会" in [hit.title for hit in search("甲厂工会")]
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    first = rows_of(again.rows.filter(number=2))[0]
    assert first.notes == [("建会日期", "登记的建会日期是2019-05-01，没有改。")]
    assert actions.apply_here(again) is None


def test_changes_are_shown_field_by_field_written_and_taken_back(rows):
    actions.apply_here(staged(rows()))
    batch = staged(rows(employee_count="150", counted_on="2026-06-30", longitude="120.95", latitude="31.38"))

    assert (batch.changed, batch.unchanged) == (1, 1)
    shown = rows_of(batch.rows.filter(verdict="changed"))[0]
    assert ("职工数", "120", "150") in shown.changes
    assert ("经度", "", "120.9500000") in shown.changes
    actions.apply_here(batch)
    found = Organisation.objects.get(name="甲厂工会")
    assert (found.employee_count, str(found.counted_on), str(found.longitude)) == (150, "2026-06-30", "120.9500000")

    actions.undo_here(batch, reason="报错了")
    found.refresh_from_db()
    assert (found.employee_count, found.counted_on, found.longitude) == (120, None, None)


def test_undoing_leaves_what_was_edited_since_and_names_it(rows):
    actions.apply_here(staged(rows()))
    batch = staged(rows(employee_count="150", phone="0512-2"))
    actions.apply_here(batch)
    found = Organisation.objects.get(name="甲厂工会")
    update_organisation(found, by=None, phone="0512-3")

    run = actions.undo_here(batch, reason="报错了")

    found.refresh_from_db()
    assert (found.employee_count, found.phone) == (120, "0512-3")
    assert run.failed == 1
    assert "办公电话" in str(list(run.failures.values_list("reason", flat=True)))


def test_a_whole_list_is_taken_back_as_if_it_had_never_been(rows, town):
    before = figure(town.path, BODIES)
    batch = staged(rows())
    actions.apply_here(batch)

    run = actions.undo_here(batch, reason="传错了")

    assert (run.done, run.failed) == (2, 0)
    assert not Organisation.objects.filter(parent=town, name__in=["甲厂工会", "乙厂（昆山）工会"]).exists()
    assert figure(town.path, BODIES) == before
    assert search("甲厂工会") == []
    assert (again := staged(rows())).new == 2
    assert actions.apply_here(again) is not None


def firms(*codes: str) -> list[Employer]:
    return [Employer.objects.create(uscc=code, name=f"单位{code[-1]}", headcount=30) for code in codes]


made_up = [code + uscc_check_digit(code) for code in ("91320583MD0000001", "91320583MD0000002")]
CODES = ("91350100M000100Y43", "91320100MC12345661", "91320583202620224W", *made_up)


def unlinked(batch: ImportBatch) -> dict[str, str]:
    batch.refresh_from_db()
    return {one.body.name: one.reason for one in unlinked_of(batch)}


def test_unions_of_a_list_cover_their_employers_and_who_is_not_linked_is_told_why(rows, town, unit, employer):
    own, second, third = firms(*CODES[:3])
    Employer.objects.filter(pk=employer.pk).update(uscc=CODES[3])
    link_employer(unit, employer, "own", by=None) if not unit.employers.exists() else None
    joint = {**rows()[1], "name": "联合工会", "kind": "E2", "employers": f"{CODES[1]}、{CODES[2]}"}
    taken = {**rows()[1], "name": "丙厂工会", "employers": CODES[3]}
    unknown = {**rows()[1], "name": "丁厂工会", "employers": CODES[4]}
    batch = staged([*rows(employers=CODES[0]), joint, taken, unknown])
    assert batch.new == 5
    actions.apply_here(batch)

    links = OrganisationEmployer.objects.filter(employer__in=[own, second, third])
    told = {(link.organisation.name, link.employer_id, link.relation) for link in links.select_related("organisation")}
    assert told == {
        ("甲厂工会", own.pk, "own"),
        ("联合工会", second.pk, "joint"),
        ("联合工会", third.pk, "joint"),
    }
    assert unlinked(batch) == {
        "乙厂（昆山）工会": "没有填所在单位信用代码。",
        "丙厂工会": f"“{employer.name}”已经有自己的工会：{unit.name}。",
        "丁厂工会": f"单位名单里没有{CODES[4]}。先导入单位名单，再传一次。",
    }

    firms(CODES[4])
    assert unlinked(batch)["丁厂工会"].startswith("现在可以连了")
    again = staged([unknown])
    assert (again.changed, [row.changes for row in rows_of(again.rows.all())]) == (
        1,
        [[("所在单位信用代码", "", f"单位{CODES[4][-1]}")]],
    )
    actions.apply_here(again)
    assert "丁厂工会" not in unlinked(batch)
    assert staged([unknown]).unchanged == 1
    actions.undo_here(again, reason="连错了")
    assert "丁厂工会" in unlinked(batch)
    assert actions.undo_here(batch, reason="传错了").failed == 1  # what was linked and taken back since has a history
    assert not OrganisationEmployer.objects.filter(employer__in=[own, second, third]).exists()


def test_codes_of_employers_are_checked_and_one_employer_has_one_union(rows):
    two = {**rows()[1], "employers": f"{CODES[0]} {CODES[1]}"}
    wrong = {**rows()[1], "name": "丙", "employers": "91350100M000100Y44"}
    of_union = {**rows()[1], "name": "丁厂工会", "employers": USCC}
    first = {**rows()[1], "name": "戊厂工会", "employers": CODES[0]}
    twin = {**rows()[1], "name": "己厂工会", "employers": CODES[0]}
    batch = staged([two, wrong, of_union, first, twin])
    assert (batch.new, batch.refused) == (1, 4)
    said = [row.problems[0] for row in rows_of(batch.rows.filter(verdict="refused").order_by("number"))]
    assert said[0] == ("所在单位信用代码", "单独基层工会只有一个单位。几家联合的，组织类型填E2。")
    assert said[2] == ("所在单位信用代码", f"{USCC}是工会的代码，这里填单位的。")
    assert said[3] == ("所在单位信用代码", "和第5行是同一个单位。")
    assert bodies._seen_in(batch).rows[f"employer {CODES[0]}"] == 5


def test_bodies_with_members_with_later_changes_or_gone_stay(rows, town):
    batch = staged([*rows(), {**rows()[1], "name": "丙厂工会"}, {**rows()[1], "name": "丁厂工会"}])
    actions.apply_here(batch)
    named = {body.name: body for body in Organisation.objects.filter(parent=town)}
    member(named["甲厂工会"], "王一")
    update_organisation(named["乙厂（昆山）工会"], by=None, phone="0512-9")
    Organisation.objects.filter(name="丙厂工会").update(state="dissolved", valid_to=named["丙厂工会"].valid_from)

    run = actions.undo_here(batch, reason="传错了")

    assert (run.done, run.failed) == (1, 3)
    reasons = " ".join(run.failures.values_list("reason", flat=True))
    assert "已经有会员" in reasons
    assert "又有变化" in reasons
    assert "后来撤销或合并" in reasons
    assert not Organisation.objects.filter(name="丁厂工会").exists()


def refusals(batch):
    return {(row["row"], row["column"]) for row in batch_json(batch)["refused"]}


def test_each_bad_cell_says_why(rows, town, unit):
    good = {"name": "丙厂工会", "kind": "E1", "parent": town.code}
    bad = [
        {"name": ""}, {"kind": "Z9"}, {"parent": "320000X"}, {"kind": "A3"}, {"division_code": "32"},
        {"uscc": "8132"}, {"uscc": "91350100M000100Y43"}, {"employee_count": "很多"}, {"phone": "1" * 31},
        {"name": "工"}, {"founded_on": "五月"}, {"counted_on": "2099-01-01"}, {"postcode": "12"}, {"email": "a@"},
        {"longitude": "31.4"}, {"latitude": "北"}, {"member_scope": "大家"}, {"code": "000"},
        {"employee_count": "3", "female_employee_count": "4"}, {"short_name": "=A1"},
    ]  # fmt: skip

    batch = staged([{**good, "name": f"丙{n}厂工会", **change} for n, change in enumerate(bad)])

    keys = [next(reversed(change)) for change in bad]
    assert refusals(batch) == {(n, HEADINGS[key]) for n, key in enumerate(keys, 2)}


def test_twins_in_a_list_are_refused_with_the_line_of_the_first(rows):
    batch = staged([*rows(), rows()[1], {**rows()[0], "name": "丁厂工会"}])

    assert refusals(batch) == {(4, "工会名称"), (5, "统一社会信用代码")}


def test_what_contradicts_the_tree_waits_for_a_person(town, unit, county):
    update_organisation(unit, by=None, uscc=USCC)
    same = {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent": unit.parent.code}
    pending = create_organisation(name="筹建厂工会", kind="E1", parent=town, by=None, state="draft")
    rows = [
        {"name": "丁厂工会", "kind": "E1", "parent": town.code, "uscc": USCC},
        {**same, "name": "改了名的工会"},
        {**same, "kind": "E2", "name": unit.name + "乙", "code": ""},
        {**same, "name": unit.name, "kind": "E2", "code": unit.code, "phone": "1"},
        {"name": pending.name, "kind": "E1", "parent": town.code},
        {**same, "parent": county.code, "name": "别处工会"},
    ]

    batch = staged(rows)

    stopped = {row.number: rows_of([row])[0].problems[0][0] for row in batch.rows.filter(verdict="conflict")}
    assert stopped == {2: "统一社会信用代码", 3: "工会名称", 5: "组织类型", 6: "工会名称", 7: "上级工会编码"}
    assert batch.new == 1


def test_a_namesake_elsewhere_is_a_doubt_and_no_obstacle(rows, town, county):
    create_organisation(name="甲厂工会", kind="E1", parent=county, by=None)

    batch = staged(rows())

    assert batch.new == 2
    assert "别的上级下面" in str(rows_of(batch.rows.filter(number=2))[0].notes)


def test_rows_are_judged_again_when_they_are_written(rows, town):
    batch = staged(rows())
    other = create_organisation(name="戊厂工会", kind="E1", parent=town, by=None, uscc=USCC)

    run = actions.apply_here(batch)

    assert (run.done, run.failed) == (1, 1)
    assert not Organisation.objects.filter(parent=town, name="甲厂工会").exclude(pk=other.pk).exists()


def test_a_job_that_was_cut_off_goes_on_and_a_second_run_does_nothing(rows, monkeypatch):
    monkeypatch.setattr(bodies, "CHUNK", 1)
    batch = actions.receiving.open_batch(as_xlsx(rows()), file_name="工会.xlsx", by=None, kind="organisations")
    run = JobRun.objects.create(name="imports.stage", title="检查", state="running", params={"batch": batch.pk})
    bodies.stage_bodies(run)
    assert seen_numbers(batch) == [2, 3]
    assert set(bodies._seen_in(batch).rows.values()) == {2, 3}
    bodies.stage_bodies(run)
    bodies.apply_bodies(run)
    bodies.undo_bodies(run)
    batch.refresh_from_db()
    assert batch.state == "staged"


def test_writing_and_taking_back_go_on_after_a_stop(rows, town):
    batch = staged(rows())
    for state, work, cursor in (("applying", bodies.apply_bodies, 2), ("undoing", bodies.undo_bodies, 3)):
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        params = {"batch": batch.pk, "reason": "传错了"}
        work(JobRun.objects.create(name="x", title="x", state="running", params=params, cursor=cursor))
        written = Organisation.objects.filter(parent=town, name__in=["甲厂工会", "乙厂（昆山）工会"])
        assert [body.name for body in written] == ["乙厂（昆山）工会"]  # the rows before the stop are passed over


def test_nothing_goes_back_where_all_of_it_was_edited_since(rows):
    actions.apply_here(staged(rows()))
    batch = staged(rows(phone="0512-2"))
    actions.apply_here(batch)
    update_organisation(Organisation.objects.get(name="甲厂工会"), by=None, phone="0512-3")

    assert actions.undo_here(batch, reason="报错了").failed == 1
    assert Organisation.objects.get(name="甲厂工会").phone == "0512-3"


def seen_numbers(batch):
    return sorted(batch.rows.values_list("number", flat=True))


def test_headings_of_others_are_understood_and_remembered_for_this_list_only(handler, rows):
    theirs = {**HEADINGS, "phone": "联系电话（座机）", "kind": "性质"}
    batch = actions.receive_file(as_xlsx(rows(), theirs), file_name="a.xlsx", by=handler, kind="organisations")

    assert batch.state == "matching"
    places = {**batch.columns, "kind": theirs_place(theirs, "kind")}
    actions.settle_columns(batch, columns=places, constants={}, by=handler)
    run_queued()
    batch.refresh_from_db()
    assert batch.state == "staged"
    assert KnownHeading.objects.filter(kind="organisations", heading="性质", key="kind").exists()
    again = actions.receive_file(as_xlsx(rows(phone="2"), theirs), file_name="b.xlsx", by=handler, kind="organisations")
    assert again.state == "staging"


def theirs_place(headings, key):
    return [column.key for column in COLUMNS].index(key)


def test_a_list_of_members_is_no_list_of_unions(rows):
    with pytest.raises(BadSheet):
        actions.stage_here(as_xlsx(rows()), file_name="工会.xlsx")
    with pytest.raises(BadSheet, match="组织类型"):
        actions.stage_here("工会名称,上级工会编码\n甲,乙\n".encode(), file_name="a.csv", kind="organisations")


def test_the_whole_way_on_pages_by_an_officer_of_the_place(client_of, handler, rows, town, sibling_unit):
    browser = client_of(handler)
    content = as_xlsx([*rows(), {"name": "丙厂工会", "kind": "E1", "parent": sibling_unit.parent.code}])
    assert "工会组织名单" in browser.get(LIST).text
    answer = browser.post(LIST, {"file": SimpleUploadedFile("工会.xlsx", content)})
    batch = ImportBatch.objects.latest("pk")
    assert answer.url == url("detail", batch)
    run_queued()

    page = browser.get(url("detail", batch)).text
    assert "可以写入2行" in page
    assert "你管的范围里没有编码" in page  # of another county: the same words as for a code that is not there
    refused = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(url("refused", batch)).content))
    line = refused.get_sheet_by_index(0).to_python()[1]
    assert "丙厂工会" in line
    browser.post(url("apply", batch), {"leave_out": "on", "lines": "2"})
    run_queued()
    found = Organisation.objects.get(parent=town, name="甲厂工会")
    assert not Organisation.objects.filter(parent=town, name__startswith="乙厂").exists()
    browser.post(url("apply", batch), {"leave_out": "on"})
    run_queued()
    assert Organisation.objects.filter(parent=town, name__startswith="乙厂").exists()

    assert {origin.label: origin.became for origin in origins_of(found)}["职工数"] == "120"
    origin = browser.get(reverse("imports:body-origins", args=[found.public_id])).text
    assert "工会.xlsx第2行" in origin
    browser.post(url("undo", batch), {"reason": "传错了"})
    run_queued()
    assert not Organisation.objects.filter(parent=town, name="甲厂工会").exists()
    assert StagedRow.objects.filter(batch=batch, undone_at__isnull=False).count() == 2


def test_the_template_has_the_columns_and_the_words(client_of, handler):
    book = CalamineWorkbook.from_filelike(io.BytesIO(client_of(handler).get(reverse("imports:body-template")).content))

    assert "工会名称*" in book.get_sheet_by_name("工会组织名单").to_python()[0]
    assert "单独基层工会" in str(book.get_sheet_by_name("可以填的词").to_python())
