"""What the editor's pages show beside the inputs: the list, states, problems, the outline of the form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.net.catalogue.actions import found_problems
from yiwang.net.catalogue.definitions import Json
from yiwang.net.catalogue.forms.rows import KIND_NAMES
from yiwang.net.catalogue.forms.sheet import part_at
from yiwang.net.catalogue.models import Service, ServiceVersion
from yiwang.net.catalogue.problem import Problem
from yiwang.platform.forms.library import FormDefinition
from yiwang.platform.ui.parts import Badge

State = ServiceVersion.State

FILTERS: list[tuple[str, str | Promise]] = [
    ("", gettext_lazy("全部")),
    ("waiting", gettext_lazy("等发布")),
    ("open", gettext_lazy("在写")),
    ("local", gettext_lazy("本地事项")),
    ("federation", gettext_lazy("全省事项")),
]


@dataclass(frozen=True)
class ListRow:
    """One service in the editor's list: what is in force, and what is being written."""

    service: Service
    name: str
    owner: str
    in_force: ServiceVersion | None
    open: ServiceVersion | None
    badges: list[Badge]

    @property
    def shown(self) -> ServiceVersion:
        """Where the row leads: to the version being written, else to the one in force, else to the last."""
        return self.open or self.in_force or self.service.listed[0]  # type: ignore[attr-defined]  # prefetched


def listed(services: Iterable[Service], chosen: str) -> list[ListRow]:
    rows = [_row(service) for service in services if service.listed]  # type: ignore[attr-defined]  # prefetched
    return [row for row in rows if _matches(row, chosen)]


def _row(service: Service) -> ListRow:
    versions: list[ServiceVersion] = service.listed  # type: ignore[attr-defined]  # prefetched by versions_of
    in_force = next((item for item in versions if item.state in (State.PUBLISHED, State.SUSPENDED)), None)
    being_written = next((item for item in versions if item.state in (State.DRAFT, State.REVIEWED)), None)
    shown = being_written or in_force or versions[0]
    return ListRow(
        service=service,
        name=shown.name or _("还没起名字"),
        owner=service.owner.name if service.owner else _("全省"),
        in_force=in_force,
        open=being_written,
        badges=[state_badge(item) for item in (in_force, being_written) if item] or [state_badge(versions[0])],
    )


def _matches(row: ListRow, chosen: str) -> bool:
    if chosen == "waiting":
        return row.open is not None and row.open.submitted_at is not None
    if chosen == "open":
        return row.open is not None and row.open.submitted_at is None
    if chosen == "local":
        return row.service.is_local
    if chosen == "federation":
        return not row.service.is_local
    return True


def state_badge(version: ServiceVersion) -> Badge:
    if version.state == State.DRAFT and version.submitted_at is not None:
        return Badge(_("等发布"), "warn", "clock")
    looks: dict[str, tuple[Any, str]] = {
        State.DRAFT: ("neutral", "edit"),
        State.REVIEWED: ("info", "file-check"),
        State.PUBLISHED: ("ok", "check"),
        State.SUSPENDED: ("wait", "pause"),
        State.RETIRED: ("line", "x"),
    }
    tone, icon = looks[version.state]
    return Badge(str(State(version.state).label), tone, icon)


def problems_by_section(version: ServiceVersion) -> dict[str, list[Problem]]:
    """Only drafts have problems: what is published passed them."""
    if version.state != State.DRAFT:
        return {}
    found: dict[str, list[Problem]] = {}
    for problem in found_problems(version):
        found.setdefault(problem.section, []).append(problem)
    return found


def place_after(op: str, definition: Json) -> tuple[str, int]:
    """Which row the page should show after a row operation."""
    verb, _sign, rest = op.partition(":")
    name, _sign, text = rest.partition(":")
    rows = part_at(definition, name) or []
    place = int(text) if text.isdigit() else len(rows) - 1
    moved = {"up": place - 1, "down": place + 1}.get(verb, place)
    return name, max(0, min(moved, len(rows) - 1))


def form_outline(version: ServiceVersion) -> list[tuple[str, list[tuple[str, str | Promise, bool]]]]:
    """The form as a list for the preview: per page its questions, how they are answered, whether they may stay open."""
    steps = FormDefinition.from_json(version.content.form).steps
    return [
        (
            str(step.title),
            [(str(part.label), KIND_NAMES.get(part.kind, part.kind), part.optional) for part in step.fields],
        )
        for step in steps
    ]


def done_text(verb: str, name: str) -> str:
    texts = {
        "submit": _("“{name}”已送审，等另一位同事发布。"),
        "return": _("“{name}”已退回，写的人会看到原因。"),
        "publish": _("“{name}”已发布，现在就能申请。"),
        "suspend": _("“{name}”暂停了，在办的照常办完。"),
        "resume": _("“{name}”恢复办理。"),
        "retire": _("“{name}”停用了，在办的照常办完。"),
        "discard": _("“{name}”的草稿不要了。"),
        "draft": _("“{name}”开了新的一版，在用的那版不受影响。"),
    }
    return texts[verb].format(name=name)
