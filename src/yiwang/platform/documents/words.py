"""Words on their way to paper."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any


def clean_words(value: Any, turn: Callable[[str], str] = str) -> Any:
    """The same structure with every text free of characters that XML and printers refuse, each passed through turn."""
    if isinstance(value, str):
        kept = (char for char in value if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Cn"))
        return turn("".join(kept))
    if isinstance(value, Mapping):
        return {str(key): clean_words(part, turn) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean_words(part, turn) for part in value]
    return value
