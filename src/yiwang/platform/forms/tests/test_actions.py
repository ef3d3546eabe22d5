import datetime as dt
import json

import pytest
from django.db import connection
from django.utils.datastructures import MultiValueDict

from yiwang.kernel.crypto import CannotDecrypt
from yiwang.platform.forms import actions, policies, queries
from yiwang.platform.forms.actions import (
    discard_draft,
    draft_token,
    finish_draft,
    keep_typed,
    open_draft,
    save_step,
    sweep_drafts,
    take_kept,
)
from yiwang.platform.forms.errors import DraftGone
from yiwang.platform.forms.library import FormDefinition
from yiwang.platform.forms.models import Draft, KeptInput
from yiwang.platform.forms.tasks import sweep_drafts as sweep_task
from yiwang.platform.journal.models import JournalEntry

from .factories import IDENTITY, aid_form, aid_json, form, make_draft, make_user, options, question

pytestmark = pytest.mark.django_db


def names():
    return list(JournalEntry.objects.filter(name__startswith="forms.").order_by("id").values_list("name", flat=True))


def raw_row(draft):
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers::text, encode(sealed, 'hex') FROM forms_draft WHERE id = %s", [draft.pk])
        return cursor.fetchone()


def test_one_draft_for_each_person_and_key():
    user = make_user()
    draft = make_draft(by=user, answers={"name": "周文娟"})

    again, resumed = open_draft("service:HP-0002", by=user, definition=aid_form(), keep_days=30)
    other, _ = open_draft("service:HP-0001", by=user, definition=aid_form(), keep_days=30)
    strangers = make_draft(by=make_user("13912345521", "孙志伟"))

    assert again.pk == draft.pk
    assert again.all_answers == {"name": "周文娟"}
    assert resumed == actions.Resumed()
    assert len({draft.pk, other.pk, strangers.pk}) == 3
    assert draft.form == aid_form()
    assert names() == ["forms.draft_opened"] * 3


def test_two_openings_at_once_are_one_draft(monkeypatch):
    draft = make_draft()
    monkeypatch.setattr(actions, "draft_for", lambda user_id, key: None)  # the other request saw nothing yet

    again, _ = open_draft(draft.key, by=make_user(), definition=aid_form(), keep_days=30)

    assert again.pk == draft.pk
    assert Draft.objects.count() == 1


def test_sensitive_answers_and_everything_typed_are_encrypted():
    draft = make_draft()

    save_step(
        draft,
        "person",
        typed={"name": "周文娟", "idno": IDENTITY, "who": "?"},
        answers={"name": "周文娟", "idno": IDENTITY},
    )
    answers, sealed = raw_row(draft)

    assert json.loads(answers) == {"name": "周文娟"}
    assert IDENTITY.encode().hex() not in sealed
    stored = Draft.objects.get(pk=draft.pk)
    assert stored.all_answers == {"name": "周文娟", "idno": IDENTITY}
    assert stored.typed == {"who": "?"}


def test_sealed_part_belongs_to_its_draft_alone():
    draft, other = make_draft(), make_draft(by=make_user("13912345521"))
    saved = save_step(draft, "person", typed={}, answers={"idno": IDENTITY})
    Draft.objects.filter(pk=other.pk).update(sealed=saved.sealed)

    with pytest.raises(CannotDecrypt):
        _ = Draft.objects.get(pk=other.pk).all_answers
    assert Draft.objects.get(pk=draft.pk).all_answers == {"idno": IDENTITY}


def test_nothing_sensitive_means_nothing_sealed():
    draft = make_draft(answers={"name": "周文娟"})

    assert raw_row(draft)[1] is None
    assert Draft.objects.get(pk=draft.pk).typed == {}


def test_typed_text_gives_way_to_the_answer_and_back():
    draft = make_draft()

    draft = save_step(draft, "money", typed={"paid": "三万八"}, answers={})
    assert (draft.all_answers, draft.typed) == ({}, {"paid": "三万八"})
    draft = save_step(draft, "money", typed={"paid": "38000"}, answers={"paid": "38000.00"})
    assert (draft.all_answers, draft.typed) == ({"paid": "38000.00"}, {})
    draft = save_step(draft, "money", typed={"paid": "x"}, answers={})
    assert (draft.all_answers, draft.typed) == ({}, {"paid": "x"})
    draft = save_step(draft, "money", typed={"paid": ""}, answers={})
    assert (draft.all_answers, draft.typed) == ({}, {})


