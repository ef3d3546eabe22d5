"""How far unions reach: rates, the list of employers without one, the health check, the list that is loaded."""

import datetime as dt
import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rustpy_xlsxwriter import FastExcel

from yiwang.kernel.clock import today
from yiwang.kernel.identity import uscc_check_digit
from yiwang.platform.counters.actions import fold
from yiwang.register.organisations import actions, coverage
from yiwang.register.organisations.actions import employer_list
from yiwang.register.organisations.errors import UnreadableFile
from yiwang.register.organisations.formulas import area_prefix, share
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer, OrganisationSpan
from yiwang.register.organisations.queries import span_open

pytestmark = pytest.mark.django_db


def code(number):
    text = f"91320583MC{number:07d}"
    return text + uscc_check_digit(text)


def firm(number, headcount, division="320583100", **more):
    return Employer.objects.create(
        name=f"第{number}公司", uscc=code(number), headcount=headcount, division_code=division, **more
    )


def test_areas_and_shares():
    assert area_prefix("A2", 2, "320000") == "32"
    assert area_prefix("A3", 3, "320500") == "3205"
    assert area_prefix("A4", 4, "320583") == "320583"
    assert area_prefix("C1", 5, "320583100") == "320583100"
    assert area_prefix("C1", 5, "320583") == ""  # a town without a code of its own stands for no area we can tell
    assert area_prefix("E1", 7, "320583100") == ""
    assert share(999, 1000) == 999
    assert share(1, 0) is None


def test_rates_count_own_and_joint_and_show_federations_apart(cast):
    small, big = firm(1, 12), firm(2, 600)
    firm(3, 40, status="cancelled")
    firm(4, 0)
    firm(5, 300, "320585100")
    federation = actions.create_organisation(name="快递行业工会联合会", kind="D2", parent=cast.town, by=None)
    actions.link_employer(federation, small, "federation", by=None)
    joint = actions.create_organisation(name="联合工会", kind="E2", parent=cast.town, by=None)
    actions.link_employer(joint, big, "joint", by=None)

    reach = coverage.coverage(cast.county)

    assert (reach.whole.employers, reach.whole.covered, reach.federated) == (3, 2, 1)
    assert reach.whole.rate == 666
    assert (reach.whole.headcount, reach.whole.covered_headcount) == (880, 868)
    assert (reach.duty.rate, reach.hundred.rate) == (1000, 1000)
    assert [(band.at_least, band.employers, band.covered) for band in reach.bands] == [
        (1000, 0, 0), (300, 1, 1), (100, 1, 1), (25, 0, 0), (1, 1, 0),
    ]  # fmt: skip
    assert reach.private_50.rate == 1000
    assert list(coverage.employers_without_union(cast.county)) == [small]
    assert coverage.coverage(cast.unit) is None
    assert list(coverage.employers_without_union(cast.unit)) == []


def test_links_stand_in_the_area_of_their_employer_wherever_that_moves(cast):
    """The rate of an area reads the links of that area alone: they must never be left behind."""
    moving, staying = firm(1, 600, "320585100"), firm(2, 30)
    joint = actions.create_organisation(name="联合工会", kind="E2", parent=cast.town, by=None)
    for employer in (moving, staying):
        actions.link_employer(joint, employer, "joint", by=None)
    before = coverage.coverage(cast.county).whole.covered

    actions.update_employer(moving, by=None, division_code="320583100")
    assert coverage.coverage(cast.county).whole.covered == before + 1

    Employer.objects.filter(pk=staying.pk).update(division_code="320585100")
    link = OrganisationEmployer.objects.get(employer=staying)
    link.save()  # what this object remembers is not believed
    assert coverage.coverage(cast.county).whole.covered == before
    assert OrganisationEmployer.objects.get(pk=link.pk).division_code == "320585100"


def test_a_union_that_is_being_founded_covers_nobody_yet(cast):
    employer = firm(1, 268)
    before = coverage.coverage(cast.county).whole.covered
    union = actions.create_organisation(name="新工会", kind="E1", parent=cast.town, by=None, state="prep_approved")
    actions.link_employer(union, employer, "own", by=None)

    assert coverage.coverage(cast.county).whole.covered == before
    assert employer in coverage.employers_without_union(cast.county)

    Organisation.objects.filter(pk=union.pk).update(state="active")
    assert coverage.coverage(cast.county).whole.covered == before + 1
    assert employer not in coverage.employers_without_union(cast.county)


