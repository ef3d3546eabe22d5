"""What stands around every page: five tabs on a phone, groups at a desk, and who is looking."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf
from django.urls import reverse as _reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yiwang.net.cases import policies as case_policies
from yiwang.net.cases import queries as cases
from yiwang.platform.notify import queries as notify
from yiwang.platform.ui.navigation import Group, Link, Navigation
from yiwang.portal import queries
from yiwang.register.access import policies
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User

Item = TypeVar("Item", Link, Group)

# (group, label, icon, url name, one of these capabilities opens it); the order is the order of the day's work.
_DESK: tuple[tuple[str, str | Promise, str, str, tuple[Capability, ...]], ...] = (
    ("", gettext_lazy("今天"), "gauge", "portal:today", ("cases.view",)),
    ("", gettext_lazy("待办"), "tray", "cases:queue", ("cases.view",)),
    ("", gettext_lazy("登记来电来访"), "phone", "cases:intake", ("cases.intake",)),
    ("", gettext_lazy("评价与整改"), "star", "evaluation:queue", ("evaluation.handle",)),
    ("", gettext_lazy("复核"), "return", "cases:review-list", ("cases.supervise",)),
    ("", gettext_lazy("困难帮扶"), "aid", "aid:file-list", ("cases.handle", "aid.audit")),
    ("", gettext_lazy("职代会"), "ballot", "congress:congress-list", ("organisations.edit", "organisations.approve")),
    ("", gettext_lazy("公示"), "eye", "notices:desk-list", ("cases.handle",)),
    ("", gettext_lazy("发放"), "yuan", "payments:batch-list", ("payments.view",)),
    (
        "register",
        pgettext_lazy("menu", "组织"),
        "tree",
        "organisations:organisation-tree",
        ("organisations.edit", "cases.supervise"),
    ),
    (
        "register",
        gettext_lazy("建会和选举"),
        "join",
        "founding:procedure-list",
        ("organisations.edit", "organisations.approve"),
    ),
    (
        "register",
        gettext_lazy("工会干部"),
        "work",
        "cadres:cadre-list",
        ("organisations.edit", "organisations.approve"),
    ),
    (
        "register",
        gettext_lazy("基层做法"),
        "layers",
        "practices:practice-list",
        ("organisations.edit", "organisations.approve"),
    ),
    ("register", gettext_lazy("入会和转接"), "transfer", "joining:request-list", ("register.view",)),
    ("register", gettext_lazy("会员"), "users", "members:member-list", ("register.view",)),
    ("register", gettext_lazy("导入名册"), "upload", "imports:batch-list", ("register.import",)),
    ("register", gettext_lazy("任职与权限"), "lock", "access:appointment-list", ("access.appoint",)),
    ("register", gettext_lazy("离任移交"), "transfer", "cases:hand-over", ("cases.supervise",)),
    ("look", gettext_lazy("看数"), "chart", "insight:overview", ("insight.view",)),
    ("look", gettext_lazy("事项与指南"), "services", "catalogue:editor-list", ("catalogue.edit", "catalogue.publish")),
    ("look", gettext_lazy("规则里的数"), "scale", "portal:parameter-list", ("rules.edit",)),
    ("look", gettext_lazy("常用说法"), "message", "portal:word-list", ("rules.edit",)),
    ("look", gettext_lazy("操作留痕"), "history", "portal:journal", ("journal.view",)),
    ("look", gettext_lazy("系统状态"), "gauge", "portal:system", ("system.operate",)),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor. Lazy: a piece for htmx that shows no frame costs no query."""
    return {"navigation": SimpleLazyObject(lambda: _navigation(request))}


def _navigation(request: HttpRequest) -> Navigation:
    user = getattr(request, "user", None)
    user = user if isinstance(user, User) else None
    path = request.path
    if user is None:
        return Navigation(
            tabs=_tabs(path, todo=0),
            search_url=reverse("portal:search"),
            demo=settings.DEMO,
            help_url=reverse("portal:help"),
        )
    person = queries.place_of(user)
    staff = policies.is_staff(user)
    return Navigation(
        tabs=_later(lambda: _tabs(path, todo=cases.needs_you_count(user))),
        groups=_later(lambda: _groups(user, path)) if staff else (),
        search_url=reverse("cases:search") if staff and path.startswith("/work/") else reverse("portal:search"),
        messages_url=reverse("notify:message-list"),
        unread=notify.unread_count(user),
        person=user.name,
        role=person.role,
        organisation=person.organisation,
        person_links=_person_links(staff),
        city=person.city,
        city_url=reverse("portal:nearby"),
        help_url=reverse("portal:help"),
        keys_url=reverse("portal:keys") if staff else "",
        demo=settings.DEMO,
    )


def _later(make: Callable[[], tuple[Item, ...]]) -> tuple[Item, ...]:
    """Worked out by the frame that shows it: a desk page has no tabs below it, a phone page no menu beside it."""
    return cast(tuple[Item, ...], SimpleLazyObject(make))


def _tabs(path: str, *, todo: int) -> tuple[Link, ...]:
    def tab(label: str, icon: str, name: str, *also: str, count: int | None = None) -> Link:
        url = reverse(name)
        current = path == url if url == "/" else path.startswith((url, *also))
        return Link(label=label, url=url, icon=icon, current=current, count=count)

    return (
        tab(_("首页"), "home", "portal:home"),
        tab(_("办事"), "services", "catalogue:service-list", "/apply/"),
        tab(_("附近"), "pin", "portal:nearby", "/organisations/"),
        tab(_("我的事"), "tray", "cases:matter-list", count=todo or None),
        tab(_("我的"), "user", "portal:profile", "/accounts/", "/messages/"),
    )


@cache
def _address(name: str, urlconf: str | None, prefix: str) -> str:
    """The address of a page without arguments: forty of them stand around every page, and none ever changes."""
    return _reverse(name, urlconf=urlconf)


def reverse(name: str) -> str:
    return _address(name, get_urlconf(), get_script_prefix())


def first_entry(user: User) -> str | None:
    """The address of the first menu entry that is open to somebody: whoever has a menu has somewhere to begin."""
    for _group, _label, _icon, name, needed in _DESK:
        if any(policies.holds(user, capability) for capability in needed):
            return reverse(name)
    return None


def _groups(user: User, path: str) -> tuple[Group, ...]:
    titles = {"": "", "register": _("组织与会员"), "look": _("看数与规则")}
    groups: dict[str, list[Link]] = {}
    for group, label, icon, name, needed in _DESK:
        if not any(policies.holds(user, capability) for capability in needed):
            continue
        url = reverse(name)
        here = path == url or (path.startswith(url) and url != reverse("cases:queue"))
        if name == "cases:queue":
            here = path == url or path.startswith("/work/cases/")
        count = case_policies.on_desk(user) or None if name == "cases:queue" else None
        groups.setdefault(group, []).append(Link(label=str(label), url=url, icon=icon, current=here, count=count))
    return tuple(Group(title=titles[key], links=tuple(links)) for key, links in groups.items())


def _person_links(staff: bool) -> tuple[Link, ...]:
    links = [Link(label=_("我的资料"), url=reverse("portal:profile"), icon="user")]
    if staff:
        links.insert(0, Link(label=_("工作台"), url=reverse("portal:work"), icon="tray"))
    links.append(Link(label=_("退出登录"), url=reverse("account_logout"), icon="logout"))
    return tuple(links)