def test_questions_that_were_not_on_the_page_stay():
    draft = make_draft(answers={"name": "周文娟", "total": "5.00"})

    draft = save_step(draft, "money", typed={"paid": "1"}, answers={"paid": "1.00"})

    assert draft.all_answers == {"name": "周文娟", "total": "5.00", "paid": "1.00"}


def test_files_change_only_where_they_are_known():
    draft = make_draft(answers={"bills": ["d1"]})

    draft = save_step(draft, "money", typed={}, answers={})
    assert draft.all_answers == {"bills": ["d1"]}
    draft = save_step(draft, "money", typed={"bills": []}, answers={})
    assert draft.all_answers == {}


def test_untouched_pick_survives_an_autosave():
    held = {"value": "u1", "label": "恒达精密工会"}
    draft = make_draft(answers={"unit": held})

    draft = save_step(draft, "family", typed={"unit": {"text": "恒达精密工会", "value": "u1"}}, answers={})
    assert draft.all_answers == {"unit": held}
    draft = save_step(draft, "family", typed={"unit": {"text": "联达", "value": "u1"}}, answers={})
    assert (draft.all_answers, draft.typed) == ({}, {"unit": {"text": "联达", "value": "u1"}})


def test_saving_moves_the_day_of_expiry():
    draft = make_draft()
    Draft.objects.filter(pk=draft.pk).update(expires_on=dt.date(2020, 1, 1))

    saved = save_step(draft, "person", typed={}, answers={"name": "周文娟"})

    assert saved.expires_on == draft.expires_on
    assert saved.step == "person"
    assert saved.saved_at >= draft.saved_at


def test_saving_a_step_that_is_gone_or_a_draft_that_is_gone_is_refused():
    draft = make_draft()

    with pytest.raises(DraftGone):
        save_step(draft, "nowhere", typed={}, answers={})
    discard_draft(draft, by=make_user())
    with pytest.raises(DraftGone, match="已经交了，或者已经删了"):
        save_step(Draft(pk=0, public_id="x"), "person", typed={}, answers={})


def newer():
    data = aid_json()
    data["steps"][0]["fields"][1]["options"] = options("family", "other")
    data["steps"][0]["fields"].append(question("card", "text", format="bank_card"))
    del data["steps"][2]
    return FormDefinition.from_json(data)


def test_draft_of_an_older_version_moves_to_the_newer_one():
    user = make_user()
    draft = make_draft(by=user, answers={"name": "周文娟", "who": "self", "unit": {"value": "u1", "label": "x"}})
    save_step(draft, "family", typed={"household": [{"name": "x"}], "unit": {"text": "x", "value": "u1"}}, answers={})

    renewed, resumed = open_draft(draft.key, by=user, definition=newer(), keep_days=30)
    stored = Draft.objects.get(pk=draft.pk)

    assert renewed.pk == draft.pk
    assert resumed.carried.new == ("card",)
    assert stored.all_answers == {"name": "周文娟"}
    assert stored.typed == {}
    assert stored.new_keys == ["card"]
    assert stored.step == ""
    assert stored.form.hash == newer().hash
    assert JournalEntry.objects.get(name="forms.draft_renewed").data["dropped"] == ["unit", "who"]


def test_the_step_one_was_on_is_kept_when_it_is_still_there():
    user = make_user()
    save_step(make_draft(by=user), "person", typed={}, answers={"name": "周文娟"})

    renewed, _resumed = open_draft("service:HP-0002", by=user, definition=newer(), keep_days=30)

    assert renewed.step == "person"


def test_a_new_question_is_new_until_it_is_answered():
    user = make_user()
    make_draft(by=user)
    draft, _ = open_draft("service:HP-0002", by=user, definition=newer(), keep_days=30)

    draft = save_step(draft, "person", typed={"card": "1"}, answers={"name": "周文娟"})
    assert draft.new_keys == ["card"]
    draft = save_step(draft, "person", typed={}, answers={"card": "6222021234567890128"})
    assert draft.new_keys == []


def test_discarding_and_finishing_leave_a_trace_and_no_draft():
    user = make_user()

    discard_draft(make_draft(by=user), by=user)
    finish_draft(make_draft(by=user), by=user)

    assert Draft.objects.count() == 0
    assert names() == ["forms.draft_opened", "forms.draft_discarded", "forms.draft_opened", "forms.draft_finished"]
    assert JournalEntry.objects.get(name="forms.draft_discarded").data["reason"] == "by_owner"


