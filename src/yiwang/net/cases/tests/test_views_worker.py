"""The applicant's pages: ask, look, answer, take back; each with a stranger at the door."""

import io
import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import NO, NOW, YES, accepted, decided, make_service, submit
from yiwang.platform.files.models import Document, HeldUpload
from yiwang.platform.forms.models import Draft
from yiwang.register.access.models import Mandate

pytestmark = pytest.mark.django_db

RARE = "王𠮷·㐂娜" + "长" * 35


def url(name, case, *more):
    return reverse(f"cases:{name}", args=[case.number, *more])


def photo(name="单据.jpg"):
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), content_type="image/jpeg")


@pytest.fixture
def service(db):
    return make_service()


@pytest.fixture
def case(cast, service):
    return accepted(service, cast.wenjuan_person, by=cast.handler)


def begin(client):
    client.post("/apply/HP-0900/", {})
    return Draft.objects.get()


def test_one_asks_from_start_to_done_and_a_second_click_changes_nothing(client_of, wenjuan, service, cast):
    client = client_of(wenjuan)
    assert "最晚" in client.get("/apply/HP-0900/").text
    draft = begin(client)
    step = f"/apply/d/{draft.public_id}/need/"

    answer = client.post(step, {"reason": f"住院 {RARE}", "illness": "心梗", "papers": [photo()]})
    assert answer.headers["Location"] == f"/apply/check/{draft.public_id}/"
    check = client.get(answer.headers["Location"])
    assert RARE in check.text
    assert "单据.jpg" in check.text
    assert Case.objects.count() == 0
    first = client.post(answer.headers["Location"], {"truthful": "on"})
    again = client.post(answer.headers["Location"], {"truthful": "on"})
    back = client.get(step)

    case = Case.objects.get()
    done = reverse("cases:apply-done", args=[case.number])
    assert first.headers["Location"] == again.headers["Location"] == back.headers["Location"] == done
    assert case.number in client.get(done).text
    assert (case.answers["reason"], case.consents[0]["key"]) == (f"住院 {RARE}", "truthful")
    assert Document.objects.get().subject == "case"
    assert not Draft.objects.exists()


def test_whoever_scanned_a_printed_guide_asks_like_everybody_and_it_is_known_where_they_came_from(
    client_of, wenjuan, service
):
    client = client_of(wenjuan)
    client.post("/apply/HP-0900/?via=paper", {})
    draft = Draft.objects.get()
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "住院"})
    client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})

    case = Case.objects.get()
    assert case.channel == "paper"
    done = client.get(reverse("cases:apply-done", args=[case.number])).text
    assert url("matter-detail", case) in done
    assert "扫纸上的码" not in client.get(url("matter-detail", case)).text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_of, wenjuan, service):
    client = client_of(wenjuan)
    draft = begin(client)

    page = client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "", "illness": "心梗"})

    assert page.status_code == 200
    assert "请填“家里的情况”" in page.text
    assert "心梗" in client.get(f"/apply/d/{draft.public_id}/need/").text
    check = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})
    assert "请填“家里的情况”" in check.text
    assert Case.objects.count() == 0


def test_an_answer_that_opens_a_step_leads_to_it_at_once(client_of, wenjuan):
    """Without a script nothing was saved on the way, so the next page follows from the very answers just sent."""

    def asked(key, **more):
        return {"key": key, "kind": "text", "label": {"zh": key, "en": key}, **more}

    ill = {"field": "kind", "in": ["ill"]}
    steps = [
        {"key": key, "title": {"zh": key, "en": key}, "fields": fields}
        for key, fields in (
            ("what", [asked("kind")]),
            ("bills", [asked("sum", show_if=ill)]),
            ("bank", [asked("card")]),
        )
    ]
    make_service("HP-0917", form={"steps": steps})
    client = client_of(wenjuan)
    client.post("/apply/HP-0917/", {})
    draft = Draft.objects.get()

    ways = [
        client.post(f"/apply/d/{draft.public_id}/what/", {"kind": kind}).headers["Location"]
        for kind in ("ill", "other")
    ]

    assert ways == [f"/apply/d/{draft.public_id}/{step}/" for step in ("bills", "bank")]