def test_the_biggest_gaps_are_the_head_of_the_list_behind_the_rate(cast):
    for number, headcount in ((1, 30), (2, 900), (3, 900), (4, 5)):
        firm(number, headcount)

    reach = coverage.coverage(cast.county, gaps=3)

    assert coverage.biggest_gaps(reach) == list(coverage.employers_without_union(cast.county)[:3])
    assert [found.headcount for found in coverage.biggest_gaps(reach)][:2] == [900, 900]
    assert coverage.biggest_gaps(coverage.coverage(cast.county)) == []


def test_the_health_check_leads_to_the_bodies_behind_it(cast):
    joint = actions.create_organisation(name="联合工会", kind="E2", parent=cast.town, by=None)
    actions.link_employer(joint, firm(1, 12), "joint", by=None)
    Employer.objects.filter(pk=cast.employer.pk).update(status="cancelled")
    actions.suspend_organisation(joint, reason="空壳", by=None)
    counts = {ail.key: ail.count for ail in coverage.health(cast.county)}

    assert counts == {
        "suspended": 1, "no_staff": 1, "no_money": 1, "no_place": 1, "employer_gone": 1, "joint_of_one": 1,
        "no_phone": 2,
    }  # fmt: skip
    assert list(coverage.ailing(cast.county, "employer_gone")) == [cast.unit]
    assert list(coverage.ailing(cast.county, "joint_of_one")) == [joint]
    actions.link_employer(joint, firm(2, 12), "joint", by=None)
    assert list(coverage.ailing(cast.county, "joint_of_one")) == []
    assert list(coverage.ailing(cast.county, "nonsense")) == []
    assert coverage.small_three_share(cast.county) == (0, 1)
    actions.update_organisation(cast.town, by=None, has_staff=True, has_money=True, has_place=True)
    assert coverage.small_three_share(cast.county) == (1, 1)


LIST = """统一社会信用代码,单位名称,职工数,行政区划,单位类别,状态
{one},瑞芯显示科技有限公司,642,320583100,私营企业,
{two},联丰供应链公 司,"1,418",,300,存续
{two},重复的,3,,,
123,坏代码,5,,,
{three},没有人数,很多,,,
{three},别处的,5,320585100,,
{three},,5,,,
813205005091000125,工会,5,,,
"""


def test_a_list_of_employers_is_taken_row_by_row(cast):
    text = LIST.format(one=code(11), two=code(12), three=code(13))

    report = actions.load_employers(text.encode("gb18030"), file_name="名单.csv", area=cast.county, by=None)

    assert (report.new, report.changed, report.unchanged) == (2, 0, 0)
    assert [(row.row, row.column) for row in report.refused] == [
        (4, "uscc"), (5, "uscc"), (6, "headcount"), (7, "division_code"), (8, "name"), (9, "uscc"),
    ]  # fmt: skip
    second = Employer.objects.get(uscc=code(12))
    assert (second.name, second.headcount, second.division_code, second.unit_nature) == (
        "联丰供应链公司", 1418, "320583", "300",
    )  # fmt: skip
    again = text.replace("642", "700").encode()
    report = actions.load_employers(again, file_name="名单.csv", area=cast.county, by=None)
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    assert Employer.objects.get(uscc=code(11)).headcount == 700
    assert Employer.objects.get(uscc=code(11)).last_seen_on == today()


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"a,b\n1,2\n", b"\xff\xfe\x00\x81\xff"])
def test_a_file_that_is_no_list_is_refused_whole(cast, content):
    with pytest.raises(UnreadableFile):
        actions.load_employers(content, file_name="x.csv", area=cast.county, by=None)
    assert Employer.objects.count() == 2


def test_a_workbook_renames_an_employer_and_a_cell_too_long_is_told(cast):
    known = firm(11, 5, "320583100")
    row = {"信用代码": known.uscc, "企业名称": "宏达有限公司", "从业人数": 7, "地址": ""}
    empty, long = dict.fromkeys(row, ""), {**row, "信用代码": code(12), "地址": "长" * 201}
    book = io.BytesIO()
    FastExcel(book).sheet("名单", [row, empty, long]).save()

    report = actions.load_employers(book.getvalue(), file_name="名单.xlsx", area=cast.county, by=None)

    assert (report.new, report.changed) == (0, 1)
    assert [(fault.row, fault.column) for fault in report.refused] == [(4, "address")]
    known.refresh_from_db()
    assert (known.name, known.pinyin_initials, known.headcount) == ("宏达有限公司", "hdyxgs", 7)


