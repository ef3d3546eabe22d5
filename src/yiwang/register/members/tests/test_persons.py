import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from yiwang.kernel.clock import now
from yiwang.kernel.identity import BadIdentity
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access.models import Look
from yiwang.register.accounts.models import User
from yiwang.register.members import actions, queries
from yiwang.register.members.actions import persons
from yiwang.register.members.errors import (
    AlreadyBound,
    CannotBind,
    ContradictsIdentity,
    IdentityConflict,
    TooManyAttempts,
)
from yiwang.register.members.models import Person
from yiwang.register.members.tests.factories import id_number, member, person

pytestmark = pytest.mark.django_db


def account(phone="13900000001", verified=True):
    return User.objects.create_user(phone, phone_verified_at=now() if verified else None)


def stored(record):
    return Person.objects.get(pk=record.pk)


def test_a_person_is_registered_with_what_the_number_tells():
    number = id_number(birth="19900307", serial=28)
    found = stored(person("单 田芳", number=number.lower(), phone="139 0000 0001"))

    assert (found.name, found.pinyin_initials, found.gender, found.birth_date.isoformat()) == (
        "单田芳",
        "stf",
        "2",
        "1990-03-07",
    )
    assert (found.id_number, found.phone) == (number, "13900000001")
    assert found.masked_id == number[:3] + "***********" + number[-4:]
    assert found.masked_phone.endswith("0001")
    assert queries.person_with("1", number) == found
    assert queries.persons_with_phone("13900000001") == [found]


def test_the_number_is_not_readable_in_the_database():
    found = person()
    raw = Person.objects.raw("SELECT id, encode(id_number, 'escape') AS sealed FROM members_person")[0]

    assert found.id_number not in raw.sealed


def test_the_same_document_is_the_same_person_and_never_under_another_name():
    number = id_number()
    first = person("周小芳", number=number)

    assert person("周 小芳", number=number) == first
    with pytest.raises(IdentityConflict):
        person("李四海", number=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="王五", id_number=number, id_hash=first.id_hash)


def test_what_contradicts_the_number_is_refused():
    number = id_number(birth="19900307", serial=1)

    with pytest.raises(ContradictsIdentity):
        person(number=number, gender="2")
    with pytest.raises(ContradictsIdentity):
        person(number=number, birth_date=dt.date(1990, 3, 8))
    with pytest.raises(BadIdentity):
        person(number=number[:-1] + ("0" if number[-1] != "0" else "1"))


def test_facts_are_corrected_and_only_changes_count():
    found = person(phone="13900000001")

    assert actions.correct_person(found, by=None, name="解晓东", phone="") == ["name", "phone"]
    assert actions.correct_person(found, by=None, name="解晓东") == []
    found = stored(found)
    assert (found.pinyin_full, found.phone, found.phone_hash) == ("xiexiaodong", None, "")
    assert actions.correct_person(found, by=None, phone="13900000002") == ["phone"]
    with pytest.raises(TypeError):
        actions.correct_person(found, by=None, id_number="x")


def test_a_reissued_document_keeps_the_person_findable_by_both(wenjuan):
    old, new = id_number(), id_number()
    found, other = person(number=old), person("别的人")

    actions.replace_document(found, id_number=new, by=wenjuan)
    actions.replace_document(found, id_number=new, by=wenjuan)

    assert queries.person_with("1", old) == found
    assert queries.person_with("1", new) == found
    with pytest.raises(IdentityConflict):
        actions.replace_document(found, id_number=other.id_number, by=wenjuan)
    actions.replace_document(found, id_number=old, by=wenjuan)
    assert stored(found).id_number == old


def test_an_account_is_bound_to_its_person_and_takes_the_name():
    user = account()
    found = person("周小芳", phone="13900000001")

    bound = actions.bind_person(user, "周小芳", found.id_number)

    found = stored(found)
    assert bound == found
    assert (found.user, found.realname_level, user.name) == (user, 3, "周小芳")
    assert found.phone_verified_at == user.phone_verified_at
    assert queries.person_of(user) == found
    with pytest.raises(AlreadyBound):
        actions.bind_person(user, "周小芳", found.id_number)


def test_somebody_new_is_registered_by_binding():
    user = account()

    bound = stored(actions.bind_person(user, "赵一鸣", id_number()))

    assert (bound.user, bound.realname_level, bound.phone) == (user, 1, user.phone)


def test_without_a_telephone_on_file_two_factors_bind():
    user, found = account(), person("周小芳")

    actions.bind_person(user, "周小芳", found.id_number)

    assert (stored(found).realname_level, stored(found).phone) == (2, user.phone)


