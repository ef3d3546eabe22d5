"""Pages for staff that belong to no single app: where work starts, the journal, the state of the system."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.kernel.clock import now, start_of
from yiwang.platform.jobs import queries as jobs
from yiwang.platform.journal import queries as journal_queries
from yiwang.platform.ui.pages import page
from yiwang.portal import health, navigation
from yiwang.portal import today as today_page
from yiwang.register.access import policies
from yiwang.register.access.policies import staff_required
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User

# The first page that a capability opens, in the order of the day's work.
FIRST_PAGES: tuple[tuple[Capability, str], ...] = (
    ("cases.view", "cases:queue"),
    ("insight.view", "insight:overview"),
    ("journal.view", "portal:journal"),
    ("system.operate", "portal:system"),
    ("access.appoint", "access:appointment-list"),
)


def _staff(request: HttpRequest, capability: Capability) -> User:
    """The signed-in person if they hold the capability anywhere; otherwise the page does not exist for them."""
    user = request.user
    if not isinstance(user, User) or not policies.holds(user, capability):
        raise Http404
    return user


@login_required
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """The right first page for the person's role."""
    user = request.user
    if isinstance(user, User) and policies.holds(user, "cases.view") and today_page.is_grassroots(user):
        return redirect("portal:today")
    for capability, name in FIRST_PAGES:
        if isinstance(user, User) and policies.holds(user, capability):
            return redirect(name)
    entry = navigation.first_entry(user) if isinstance(user, User) else None
    if entry is None:
        raise PermissionDenied
    return redirect(entry)


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What to do today by the clock, one's union in three numbers, the verbs of the day (mock-up 06b)."""
    user = _staff(request, "cases.view")
    tasks, n_cases = today_page.own_cases(user)
    others = list(today_page.waiting(user))
    body, numbers = today_page.numbers(user)
    context = {
        "tasks": [*tasks, *others],
        "total": n_cases + len(others),
        "more": n_cases - len(tasks),
        "body": body,
        "numbers": numbers,
        "verbs": today_page.verbs(user),
        "now": now(),
    }
    return page(request, "portal/today.html", context)


@staff_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """What the keyboard does at the desk; “?” shows it as a dialog over the page."""
    rows = [
        (["/"], _("找人、单位、编号")),
        (["n"], _("登记来电来访")),
        (["j", "k"], _("下一件、上一件")),
        (["x"], _("选中")),
        (["Enter"], _("打开")),
        (["?"], _("看快捷键")),
    ]
    return page(request, "portal/keys.html", {"rows": rows})


@login_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """What happened, searched by person, by object and by time; the audit administrator's page."""
    _staff(request, "journal.view")
    asked = {key: request.GET.get(key, "").strip() for key in ("actor", "subject", "name", "since", "until", "before")}
    found = journal_queries.entries(
        subject=asked["subject"],
        since=_midnight(asked["since"], days=0),
        until=_midnight(asked["until"], days=1),
        before=int(asked["before"]) if asked["before"].isdecimal() else None,
    )
    if asked["actor"]:
        found = found.filter(actor_name=asked["actor"])
    if asked["name"]:
        found = found.filter(name__startswith=asked["name"])
    rows = list(found[: journal_queries.PAGE])
    state = journal_queries.seal_state(now=now())
    context = {"rows": rows, "asked": asked, "state": state, "last": rows[-1] if rows else None}
    return page(request, "portal/journal.html", context, part="rows")


def _midnight(text: str, *, days: int) -> dt.datetime | None:
    """The beginning of the typed day, some days later; what is no date filters nothing."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return start_of(day + dt.timedelta(days=days)) if day else None


@login_required
@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """Whether settings, database, jobs, keys and disk are well; no person's matter is shown here."""
    _staff(request, "system.operate")
    return page(request, "portal/system.html", {"findings": health.look(), "runs": jobs.recent(limit=20)})
