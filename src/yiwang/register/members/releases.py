"""The list behind a release: which rows, which columns, which of them in full."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yiwang.platform.ui.spreadsheets import Record
from yiwang.platform.ui.tables.opening import open_table
from yiwang.platform.ui.tables.table import Table
from yiwang.register.access.policies import can
from yiwang.register.members.errors import ReleaseNotYours
from yiwang.register.members.models import Membership, Release
from yiwang.register.members.policies import memberships_visible_to, persons
from yiwang.register.members.queries import in_organisation
from yiwang.register.members.tables import MemberTable
from yiwang.register.organisations.models import Organisation

CHUNK = 2_000


@dataclass
class Gathered:
    """The rows of one release as they will stand in the file, and whose they are."""

    labels: list[str]
    rows: Iterator[Record]
    person_ids: list[int]


def asked_table(request: HttpRequest, place: Organisation) -> Table:
    """The list of members with the filters of this address, of this body and below."""
    rows = in_organisation(persons(memberships_visible_to(request.user)), place)
    return MemberTable(request, rows)


def told_filters(table: Table) -> str:
    """The filters in words, for who decides."""
    words = [f"{chip.filter.label}：{chip.text}" for chip in table.chips if chip.value]
    words += [f"{search.label}：{value}" for search, value in table.searches if value]
    return "；".join(words)


def gather(release: Release) -> Gathered:
    """The list as its asker sees it now, and only where they still may see full numbers."""
    asker, place = release.asked_by, release.place
    if not (asker.is_active and can(asker, "register.reveal", place)):
        raise ReleaseNotYours(place.name)
    keys = list(dict.fromkeys(["name", *release.columns, *release.fields]))
    table = open_table(release.address, user=asker, columns=keys)
    table.all_rows = table.all_rows.filter(Q(organisation__path__descendant=str(place.path)))
    found = list(_all_rows(table))
    # In the order of the list, those that were not shown last.
    shown = [column for column in table.columns if column.key in keys]
    mark = _("导出编号")
    labels = [*(str(column.label) for column in shown), mark]

    def records() -> Iterator[Record]:
        for row in found:
            cells = [full(row, column.key) if column.key in release.fields else column.plain(row) for column in shown]
            yield dict(zip(labels, [*cells, release.public_id], strict=True))

    return Gathered(labels, records(), sorted({row.person_id for row in found}))


def _all_rows(table: Table) -> Iterator[Membership]:
    place = None
    while found := table.rows_after(place, CHUNK):
        yield from found
        place = table.place_of(found[-1])


def full(row: Membership, key: str) -> str:
    """The number itself, as text."""
    return row.person.id_number if key == Release.Field.ID_NUMBER else row.person.phone or ""