def test_handing_in_needs_the_consent(client_of, wenjuan, service):
    client = client_of(wenjuan)
    draft = begin(client)
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "住院"})

    page = client.post(f"/apply/check/{draft.public_id}/", {})

    assert "请确认填的是真的" in page.text
    assert Case.objects.count() == 0


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(client_of, wenjuan, service):
    client = client_of(wenjuan)
    draft = begin(client)
    virus = SimpleUploadedFile("病历.jpg", b"MZ\x90\x00" + b"\0" * 200, content_type="image/jpeg")

    page = client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "住院", "papers": [virus]})

    assert page.status_code == 200
    assert "病历.jpg" in page.text
    assert "住院" in client.get(f"/apply/d/{draft.public_id}/need/").text


def test_a_signed_out_post_is_kept_for_its_owner(client_of, wenjuan, service):
    client = client_of(wenjuan)
    draft = begin(client)
    token = client.get(f"/apply/d/{draft.public_id}/need/").text.split('name="_draft" value="')[1].split('"')[0]

    lost = client_of(None).post(f"/apply/d/{draft.public_id}/need/", {"reason": "半路掉线", "_draft": token})

    assert "login" in lost.headers["Location"]
    page = client.get(f"/apply/d/{draft.public_id}/need/")
    assert "半路掉线" in page.text


def lost_files(client_of, client, draft, **more):
    """A step sent after the session ended, from a browser that only knows the page."""
    page = client.get(f"/apply/d/{draft.public_id}/need/").text
    token = page.split('name="_draft" value="')[1].split('"')[0]
    late = client_of(None)
    late.post(f"/apply/d/{draft.public_id}/need/", {"reason": "半路掉线", "_draft": token, **more})
    return late


def come_back(late, user):
    session = late.session.get("held_files", "")
    late.force_login(user)
    return session


def test_chosen_files_wait_with_the_words_in_the_browser_that_sent_them(client_of, wenjuan, stranger, service):
    client = client_of(wenjuan)
    draft = begin(client)
    step = f"/apply/d/{draft.public_id}/need/"
    late = lost_files(client_of, client, draft, papers=[photo("出院.jpg"), photo("发票.jpg")])
    assert Document.objects.count() == 0
    assert HeldUpload.objects.count() == 2

    elsewhere = client.get(step).text  # signed in, in another browser: the words, not the files
    assert "半路掉线" in elsewhere
    assert "出院.jpg" not in elsewhere
    come_back(late, wenjuan)
    page = late.get(step).text

    assert "登录前填的还在" in page
    assert "出院.jpg" in page
    assert not HeldUpload.objects.exists()
    assert [document.kind for document in Document.objects.usable()] == ["papers"]  # the same picture twice is one
    assert late.post(step, {"reason": "半路掉线"}).headers["Location"].startswith("/apply/check/")


def test_held_files_meet_the_same_checks_and_go_to_nobody_else(client_of, wenjuan, stranger, service):
    client = client_of(wenjuan)
    draft = begin(client)
    virus = SimpleUploadedFile("病历.jpg", b"MZ\x90\x00" + b"\0" * 200, content_type="image/jpeg")
    late = lost_files(client_of, client, draft, papers=[virus])
    come_back(late, wenjuan)
    page = late.get(f"/apply/d/{draft.public_id}/need/").text
    assert "病历.jpg" in page
    assert not Document.objects.usable().exists()

    other = lost_files(client_of, client, draft, papers=[photo()])
    other.force_login(stranger)
    assert other.get(f"/apply/d/{draft.public_id}/need/").status_code == 404
    assert HeldUpload.objects.count() == 1


