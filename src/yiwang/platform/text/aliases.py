"""Everyday words and what they lead to: ``data/aliases.csv``, one line a word, kept by people who answer telephones."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yiwang.platform.text.library import fold, is_han, pinyin_keys, runs, syllables

FILE = Path(__file__).parent / "data" / "aliases.csv"


@dataclass(frozen=True)
class Word:
    """One everyday word, the service codes it leads to, and the proper terms to search for beside it."""

    word: str
    codes: tuple[str, ...]
    terms: tuple[str, ...]


@lru_cache(maxsize=8_192)
def sound_of(text: str) -> str:
    """“ tao xin ”: syllables between blanks, so that one text sounds within another where this is within that."""
    return "".join(f" {part}" for run in runs(text) for part in (syllables(run) if is_han(run) else (run,))) + " "


@lru_cache(maxsize=8_192)
def _keys(word: str) -> tuple[str, str]:
    return pinyin_keys(word)


@lru_cache(maxsize=1)
def packaged_words() -> tuple[Word, ...]:
    with FILE.open(encoding="utf-8") as lines:
        return tuple(
            Word(fold(row["word"]), tuple(row["codes"].split()), tuple(row["terms"].split()))
            for row in csv.DictReader(lines)
        )


def matching(question: str, words: Iterable[Word]) -> list[Word]:
    """The words meant by a folded question, the longest first: written in it, sounding like it, or typed in pinyin."""
    said = sound_of(question)
    letters = question.replace(" ", "").replace("'", "")
    typed = letters.isascii() and len(letters) >= 3
    found = [
        word
        for word in words
        if word.word in question
        or (len(word.word) > 1 and sound_of(word.word) in said)
        or (typed and letters in _keys(word.word))
    ]
    return sorted(found, key=lambda word: (word.word not in question, -len(word.word)))


def codes_of(words: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(_codes(words)))


def _codes(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        yield from word.codes
