"""Write ``platform/text/data/readings.txt`` from pypinyin's dictionaries (MIT), which take 50 MB in a process."""

import unicodedata
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "src" / "yiwang" / "platform" / "text" / "data" / "readings.txt"
LONGEST_PHRASE = 4


def toneless(reading: str) -> str:
    """“lǜ” → “lv”, as people type it."""
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in letters if char.isascii())


def page() -> str:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # noqa: PLC0415 -- slow import

    characters = {chr(code): toneless(said.split(",")[0]) for code, said in PINYIN_DICT.items()}
    syllabary: dict[str, list[str]] = {}
    for char in sorted(characters):
        syllabary.setdefault(characters[char], []).append(char)
    lines = [f"{syllable}\t{''.join(chars)}" for syllable, chars in sorted(syllabary.items())] + [""]
    for phrase in sorted(phrase for phrase in PHRASES_DICT if len(phrase) <= LONGEST_PHRASE):
        said = [toneless(reading[0]) for reading in PHRASES_DICT[phrase]]
        plain = said == [characters.get(char) for char in phrase]
        lines.append(phrase if plain else f"{phrase}\t{' '.join(said)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