def test_papers_of_a_supplement_sent_with_an_idle_session_arrive_after_signing_in(client_of, wenjuan, case, cast):
    items = [{"name": "出院小结", "why": ""}]
    actions.request_supplement(case, items=items, message="", by=cast.handler, now=NOW)
    client = client_of(wenjuan)
    page = url("matter-supplement", case)
    client.get(page)
    session = client.session
    session["seen_at"] -= 13 * 3600
    session.save()

    client.post(page, {"text": "在这里", "papers": [photo("小结.jpg")]})
    assert Document.objects.count() == 0
    client.force_login(wenjuan)
    kept = client.get("/accounts/kept/").text
    fields = dict(re.findall(r'name="(text|_held)" value="([^"]+)"', kept))
    client.post(page, urlencode(fields), content_type="application/x-www-form-urlencoded")

    assert [document.name for document in Document.objects.usable()] == ["小结.jpg"]
    case.refresh_from_db()
    assert case.state != Case.State.SUPPLEMENT


def test_nothing_is_held_without_the_token_of_the_page(client_of, wenjuan, service):
    draft = begin(client_of(wenjuan))
    path = f"/apply/d/{draft.public_id}/need/"

    for token in ("", "made-up", "x:y:z"):
        client_of(None).post(path, {"reason": "x", "_draft": token, "papers": [photo()]})

    assert not HeldUpload.objects.exists()


def test_an_unknown_step_or_draft_or_service_is_not_found(client_of, wenjuan, stranger, service):
    client = client_of(wenjuan)
    draft = begin(client)

    assert client.get(f"/apply/d/{draft.public_id}/nothing/").headers["Location"].endswith("/need/")
    assert client.get("/apply/HP-9999/").status_code == 404
    for path in (f"/apply/d/{draft.public_id}/need/", f"/apply/check/{draft.public_id}/"):
        assert client_of(stranger).get(path).status_code == 404
        assert client.get(path).status_code == 200


def test_a_repeat_says_that_it_was_joined(client_of, wenjuan, case):
    client = client_of(wenjuan)
    Case.objects.filter(pk=case.pk).update(submitted_at=case.submitted_at.now(tz=case.submitted_at.tzinfo))
    draft = begin(client)
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "再交一次"})

    done = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"}, follow=True)

    assert "并到你正在办的那一件里了" in done.text
    assert case.number in done.text


def test_one_may_ask_for_somebody_who_consented(client_of, courier, cast, service):
    Mandate.objects.create(
        person_id=cast.wenjuan_person.pk, person_name="周文娟", delegate=courier, consent="paper", evidence="书面",
        state="given", given_at=NOW, valid_until="2027-01-01",
    )  # fmt: skip
    client = client_of(courier)
    assert "周文娟" in client.get("/apply/HP-0900/").text

    client.post("/apply/HP-0900/", {"for_whom": cast.wenjuan_person.public_id})
    draft = Draft.objects.get()
    assert "你在替周文娟办" in client.get(f"/apply/d/{draft.public_id}/need/").text
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "替她交"})
    client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})

    assert (Case.objects.get().applicant, Case.objects.get().submitted_by) == (cast.wenjuan_person, courier)


def test_an_account_without_a_person_asks_by_its_telephone(client_of, quality, service):
    client = client_of(quality)
    draft = begin(client)
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "我也要"})
    client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})

    case = Case.objects.get()
    assert (case.applicant, case.contact_name, case.contact_phone) == (None, quality.name, quality.phone)


def test_a_draft_can_be_thrown_away(client_of, wenjuan, stranger, service):
    draft = begin(client_of(wenjuan))
    page = client_of(wenjuan).get("/matters/").text
    assert "接着填" in page

    assert client_of(stranger).post(reverse("cases:apply-discard", args=[draft.public_id])).status_code == 404
    client_of(wenjuan).post(reverse("cases:apply-discard", args=[draft.public_id]))

    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("kind", "text", "hit"), [("organisation", "恒达", "恒达精密工会"), ("division", "玉山", "玉山镇")]
)
def test_pickers_find_unions_and_places(client_of, wenjuan, cast, kind, text, hit):
    page = client_of(wenjuan).get(f"/apply/pick/{kind}/", {"q": text})

    assert hit in page.text
    assert client_of(wenjuan).get(f"/apply/pick/{kind}/").status_code == 200


