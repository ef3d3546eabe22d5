"""The only writers of drafts. Nothing typed is ever lost: what does not stand as an answer is kept as typed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict

from yiwang.kernel.clock import now, today
from yiwang.platform.forms.errors import DraftGone
from yiwang.platform.forms.events import DraftDiscarded, DraftFinished, DraftOpened, DraftRenewed
from yiwang.platform.forms.library import CarriedOver, FormDefinition, carry_over, step_form
from yiwang.platform.forms.library.reading import is_blank
from yiwang.platform.forms.models import Draft, KeptInput
from yiwang.platform.forms.queries import draft_for, expired_drafts
from yiwang.platform.journal.actions import record

TOKEN_SALT = "forms.draft"  # noqa: S105 -- a name, not a secret
TOKEN_AGE = dt.timedelta(days=7)
NOT_INPUT = {"csrfmiddlewaretoken", "_draft"}


@dataclass(frozen=True)
class Resumed:
    """What happened to a draft while its owner was away, for the page to tell."""

    carried: CarriedOver | None = None
    kept_step: str = ""


@transaction.atomic
def open_draft(
    key: str,
    *,
    by: AbstractBaseUser,
    definition: FormDefinition,
    keep_days: int,
    answers: Mapping[str, Any] | None = None,
) -> tuple[Draft, Resumed]:
    """The person's one draft for ``key``: a new one with ``answers`` to begin with, or the one they left.

    A draft left on an older version of the form moves to this one: answers that still fit are kept. Idempotent.
    """
    draft = draft_for(by.pk, key)
    if draft is None:
        draft, is_new = _create_draft(key, by, definition, keep_days, answers or {})
        if is_new:
            record(DraftOpened(draft_id=draft.pk, key=key), by=by)
            return draft, Resumed()
    carried = _renew(draft, definition, by=by) if draft.definition_hash != definition.hash else None
    return draft, Resumed(carried=carried, kept_step=_take_kept(draft))


def _create_draft(
    key: str, by: AbstractBaseUser, definition: FormDefinition, keep_days: int, answers: Mapping[str, Any]
) -> tuple[Draft, bool]:
    moment = now()
    draft = Draft(
        user_id=by.pk,
        key=key,
        definition=definition.to_json(),
        definition_hash=definition.hash,
        keep_days=keep_days,
        created_at=moment,
        saved_at=moment,
        expires_on=today() + dt.timedelta(days=keep_days),
    )
    draft.put(answers, {})
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # the same person pressed twice: the other request's draft is theirs too
        return Draft.objects.of(by.pk).get(key=key), False
    return draft, True


def _renew(draft: Draft, definition: FormDefinition, *, by: AbstractBaseUser) -> CarriedOver:
    carried = carry_over(draft.form.steps, definition.steps, draft.all_answers, today=today())
    typed = {key: value for key, value in draft.typed.items() if key in definition.by_key and key not in carried.new}
    draft.definition, draft.definition_hash = definition.to_json(), definition.hash
    draft.__dict__.pop("form", None)
    draft.put(carried.answers, typed)
    draft.new_keys = sorted(set(draft.new_keys) & set(definition.by_key) | set(carried.new))
    if definition.step(draft.step) is None:
        draft.step = ""
    draft.save(update_fields=["definition", "definition_hash", "answers", "sealed", "new_keys", "step"])
    record(
        DraftRenewed(
            draft_id=draft.pk,
            kept=sorted(carried.answers),
            dropped=sorted(carried.dropped),
            new=sorted(carried.new),
        ),
        by=by,
    )
    return carried


@transaction.atomic
def save_step(draft: Draft, step_key: str, *, typed: Mapping[str, Any], answers: Mapping[str, Any]) -> Draft:
    """Save one step as far as it got: ``answers`` that stand, ``typed`` for the rest. Keys not on the page stay.

    Called on every step and on blur, so it is not in the journal. Locks the draft; raises ``DraftGone``.
    """
    draft = _locked(draft)
    step = draft.form.step(step_key)
    if step is None:
        raise DraftGone
    held, raw = draft.all_answers, draft.typed
    for field in step.fields:
        key = field.key
        if key in answers:
            held[key] = answers[key]
            raw.pop(key, None)
        elif field.is_file:
            if key in typed:
                held.pop(key, None)
        elif key in typed and not _is_same_pick(held.get(key), typed[key]):
            held.pop(key, None)
            raw.pop(key, None)
            if not is_blank(typed[key]):
                raw[key] = typed[key]
    draft.put(held, raw)
    draft.new_keys = [key for key in draft.new_keys if key not in step.keys or key not in answers]
    draft.step = step_key
    draft.saved_at = now()
    draft.expires_on = today() + dt.timedelta(days=draft.keep_days)
    draft.save(update_fields=["answers", "sealed", "new_keys", "step", "saved_at", "expires_on"])
    return draft


def _is_same_pick(held: Any, typed: Any) -> bool:
    """An autosave has no list of bodies at hand: a pick that was not touched stays a pick."""
    if not isinstance(held, Mapping) or not isinstance(typed, Mapping):
        return False
    return held.get("value") == typed.get("value") and typed.get("text") in ("", held.get("label"))


@transaction.atomic
def discard_draft(draft: Draft, *, by: AbstractBaseUser) -> None:
    draft = _locked(draft)
    record(DraftDiscarded(draft_id=draft.pk, key=draft.key, reason="by_owner"), by=by)
    draft.delete()


@transaction.atomic
def finish_draft(draft: Draft, *, by: AbstractBaseUser) -> None:
    """The draft became what it was for. Call it in the transaction that makes that, after claiming the uploads."""
    draft = _locked(draft)
    record(DraftFinished(draft_id=draft.pk, key=draft.key), by=by)
    draft.delete()


def sweep_drafts(on: dt.date, *, limit: int = 500) -> int:
    """Throw away drafts whose time ran out; their uploads follow by a reaction."""
    count = 0
    for draft in expired_drafts(on)[:limit]:
        with transaction.atomic():
            record(DraftDiscarded(draft_id=draft.pk, key=draft.key, reason="expired"), by=None)
            draft.delete()
            count += 1
    return count


def draft_token(draft: Draft) -> str:
    """Goes into the page of a step: proof, without a session, that this page was given to the draft's owner."""
    return signing.dumps({"d": draft.public_id, "u": draft.user_id}, salt=TOKEN_SALT)


