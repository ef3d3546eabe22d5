"""Finding records by Chinese words, pinyin and everyday language.

Bigrams find candidates by the GIN index, a comparison of the text itself confirms them (performance.md 8).
Candidates are fetched first and sorted afterwards: an ORDER BY beside the text query would let the planner walk
another index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yiwang.platform.text.aliases import Word, codes_of, matching, packaged_words, sound_of
from yiwang.platform.text.library import all_of, any_of, cut, fold, is_han, pinyin_query, rare_pairs, runs
from yiwang.platform.text.models import Alias, AliasProposal

CANDIDATES = 600  # as many as are ranked; beyond that the question is too broad for rank to mean anything
TERMS = 6
PAIRS = 16
SOUND_LIMIT = 40  # letters; whole sentences are no names that somebody spelled by ear
SERVICE = "service"  # the kind of record that everyday words lead to


@dataclass(frozen=True)
class Hit:
    """One record found. ``place`` is how well it fits: 0 by an everyday word, 1 the very title … 6 related only."""

    kind: str
    object_id: str
    title: str
    detail: str
    place: int


@dataclass(frozen=True)
class Expansion:
    """What an everyday question leads to: service codes, best first, and proper terms."""

    codes: tuple[str, ...]
    terms: tuple[str, ...]


def expand(text: str) -> Expansion:
    """One query: the words of the editors; those of the packaged file are in memory."""
    question = cut(text)
    if not question:
        return Expansion((), ())
    own = {row.word: row for row in Alias.objects.all()}
    words = [word for word in packaged_words() if word.word not in own]
    words += [
        Word(row.word, tuple(row.codes.split()), tuple(row.terms.split())) for row in own.values() if row.is_active
    ]
    meant = matching(question, words)
    return Expansion(tuple(codes_of(meant)), tuple(dict.fromkeys(term for word in meant for term in word.terms)))


def search(text: str, *, kinds: Sequence[str] = (), scope: Sequence[str] | None = None, limit: int = 20) -> list[Hit]:
    """What ``text`` may mean, best first: public records, and with ``scope`` also those within these paths.

    ``kinds`` restricts to some kinds of records. At most three queries, whatever is typed.
    """
    question = cut(text)
    if not runs(question):
        return []
    meaning = expand(question)
    found = _exact(question, meaning, _Seen(kinds, scope), limit)
    return found or _related(question, _Seen(kinds, scope), limit)


class _Seen:
    """The part of a condition that says which records this reader may find."""

    def __init__(self, kinds: Sequence[str], scope: Sequence[str] | None) -> None:
        self.params: dict[str, Any] = {}
        parts = []
        if kinds:
            parts.append("kind = ANY (%(kinds)s)")
            self.params["kinds"] = list(kinds)
        if scope:
            parts.append(
                "(is_public OR EXISTS (SELECT FROM text_searchplace p"
                " WHERE p.label = text_searchentry.scope AND p.path <@ %(scope)s::ltree[]))"
            )
            self.params["scope"] = list(scope)
        else:
            parts.append("is_public")
        self.sql = " AND ".join(parts)


def _exact(question: str, meaning: Expansion, seen: _Seen, limit: int) -> list[Hit]:
    params: dict[str, Any] = {
        **seen.params,
        "question": question,
        "begins": f"{_escaped(question)}%",
        "contains": f"%{_escaped(question)}%",
        "codes": list(meaning.codes),
        "limit": limit,
        "candidates": CANDIDATES,
    }
    words, named = _words([question.split(" ")[:TERMS], *([fold(term)] for term in meaning.terms)])
    sources = ["head LIKE %(begins)s", words, f"kind = '{SERVICE}' AND object_id = ANY (%(codes)s)"]
    params |= named
    if letters := pinyin_query(question):
        # Three letters may stand anywhere in a name; fewer must begin it, or half of all names would answer.
        params["letters"] = f"%{letters}%" if len(letters) > 2 else f"%|{letters}%"
        params["sound"] = f"%|{letters}|%"
        params["sound_begins"] = f"%|{letters}%"
        sources.append("pinyin LIKE %(letters)s")
    sql = f"""
        WITH found AS MATERIALIZED ({_union(sources, seen)})
        SELECT e.kind, e.object_id, e.title, e.detail,
            CASE WHEN e.object_id = ANY (%(codes)s) THEN 0
                 WHEN e.head = %(question)s {"OR e.pinyin LIKE %(sound)s" if letters else ""} THEN 1
                 WHEN e.head LIKE %(begins)s {"OR e.pinyin LIKE %(sound_begins)s" if letters else ""} THEN 2
                 WHEN split_part(e.plain, '|', 1) LIKE %(contains)s THEN 3
                 ELSE 4 END AS place
        FROM text_searchentry e WHERE e.id = ANY (ARRAY(SELECT id FROM found))
        ORDER BY place, coalesce(array_position(%(codes)s, e.object_id::text), 0), e.weight DESC, length(e.title),
            e.title, e.object_id
        LIMIT %(limit)s
    """  # noqa: S608 -- conditions are ours, every value is a parameter
    return _hits(sql, params)


def _related(question: str, seen: _Seen, limit: int) -> list[Hit]:
    """Nothing holds the very words: records with most of the pairs, or that sound like the question."""
    pairs = rare_pairs(question)[:PAIRS]
    sound = sound_of(question).replace(" ", "")
    sources = []
    params: dict[str, Any] = {**seen.params, "limit": limit, "candidates": CANDIDATES}
    params |= {"pairs": pairs, "least": min(2, (len(pairs) + 1) // 2), "letters": "", "some": ""}
    if pairs:
        params["some"] = any_of(pairs)
        sources.append("vector @@ %(some)s::tsquery")
    if not pinyin_query(question) and sound.isascii() and 4 <= len(sound) <= SOUND_LIMIT:
        params["letters"] = f"%{_escaped(sound)}%"
        sources.append("pinyin LIKE %(letters)s")
    if not sources:
        return []
    sql = f"""
        WITH found AS MATERIALIZED ({_union(sources, seen)}),
        counted AS (
            SELECT e.*, e.pinyin LIKE %(letters)s AS sounds,
                (SELECT count(*) FROM unnest(tsvector_to_array(e.vector)) pair WHERE pair = ANY (%(pairs)s)) AS held
            FROM text_searchentry e WHERE e.id = ANY (ARRAY(SELECT id FROM found))
        )
        SELECT kind, object_id, title, detail, CASE WHEN sounds THEN 5 ELSE 6 END AS place FROM counted
        WHERE sounds OR held >= %(least)s
        ORDER BY place, held DESC, weight DESC, length(title), title, object_id
        LIMIT %(limit)s
    """  # noqa: S608 -- conditions are ours, every value is a parameter
    return _hits(sql, params)


def _words(alternatives: Sequence[Sequence[str]]) -> tuple[str, dict[str, Any]]:
    """Each alternative: all its terms by the word index, runs of three characters and more compared in full."""
    params: dict[str, Any] = {}
    conditions = []
    for number, terms in enumerate(alternatives):
        wanted = " & ".join(filter(None, map(all_of, terms)))
        if not wanted:
            continue
        params[f"words{number}"] = wanted
        parts = [f"vector @@ %(words{number})s::tsquery"]
        long_runs = [run for term in terms for run in runs(term) if is_han(run) and len(run) > 2]
        for place, run in enumerate(long_runs):
            params[f"run{number}_{place}"] = f"%{run}%"
            parts.append(f"plain LIKE %(run{number}_{place})s")
        conditions.append(" AND ".join(parts))
    return " OR ".join(f"({condition})" for condition in conditions) or "false", params


def _union(sources: Sequence[str], seen: _Seen) -> str:
    # Indexes: search_by_beginning, search_by_words, search_entry_is_one_per_record, search_by_pinyin.
    return " UNION ".join(
        f"(SELECT id FROM text_searchentry WHERE ({source}) AND {seen.sql} LIMIT %(candidates)s)"  # noqa: S608 -- conditions are ours
        for source in sources
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _hits(sql: str, params: dict[str, Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Hit(*row) for row in cursor.fetchall()]


def words_in_use(wanted: str = "") -> list[Word]:
    """Every everyday word as search understands it now: the editors' before the packaged ones."""
    own = {row.word: row for row in Alias.objects.all()}
    words = [
        Word(row.word, tuple(row.codes.split()), tuple(row.terms.split())) for row in own.values() if row.is_active
    ]
    words += [word for word in packaged_words() if word.word not in own]
    asked = fold(wanted)
    return [word for word in words if asked in word.word or asked in " ".join((*word.codes, *word.terms))]


def open_alias_proposals() -> list[AliasProposal]:
    return list(AliasProposal.objects.filter(state=AliasProposal.State.PROPOSED).order_by("proposed_at", "pk"))


def alias_proposal(public_id: str) -> AliasProposal | None:
    return AliasProposal.objects.filter(public_id=public_id).first()
