import pytest
from django.urls import reverse

from yiwang.net.cases.tests.factories import NOW, accepted, decided, make_service
from yiwang.net.evaluation import actions
from yiwang.net.evaluation.models import BadReview, Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)


def rate_url(case):
    return reverse("evaluation:rate", args=[case.number])


def bad(cast, code="HP-0900", **more):
    case = decided(make_service(code), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    actions.rate(case, score=1, by=cast.wenjuan, now=NOW, **more)
    return BadReview.objects.latest("pk")


def test_nothing_is_chosen_and_leaving_is_one_of_the_two_buttons(client_of, cast, case):
    page = client_of(cast.wenjuan).get(rate_url(case)).text

    assert " checked" not in page
    assert "不评" in page
    assert not Evaluation.objects.exists()


def test_rating_once(client_of, cast, case):
    client = client_of(cast.wenjuan)

    assert "请选一个最接近你感受的" in client.post(rate_url(case), {"text": "好"}).text
    client.post(rate_url(case), {"score": "5", "tags": ["manner"], "text": "耐心"})
    again = client.post(rate_url(case), {"score": "1"})

    assert Evaluation.objects.get().score == 5
    assert "已经评过" in again.text
    assert "评一评" not in client.get(reverse("cases:matter-detail", args=[case.number])).text


def test_others_and_too_early_are_turned_away(client_of, cast, case):
    early = accepted(make_service("HP-0901"), cast.wenjuan_person, by=cast.handler)

    assert client_of(cast.stranger).get(rate_url(case)).status_code == 404
    assert client_of(cast.handler).post(rate_url(case), {"score": "5"}).status_code == 404
    assert client_of(cast.wenjuan).get(rate_url(early)).status_code == 403
    assert "login" in client_of(None).get(rate_url(case)).headers["Location"]


def test_a_browser_used_at_a_desk_takes_no_rating(client_of, cast, case, settings):
    settings.DEMO = False
    desk = client_of(cast.handler)
    desk.get("/work/")
    client = client_of(cast.wenjuan)
    client.cookies["yw_desk"] = desk.cookies["yw_desk"].value

    page = client.post(rate_url(case), {"score": "5"})

    assert "登录过工作人员账号" in page.text
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("size", [1, 3])
def test_the_queue_costs_the_same_whatever_its_size(client_of, cast, django_assert_max_num_queries, size):
    reviews = [bad(cast, f"HP-095{n}") for n in range(size)]
    client = client_of(cast.quality)
    client.get("/work/evaluations/")

    with django_assert_max_num_queries(16):
        page = client.get("/work/evaluations/").text

    assert all(review.public_id in page for review in reviews)
    assert client_of(cast.wenjuan).get("/work/evaluations/").status_code == 403
    assert reviews[0].public_id not in client_of(cast.handler).get("/work/evaluations/").text
    assert reviews[0].public_id not in client.get("/work/evaluations/?state=closed").text


def test_a_bad_rating_is_set_right_step_by_step(client_of, cast):
    review = bad(cast, text="太慢")
    client = client_of(cast.quality)
    address = reverse("evaluation:bad-review", args=[review.public_id])

    def do(act, **data):
        return client.post(reverse("evaluation:bad-review-act", args=[review.public_id, act]), data)

    assert "太慢" in client.get(address).text
    assert do("verify", finding="true", text="查了").status_code == 403
    assert do("dance").status_code == 404
    do("assign", to=cast.quality.public_id)
    assert "说明情况" in do("verify", finding="true", text=" ").text or BadReview.objects.get().state == "assigned"
    do("verify", finding="true", text="查了记录")
    refused = do("close")
    assert "要先整改" in refused.text
    do("rectify", measures="改了流程")
    do("call", settled="yes", text="认可")
    do("close")

    assert BadReview.objects.get().state == "closed"
    assert "现在不用你做什么" in client.get(address).text
    assert client_of(cast.handler).get(address).status_code == 404


def test_an_anonymous_rater_is_not_named_before_it_is_ones_own_to_handle(client_of, cast):
    review = bad(cast, anonymous=True)
    address = reverse("evaluation:bad-review", args=[review.public_id])

    assert "周文娟" not in client_of(cast.quality).get(address).text
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor)
    assert "周文娟" in client_of(cast.quality).get(address).text


def test_a_long_queue_has_a_next_page(client_of, cast, monkeypatch):
    from yiwang.net.evaluation import queries  # noqa: PLC0415 -- patched here only

    monkeypatch.setattr(queries, "PAGE", 1)
    monkeypatch.setattr(queries.page_of_bad_reviews, "__kwdefaults__", {"state": "", "after": None, "size": 1})
    first, second = bad(cast, "HP-0960"), bad(cast, "HP-0961")
    client = client_of(cast.quality)

    page = client.get("/work/evaluations/").text
    following = client.get(f"/work/evaluations/?after={first.public_id}").text

    assert (first.public_id in page, f"{second.public_id}/" in page) == (True, False)
    assert second.public_id in following
