import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from yiwang.platform.files.models import Document
from yiwang.platform.files.policies import may_open
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access.models import Look
from yiwang.register.members import policies
from yiwang.register.members.models import Person
from yiwang.register.members.queries import photo_of
from yiwang.register.members.tests.factories import id_number, member

pytestmark = pytest.mark.django_db

LIST = "/work/members/"


def detail(person):
    return reverse("members:person-detail", args=[person.public_id])


def test_officers_see_the_members_of_their_subtree_masked(client_of, cast):
    page = client_of(cast.handler).get(LIST).text

    assert "周文娟" in page
    assert "孙志伟" not in page
    assert cast.wenjuan_person.id_number not in page
    assert cast.wenjuan_person.id_number[-4:] in page
    assert "周文娟" not in client_of(cast.sibling_handler).get(LIST).text
    assert client_of(cast.wenjuan).get(LIST).status_code == 403
    assert client_of(None).get(LIST).status_code == 302


@pytest.mark.parametrize("text", ["文娟", "周文娟", "13800000001"])
def test_members_are_found_by_name_or_telephone(client_of, cast, text):
    page = client_of(cast.handler).get(LIST, {"q": text}).text

    assert "周文娟" in page
    assert "周文娟" not in client_of(cast.handler).get(LIST, {"q": "李四海"}).text


def test_members_are_found_by_pinyin_number_and_document(client_of, cast):
    held = member(cast.unit, "单田芳")
    officer = client_of(cast.handler)

    for text in ("shantianfang", "stf", held.number, held.person.id_number):
        page = officer.get(LIST, {"q": text}).text
        assert "单田芳" in page
        assert "周文娟" not in page
    assert "单田芳" in officer.get(LIST, {"org": cast.town.public_id}).text
    assert "单田芳" not in officer.get(LIST, {"org": "nothing"}).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(client_of, cast, size, django_assert_max_num_queries):
    for number in range(size):
        member(cast.unit, f"周小{'甲乙丙'[number]}")
    officer = client_of(cast.handler)

    with django_assert_max_num_queries(15):
        assert "周小甲" in officer.get(LIST).text


def test_opening_a_record_is_noted_for_the_person(client_of, cast):
    page = client_of(cast.handler).get(detail(cast.wenjuan_person)).text

    assert "恒达精密工会" in page
    assert cast.wenjuan_person.id_number not in page
    assert Look.objects.get().person_id == cast.wenjuan_person.pk
    assert client_of(cast.sibling_handler).get(detail(cast.wenjuan_person)).status_code == 404


def test_the_full_number_is_shown_for_a_purpose(client_of, cast):
    url = reverse("members:person-reveal", args=[cast.wenjuan_person.public_id])
    revealers = [
        user
        for user in (cast.handler, cast.approver, cast.chair, cast.clerk)
        if policies.may_reveal(user, cast.wenjuan_person)
    ]

    page = client_of(revealers[0]).post(url, {"purpose": "核对登记表"}).text
    assert cast.wenjuan_person.id_number in page
    assert Look.objects.get(kind="reveal").purpose == "核对登记表"
    assert cast.wenjuan_person.id_number not in client_of(revealers[0]).post(url, {"purpose": ""}).text
    assert client_of(cast.sibling_handler).post(url, {"purpose": "好奇"}).status_code in (403, 404)
    assert client_of(cast.wenjuan).post(url, {"purpose": "好奇"}).status_code == 403


def test_a_worker_proves_who_they_are(client_of, cast):
    url = reverse("members:person-bind")
    browser = client_of(cast.chair)

    wrong = browser.post(url, {"name": "刘芳", "id_type": "1", "id_number": cast.wenjuan_person.id_number})
    assert wrong.status_code == 200
    assert "没有实名成功" in wrong.text
    right = browser.post(url, {"name": "刘芳", "id_type": "1", "id_number": id_number()})
    assert right.status_code == 302
    assert Person.objects.get(user=cast.chair).name == "刘芳"
    assert "你已经实名了" in browser.get(url).text
    assert client_of(None).get(url).status_code == 302


def test_policies_show_oneself_and_ones_subtree(cast):
    assert list(policies.visible_to(cast.wenjuan)) == [cast.wenjuan_person]
    assert cast.wenjuan_person in policies.visible_to(cast.handler)
    assert cast.stranger_person not in policies.visible_to(cast.handler)
    assert policies.is_own(cast.wenjuan, cast.wenjuan_person)
    assert not policies.is_own(cast.handler, cast.wenjuan_person)
    assert not policies.may_edit(cast.wenjuan, cast.wenjuan_person)


def test_the_exported_list_is_masked_and_journalled(client_of, cast):
    answer = client_of(cast.handler).get(LIST, {"export": "csv"})
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode("utf-8-sig")

    assert "周文娟" in text
    assert cast.wenjuan_person.id_number not in text
    assert JournalEntry.objects.get(name="members.members_exported").data["rows"] == 1


def test_ones_own_picture_is_given_replaced_seen_by_the_union_and_taken_away(client_of, cast):
    mine, url = client_of(cast.wenjuan), reverse("members:membership-photo")

    assert "不是" in mine.post(url, {"photo": SimpleUploadedFile("a.jpg", b"MZ no picture")}).text
    assert "请选一张照片" in mine.post(url, {}).text
    for colour in ("red", "blue"):
        mine.post(url, {"photo": SimpleUploadedFile("a.png", a_picture(colour), "image/png")})
    kept = photo_of(cast.wenjuan_person)
    assert Document.objects.belonging_to("member_photo", cast.wenjuan_person.pk).usable().get() == kept
    look = reverse("files:document-thumb", args=[kept.public_id])
    allowed = [may_open(user, kept) for user in (cast.wenjuan, cast.handler, cast.stranger, cast.sibling_handler)]
    assert allowed == [True, True, False, False]
    person = reverse("members:person-detail", args=[cast.wenjuan_person.public_id])
    assert look in client_of(cast.handler).get(person).text
    for _twice in range(2):
        mine.post(url, {"remove": "1"})
    assert photo_of(cast.wenjuan_person) is None


def a_picture(colour):
    target = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(target, "PNG")
    return target.getvalue()


def test_an_occupation_is_a_code_of_the_classification(client_of, cast):
    url = reverse("members:person-edit", args=[cast.wenjuan_person.public_id])
    page = client_of(cast.handler)
    given = {"employ_kind": "1", "employ_state": "1", "new_form": "N99", "employer_name": cast.employer.name}

    assert "职业代码写成" in page.post(url, {**given, "occupation": "车工"}).text
    page.post(url, {**given, "occupation": "6-18-01-01"})
    shown = page.get(reverse("members:person-detail", args=[cast.wenjuan_person.public_id])).text
    assert "6-18-01-01 生产制造及有关人员" in shown
