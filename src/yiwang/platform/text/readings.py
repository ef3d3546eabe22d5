"""How characters and phrases are read, from ``data/readings.txt``: small in memory, looked up without a dictionary.

`make setup` draws the file from pypinyin's dictionaries (``python -m tools.readings``). Each line before the blank one
says which characters a syllable has; each after it is a phrase, with its syllables where they are not those of its
characters.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "readings.txt"
LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Readings:
    """All characters in one string, those of a syllable side by side; phrases by themselves."""

    characters: str
    syllables: list[str]
    starts: list[int]
    phrases: dict[str, str]

    def character(self, char: str) -> str:
        """Its syllable without tone; empty when it has none."""
        place = self.characters.find(char)
        return "" if place < 0 else self.syllables[bisect_right(self.starts, place) - 1]

    def phrase(self, text: str) -> list[str] | None:
        """A syllable for each character of a known phrase."""
        said = self.phrases.get(text)
        if said is None:
            return None
        return said.split() if said else [self.character(char) for char in text]


@cache
def readings() -> Readings:
    syllabary, _, phrases = DATA.read_text("utf-8").partition("\n\n")
    syllables, starts, characters, count = [], [], [], 0
    for line in syllabary.splitlines():
        syllable, _, chars = line.partition("\t")
        syllables.append(syllable)
        starts.append(count)
        characters.append(chars)
        count += len(chars)
    known = (line.partition("\t") for line in phrases.splitlines())
    return Readings("".join(characters), syllables, starts, {phrase: said for phrase, _, said in known})
