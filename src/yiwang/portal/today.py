"""An officer's day: their cases by the clock, what waits for their word, their union in three numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.grassroots.cadres import policies as cadres
from yiwang.grassroots.cadres.queries import people as officers
from yiwang.grassroots.founding import policies as founding
from yiwang.grassroots.founding.queries import red_terms, term_face
from yiwang.kernel import clock
from yiwang.net.cases import policies as cases
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.faces import CLOCKS, with_clocks
from yiwang.net.evaluation import policies as evaluation
from yiwang.net.evaluation.models import BadReview
from yiwang.net.notices import policies as notices
from yiwang.net.notices.models import Objection
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.formats import day_text, number_text
from yiwang.register.access import policies
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.organisations import policies as organisations
from yiwang.register.organisations.models import Organisation, TreeChange
from yiwang.register.organisations.queries import figures_of
from yiwang.rights.aid import policies as aid
from yiwang.rights.aid.queries import due_calls
from yiwang.rights.congress import policies as congresses
from yiwang.rights.congress.models import Report
from yiwang.rights.congress.queries_keeping import reports_due, reports_sent

MOST = 8
MEMBERS = "members.current"


@dataclass(frozen=True)
class Task:
    """One thing to do, with its clock where it has one, and the page where it is done."""

    title: str
    text: str
    url: str
    verb: str
    face: ClockFace | None = None
    icon: str = "bell"


@dataclass(frozen=True)
class Number:
    """A figure of one's own union, what it means, and the list behind it."""

    figure: str
    label: str
    note: str = ""
    url: str = ""


def is_grassroots(user: User) -> bool:
    """All posts lie in towns and unions below: the day begins with this page, above them with the queue."""
    posts = policies.appointments_of(user)
    return bool(posts) and all(post.organisation.level >= organisations.TOWN_LEVEL for post in posts)


def own_cases(user: User) -> tuple[list[Task], int]:
    """The first of the cases in one's own hands or lying unassigned in one's office, and how many there are."""
    mine = Q(handler=user) | Q(handler=None, organisation__in=cases.offices_of(user))
    found = cases.listed(user).open().filter(mine)
    rows = found.select_related("version__service", "applicant").prefetch_related(*CLOCKS)
    first = with_clocks(rows.order_by("queued_for", "pk")[:MOST], clock.now())
    return [_task_of(case, face) for case, face in first], found.count()


def _task_of(case: Case, face: ClockFace) -> Task:
    who = case.applicant.name if case.applicant is not None else case.contact_name
    verb = _("受理") if case.state == Case.State.SUBMITTED else _("看进展") if case.is_waiting else _("办理")
    words = _("，").join(text for text in (face.text, face.subtext) if text)
    url = reverse("cases:case-detail", args=[case.number])
    return Task(_("{who}：{what}").format(who=who, what=case.matter or case.heading), words, url, verb, face)


def waiting(user: User) -> Iterator[Task]:
    """What waits for this user besides cases; each line leads to its list or page."""
    yield from _own_tasks(user)
    yield from _terms(user)
    yield from _papers(user)
    yield from _reports(user)
    if n := len(policies.appointments_to_confirm(user)):
        url = reverse("access:appointment-list")
        yield Task(_("等你确认的任命：{n}项").format(n=n), _("确认了才生效"), url, _("去看"), icon="lock")
    if policies.holds(user, "organisations.approve"):
        asked = organisations.changes_visible_to(user).filter(state=TreeChange.State.PROPOSED)
        if n := sum(organisations.may_decide(user, change) for change in asked):
            url = f"{reverse('organisations:change-list')}?{urlencode({'state': TreeChange.State.PROPOSED})}"
            yield Task(_("等审批的组织变更：{n}项").format(n=n), _("提出的人不能自己审批"), url, _("去审"), icon="tree")
    if policies.holds(user, "evaluation.handle"):
        bad = evaluation.bad_reviews_visible_to(user).exclude(state=BadReview.State.CLOSED)
        if n := bad.count():
            url = reverse("evaluation:queue")
            yield Task(_("没办完的差评：{n}件").format(n=n), _("核实、整改、回访"), url, _("去办"), icon="star")
    if policies.holds(user, "cases.handle") and (n := due_calls(aid.visible_to(user), clock.today()).count()):
        url = f"{reverse('aid:file-list')}?call=1"
        yield Task(_("退档后该回访的：{n}户").format(n=n), _("打电话问问，记下来"), url, _("看名单"), icon="phone")
    held = notices.desk_notices(user).filter(objections__state=Objection.State.OPEN).distinct()
    if policies.holds(user, "cases.handle") and (n := held.count()):
        url = reverse("notices:desk-list")
        yield Task(_("有意见要核查的公示：{n}则").format(n=n), _("核查完才能往下办"), url, _("去看"), icon="eye")


