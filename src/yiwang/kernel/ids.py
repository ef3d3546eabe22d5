"""Public identifiers: random, short, without letters that look alike."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def public_id() -> str:
    """Ten characters of 31 (49 bits): enough never to meet twice, short enough to read on the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
