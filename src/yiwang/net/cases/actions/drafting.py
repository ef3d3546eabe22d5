"""One request on its way to being handed in: the draft, its service, and for whom it is."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.ids import public_id
from yiwang.net.cases.actions.bundles import submit_bundle
from yiwang.net.cases.actions.submit import Contact, submit_case
from yiwang.net.cases.models import Bundle, Case
from yiwang.net.cases.policies import get_person_to_act_for
from yiwang.net.cases.queries.bundles import bundle_of_key
from yiwang.net.cases.queries.own import case_of_key
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.queries import current_version, prefill, published, with_contents
from yiwang.platform.files.models import Document
from yiwang.platform.files.queries import documents_called
from yiwang.platform.forms.actions import Resumed, finish_draft, open_draft
from yiwang.platform.forms.errors import DraftGone
from yiwang.platform.forms.library import FormDefinition, OnFile, Step, visible_answers
from yiwang.platform.forms.models import Draft
from yiwang.platform.forms.policies import visible_to
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import person_of, persons_with_phone

PREFIX = "service:"
INTAKE, INTAKE_KEY = "intake-", "_intake"
PAPER_KEY = "_paper"  # beside what was typed: this request began with the code on a printed guide


@dataclass(frozen=True, eq=False)
class Drafting:
    """A draft with what it is for. ``applicant`` is None for an account that is not bound to a person yet, and for
    somebody who called or came (``intake``)."""

    draft: Draft
    version: ServiceVersion
    applicant: Person | None
    user: User
    intake: dict[str, str] | None = None

    @property
    def key(self) -> str:
        """The idempotency key of handing it in."""
        return key_of(self.draft.public_id)

    @property
    def channel(self) -> str:
        """How this request came to us."""
        if self.intake:
            return self.intake["channel"]
        return Case.Channel.PAPER if self.draft.typed.get(PAPER_KEY) else Case.Channel.WEB

    @cached_property
    def on_file(self) -> dict[str, OnFile]:
        return prefill(self.version, self.applicant)

    @property
    def is_for_another(self) -> bool:
        return self.applicant is not None and self.applicant.user_id != self.user.pk

    @property
    def start_url(self) -> str:
        return reverse("cases:apply-start", args=[self.version.service.code])

    @property
    def check_url(self) -> str:
        return reverse("cases:apply-check", args=[self.draft.public_id])

    @property
    def shared_sources(self) -> list[str]:
        """Offices we ask instead of the applicant, if the applicant agrees; those of every part of a bundle."""
        content = self.version.content
        wanted = [part.code for part in content.bundle if part.is_wanted(self.draft.all_answers)]
        parts = with_contents(published().filter(service__code__in=wanted)) if wanted else []
        materials = [*content.materials, *(material for part in parts for material in part.content.materials)]
        shared = [str(m.origin) for m in materials if m.source == "shared" and m.origin]
        return list(dict.fromkeys(shared))

    @property
    def documents(self) -> list[Document]:
        """The uploads that the visible answers name, in the order of the form."""
        answers = self.draft.all_answers
        asked = self.draft.form.visible_fields(answers)
        named = [answers.get(field.key) or [] for field in asked if field.is_file]
        flat = [public_id for ids in named for public_id in (ids if isinstance(ids, list) else [ids])]
        return documents_called(flat)

    def first_step(self, resumed: Resumed) -> Step:
        """Where the person left off, else the beginning."""
        form = self.draft.form
        wanted = resumed.kept_step or self.draft.step
        return form.step(wanted) or form.steps[0] if wanted else form.steps[0]

    def after(self, step: str, saved: Draft, *, to_check: bool) -> str:
        """The next page by what was just saved; straight back to checking for whoever came from there."""
        following = self.draft.form.next_step(step, saved.all_answers)
        if to_check or following is None:
            return self.check_url
        return reverse("cases:apply-step", args=[self.draft.public_id, following.key])


def key_of(draft_id: str) -> str:
    return f"draft:{draft_id}"


def open_drafting(
    user: User,
    version: ServiceVersion,
    *,
    for_whom: str = "",
    answers: dict[str, Any] | None = None,
    from_paper: bool = False,
) -> tuple[Drafting, Resumed]:
    """The account's one draft for this service and person; new ones start with what is on file.

    ``answers`` are the user's own to the finder: they fill only a form the user asks for themselves. ``from_paper``:
    they came by the code on a printed guide.
    """
    applicant = get_person_to_act_for(user, for_whom, version.service.code) if for_whom else person_of(user)
    key = f"{PREFIX}{version.service.code}" + (f":{for_whom}" if for_whom else "")
    held = prefill(version, applicant, None if for_whom else answers)
    draft, resumed = open_draft(
        key,
        by=user,
        definition=FormDefinition.from_json(version.content.form),
        keep_days=int(parameter("forms.draft_days", today())),
        answers={name: part.value for name, part in held.items()},
    )
    if from_paper:
        draft.put(draft.all_answers, {**draft.typed, PAPER_KEY: True})
        draft.save(update_fields=["answers", "sealed"])
    return Drafting(draft, version, applicant, user), resumed


def drafting_of(user: Any, draft_id: str) -> Drafting | None:
    """One's own draft with its service; None once it became a case. Anything else is not found."""
    draft = visible_to(user).filter(public_id=draft_id).first() if isinstance(user, User) else None
    if draft is None or not draft.key.startswith(PREFIX):
        if isinstance(user, User) and _became(user, draft_id) is not None:
            return None
        raise Http404(_("没有这份草稿"))
    code, _sep, for_whom = draft.key.removeprefix(PREFIX).partition(":")
    version = current_version(code)
    if for_whom.startswith(INTAKE):
        taken = dict(draft.typed.get(INTAKE_KEY) or {})
        return Drafting(draft, version, _known_caller(taken), user, taken)
    applicant = get_person_to_act_for(user, for_whom, code) if for_whom else person_of(user)
    return Drafting(draft, version, applicant, user)