def test_a_list_that_is_too_big_is_refused(cast, monkeypatch):
    text = LIST.format(one=code(11), two=code(12), three=code(13)).encode()
    monkeypatch.setattr(employer_list, "MOST_ROWS", 3)
    with pytest.raises(UnreadableFile):
        actions.load_employers(text, file_name="x.csv", area=cast.county, by=None)
    monkeypatch.setattr(employer_list, "MOST_BYTES", 3)
    with pytest.raises(UnreadableFile):
        actions.load_employers(text, file_name="x.csv", area=cast.county, by=None)


def test_the_work_page_shows_where_workers_drop_out(cast, client_of, django_assert_max_num_queries):
    fold()
    for number in range(8):
        firm(number, 100 + number)
    overview = reverse("organisations:organisation-overview", args=[cast.county.public_id])
    handler = client_of(cast.handler)
    with django_assert_max_num_queries(24):
        text = handler.get(overview).text

    assert "职工在哪一步掉下来了" in text
    assert "第7公司" in text
    assert "第1公司" not in text  # the six biggest only
    assert client_of(cast.sibling_handler).get(overview).status_code == 403
    assert client_of(None).get(overview).status_code == 302
    assert (
        "职工在哪一步"
        not in handler.get(reverse("organisations:organisation-overview", args=[cast.unit.public_id])).text
    )
    empty = reverse("organisations:organisation-overview", args=[cast.sibling_county.public_id])
    Employer.objects.filter(division_code__startswith="320585").update(status="cancelled")
    assert "还没有这个地方的单位名单" in client_of(cast.sibling_handler).get(empty).text


def test_the_lists_behind_the_figures(cast, client_of):
    firm(1, 1200), firm(2, 30)
    handler = client_of(cast.handler)
    gaps = reverse("organisations:gap-list", args=[cast.county.public_id])
    text = handler.get(gaps, {"size": "1000"}).text
    assert "第1公司" in text
    assert "第2公司" not in text
    assert "第2公司" in handler.get(gaps, {"size": "25", "q": "第2"}).text
    ailing = reverse("organisations:health-list", args=[cast.county.public_id, "no_staff"])
    assert "玉山镇总工会" in handler.get(ailing).text
    assert handler.get(reverse("organisations:health-list", args=[cast.county.public_id, "x"])).status_code == 404
    three = reverse("organisations:three-list", args=[cast.county.public_id])
    assert "1个里0个三样都有" in handler.get(three).text
    assert client_of(cast.sibling_handler).get(three).status_code == 403


def test_a_list_is_loaded_on_its_page(cast, client_of):
    url = reverse("organisations:employers-import", args=[cast.county.public_id])
    handler = client_of(cast.handler)
    text = LIST.format(one=code(11), two=code(12), three=code(13)).encode()
    answer = handler.post(url, {"file": SimpleUploadedFile("名单.csv", text)}).text
    assert "职工数要填数字" in answer
    assert "没找到表头" in handler.post(url, {"file": SimpleUploadedFile("x.csv", b"a\n")}).text
    assert handler.get(url).status_code == 200
    assert client_of(cast.approver).get(url).status_code == 403
    assert (
        client_of(cast.chair).get(reverse("organisations:employers-import", args=[cast.unit.public_id])).status_code
        == 403
    )


def test_the_tree_on_the_first_of_may(cast, client_of):
    OrganisationSpan.objects.bulk_create([span_open(body, body.valid_from) for body in Organisation.objects.all()])
    may = dt.date(today().year, 5, 1)
    later = may + dt.timedelta(days=40)
    actions.rename(cast.unit, "恒达智造工会", by=None, on=later)
    actions.move_subtree(cast.unit, cast.sibling_town, by=None, on=later)
    url = reverse("organisations:organisation-on", args=[cast.county.public_id])
    handler = client_of(cast.handler)

    then = handler.get(url, {"day": may.isoformat()}).text
    now = handler.get(url).text

    assert "恒达精密工会" in then
    assert "恒达" not in now
    assert "日期不能晚于今天" in handler.get(url, {"day": "2999-01-01"}).text
    assert "这一天还没有这个工会" in handler.get(url, {"day": "1999-01-01"}).text
    assert client_of(cast.sibling_handler).get(url).status_code == 403
    assert OrganisationEmployer.objects.count() == 2


def test_a_workbook_that_unpacks_to_too_much_is_refused(cast, monkeypatch):
    sheet = io.BytesIO()
    with ZipFile(sheet, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000)
    monkeypatch.setattr(employer_list, "LARGEST_UNPACKED", 50_000)

    with pytest.raises(UnreadableFile, match="展开后太大"):
        actions.load_employers(sheet.getvalue(), file_name="x.xlsx", area=cast.county, by=None)