@pytest.mark.parametrize("size", [1, 3])
def test_my_matters_cost_the_same_whatever_their_number(client_of, cast, django_assert_max_num_queries, size):
    cases = [submit(make_service(f"HP-098{n}"), cast.wenjuan_person) for n in range(size)]
    client = client_of(cast.wenjuan)
    client.get("/matters/")

    with django_assert_max_num_queries(14):
        page = client.get("/matters/").text

    assert [case for case in cases if case.number in page] == cases
    assert not any(case.number in client_of(cast.stranger).get("/matters/").text for case in cases)


@pytest.mark.parametrize("name", ["matter-detail", "matter-print"])
def test_a_matter_is_shown_to_its_applicant_only(client_of, cast, case, name, django_assert_max_num_queries):
    client = client_of(cast.wenjuan)
    client.get(url(name, case))
    with django_assert_max_num_queries(20):
        page = client.get(url(name, case))

    assert case.number in page.text
    for other in (cast.stranger, cast.handler):
        assert client_of(other).get(url(name, case)).status_code == 404
    assert "login" in client_of(None).get(url(name, case)).headers["Location"]


@pytest.mark.parametrize(("verdict", "words", "others"), [(YES, "同意了", "没有通过"), (NO, "没有通过", "同意了")])
def test_the_list_and_the_matter_say_how_it_ended(client_of, cast, service, verdict, words, others):
    case = decided(service, cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=verdict)
    actions.deliver(case, by=None)

    page = client_of(cast.wenjuan).get("/matters/").text

    assert words in page
    assert others not in page
    assert ("没有通过" in client_of(cast.wenjuan).get(url("matter-detail", case)).text) is (verdict is NO)


def test_a_standing_clock_says_what_it_waits_for_and_until_when(client_of, cast, case):
    actions.request_supplement(case, items=[{"name": "出院结算单", "why": "看不清"}], by=cast.handler)

    page = client_of(cast.wenjuan).get(url("matter-detail", case)).text

    assert "等你补1份材料" in page
    assert "请补交：出院结算单" in page
    assert "今天补交，最晚" in page
    assert "等本人补材料" not in page


def test_notes_and_routing_never_reach_the_applicant(client_of, cast, case):
    actions.write_note(case, text="家属情绪不稳", by=cast.handler)
    actions.write_reply(case, text="正在核对", by=cast.handler)
    actions.supervise(case, organisation=cast.city, demand="快办", by=cast.supervisor)

    page = client_of(cast.wenjuan).get(url("matter-detail", case)).text

    assert "正在核对" in page
    assert not any(words in page for words in ("家属情绪不稳", "内部备注", "督办", "系统分派"))


def test_missing_papers_are_sent_and_the_clock_runs_on(client_of, cast, case):
    actions.request_supplement(case, items=[{"name": "出院结算单", "why": "看不清"}], by=cast.handler)
    client = client_of(cast.wenjuan)
    assert "去补" in client.get("/matters/").text
    address = url("matter-supplement", case)

    assert "看不清" in client.get(address).text
    empty = client.post(address, {"text": ""})
    assert "还没有补上任何材料" in empty.text
    client.post(address, {"papers": [photo()], "_stay": "papers"})
    assert Document.objects.get().subject == "supplement"
    assert "单据.jpg" in client.get(address).text
    done = client.post(address, {"text": "重新拍了"})

    assert done.headers["Location"] == url("matter-detail", case)
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    assert Document.objects.get().subject == "case"
    assert client.get(address).status_code == 403
    assert client_of(cast.stranger).get(address).status_code == 404


