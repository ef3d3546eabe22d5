"""Founding, renaming, moving and closing bodies. One verb, one transaction, one entry in the journal."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.identity import check_uscc
from yiwang.kernel.ltree import is_within
from yiwang.kernel.states import move
from yiwang.platform.counters.actions import add
from yiwang.platform.counters.actions import move_subtree as move_figures
from yiwang.platform.jobs.actions import advance, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.text.actions import drop, index_many, move_scope
from yiwang.platform.text.library import Entry, pinyin_keys
from yiwang.register.accounts.models import User
from yiwang.register.organisations import counting, finding
from yiwang.register.organisations.errors import (
    BadDay,
    BadName,
    IsGone,
    MovesIntoItself,
    NameTaken,
    NotAllowedThere,
    StillHasBodies,
    StillHasMembers,
)
from yiwang.register.organisations.events import (
    LineLinked,
    OrganisationChanged,
    OrganisationClosed,
    OrganisationCreated,
    OrganisationMoved,
    OrganisationRenamed,
)
from yiwang.register.organisations.formulas import full_division, normal_name, organisation_code
from yiwang.register.organisations.kinds import Kind, kind_rules, level_under
from yiwang.register.organisations.models import (
    Organisation,
    OrganisationLink,
    OrganisationSpan,
)
from yiwang.register.organisations.queries import entries_under, span_open

WORDS = "organisations.words"
AT_ONCE = 1000  # bodies whose search words are written anew while somebody waits
TREE_LOCK = 7_979_761  # the same number as in the guard of migration 0002

# Public facts of a body that its own officers keep (GT 1.9: contact data); the rest changes by its own verb.
EDITABLE = (
    "short_name", "phone", "contact", "hours", "email", "address", "postcode", "longitude", "latitude", "stat_code",
    "uscc", "employee_count", "female_employee_count", "migrant_count", "dispatch_count", "counted_on", "has_staff",
    "has_money", "has_place", "member_scope", "division_code",
)  # fmt: skip


@transaction.atomic
def create_organisation(
    *,
    name: str,
    kind: str,
    parent: Organisation | None,
    by: User | None,
    level: int | None = None,
    division_code: str = "",
    valid_from: dt.date | None = None,
    state: str = Organisation.State.ACTIVE,
    source: str = Organisation.Source.WEB,
    **details: Any,
) -> Organisation:
    """Put a new body under its leading parent. Code and path are given here and follow from nothing typed."""
    name = _clean_name(name)
    hold_tree(exclusive=False)
    if parent is not None:
        parent.refresh_from_db(fields=["path", "level", "state", "kind", "division_code", "name"])
    level = _allowed_level(kind, parent, level)
    _refuse_taken(name, parent)

    number, serial = new_numbers(1)[0]
    division = full_division(division_code or (parent.division_code if parent else ""))
    full, initials = pinyin_keys(name)
    organisation = Organisation.objects.create(
        id=number,
        code=organisation_code(division, kind, serial),
        name=name,
        pinyin_full=full,
        pinyin_initials=initials,
        kind=kind,
        level=level,
        parent=parent,
        path=f"{parent.path}.n{number}" if parent else f"n{number}",
        division_code=division,
        state=state,
        valid_from=valid_from or today(),
        source=source,
        **details,
    )
    span_open(organisation, organisation.valid_from).save()
    _reindex([organisation])
    if state == Organisation.State.ACTIVE:
        count_body(organisation, 1, organisation.valid_from)
    record(
        OrganisationCreated(
            organisation_id=organisation.pk, title=name, kind=kind, parent_id=parent.pk if parent else None
        ),
        by=by,
    )
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, *, by: User | None, **changes: Any) -> list[str]:
    """Keep contact data and coverage up to date; returns the names of the fields that really changed."""
    _refuse_gone(organisation)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable here: {', '.join(sorted(unknown))}")
    if changes.get("uscc"):
        changes["uscc"] = check_uscc(changes["uscc"]).code

    changed = {field: value for field, value in changes.items() if getattr(organisation, field) != value}
    if not changed:
        return []
    was = {field: [str(getattr(organisation, field) or ""), str(value or "")] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(organisation, field, value)
    organisation.save(update_fields=[*changed, "updated_at"])
    if {"short_name", "division_code"} & set(changed):
        _reindex([organisation])
    record(OrganisationChanged(organisation_id=organisation.pk, changes=was), by=by)
    return list(changed)


@transaction.atomic
def rename_organisation(
    organisation: Organisation, name: str, *, by: User | None, on: dt.date | None = None, document_number: str = ""
) -> None:
    """A new name from a day on; the old one stays in the history of the body."""
    _refuse_gone(organisation)
    day = on or today()
    was, name = organisation.name, _clean_name(name)
    if name == was:
        return
    _refuse_taken(name, organisation.parent, besides=organisation.pk)

    organisation.name = name
    organisation.pinyin_full, organisation.pinyin_initials = pinyin_keys(name)
    organisation.save(update_fields=["name", "pinyin_full", "pinyin_initials", "updated_at"])
    _turn_page(organisation, day, document_number)
    _reindex_under(organisation, Organisation.objects.live().under(organisation.path).count(), by=by)
    record(
        OrganisationRenamed(
            organisation_id=organisation.pk, was=was, title=name, on=day.isoformat(), document_number=document_number
        ),
        by=by,
    )


@transaction.atomic
def move_subtree(
    organisation: Organisation,
    parent: Organisation,
    *,
    by: User | None,
    on: dt.date | None = None,
    document_number: str = "",
) -> int:
    """Hang a body and all below it under another leading parent, in one statement. Returns how many bodies moved.

    Figures of all days go with it; its members, cases and appointments follow because they hang on the body.
    """
    hold_tree(exclusive=True)
    organisation.refresh_from_db()
    parent.refresh_from_db()
    _refuse_gone(organisation)
    _refuse_gone(parent)
    if is_within(parent.path, organisation.path):
        raise MovesIntoItself(organisation)
    level = _allowed_level(organisation.kind, parent, organisation.level)
    _refuse_taken(organisation.name, parent, besides=organisation.pk)
    day = on or today()
    old, was = organisation.path, organisation.parent_id
    if was == parent.pk:
        return 0

    new = f"{parent.path}.{organisation.label}"
    with connection.cursor() as cursor:
        # Index: organisation_path_gist. The guard of migration 0002 proves paths, levels and kinds of all moved rows.
        cursor.execute(_MOVE, {"old": old, "new": new, "id": organisation.pk, "parent": parent.pk, "level": level})
        moved = int(cursor.rowcount)
    organisation.refresh_from_db()
    _turn_page(organisation, day, document_number)
    move_figures(old, new)
    move_scope(old, new)
    _reindex_under(organisation, moved, by=by)
    record(
        OrganisationMoved(
            organisation_id=organisation.pk,
            from_parent_id=was,
            to_parent_id=parent.pk,
            bodies=moved,
            on=day.isoformat(),
            document_number=document_number,
        ),
        by=by,
    )
    return moved


_MOVE = """
    UPDATE organisations_organisation SET
        path = CASE WHEN id = %(id)s THEN %(new)s::ltree
            ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END,
        parent_id = CASE WHEN id = %(id)s THEN %(parent)s ELSE parent_id END,
        level = CASE WHEN id = %(id)s THEN %(level)s ELSE level END,
        updated_at = now()
    WHERE path <@ %(old)s::ltree
