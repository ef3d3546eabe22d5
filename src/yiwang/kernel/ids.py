"""Public identifiers: random, short, without letters that look alike."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10
_FAIR = 256 - 256 % len(ALPHABET)
_UNFAIR = bytes(range(_FAIR, 256))
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def public_id() -> str:
    """Ten characters of 31 (49 bits): enough never to meet twice, short enough to read on the telephone."""
    return public_ids(1)[0]


def public_ids(count: int) -> list[str]:
    """Many at once: bytes that would favour some letters are thrown away, as ``secrets.choice`` does."""
    wanted, letters = count * LENGTH, ""
    while len(letters) < wanted:
        letters += secrets.token_bytes(wanted + wanted // 8 + LENGTH).translate(_LETTERS, _UNFAIR).decode()
    return [letters[at : at + LENGTH] for at in range(0, count * LENGTH, LENGTH)]