def test_every_reason_not_to_bind_is_the_same_sentence():
    taken = person("已绑定", phone="13900000001")
    actions.bind_person(account("13900000001"), "已绑定", taken.id_number)
    known = person("周小芳", phone="13900000009")

    sentences = set()
    for number, (phone, name, document) in enumerate(
        [
            ("13900000001", "已绑定", taken.id_number),
            ("13900000002", "错名字", known.id_number),
            ("13900000003", "周小芳", known.id_number),
        ]
    ):
        user = User.objects.filter(phone=phone, person=None).first() or account(f"1390000001{number}")
        with pytest.raises(CannotBind) as refused:
            actions.bind_person(user, name, document)
        sentences.add(str(refused.value))

    assert len(sentences) == 1
    assert stored(known).user is None


def test_attempts_are_counted_even_when_refused():
    user, known = account(), person("周小芳", phone="13900000009")

    for _ in range(5):
        with pytest.raises(CannotBind):
            actions.bind_person(user, "周小芳", known.id_number)
    with pytest.raises(TooManyAttempts):
        actions.bind_person(user, "周小芳", known.id_number)


def test_an_officer_binds_whoever_stands_there_with_the_document(wenjuan):
    user, found = account("13900000002"), person("周小芳", phone="13900000009")

    actions.bind_in_person(found, user, by=wenjuan)

    assert (stored(found).user, stored(found).realname_level, stored(found).phone) == (user, 4, "13900000009")
    with pytest.raises(AlreadyBound):
        actions.bind_in_person(person("另一个"), user, by=wenjuan)
    actions.unbind_person(found, by=wenjuan, reason="绑错了")
    actions.unbind_person(found, by=wenjuan, reason="绑错了")
    assert stored(found).user is None


def test_of_two_who_register_one_document_the_second_gets_the_first(monkeypatch):
    first = person("周小芳")
    answers = iter([None])  # not on file yet when the second looked
    monkeypatch.setattr(persons, "person_with", lambda *of: next(answers, queries.person_with(*of)))

    assert person("周小芳", number=first.id_number) == first
    answers = iter([None])
    with pytest.raises(IdentityConflict):
        person("李四海", number=first.id_number)
    assert Person.objects.count() == 1


def test_of_two_accounts_for_one_person_the_second_is_told_no(wenjuan):
    found = person("周小芳")
    seen_before = stored(found)
    first, second = account("13900000002"), account("13900000003")
    actions.bind_in_person(found, first, by=wenjuan)

    with pytest.raises(CannotBind):
        actions.bind_in_person(seen_before, second, by=wenjuan)
    assert stored(found).user == first


def test_an_account_bound_to_somebody_else_meanwhile_is_told_no(monkeypatch, wenjuan):
    user, wanted, other = account(), person("周小芳"), person("李四海")
    check = persons.check_identity

    def meanwhile(*given):
        actions.bind_in_person(other, user, by=wenjuan)
        return check(*given)

    monkeypatch.setattr(persons, "check_identity", meanwhile)
    with pytest.raises(CannotBind):
        actions.bind_person(user, "周小芳", wanted.id_number)
    assert stored(other).user == user
    assert stored(wanted).user is None


def test_seeing_a_full_number_needs_a_purpose_and_is_told_to_the_person(wenjuan):
    found = person(phone="13900000001")

    shown = actions.reveal_person(found, by=wenjuan, purpose="核对登记表")

    assert shown == {"id_number": found.id_number, "phone": "13900000001"}
    assert Look.objects.get(person_id=found.pk).purpose == "核对登记表"
    with pytest.raises(Exception, match="."):
        actions.reveal_person(found, by=wenjuan, purpose=" ")


def test_ones_own_data_is_complete_and_the_taking_is_journalled(unit, wenjuan):
    held = member(unit, "周小芳", trade="数控车工", skill_level=4)

    data = actions.export_own_data(held.person, by=wenjuan)

    assert data["id_number"] == held.person.id_number
    assert data["memberships"][0]["skill_level"] == "高级工（三级）"
    assert data["history"][0]["from"] == "2022-03-01"
    assert JournalEntry.objects.filter(name="members.data_exported", subject_id=held.person.pk).exists()


def test_nobody_signed_in_is_nobody_on_file(rf):
    assert queries.person_of(AnonymousUser()) is None
    assert queries.person_of(None) is None
    assert queries.current_membership(None) is None
