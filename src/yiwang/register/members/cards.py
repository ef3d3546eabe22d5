"""The e-card's code: who and until when, signed. No number of a document, no name; anybody may check it.

A code is base64url of: version (1 byte), public id of the membership (10), end in Unix seconds (4), Ed25519 signature
(64). The key follows from the blind-index key, so every process signs alike and nothing new must be kept.
"""

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from yiwang.kernel.crypto import authenticate

VERSION = 1
ID_LENGTH = 10
BODY = 1 + ID_LENGTH + 4
SIGNATURE = 64


@dataclass(frozen=True)
class CardCode:
    """What a sound code says."""

    membership: str
    until: dt.datetime


def sign(membership: str, until: dt.datetime) -> str:
    body = bytes((VERSION,)) + membership.encode().ljust(ID_LENGTH) + int(until.timestamp()).to_bytes(4, "big")
    return base64.urlsafe_b64encode(body + _key(settings.BLIND_INDEX_KEY).sign(body)).decode().rstrip("=")


def read(code: str) -> CardCode | None:
    """None for whatever was not signed here: altered, cut, invented."""
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, signature = raw[:BODY], raw[BODY:]
    if len(raw) != BODY + SIGNATURE or body[0] != VERSION:
        return None
    try:
        _key(settings.BLIND_INDEX_KEY).public_key().verify(signature, body)
    except InvalidSignature:
        return None
    until = dt.datetime.fromtimestamp(int.from_bytes(body[1 + ID_LENGTH :], "big"), tz=dt.UTC)
    return CardCode(membership=body[1 : 1 + ID_LENGTH].decode().strip(), until=until)


def public_key() -> str:
    """For scanners that check without asking us."""
    key = _key(settings.BLIND_INDEX_KEY).public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


@lru_cache(maxsize=2)
def _key(_master: str) -> Ed25519PrivateKey:
    """Made once for each master key (``authenticate`` reads it from the settings)."""
    return Ed25519PrivateKey.from_private_bytes(authenticate("member-card-key", b""))
