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

    @property
    def sound(self) -> tuple[str, ...]:
        return sound_of(self.word)

    @property
    def keys(self) -> tuple[str, str]:
        return pinyin_keys(self.word)


def sound_of(text: str) -> tuple[str, ...]:
    return tuple(part for run in runs(text) for part in (syllables(run) if is_han(run) else (run,)))


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
    found = [word for word in words if word.word in question or _is_typed(word, letters) or _sounds(word, said)]
    return sorted(found, key=lambda word: (word.word not in question, -len(word.word)))


def _is_typed(word: Word, letters: str) -> bool:
    return letters.isascii() and len(letters) >= 3 and letters in word.keys


def _sounds(word: Word, said: tuple[str, ...]) -> bool:
    size = len(word.sound)
    return size >= 2 and any(said[i : i + size] == word.sound for i in range(len(said) - size + 1))


def codes_of(words: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(_codes(words)))


def _codes(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        yield from word.codes
