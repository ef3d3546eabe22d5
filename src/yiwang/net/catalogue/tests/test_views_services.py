import pytest
from django.urls import reverse

from yiwang.net.catalogue.actions import suspend_service
from yiwang.net.catalogue.queries import current_version

from .factories import published

pytestmark = pytest.mark.django_db
LIST = "/services/"


def detail(code):
    return reverse("catalogue:service-detail", args=[code])


def test_services_are_grouped_by_what_happened_in_life(seeded, client):
    page = client.get(LIST).text

    assert "权益受损" in page
    assert "欠薪和劳动监督投诉" in page
    assert page.index("一件事，一次办") < page.index("入会转会") < page.index("说说想法")


def test_the_list_is_filtered_by_audience_and_situation(seeded, client):
    workers = client.get(LIST, {"for": "model_worker"}).text
    rights = client.get(LIST, {"situation": "rights"}).text
    nothing = client.get(LIST, {"situation": "voice", "for": "model_worker"}).text

    assert "劳模待遇申请" in workers
    assert "网上入会" not in workers
    assert "法律咨询" in rights
    assert "网上入会" not in rights
    assert "这里还没有事项" in nothing


def test_filters_that_mean_nothing_show_everything_of_their_kind(seeded, client):
    assert "网上入会" in client.get(LIST, {"situation": "space"}).text


def test_a_visitor_sees_who_may_apply_without_own_facts(seeded, client):
    page = client.get(detail("HP-0002")).text

    assert "谁能办" in page
    assert "是工会会员" in page
    assert "因为" not in page
    assert "不用交" in page
    assert reverse("cases:apply-start", args=["HP-0002"]) in page


def test_a_member_sees_each_condition_with_their_own_fact_and_its_source(seeded, cast, client_of):
    page = client_of(cast.wenjuan).get(detail("MA-0001")).text

    assert "你符合" in page
    assert "因为你的会籍：在册会员" in page
    assert "会员库" in page


def test_a_probable_no_still_leads_to_the_form(seeded, cast, client_of):
    page = client_of(cast.wenjuan).get(detail("MB-0001")).text

    assert "这次可能不符合" in page
    assert "照样申请" in page


def test_a_missing_fact_is_named(seeded, cast, client_of):
    assert "差1样就能定" in client_of(cast.wenjuan).get(detail("RT-0005")).text


def test_laws_that_were_not_read_are_not_shown_as_law(seeded, client):
    page = client.get(detail("RT-0004")).text

    assert "江苏省集体协商条例" in page
    assert "协商双方可以聘请外部人员" not in page


def test_a_bundle_lists_what_it_does(seeded, client):
    page = client.get(detail("BD-0001")).text

    assert "一次办好这些" in page
    assert detail("MB-0002") in page


def test_codes_are_found_in_small_letters_and_unknown_ones_are_not(seeded, client):
    assert client.get("/services/hp-0002/").status_code == 200
    assert client.get("/services/HP-9999/").status_code == 404


def test_a_suspended_service_says_why_and_offers_the_telephone(seeded, cast, client):
    suspend_service(current_version("SK-0002"), reason="赛事改期", by=cast.leader)

    page = client.get(detail("SK-0002")).text

    assert "这个事项暂停办理：赛事改期" in page
    assert "tel:12351" in page
    assert "开始申请" not in page


def test_a_local_service_is_listed_at_home_and_elsewhere_found_by_name_only(cast, client_of):
    published(cast)

    own = client_of(cast.wenjuan).get(detail("CU-KS01"))
    other = client_of(cast.stranger).get(detail("CU-KS01"))

    assert own.status_code == 200
    assert "在户外上班" in own.text
    assert "昆山市总工会的本地事项" in client_of(cast.wenjuan).get(LIST).text
    assert other.status_code == 200
    assert "CU-KS01" not in client_of(cast.stranger).get(LIST).text


def test_a_visitors_page_is_not_sent_twice(seeded, cast, client, client_of):
    client.get(detail("HP-0002"))  # the first visit brings the cookie
    first = client.get(detail("HP-0002"))
    again = client.get(detail("HP-0002"), headers={"If-None-Match": first["ETag"]})
    english = client.get(detail("HP-0002"), headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})

    assert again.status_code == 304
    assert english.status_code == 200
    assert "ETag" not in client_of(cast.wenjuan).get(detail("HP-0002"))


def test_the_page_is_english_for_english_readers(seeded, client):
    page = client.get(detail("HP-0002"), headers={"Accept-Language": "en"}).text

    assert "Aid for living, medical and school costs" in page
    assert "Apply" in page


def test_pages_ask_few_queries(seeded, cast, client_of, django_assert_max_num_queries):
    browser = client_of(cast.wenjuan)
    browser.get(detail("MA-0001"))

    with django_assert_max_num_queries(20):
        browser.get(detail("MA-0001"))
    with django_assert_max_num_queries(20):
        browser.get(LIST)


def paper(code):
    return reverse("catalogue:service-paper", args=[code])


def test_the_printed_guide_says_what_the_page_says_and_bears_a_code(seeded, client):
    page = client.get(paper("HP-0002")).text

    for said in ("生活、医疗、助学救助", "20", "出院结算单", "12351", "是工会会员", "<svg"):
        assert said in page
    assert "http://testserver/services/HP-0002/" in page
    assert client.get(paper("XX-9999")).status_code == 404


def test_the_printed_guide_of_an_officer_names_their_office(seeded, client, handler, county):
    assert county.name not in client.get(paper("HP-0002")).text
    client.force_login(handler)
    assert county.name in client.get(paper("HP-0002")).text


def test_whoever_came_by_the_printed_code_goes_on_with_it(seeded, client):
    assert "/apply/HP-0002/?via=paper" in client.get(detail("HP-0002"), {"via": "paper"}).text
    assert "/apply/HP-0002/?via" not in client.get(detail("HP-0002"), {"via": "<b>"}).text
