import pytest
from django.urls import reverse

from yiwang.net.catalogue.actions import draft_version, submit_for_review
from yiwang.net.catalogue.forms.sections import BY_KEY, fields_list
from yiwang.net.catalogue.forms.sheet import Sheet
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.queries import current_version

from .factories import definition, draft, published
from .test_forms import posted

pytestmark = pytest.mark.django_db
State = ServiceVersion.State


def url(name, *args, code="CU-KS01", number=1):
    return reverse(f"catalogue:editor-{name}", args=[code, number, *args])


def section_data(version, section, *, lists=None, **changes):
    sheet = Sheet(version.definition, BY_KEY[section], lists=lists)
    return dict(posted(sheet, seen=version.digest, **changes).lists())


def test_a_county_adds_a_service_and_another_person_publishes_it(cast, client_of, seeded):
    writer, publisher = client_of(cast.handler), client_of(cast.approver)
    owner = {"owner_id": cast.county.public_id, "name": "夏季送清凉登记", "domain": "CU", "number": "ks01"}
    assert writer.post("/services/edit/new/", owner).url == url("section", "basics")
    version = ServiceVersion.objects.get(service__code="CU-KS01")
    assert "还没写谁能办" in writer.get(url("version")).text
    version.definition = definition(province_item="")
    ServiceVersion.objects.filter(pk=version.pk).update(definition=version.definition)

    assert "检查都过了" in writer.get(url("version")).text
    assert "已送审" in writer.post(url("do", "submit"), {"reason": "夏天要用"}, follow=True).text
    assert writer.post(url("do", "publish")).status_code == 403
    waiting = publisher.get("/services/edit/", {"show": "waiting"}).text
    assert "夏季送清凉登记" in waiting
    assert "夏天要用" in publisher.get(url("version")).text
    publisher.post(url("do", "publish"))

    assert current_version("CU-KS01").published_by == cast.approver
    assert client_of(cast.wenjuan).get("/services/CU-KS01/").status_code == 200


def test_a_section_is_saved_and_the_next_one_opens(cast, client_of):
    version = draft(cast)
    browser = client_of(cast.handler)

    answer = browser.post(url("section", "basics"), section_data(version, "basics", **{"main-minutes": "7"}))

    version.refresh_from_db()
    assert answer.url == url("section", "conditions")
    assert version.content.minutes == 7


def test_one_may_stay_on_the_page(cast, client_of):
    version = draft(cast)
    data = section_data(version, "basics", stay="1")

    assert client_of(cast.handler).post(url("section", "basics"), data).url == url("section", "basics")
    version.refresh_from_db()
    data = section_data(version, "words")
    assert client_of(cast.handler).post(url("section", "words"), data).url == url("section", "words")


def test_rows_are_added_without_script_and_the_page_returns_to_them(cast, client_of):
    version = draft(cast)
    browser = client_of(cast.handler)

    answer = browser.post(url("section", "materials"), section_data(version, "materials", op="add:materials"))

    assert answer.url == url("section", "materials") + "#materials-3"
    page = browser.get(url("section", "materials")).text
    assert "新的一行" in page
    assert "还没写第4样材料" in page


def test_questions_of_a_page_are_edited(cast, client_of):
    version = draft(cast)
    browser = client_of(cast.handler)
    address = url("section", "form") + "?page=0"
    assert "“你是谁”这一页的问题" in browser.get(address).text

    data = section_data(version, "form", lists=(fields_list(0),), op="add:form.steps.0.fields")
    answer = browser.post(address, data)
    version.refresh_from_db()

    assert answer.url == address + "#form-steps-0-fields-2"
    assert len(version.definition["form"]["steps"][0]["fields"]) == 3
    data = section_data(version, "form", lists=(fields_list(0),), stay="1")
    assert browser.post(address, data).url == address
    data = section_data(version, "form", lists=(fields_list(0),))
    assert browser.post(address, data).url == url("section", "form")
    assert browser.get(url("section", "form") + "?page=9").status_code == 404


def test_a_bad_number_keeps_what_was_typed(cast, client_of):
    version = draft(cast)
    changes = {"main-minutes": "很快", "main-name_zh": "新名字"}

    page = client_of(cast.handler).post(url("section", "basics"), section_data(version, "basics", **changes))

    assert page.status_code == 200
    assert "新名字" in page.text
    assert page.context["has_errors"]
    version.refresh_from_db()
    assert str(version.content.name) == "夏季送清凉登记"


def test_two_editors_do_not_overwrite_each_other(cast, client_of):
    version = draft(cast)
    data = section_data(version, "basics", **{"main-minutes": "7"})
    client_of(cast.approver).post(url("section", "basics"), data)

    page = client_of(cast.handler).post(url("section", "basics"), {**data, "main-minutes": "8"}).text

    assert "别人刚改过" in page
    version.refresh_from_db()
    assert version.content.minutes == 7


