"""Where unions reach and where not: the work page of a body, the lists behind its figures, the tree of any day."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.charts import Rung
from yiwang.platform.ui.formats import number_text
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.accounts.models import User
from yiwang.register.organisations import actions, coverage, policies, queries
from yiwang.register.organisations.counting import GRASSROOTS
from yiwang.register.organisations.forms import DayForm, EmployerListForm
from yiwang.register.organisations.models import Organisation
from yiwang.register.organisations.tables import AilingTable, GapTable, ThreeTable

MEMBERS = "members.current"  # kept by the members app above us
FIGURES = (MEMBERS, GRASSROOTS)
TOP_GAPS = 6
MOST_SHOWN = 2_000

AIL_NAMES = {
    "suspended": (gettext_lazy("待整顿的工会"), "alert-circle", "t-bad"),
    "no_staff": (gettext_lazy("镇街没有人办事"), "user", "t-warn"),
    "no_money": (gettext_lazy("镇街没有工作经费"), "yuan", "t-warn"),
    "no_place": (gettext_lazy("镇街没有办公场所"), "home", "t-warn"),
    "employer_gone": (gettext_lazy("单位注销了工会还在"), "alert", "t-warn"),
    "joint_of_one": (gettext_lazy("联合工会只剩一家单位"), "users", ""),
    "no_phone": (gettext_lazy("没有公布电话"), "phone", ""),
}


def _inside(request: HttpRequest, public_id: str) -> Organisation:
    return policies.get_organisation(request.user, public_id, must=policies.may_see_figures)


@login_required
@require_GET
def organisation_overview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The work page of a body (mock-up 09): tree, coverage, employers without a union, health."""
    organisation = _inside(request, public_id)
    reach = coverage.coverage(organisation, gaps=TOP_GAPS)
    context = {
        "organisation": organisation,
        "above": [body for body in queries.ancestors(organisation) if policies.may_see_figures(request.user, body)],
        "branches": queries.branches(organisation, FIGURES),
        "inside": queries.with_figures([organisation], FIGURES)[0],
        "reach": reach,
        "rungs": _rungs(organisation, reach),
        "gaps": coverage.biggest_gaps(reach) if reach else (),
        "ails": [(ail, *AIL_NAMES[ail.key]) for ail in coverage.health(organisation) if ail.count],
        "three": coverage.small_three_share(organisation),
        "may_edit": policies.may_edit(request.user, organisation),
        "may_import": policies.may_import_employers(request.user),
    }
    return page(request, "organisations/overview.html", context)


def _rungs(organisation: Organisation, reach: coverage.Coverage | None) -> list[Rung]:
    """Where workers drop out: all, at an employer with a union, members. Shares of all, with who is missing."""
    if reach is None or not reach.whole.headcount:
        return []
    every, covered = reach.whole.headcount, reach.whole.covered_headcount
    members = queries.figures_of(organisation, [MEMBERS])[MEMBERS]
    return [
        Rung(_("单位里的职工"), number_text(every), 1.0),
        Rung(
            _("单位已建会"),
            number_text(covered),
            covered / every,
            lost=(every - covered) / every,
            lost_text=_("比上一步少{n}人，").format(n=number_text(every - covered)),
            lost_link=reverse("organisations:gap-list", args=[organisation.public_id]),
            lost_link_text=_("{n}家没建会").format(n=number_text(reach.whole.uncovered)),
        ),
        Rung(
            _("本人是会员"),
            number_text(members),
            min(members / every, 1.0),
            lost=max(covered - members, 0) / every,
            lost_text=_("比上一步少{n}人").format(n=number_text(covered - members)) if covered > members else "",
        ),
    ]


@login_required
@require_GET
def gap_list(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Employers without a union of their own or a joint one."""
    organisation = _inside(request, public_id)
    table = GapTable(request, coverage.employers_without_union(organisation))
    return table_page(request, "organisations/gaps.html", table, {"organisation": organisation})


@login_required
@require_GET
def health_list(request: HttpRequest, public_id: str, key: str) -> HttpResponseBase:
    """The bodies behind one line of the health check."""
    organisation = _inside(request, public_id)
    if key not in AIL_NAMES:
        raise Http404
    table = AilingTable(request, coverage.ailing(organisation, key).select_related("parent"))
    context = {"organisation": organisation, "title": AIL_NAMES[key][0]}
    return table_page(request, "organisations/health.html", table, context)


@login_required
@require_GET
def three_list(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Towns, streets and zones: somebody to do the work, money, premises."""
    organisation = _inside(request, public_id)
    table = ThreeTable(request, coverage.small_three(organisation))
    sound, every = coverage.small_three_share(organisation)
    context = {"organisation": organisation, "sound": sound, "every": every}
    return table_page(request, "organisations/three.html", table, context)


@login_required
@require_http_methods(["GET", "POST"])
def employers_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Load the list of employers of an area and see what was taken, row by row what was not."""
    organisation = policies.get_organisation(request.user, public_id, must=policies.may_edit)
    if not coverage.area_of(organisation) or not policies.may_import_employers(request.user):
        raise PermissionDenied
    form = EmployerListForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        assert isinstance(request.user, User)
        try:
            report = actions.load_employers(upload.read(), file_name=upload.name, area=organisation, by=request.user)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("导入好了。"))
    context = {"organisation": organisation, "form": form, "report": report, "headings": actions.LIST_HEADINGS}
    return page(request, "organisations/employers_import.html", context)


@login_required
@require_GET
def organisation_on(request: HttpRequest, public_id: str) -> HttpResponse:
    """The tree below a body as it stood on a day."""
    organisation = _inside(request, public_id)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["day"] if form.is_valid() else clock.today()
    stood = queries.tree_on(day, organisation)
    context = {
        "organisation": organisation,
        "form": form if form.is_bound else DayForm(initial={"day": day}),
        "day": day,
        "stood": stood[:MOST_SHOWN],
        "count": len(stood),
        "counts": _by_kind(stood),
        "is_today": day == clock.today(),
        "first_of_may": dt.date(clock.today().year, 5, 1),
    }
    return page(request, "organisations/on.html", context)


def _by_kind(stood: list[queries.Stood]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for body in stood:
        counts[body.kind] = counts.get(body.kind, 0) + 1
    return [(queries.kind_label(kind), count) for kind, count in sorted(counts.items())]
