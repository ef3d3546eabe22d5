import json

import pytest
from django.urls import reverse

from yiwang.net.cases import actions
from yiwang.net.cases.tests.factories import accepted, make_service, submit
from yiwang.net.catalogue.actions import keep_finder_answers
from yiwang.platform.text.actions import index_many
from yiwang.register.access.actions import note_look
from yiwang.register.organisations.queries import entries_under

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def supplement_asked(cast):
    case = accepted(make_service(), cast.wenjuan_person, by=cast.handler)
    actions.request_supplement(case, items=[{"name": "出院结算单", "why": "看不清"}], by=cast.handler)
    return case


def test_home_shows_a_visitor_the_doors_and_where_to_sign_in(seeded, client):
    page = client.get("/").text

    assert "用手机号登录" in page
    assert "困难帮扶" in page
    assert "要你做的" not in page


def test_home_speaks_english(seeded, client):
    page = client.get("/", **ENGLISH).text

    assert 'lang="en"' in page
    assert "用手机号登录" not in page


def test_home_tells_what_needs_you_and_what_you_probably_qualify_for(seeded, cast, client_of):
    case = supplement_asked(cast)

    page = client_of(cast.wenjuan).get("/").text

    assert reverse("cases:matter-supplement", args=[case.number]) in page
    assert "补交1份材料：" in page
    assert "24:00前" in page
    assert "全部" in page
    assert "你的工会：恒达精密工会" in page


def test_home_counts_with_what_was_answered_in_the_finder(seeded, cast, client_of):
    before = client_of(cast.wenjuan).get("/").context["likely_total"]

    keep_finder_answers(cast.wenjuan, {"wish": ["learn", "contest", "idea", "job"]}, may_be_told=False)

    assert client_of(cast.wenjuan).get("/").context["likely_total"] > before


def test_home_of_somebody_else_shows_nothing_of_it(seeded, cast, client_of):
    case = supplement_asked(cast)

    page = client_of(cast.stranger).get("/").text

    assert case.number not in page
    assert "现在没有要你做的事" in page


def test_home_asks_an_account_without_a_person_to_say_who_they_are(seeded, cast, client_of):
    assert reverse("members:person-bind") in client_of(cast.clerk).get("/").text


@pytest.mark.parametrize("matters", [1, 3])
def test_home_takes_few_queries_however_much_is_open(seeded, cast, client_of, django_assert_max_num_queries, matters):
    service = make_service(append_repeats=False)
    for n in range(matters):
        case = submit(service, cast.wenjuan_person, answers={"reason": f"第{n}件"})
        actions.accept_case(case, by=cast.handler)
        actions.request_supplement(case, items=[{"name": "出院结算单", "why": ""}], by=cast.handler)
    browser = client_of(cast.wenjuan)
    browser.get("/")

    with django_assert_max_num_queries(20):
        browser.get("/")


@pytest.mark.parametrize(
    ("words", "service"),
    [("住院", "HP-0002"), ("欠薪", "RT-0005"), ("工资没发", "RT-0005"), ("wangshangruhui", "MB-0001")],
)
def test_search_understands_everyday_words_and_pinyin(seeded, client, words, service):
    page = client.get("/search/", {"q": words}).text

    assert reverse("catalogue:service-detail", args=[service]) in page


def test_search_names_services_in_the_language_of_the_reader(seeded, client):
    page = client.get("/search/", {"q": "欠薪"}, **ENGLISH).text

    assert "Complaint: unpaid wages" in page
    assert "欠薪和劳动监督投诉" not in page
    assert "欠薪和劳动监督投诉" in client.get("/search/", {"q": "欠薪"}).text


def test_search_that_finds_nothing_says_what_else_to_try(seeded, client):
    assert "没有找到" in client.get("/search/", {"q": "火星移民"}).text


def test_search_without_words_offers_common_ones(client, db):
    assert "大家常搜" in client.get("/search/").text
    assert "大家常搜" not in client.get("/search/", {"q": "住院"}).text


def test_search_finds_ones_own_case_by_number_and_never_anothers(seeded, cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)
    url = reverse("cases:matter-detail", args=[case.number])

    assert url in client_of(cast.wenjuan).get("/search/", {"q": case.number}).text
    assert url not in client_of(cast.stranger).get("/search/", {"q": case.number}).text
    assert url not in client_of(None).get("/search/", {"q": case.number}).text


def test_search_takes_few_queries(seeded, cast, client_of, django_assert_max_num_queries):
    browser = client_of(cast.wenjuan)
    browser.get("/search/", {"q": "住院"})

    with django_assert_max_num_queries(20):
        browser.get("/search/", {"q": "住院"})


def test_nearby_begins_with_ones_own_union_and_goes_up(cast, client_of):
    page = client_of(cast.wenjuan).get("/nearby/").text

    assert page.index("恒达精密工会") < page.index("昆山市总工会")
    assert "联达光电工会" not in page


def test_nearby_shows_a_visitor_the_cities(cast, client):
    assert "苏州市总工会" in client.get("/nearby/").text


def test_nearby_finds_a_body_by_name_or_says_that_there_is_none(cast, client):
    index_many(entries_under(cast.unit.path))

    assert reverse("organisations:organisation-detail", args=[cast.unit.public_id]) in (
        client.get("/nearby/", {"q": "恒达精密"}).text
    )
    assert "没有这个名字的工会" in client.get("/nearby/", {"q": "不存在的单位"}).text


def test_help_is_open_to_everyone(client, db):
    assert "12351" in client.get("/help/").text


def test_the_profile_masks_what_is_on_file(cast, client_of):
    page = client_of(cast.wenjuan).get("/me/").text

    assert "恒达精密机械（昆山）有限公司" in page
    assert cast.wenjuan_person.id_number not in page
    assert "13800000001" not in page.split("登记的资料")[1].split("</dl>")[0]


def test_the_profile_of_an_officer_opens_the_workbench(cast, client_of):
    page = client_of(cast.handler).get("/me/").text

    assert "昆山市总工会" in page
    assert "打开工作台" in page
    assert "打开工作台" not in client_of(cast.wenjuan).get("/me/").text


def test_who_looked_is_shown_to_the_person_and_nobody_else(cast, client_of):
    person = cast.wenjuan_person
    note_look("person", person.pk, person_id=person.pk, by=cast.handler, purpose="核对申请")

    assert "沈佳" in client_of(cast.wenjuan).get("/me/looks/").text
    assert "沈佳" not in client_of(cast.stranger).get("/me/looks/").text
    assert "还没有人看过" in client_of(cast.clerk).get("/me/looks/").text


def test_everything_about_oneself_comes_as_one_file(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)

    mine = client_of(cast.wenjuan).get("/me/data/")
    other = client_of(cast.stranger).get("/me/data/")

    assert "attachment" in mine["Content-Disposition"]
    assert mine["Cache-Control"] == "no-store"
    document = json.loads(mine.content)
    assert document["account"]["phone"] == "13800000001"
    assert [row["number"] for row in document["cases"]] == [case.number]
    assert json.loads(other.content)["cases"] == []
    assert json.loads(client_of(cast.clerk).get("/me/data/").content)["person"] is None


@pytest.mark.parametrize("path", ["/me/", "/me/looks/", "/me/data/"])
def test_nobody_sees_a_profile_without_signing_in(client, db, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]