def test_a_bad_file_of_a_supplement_is_refused_in_words(client_of, cast, case):
    actions.request_supplement(case, items=[{"name": "出院结算单"}], by=cast.handler)
    bad = SimpleUploadedFile("单据.jpg", b"MZ\x90\x00" + b"\0" * 50)

    page = client_of(cast.wenjuan).post(url("matter-supplement", case), {"text": "见照片", "papers": [bad]})

    assert page.status_code == 200
    assert "见照片" in page.text
    assert Case.objects.get(pk=case.pk).state == "supplement"


def test_urging_twice_is_refused_in_words(client_of, cast, case):
    client = client_of(cast.wenjuan)

    assert client.post(url("matter-urge", case), {"text": "等着用"}).status_code == 302
    again = client.post(url("matter-urge", case), {"text": ""})

    assert "你刚催过" in again.text
    assert client_of(cast.stranger).post(url("matter-urge", case), {}).status_code == 404


def test_a_message_reaches_the_case(client_of, cast, case):
    client = client_of(cast.wenjuan)

    assert client.get(url("matter-message", case)).status_code == 200
    assert "请填" in client.post(url("matter-message", case), {"text": ""}).text or case.replies.count() == 0
    client.post(url("matter-message", case), {"text": "材料放窗口了"})

    assert case.replies.get().text == "材料放窗口了"


def test_withdrawing_asks_first(client_of, cast, case):
    client = client_of(cast.wenjuan)

    assert "撤回这次申请？" in client.get(url("matter-withdraw", case)).text
    assert Case.objects.get(pk=case.pk).state == "accepted"
    client.post(url("matter-withdraw", case))
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert client.post(url("matter-withdraw", case)).status_code == 403


def test_a_refusal_shows_reason_ways_and_review(client_of, cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO)
    case.decisions.update(appeal_until="2099-01-01")
    client = client_of(cast.wenjuan)

    page = client.get(url("matter-detail", case)).text
    assert all(words in page for words in (NO.reason, NO.other_ways, "申请复核"))
    client.post(url("matter-review", case), {"text": "算错了"})

    assert case.reviews.get().text == "算错了"
    assert "申请复核</a>" not in client.get(url("matter-detail", case)).text


def test_papers_and_receipt_are_for_the_case_only(client_of, cast):
    case = decided(
        make_service("HP-0990", ruleset="hp-0001"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver
    )
    letter = case.letters.get(kind="result_ok")
    client = client_of(cast.wenjuan)

    pdf = client.get(url("letter-download", case, letter.public_id, "pdf"))
    word = client.get(url("letter-download", case, letter.public_id, "docx"))
    receipt = client.get(url("receipt", case))
    raw = client.get(url("receipt-download", case))

    assert (pdf.content[:4], word.content[:2]) == (b"%PDF", b"PK")
    assert case.decisions.get().receipt.sha256[:32] in receipt.text
    assert raw.content == case.decisions.get().receipt.content
    assert client.get(url("letter-download", case, letter.public_id, "exe")).status_code == 404
    assert client.get(url("letter-download", case, "nothing", "pdf")).status_code == 404
    for name in ("receipt", "receipt-download"):
        assert client_of(cast.stranger).get(url(name, case)).status_code == 404


def test_before_a_decision_there_is_no_receipt(client_of, cast, case):
    client = client_of(cast.wenjuan)

    assert client.get(url("receipt", case)).status_code == 404
    assert client.get(url("receipt-download", case)).status_code == 404


def test_pages_speak_english_too(client_of, cast, case):
    cast.wenjuan.language = "en"
    cast.wenjuan.save(update_fields=["language"])
    client = client_of(cast.wenjuan)

    with override("zh-hans"):  # the page's language ends with the page
        page = client.get(url("matter-detail", case)).text

    assert "Hardship aid after illness" in page