"""


@transaction.atomic
def close_organisation(
    organisation: Organisation, *, by: User | None, on: dt.date | None = None, document_number: str = ""
) -> None:
    """Abolish a body that has no bodies below it any more. What hangs on it learns of it by the reaction table."""
    hold_tree(exclusive=False)
    below = Organisation.objects.under(organisation.path).live().exclude(pk=organisation.pk).count()
    if below:
        raise StillHasBodies(organisation, below)
    staying = members_staying(organisation)
    if staying:
        raise StillHasMembers(organisation, staying)
    day = on or today()
    end_history(organisation, day)

    if organisation.state == Organisation.State.ACTIVE:
        move(organisation, Organisation.State.DISSOLVING)
    move(organisation, Organisation.State.DISSOLVED, valid_to=day)
    drop(finding.KIND, [organisation.public_id])
    count_body(organisation, -1, day)
    record(
        OrganisationClosed(organisation_id=organisation.pk, on=day.isoformat(), document_number=document_number), by=by
    )


@transaction.atomic
def link_line(
    organisation: Organisation, leader: Organisation, kind: str, *, by: User | None, on: dt.date | None = None
) -> OrganisationLink:
    """Draw a further line above a body: an industrial union leads or guides it beside its leading parent."""
    _refuse_gone(organisation)
    link = OrganisationLink(organisation=organisation, leader=leader, kind=kind, valid_from=on or today())
    link.full_clean()
    link.save()
    record(LineLinked(organisation_id=organisation.pk, leader_id=leader.pk, kind=kind), by=by)
    return link


def hold_tree(*, exclusive: bool) -> None:
    """Bodies are founded side by side; while a subtree moves, nobody founds and nobody else moves."""
    function = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [TREE_LOCK])


def new_numbers(count: int) -> list[tuple[int, int]]:
    """(id, serial of the code) for so many new bodies, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id')),"
            " nextval('organisations_serial') FROM generate_series(1, %s)",
            [count],
        )
        return [(int(number), int(serial)) for number, serial in cursor.fetchall()]