def _own_tasks(user: User) -> Iterator[Task]:
    """What this officer is to do themselves, the first by name."""
    for post in cadres.own_posts(user):
        tasks = [task for task in officers.open_tasks(post) if task.state == "open"]
        if tasks:
            first, url = tasks[0], reverse("cadres:own-day")
            face = officers.task_face(first)
            yield Task(first.title, face.text if face else "", url, _("去办"), face)


def _papers(user: User) -> Iterator[Task]:
    """Contracts and letters of one's teams that end soon."""
    if not cadres.keeps_anywhere(user):
        return
    rows = officers.ending(cadres.visible_to(user), officers.rule("contract_remind_days"))
    if n := rows.count():
        url = f"{reverse('cadres:cadre-list')}?ending=1"
        yield Task(_("快到期的合同和聘书：{n}份").format(n=n), _("续签或者办离任"), url, _("看名单"), icon="calendar")


def _reports(user: User) -> Iterator[Task]:
    """What is owed to the union above about a congress, and what came from below and was not read yet."""
    if policies.holds(user, "organisations.edit"):
        rows = reports_due(congresses.congresses_kept_by(user))
        if report := rows.first():
            title = _("职代会情况要上报：{n}份").format(n=rows.count())
            words = _("最早的{day}前报").format(day=day_text(report.due_on))
            yield Task(title, words, _report_url(report), _("去报"), icon="ballot")
    if policies.holds(user, "organisations.edit") or policies.holds(user, "organisations.approve"):
        rows = reports_sent(congresses.congresses_overseen_by(user))
        if report := rows.first():
            title = _("下级报来的职代会情况：{n}份").format(n=rows.count())
            yield Task(title, report.congress.organisation.display_name, _report_url(report), _("去看"), icon="ballot")


def _report_url(report: Report) -> str:
    return reverse("congress:report-detail", args=[report.congress.public_id, report.public_id])


def _terms(user: User) -> Iterator[Task]:
    """Committees whose term is over: the one by name, more of them as a list."""
    if not policies.holds(user, "organisations.edit"):
        return
    late = red_terms(founding.terms_visible_to(user)).order_by("ends_on", "pk")
    first, n = late.first(), late.count()
    if first is None:
        return
    face, name = term_face(first), first.organisation.display_name
    if n == 1:
        url = reverse("founding:union-detail", args=[first.organisation.public_id])
        yield Task(_("届满没换届：{name}").format(name=name), face.text, url, _("去办"), face)
    else:
        url = f"{reverse('founding:term-list')}?red=1"
        words = _("最久的：{name}").format(name=name)
        yield Task(_("届满没换届的工会：{n}家").format(n=n), words, url, _("看名单"), face)


def numbers(user: User) -> tuple[Organisation | None, list[Number]]:
    """Members, employees who are none, cases under way: of the body of the first post."""
    posts = policies.appointments_of(user)
    if not posts or not policies.holds(user, "register.view"):
        return None, []
    body = posts[0].organisation
    members = figures_of(body, [MEMBERS])[MEMBERS]
    of_body = {"org": body.public_id}
    found = [Number(number_text(members), _("会员"), url=f"{reverse('members:member-list')}?{urlencode(of_body)}")]
    if body.employee_count:
        rest = max(body.employee_count - members, 0)
        share = f"{number_text(100 * min(members / body.employee_count, 1), 1)}%"
        url = reverse("organisations:organisation-overview", args=[body.public_id])
        found.append(Number(number_text(rest), _("没入会"), _("入会率{share}").format(share=share), url))
    open_cases = cases.queue_of(user, "subtree").open()
    url = f"{reverse('cases:queue')}?{urlencode({'heap': 'subtree'})}"
    found.append(Number(number_text(open_cases.count()), _("在办的事"), url=url))
    return body, found


# The eight most used verbs: (label, icon, url name, capability).
VERBS: tuple[tuple[str | Promise, str, str, Capability], ...] = (
    (gettext_lazy("代提求助"), "scale", "cases:intake", "cases.intake"),
    (gettext_lazy("会员"), "users", "members:member-list", "register.view"),
    (gettext_lazy("导入名册"), "upload", "imports:batch-list", "register.import"),
    (gettext_lazy("建会和选举"), "join", "founding:procedure-list", "organisations.edit"),
    (gettext_lazy("困难帮扶"), "aid", "aid:file-list", "cases.handle"),
    (gettext_lazy("公示"), "eye", "notices:desk-list", "cases.handle"),
    (gettext_lazy("看组织"), "tree", "organisations:organisation-tree", "organisations.edit"),
    (gettext_lazy("看数"), "chart", "insight:overview", "insight.view"),
)


def verbs(user: User) -> list[tuple[str, str, str]]:
    found = [(str(label), icon, reverse(name)) for label, icon, name, needed in VERBS if policies.holds(user, needed)]
    if cadres.own_posts(user).exists():
        found.insert(0, (_("记工作日志"), "edit", reverse("cadres:log-new")))
    return found[:MOST]