def submitted_from(user: User, draft_id: str) -> Case | Bundle:
    """The case or the bundle that a draft became."""
    found = _became(user, draft_id)
    if found is None:
        raise Http404
    return found


def _became(user: User, draft_id: str) -> Case | Bundle | None:
    key = key_of(draft_id)
    return case_of_key(user, key) or bundle_of_key(user, key)


@transaction.atomic
def submit_draft(drafting: Drafting, *, consents: list[dict[str, str]], by: User) -> Case | Bundle:
    """Hand in a draft. Safe to repeat: the draft's own id is the key, so a second click finds the first case."""
    draft = drafting.draft
    hand_in: Callable[..., Case | Bundle] = submit_bundle if drafting.version.content.bundle else submit_case
    made = hand_in(
        drafting.version,
        applicant=drafting.applicant,
        answers=visible_answers(draft.form.steps, draft.all_answers),
        by=by,
        idempotency_key=drafting.key,
        documents=drafting.documents,
        contact=None if drafting.applicant else _contact(drafting),
        channel=drafting.channel,
        consents=consents,
    )
    with suppress(DraftGone):  # the other click has finished it
        finish_draft(draft, by=by)
    return made


def open_intake(user: User, version: ServiceVersion, *, channel: str, name: str, phone: str) -> Drafting:
    """Begin a request for somebody who called or came. Who they are lies sealed in the draft, not in its key."""
    taken = {"channel": channel, "name": name, "phone": phone}
    caller = _known_caller(taken)
    held = {key: part.value for key, part in prefill(version, caller).items()} | {"name": name, "phone": phone}
    form = FormDefinition.from_json(version.content.form)
    draft, _ = open_draft(
        f"{PREFIX}{version.service.code}:{INTAKE}{public_id()}",
        by=user,
        definition=form,
        keep_days=int(parameter("forms.draft_days", today())),
        answers={key: value for key, value in held.items() if key in form.by_key},
    )
    draft.put(draft.all_answers, {INTAKE_KEY: taken})
    draft.save(update_fields=["answers", "sealed"])
    return Drafting(draft, version, caller, user, taken)


def _known_caller(taken: dict[str, str]) -> Person | None:
    """The person of the register with this name and telephone, if there is exactly one."""
    found = [person for person in persons_with_phone(taken["phone"]) if person.name == taken["name"]]
    return found[0] if len(found) == 1 else None


def _contact(drafting: Drafting) -> Contact:
    """An account that no person is bound to yet asks under its name and the telephone it signs in with."""
    if drafting.intake:
        return Contact(name=drafting.intake["name"], phone=drafting.intake["phone"])
    user, answers = drafting.user, drafting.draft.all_answers
    name, phone = answers.get("name") or user.name, answers.get("phone") or user.phone
    return Contact(name=str(name or ""), phone=str(phone or ""))