def _clean_name(text: str) -> str:
    name = normal_name(text).name
    if not 2 <= len(name) <= 120:
        raise BadName(_("工会名称要写2到120个字，你填了{count}个。").format(count=len(name)))
    return name


def _allowed_level(kind: str, parent: Organisation | None, level: int | None) -> int:
    """The level at which this kind stands under that parent: the wished one where it fits."""
    rule = kind_rules()[kind]
    above = parent.level if parent else None
    stands = rule.may_be_root if parent is None else parent.kind in rule.parents
    lowest = level_under(kind, above)
    if not stands or lowest is None:
        above_it = str(Kind(parent.kind).label) if parent else None
        raise NotAllowedThere(kind=str(Kind(kind).label), parent_kind=above_it)
    return level if level is not None and level in rule.levels and level >= lowest else lowest


def _refuse_gone(organisation: Organisation) -> None:
    if organisation.is_gone:
        raise IsGone(organisation)


def _refuse_taken(name: str, parent: Organisation | None, *, besides: int | None = None) -> None:
    same = Organisation.objects.live().filter(parent=parent, name=name).values_list("pk", flat=True)
    if any(pk != besides for pk in same):
        raise NameTaken(name, parent)


def _current_span(organisation: Organisation) -> OrganisationSpan:
    return OrganisationSpan.objects.get(organisation=organisation, days__upper_inf=True)


def end_history(organisation: Organisation, day: dt.date) -> None:
    """The last page of a body's history ends on this day."""
    span = _current_span(organisation)
    if day <= span.days.lower:
        raise BadDay(_too_early(span))
    span.days = (span.days.lower, day)
    span.save(update_fields=["days"])


def members_staying(organisation: Organisation) -> int:
    """People who would lose their union with the body; counted by the app that ``MEMBERS_STAYING`` names."""
    return int(import_string(settings.MEMBERS_STAYING)(organisation))


def refuse_wrong_place(kind: str, parent: Organisation | None, name: str) -> None:
    """Say at once whether a body of this kind and name may stand under that parent."""
    _allowed_level(kind, parent, None)
    _refuse_taken(_clean_name(name), parent)


def _too_early(span: OrganisationSpan) -> str:
    text = _("日期要晚于{day}：那一天才开始用现在的名称和上级。")
    return text.format(day=span.days.lower.isoformat())


def _turn_page(organisation: Organisation, day: dt.date, document_number: str) -> None:
    """Close the running page of the history and open the next; two changes on one day share a page."""
    span = _current_span(organisation)
    if day > today() or day < span.days.lower:
        raise BadDay(_("日期不能晚于今天，也不能早于{day}。").format(day=span.days.lower.isoformat()))
    fresh = span_open(organisation, day)
    fresh.document_number = document_number
    if day == span.days.lower:
        fresh.pk = span.pk
        fresh.save()
        return
    span.days = (span.days.lower, day)
    span.save(update_fields=["days"])
    fresh.save()


def count_body(organisation: Organisation, amount: int, day: dt.date) -> None:
    add(counting.BODIES, path=organisation.path, amount=amount, day=day)
    if organisation.is_grassroots:
        add(counting.GRASSROOTS, path=organisation.path, amount=amount, day=day)


def _reindex(organisations: Sequence[Organisation]) -> None:
    entries: list[Entry] = [found for body in organisations for found in entries_under(body.path, only_self=True)]
    index_many(entries)


def _reindex_under(organisation: Organisation, bodies: int, *, by: User | None) -> None:
    """Names of places above a body are among its search words, so all below are written anew: of a whole county by a
    job. Who may find them is right at once (``move_scope``); by the name of the new place they are found a little
    later."""
    if bodies <= AT_ONCE:
        index_many(entries_under(organisation.path))
        return
    _reindex([organisation])
    title = _("更新搜索词：{name}").format(name=organisation.name)
    start_job(WORDS, {"organisation": organisation.pk}, by=by, title=title, total=bodies)


def index_words(run: JobRun) -> None:
    """The work of the job ``organisations.words``; repeated, it changes nothing."""
    body = Organisation.objects.filter(pk=run.params["organisation"]).first()
    if body is None or body.is_gone or run.cursor is not None:
        return
    with transaction.atomic():
        entries = list(entries_under(body.path))
        index_many(entries)
        advance(run, done=len(entries), cursor=len(entries))
