"""The only writers of the search table and of the everyday words."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from yiwang.kernel.clock import now
from yiwang.kernel.ltree import labels_of
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.text.errors import LeadsNowhere, NeedsAnotherPublisher, WordWaits
from yiwang.platform.text.events import AliasDeclined, AliasProposed, AliasSaved
from yiwang.platform.text.library import Entry, fold
from yiwang.platform.text.models import Alias, AliasProposal, SearchEntry, SearchPlace

_COLUMNS = (
    "kind", "object_id", "title", "detail", "plain", "head", "vector", "pinyin", "weight", "scope", "is_public"
)  # fmt: skip
_LIST = ", ".join(_COLUMNS)
_UPSERT = f"""
    INSERT INTO text_searchentry ({_LIST}) SELECT {_LIST} FROM text_incoming
    ON CONFLICT (kind, object_id) DO UPDATE SET
        ({", ".join(_COLUMNS[2:])}) = ({", ".join(f"excluded.{name}" for name in _COLUMNS[2:])})
    WHERE ({", ".join(f"text_searchentry.{name}" for name in _COLUMNS[2:])})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS[2:])})
"""  # noqa: S608 -- names of our own columns


def _values(entry: Entry) -> dict[str, object]:
    return {
        "title": entry.title[:200],
        "detail": entry.detail[:300],
        "plain": entry.plain,
        "head": entry.head,
        "vector": entry.vector,
        "pinyin": entry.pinyin,
        "weight": entry.weight,
        "scope": labels_of(entry.scope_path)[-1] if entry.scope_path else None,
        "is_public": entry.public,
    }


def index(
    kind: str,
    object_id: str | int,
    title: str,
    *,
    body: str = "",
    detail: str = "",
    scope_path: str | None = None,
    public: bool = False,
    weight: int = 0,
    readings: tuple[tuple[str, str], ...] = (),
) -> None:
    """Make one record findable, or found by its new words. Safe to repeat."""
    entry = Entry(
        kind=kind,
        object_id=str(object_id),
        title=title,
        body=body,
        detail=detail,
        scope_path=scope_path,
        public=public,
        weight=weight,
        readings=readings,
    )
    SearchEntry.objects.update_or_create(kind=kind, object_id=entry.object_id, defaults=_values(entry))
    _note_places({scope_path} if scope_path else set())


@transaction.atomic
def index_many(entries: Iterable[Entry]) -> int:
    """The same for thousands, by COPY; unchanged rows are left alone. Returns how many rows were written."""
    ready, places = [], set()
    for entry in entries:  # may query, COPY may not
        ready.append((entry.kind, entry.object_id, *_values(entry).values()))
        if entry.scope_path:
            places.add(entry.scope_path)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE text_incoming ON COMMIT DROP AS SELECT {_LIST} FROM text_searchentry LIMIT 0"  # noqa: S608 -- names of our own columns
        )
        with cursor.copy(f"COPY text_incoming ({_LIST}) FROM STDIN") as rows:
            for row in ready:
                rows.write_row(row)
        cursor.execute(_UPSERT)
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE text_incoming")
    _note_places(places)
    return written


# Nearly always they are known already: then nothing is written, and nobody waits.
_PLACES = """
    INSERT INTO text_searchplace (label, path)
    SELECT subpath(said.path, -1)::text, said.path FROM unnest(%s::ltree[]) said (path)
    WHERE NOT EXISTS (
        SELECT FROM text_searchplace p WHERE p.label = subpath(said.path, -1)::text AND p.path = said.path
    )
    ORDER BY 1 ON CONFLICT (label) DO UPDATE SET path = excluded.path
"""


def _note_places(paths: Collection[str]) -> None:
    checked = SearchPlace._meta.get_field("path").get_prep_value
    if paths:
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [[checked(path) for path in sorted(paths)]])


def drop(kind: str, object_ids: Sequence[str]) -> None:
    """Make records unfindable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM text_searchentry WHERE kind = %s AND object_id = ANY (%s)", [kind, list(object_ids)]
        )


def move_scope(old: str, new: str) -> None:
    """A subtree moved from path ``old`` to path ``new``: what belongs to it is found by its new officers."""
    with connection.cursor() as cursor:
        # All places are read: 140,000 take some 20 ms, and no index has to follow the move.
        cursor.execute(
            "UPDATE text_searchplace SET path = CASE WHEN path = %(old)s::ltree THEN %(new)s::ltree"
            " ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END"
            " WHERE path <@ %(old)s::ltree",
            {"old": old, "new": new},
        )


@transaction.atomic
def save_alias(
    word: str, *, codes: Sequence[str] = (), terms: Sequence[str] = (), is_active: bool = True, by: AbstractBaseUser
) -> Alias:
    """Say what an everyday word leads to; an inactive row also silences the packaged word of that spelling."""
    values = {"codes": " ".join(codes), "terms": " ".join(terms), "is_active": is_active}
    alias, _ = Alias.objects.update_or_create(word=fold(word), defaults=values)
    record(
        AliasSaved(alias_id=alias.pk, word=alias.word, codes=alias.codes, terms=alias.terms, is_active=is_active), by=by
    )
    return alias


def propose_alias(
    word: str, *, codes: Sequence[str], terms: Sequence[str], is_active: bool, reason: str, by: AbstractBaseUser
) -> AliasProposal:
    """Say what an everyday word should lead to (or that it should lead nowhere any more)."""
    if not codes and not terms:
        raise LeadsNowhere
    try:
        with transaction.atomic():
            proposal = AliasProposal.objects.create(
                word=fold(word),
                codes=" ".join(codes),
                terms=" ".join(terms),
                is_active=is_active,
                reason=reason,
                proposed_by_id=by.pk,
                proposed_by_name=str(by),
            )
            record(AliasProposed(**_facts(proposal)), by=by, purpose=reason)
    except IntegrityError as clash:
        raise WordWaits from clash
    return proposal


@transaction.atomic
def publish_alias(proposal: AliasProposal, *, by: AbstractBaseUser) -> Alias:
    """The second person: from now on search understands it so."""
    if proposal.proposed_by_id == by.pk:
        raise NeedsAnotherPublisher

    state = AliasProposal.State.PUBLISHED
    move(proposal, state, decided_by_id=by.pk, decided_by_name=str(by), decided_at=now())
    return save_alias(
        proposal.word,
        codes=proposal.codes.split(),
        terms=proposal.terms.split(),
        is_active=proposal.is_active,
        by=by,
    )


@transaction.atomic
def decline_alias(proposal: AliasProposal, *, by: AbstractBaseUser) -> None:
    """Not taken over; whoever proposed it may take it back the same way."""
    other = None if by.pk == proposal.proposed_by_id else by.pk
    move(proposal, AliasProposal.State.DECLINED, decided_by_id=other, decided_by_name=str(by), decided_at=now())
    record(AliasDeclined(**_facts(proposal)), by=by)


def _facts(proposal: AliasProposal) -> dict[str, Any]:
    return {
        "alias_proposal_id": proposal.pk,
        "word": proposal.word,
        "codes": proposal.codes,
        "terms": proposal.terms,
        "is_active": proposal.is_active,
    }
