"""What an account number looks like, and when two names are one."""

import unicodedata

SHORTEST, LONGEST = 12, 24
DOTS = str.maketrans(dict.fromkeys("·•・.．‧∙", "·"))


def plain_number(text: str) -> str:
    """Digits as people copy them: full width, with spaces or dashes."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char not in " -\t\u3000").strip()


def is_account(number: str) -> bool:
    """Banks differ in length; cards of nineteen or sixteen digits must pass the Luhn test."""
    if not (number.isascii() and number.isdigit() and SHORTEST <= len(number) <= LONGEST):
        return False
    return len(number) not in (16, 19) or luhn_holds(number)


def luhn_holds(number: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def is_bank_code(code: str) -> bool:
    return len(code) == 12 and code.isascii() and code.isdigit()


def same_name(one: str, other: str) -> bool:
    """Names are one in spite of spaces and the many dots that separate parts of a name."""
    return _name(one) == _name(other)


def _name(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).translate(DOTS).split())


def mask_tail(tail: str) -> str:
    return f"•••• {tail}"