def test_a_published_version_can_only_be_looked_at(cast, client_of):
    version = published(cast)
    browser = client_of(cast.handler)

    assert "这一版不能改了" in browser.get(url("section", "basics")).text
    answer = browser.post(url("section", "basics"), section_data(version, "basics", **{"main-minutes": "7"}))
    assert "不能再改" in answer.text
    assert browser.get(url("section", "nosuch")).status_code == 404


def test_the_next_version_is_compared_and_published(cast, client_of):
    published(cast)
    writer, publisher = client_of(cast.handler), client_of(cast.approver)
    assert writer.post(url("do", "draft")).url == url("version", number=2)
    version = ServiceVersion.objects.get(service__code="CU-KS01", number=2)
    data = section_data(version, "basics", **{"main-minutes": "9"})
    writer.post(url("section", "basics", number=2), data)

    page = writer.get(url("compare", number=2)).text
    assert "填表大约几分钟" in page
    assert "1处不同" in page
    assert "这是第一版" not in page
    writer.post(url("do", "submit", number=2))
    publisher.post(url("do", "publish", number=2))

    assert current_version("CU-KS01").number == 2
    assert "已有一份没发布的草稿" not in writer.post(url("do", "draft", number=2), follow=True).text
    assert "已有一份没发布的草稿" in writer.post(url("do", "draft", number=2), follow=True).text


def test_the_first_version_has_nothing_to_compare_with(cast, client_of):
    draft(cast)

    assert "这是第一版" in client_of(cast.handler).get(url("compare")).text


def test_a_version_is_returned_with_a_reason(cast, client_of):
    version = draft(cast)
    submit_for_review(version, note="", by=cast.handler)
    publisher = client_of(cast.approver)

    assert "写一句原因" in publisher.post(url("do", "return"), follow=True).text
    publisher.post(url("do", "return"), {"reason": "材料太多"})

    assert "材料太多" in client_of(cast.handler).get(url("version")).text


def test_a_service_is_suspended_resumed_and_retired(cast, client_of):
    version = published(cast)
    browser = client_of(cast.approver)

    browser.post(url("do", "suspend"), {"reason": "换季"})
    version.refresh_from_db()
    assert version.state == State.SUSPENDED
    assert "恢复办理" in browser.get(url("version")).text
    browser.post(url("do", "resume"))
    version.refresh_from_db()
    assert version.state == State.PUBLISHED
    browser.post(url("do", "retire"), {"reason": "不办了"})
    version.refresh_from_db()
    assert version.state == State.RETIRED


def test_a_draft_is_given_up(cast, client_of):
    version = draft(cast)

    client_of(cast.handler).post(url("do", "discard"))

    version.refresh_from_db()
    assert version.state == State.RETIRED
    assert client_of(cast.handler).post(url("do", "explode")).status_code == 404


def test_the_preview_is_the_workers_page_with_the_questions(cast, client_of):
    draft(cast)

    answer = client_of(cast.handler).get(url("preview"))

    assert "这是预览" in answer.text
    assert "申请时会问" in answer.text
    assert "工地照片" in answer.text
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "开始申请" not in answer.text


@pytest.mark.parametrize("name", ["version", "preview", "compare"])
def test_outsiders_see_nothing_of_a_draft(cast, client_of, name):
    draft(cast)

    assert client_of(cast.handler).get(url(name)).status_code == 200
    assert client_of(cast.sibling_handler).get(url(name)).status_code == 404
    assert client_of(cast.chair).get(url(name)).status_code == 404
    assert client_of(cast.wenjuan).get(url(name)).status_code == 403
    assert client_of(None).get(url(name)).status_code == 302


def test_the_list_is_for_those_who_edit_or_publish(cast, client_of, seeded):
    draft(cast)

    assert "等发布" in client_of(cast.handler).get("/services/edit/").text
    for chosen, count in (("local", 1), ("open", 1), ("waiting", 0), ("federation", 42), ("", 43)):
        assert len(client_of(cast.handler).get("/services/edit/", {"show": chosen}).context["rows"]) == count
    assert client_of(cast.chair).get("/services/edit/").status_code == 403
    assert client_of(cast.chair).get("/services/edit/new/").status_code == 403


def test_a_code_in_use_or_misspelt_is_told_at_its_field(cast, client_of):
    draft(cast)
    browser = client_of(cast.handler)
    told = {"owner_id": cast.county.public_id, "name": "再来一个", "domain": "CU"}

    assert "已经有事项在用" in browser.post("/services/edit/new/", {**told, "number": "KS01"}).text
    assert "编码后半段要4到12位" in browser.post("/services/edit/new/", {**told, "number": "k-1"}).text


def test_a_sibling_may_not_write_here(cast, client_of, seeded):
    version = draft(cast)
    federation = draft_version(current_version("SG-0001"), by=cast.province_handler)

    data = section_data(version, "basics")
    assert client_of(cast.sibling_handler).post(url("section", "basics"), data).status_code == 404
    data = section_data(federation, "basics")
    address = url("section", "basics", code="SG-0001", number=2)
    assert client_of(cast.handler).post(address, data).status_code == 403
