"""What search knows of Chinese text: one folded form to compare, bigrams, pinyin. Pure functions, no tables."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from yiwang.platform.text.chinese import READINGS, SIMPLIFIED, SURNAMES
from yiwang.platform.text.readings import LONGEST_PHRASE, readings

QUERY_LIMIT = 60  # characters of a question that are looked at
LEXEME_LIMIT = 40
_HAN = (
    r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"  # rare characters of names live on the supplementary planes
)
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]+")
_BLANK = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z' ]+")


def fold(text: str) -> str:
    """The form in which texts are compared: half-width, lower case, simplified, single blanks."""
    plain = unicodedata.normalize("NFKC", text.replace("\x00", " ")).lower().translate(SIMPLIFIED)
    return _BLANK.sub(" ", plain).strip()


def runs(text: str) -> list[str]:
    """Stretches of Chinese characters and of letters or digits, in order; everything else divides."""
    return _RUN.findall(text)


def is_han(run: str) -> bool:
    return _IS_HAN.fullmatch(run) is not None


def _lexemes(folded: str) -> Iterator[str]:
    for run in runs(folded):
        if is_han(run):
            yield from (run[i : i + 2] for i in range(len(run) - 1))
            yield run[-1]  # so that one character asked for finds the ends of words too
        else:
            yield run[:LEXEME_LIMIT]


def bigrams(*texts: str) -> str:
    """A ``tsvector`` literal: the pairs of neighbouring characters, the last character of each run, whole words."""
    found = {lexeme for text in texts for lexeme in _lexemes(fold(text))}
    return " ".join(f"'{lexeme}'" for lexeme in sorted(found))


def pairs(run: str) -> list[str]:
    """The distinct pairs of neighbouring characters, in order."""
    return list(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))


# Pairs that stand in almost every text or question here: they narrow nothing down when the exact search found nothing.
COMMON_PAIRS = frozenset(
    pairs("工会") + pairs("总工") + pairs("社区工") + pairs("村工") + pairs("街道") + pairs("委员会")
    + pairs("我想要") + pairs("怎么办") + pairs("如何") + pairs("申请") + pairs("办理") + pairs("可以")
    + pairs("我们") + pairs("什么") + pairs("一下") + pairs("请问") + pairs("哪里") + pairs("没有") + pairs("需要")
)  # fmt: skip


def all_of(term: str) -> str:
    """A ``tsquery`` literal that holds where every pair of ``term`` (folded) occurs; empty when nothing is left."""
    parts = []
    for run in runs(term):
        if not is_han(run):
            parts.append(f"'{run[:LEXEME_LIMIT]}':*")
        elif len(run) == 1:
            parts.append(f"'{run}':*")
        else:
            parts += [f"'{pair}'" for pair in _telling(pairs(run))]
    return " & ".join(parts)


PAIRS_LIMIT = 8


def _telling(found: list[str]) -> list[str]:
    """The pairs worth asking the index for: those in every other text only cost; the comparison looks at them all."""
    return [pair for pair in found if pair not in COMMON_PAIRS][:PAIRS_LIMIT] or found[:PAIRS_LIMIT]


def any_of(lexemes: Iterable[str]) -> str:
    return " | ".join(f"'{lexeme}'" for lexeme in lexemes)


def rare_pairs(folded: str) -> list[str]:
    found = [pair for run in runs(folded) if is_han(run) for pair in pairs(run)]
    return [pair for pair in dict.fromkeys(found) if pair not in COMMON_PAIRS]


@lru_cache(maxsize=65_536)
def syllables(text: str) -> tuple[str, ...]:
    """One syllable for each Chinese character, the longest known phrase first; other characters as they are."""
    known = readings()
    found: list[str] = []
    at, end = 0, len(text)
    while at < end:
        for size in range(min(LONGEST_PHRASE, end - at), 1, -1):
            piece = text[at : at + size]
            if piece in READINGS:
                found += READINGS[piece].split()
            elif piece in known.phrases:
                found += known.phrase(piece) or ()
            else:
                continue
            at += size
            break
        else:
            found.append(_character(text[at]))
            at += 1
    return tuple(found)


@lru_cache(maxsize=8_192)
def _character(char: str) -> str:
    return READINGS.get(char) or readings().character(char) or char


def pinyin_keys(name: str) -> tuple[str, str]:
    """(“kunshanshi”, “kss”): what people type for a name of a body or a place."""
    return _read(runs(fold(name)))


def _read(found: list[str]) -> tuple[str, str]:
    return _keys([part for run in found for part in syllables(run)])


def person_keys(name: str) -> tuple[str, str]:
    """As ``pinyin_keys``, the surname read as a surname: 单 Shàn, 解 Xiè, 尉迟 Yùchí."""
    found = runs(fold(name))
    folded = "".join(found)
    for size in (2, 1):
        surname, given = folded[:size], folded[size:]
        if surname in SURNAMES and (given or size == 2):
            return _keys([*SURNAMES[surname].split(), *(syllables(given) if given else ())])
    return _read(found)


def _keys(parts: list[str]) -> tuple[str, str]:
    letters = [part if part.isascii() and part.isalnum() else _letters_of(part) for part in parts]
    return "".join(letters), "".join(part[:1] for part in letters)


def _letters_of(part: str) -> str:
    return "".join(char for char in part if char.isascii() and char.isalnum())


def pinyin_text(keys: Iterable[tuple[str, str]]) -> str:
    """The readings of one record as the search keeps them: “|kunshanshi|kss|”."""
    found = dict.fromkeys(key for pair in keys for key in pair if key)
    return f"|{'|'.join(found)}|" if found else ""


def pinyin_query(folded: str) -> str:
    """The letters of a question typed in pinyin (“kun shan”, “kss”); empty when it isn't one."""
    if not _LATIN.fullmatch(folded):
        return ""
    return folded.replace(" ", "").replace("'", "")[:LEXEME_LIMIT]


def cut(text: str) -> str:
    """A question in the form that is searched: folded, no longer than anybody means."""
    return fold(text[: QUERY_LIMIT * 4])[:QUERY_LIMIT].strip()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record to be found. ``scope_path`` says whose officers may find it; ``public`` lets everybody."""

    kind: str
    object_id: str
    title: str
    body: str = ""
    detail: str = ""
    scope_path: str | None = None
    public: bool = False
    weight: int = 0
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        return f"{fold(self.title)}|{fold(self.body)}"

    @property
    def head(self) -> str:
        return fold(self.title)[:40]

    @property
    def vector(self) -> str:
        return bigrams(self.title, self.body)

    @property
    def pinyin(self) -> str:
        return pinyin_text(self.readings or (pinyin_keys(self.title),))[:1000]
