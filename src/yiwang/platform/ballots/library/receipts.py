"""What a voter keeps: a short code made from the tracking number, so that people can compare it by eye."""

import base64

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 12


def receipt_code(tracking: str) -> str:
    """60 bits of the tracking number: “7KQM-2DXF-91TA”."""
    number = int.from_bytes(base64.b64decode(tracking + "=")[:8], "big")
    code = "".join(ALPHABET[number >> (59 - 5 * place) & 31] for place in range(LETTERS))
    return "-".join(code[start : start + 4] for start in range(0, LETTERS, 4))
