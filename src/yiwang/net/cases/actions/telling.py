"""What every verb does beside its own change: the journal, the figures, the index, the messages."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import override

from yiwang.kernel.clock import due_day, local_date
from yiwang.net.cases.events import CaseEvent
from yiwang.net.cases.models import Case
from yiwang.platform.counters.actions import add
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.text.actions import index
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation


def tell_journal(
    case: Case, event: CaseEvent, *, by: User | None, now: dt.datetime | None = None, purpose: str = ""
) -> None:
    """Record; who acts for somebody else stands beside the one they act for."""
    person = case.applicant
    for_another = by is not None and person is not None and person.user_id != by.pk
    record(event, by=by, on_behalf_of=case.applicant_id if for_another else None, at=now, purpose=purpose)


def count(case: Case, name: str, amount: int = 1, *, at: Organisation | None = None, day: dt.date) -> None:
    """A figure of what happened on a day: received, done, on_time."""
    add(f"cases.{name}", path=str((at or case.organisation).path), amount=amount, day=day)


def count_standing(case: Case, name: str, amount: int, *, at: Organisation | None = None) -> None:
    """A figure of what stands: open, overdue. Booked on the day of submission wherever the case goes, so that the
    rows themselves prove it (``apps.CasesConfig.ready``)."""
    count(case, name, amount, at=at, day=local_date(case.submitted_at))


def tell_applicant(case: Case, template: str, *, urgent: bool = False, **words: str | int | dt.date) -> None:
    """A message to the applicant and to whoever filed for them; phone-only applicants are called, not messaged."""
    users: list[User] = []
    if case.applicant is not None and case.applicant.user is not None:
        users.append(case.applicant.user)
    if case.mandate_id is not None and case.submitted_by not in users:
        users.append(case.submitted_by)
    about = {"number": case.number, "title": case.title, "title_en": case.title_en or case.title}
    link = reverse("cases:matter-detail", args=[case.number])
    for user in users:
        with override(user.language):
            told = {key: day_text(value) if isinstance(value, dt.date) else value for key, value in words.items()}
        send(f"cases/{template}", to=user, context={**about, **told}, link=link, urgent=urgent)


def tell_staff(case: Case, template: str, users: Iterable[User | None], **words: str | int) -> None:
    context = {"number": case.number, "title": case.title, "title_en": case.title_en or case.title, **words}
    link = reverse("cases:case-detail", args=[case.number])
    for user in dict.fromkeys(user for user in users if user is not None):
        send(f"cases/{template}", to=user, context=context, link=link)


def index_case(case: Case) -> None:
    """Staff find a case by number, title, applicant and employer; a complaint about union staff is never indexed."""
    if case.target == "union":
        return
    names = [case.number_key, case.matter, case.contact_name, case.employer_name]
    if case.applicant is not None:
        names.append(case.applicant.name)
    index(
        "case",
        case.number,
        f"{case.number} {case.title}",
        body=" ".join(name for name in names if name),
        scope_path=str(case.organisation.path),
    )


def day_words(moment: dt.datetime | None) -> dt.date | str:
    """The last day of a deadline, for a message: ``tell_applicant`` writes it as each reader does."""
    return due_day(moment) if moment is not None else ""


def day_iso(moment: dt.datetime | None) -> str:
    return due_day(moment).isoformat() if moment else ""