@transaction.atomic
def keep_typed(token: str, step_key: str, data: MultiValueDict[str, str]) -> bool:
    """Keep what came in after the session had run out, sealed, until the draft's owner signs in again.

    The token says whose page it was; nothing is shown or changed before that person is back. The last one counts.
    """
    try:
        told = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return False
    draft = Draft.objects.of(told["u"]).filter(public_id=told["d"]).first()
    if draft is None or draft.form.step(step_key) is None:
        return False
    lists = {key: values for key, values in data.lists() if key not in NOT_INPUT}
    KeptInput.objects.update_or_create(
        draft=draft, defaults={"step": step_key, "sealed": KeptInput.seal(draft, lists), "kept_at": now()}
    )
    return True


def owner_told_by(token: str, draft_id: str) -> int | None:
    """Whose page of this draft the token comes from; None when it proves nothing."""
    try:
        told = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    is_there = told["d"] == draft_id and Draft.objects.of(told["u"]).filter(public_id=draft_id).exists()
    return int(told["u"]) if is_there else None


@transaction.atomic
def take_kept(draft: Draft) -> str:
    """Join what was kept with the draft; the step it belongs to, or "" when nothing waited. Safe to call always."""
    return _take_kept(draft)


def _take_kept(draft: Draft) -> str:
    kept = KeptInput.objects.filter(draft_id=draft.pk).select_related("draft").first()
    if kept is None:
        return ""
    step = draft.form.step(kept.step)
    if step is not None:
        data = MultiValueDict({key: [str(value) for value in values] for key, values in kept.data.items()})
        form = step_form(draft.form, kept.step, data, answers=draft.all_answers)
        saved = save_step(draft, kept.step, typed=form.typed, answers=form.answers)
        draft.__dict__ = saved.__dict__
    kept.delete()
    return "" if step is None else step.key


def _locked(draft: Draft) -> Draft:
    found = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise DraftGone
    return found