def test_finishing_twice_is_refused():
    user = make_user()
    draft = make_draft(by=user)
    same = Draft.objects.get(pk=draft.pk)
    finish_draft(draft, by=user)

    with pytest.raises(DraftGone):
        finish_draft(same, by=user)


def test_sweep_takes_only_drafts_whose_time_ran_out():
    old, fresh = make_draft(), make_draft(by=make_user("13912345521"))
    Draft.objects.filter(pk=old.pk).update(expires_on=dt.date(2026, 1, 1))

    assert sweep_drafts(dt.date(2026, 1, 1)) == 0
    assert sweep_drafts(dt.date(2026, 1, 2)) == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert JournalEntry.objects.get(name="forms.draft_discarded").data["reason"] == "expired"
    sweep_task(0)
    assert Draft.objects.count() == 1


def test_drafts_are_their_owners_alone():
    user, stranger = make_user(), make_user("13912345521")
    draft = make_draft(by=user)

    assert policies.get_draft(user, draft.public_id) == draft
    assert policies.owns_draft(user, draft.pk)
    assert not policies.owns_draft(stranger, draft.pk)
    assert list(queries.drafts_of(user.pk)) == [draft]
    assert list(queries.drafts_of(stranger.pk)) == []
    assert str(draft) == f"service:HP-0002 ({draft.public_id})"


def body(**values):
    return MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in values.items()})


def test_what_was_typed_after_the_session_ended_joins_the_draft():
    draft = make_draft(answers={"hospital": True, "bills": ["d1"]})

    kept = keep_typed(
        draft_token(draft), "money", body(total="68214.5", paid="三万", other=["a", "b"], csrfmiddlewaretoken="x")
    )
    untouched = Draft.objects.get(pk=draft.pk)

    assert kept
    assert untouched.all_answers == {"hospital": True, "bills": ["d1"]}
    assert "68214" not in bytes(KeptInput.objects.get().sealed).decode(errors="ignore")
    assert take_kept(draft) == "money"
    stored = Draft.objects.get(pk=draft.pk)
    assert stored.all_answers == {"hospital": True, "bills": ["d1"], "total": "68214.50", "other": ["a", "b"]}
    assert stored.typed == {"paid": "三万"}
    assert draft.all_answers == stored.all_answers
    assert KeptInput.objects.count() == 0
    assert take_kept(draft) == ""


def test_kept_input_joins_when_the_draft_is_opened():
    user = make_user()
    draft = make_draft(by=user)
    keep_typed(draft_token(draft), "person", body(name="周文娟"))
    keep_typed(draft_token(draft), "person", body(name="周文涓"))

    opened, resumed = open_draft(draft.key, by=user, definition=aid_form(), keep_days=30)

    assert resumed.kept_step == "person"
    assert opened.all_answers == {"name": "周文涓"}


def test_kept_input_of_a_step_that_is_gone_is_let_go():
    user = make_user()
    draft = make_draft(by=user)
    keep_typed(draft_token(draft), "family", body(unit="x"))

    _opened, resumed = open_draft(draft.key, by=user, definition=newer(), keep_days=30)

    assert resumed.kept_step == ""
    assert KeptInput.objects.count() == 0


def test_nothing_is_kept_for_a_page_that_is_not_ours():
    draft = make_draft()
    token = draft_token(draft)

    assert not keep_typed("forged", "person", body(name="x"))
    assert not keep_typed(token, "nowhere", body(name="x"))
    discard_draft(draft, by=make_user())
    assert not keep_typed(token, "person", body(name="x"))
    assert KeptInput.objects.count() == 0


def test_kept_input_says_where_it_belongs():
    draft = make_draft()
    keep_typed(draft_token(draft), "person", body(name="x"))

    assert str(KeptInput.objects.get()) == f"{draft.pk}/person"


def test_a_text_with_a_nul_byte_reaches_the_database():
    draft = make_draft(form(question("q", "text")))
    keep_typed(draft_token(draft), "only", body(q="a\x00𠮷😀"))

    take_kept(draft)

    assert Draft.objects.get(pk=draft.pk).answers == {"q": "a𠮷😀"}
