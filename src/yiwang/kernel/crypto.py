"""Field encryption (AES-256-GCM under a key ring) and the keyed index that makes encrypted values findable."""

import base64
import binascii
import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FORMAT = 1
NONCE = 12


class CannotDecrypt(Exception):
    """The key is not on the ring, the context differs, or the bytes were altered."""


@dataclass(frozen=True)
class KeyRing:
    """The first key encrypts; all of them decrypt. Rotate by putting a new key in front."""

    current: str
    keys: Mapping[str, AESGCM]


@lru_cache(maxsize=4)
def parse_key_ring(text: str) -> KeyRing:
    """“k2:base64,k1:base64”, each key 32 bytes."""
    keys: dict[str, AESGCM] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raw = b""
        if not key_id.isascii() or not 1 <= len(key_id) <= 32 or len(raw) != 32:
            raise ImproperlyConfigured("FIELD_KEYS must be “id:base64 of 32 bytes”, separated by commas.")
        keys.setdefault(key_id, AESGCM(raw))
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS holds no key.")
    return KeyRing(current=next(iter(keys)), keys=keys)


def encrypt(text: str, context: bytes = b"") -> bytes:
    """Ciphertext bound to ``context`` (table and column), so that it can't be moved to another place."""
    return encrypt_bytes(text.encode(), context)


def encrypt_many(texts: Iterable[str], context: bytes = b"") -> list[bytes]:
    """The same for a column of texts: the ring is looked up once, the random bytes are drawn at once."""
    ring, plain = parse_key_ring(settings.FIELD_KEYS), [text.encode() for text in texts]
    head, seal, drawn = _head(ring.current), ring.keys[ring.current].encrypt, os.urandom(NONCE * len(plain))
    nonces = (drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE))
    return [head + nonce + seal(nonce, text, head + context) for nonce, text in zip(nonces, plain, strict=True)]


def decrypt(data: bytes, context: bytes = b"") -> str:
    return decrypt_bytes(data, context).decode()


def decrypt_many(values: Iterable[bytes], context: bytes = b"") -> list[str]:
    """The same for a column: the current key is looked up once, older ones as they come."""
    ring = parse_key_ring(settings.FIELD_KEYS)
    head = _head(ring.current)
    start, given, open_one = len(head) + NONCE, head + context, ring.keys[ring.current].decrypt
    texts = []
    for value in values:
        if not value.startswith(head):
            texts.append(decrypt(value, context))
            continue
        try:
            texts.append(open_one(value[len(head) : start], value[start:], given).decode())
        except (InvalidTag, ValueError) as reason:
            raise CannotDecrypt("the stored value was altered or belongs elsewhere") from reason
    return texts


def encrypt_bytes(data: bytes, context: bytes = b"") -> bytes:
    """The same for a file."""
    ring = parse_key_ring(settings.FIELD_KEYS)
    head = _head(ring.current)
    nonce = os.urandom(NONCE)
    return head + nonce + ring.keys[ring.current].encrypt(nonce, data, head + context)


def decrypt_bytes(data: bytes, context: bytes = b"") -> bytes:
    ring = parse_key_ring(settings.FIELD_KEYS)
    key_id = key_id_of(data)
    if key_id not in ring.keys:
        raise CannotDecrypt(f"key “{key_id}” is not on the ring (YIWANG_FIELD_KEYS)")
    head = _head(key_id)
    nonce, body = data[len(head) : len(head) + NONCE], data[len(head) + NONCE :]
    try:
        return ring.keys[key_id].decrypt(nonce, body, head + context)
    except (InvalidTag, ValueError) as reason:
        raise CannotDecrypt("the stored value was altered or belongs elsewhere") from reason


def key_id_of(data: bytes) -> str:
    if len(data) < 2 or data[0] != FORMAT:
        raise CannotDecrypt("not a value of ours")
    return data[2 : 2 + data[1]].decode(errors="replace")


def needs_rotation(data: bytes) -> bool:
    return key_id_of(data) != parse_key_ring(settings.FIELD_KEYS).current


def rotate(data: bytes, context: bytes = b"") -> bytes:
    """The same value under the current key; untouched when it already is."""
    return encrypt(decrypt(data, context), context) if needs_rotation(data) else data


def blind_index(kind: str, text: str) -> str:
    """64 hex digits that find an equal value of the same kind, and tell nothing without the key."""
    message = f"{kind}\x00{text}".encode()
    return hmac.digest(settings.BLIND_INDEX_KEY.encode(), message, "sha256").hex()


def authenticate(kind: str, data: bytes) -> bytes:
    """A keyed hash under a key of its own for each kind: who can write the database still can't forge it."""
    key = hmac.digest(settings.BLIND_INDEX_KEY.encode(), b"authenticate:" + kind.encode(), "sha256")
    return hmac.digest(key, data, "sha256")


def _head(key_id: str) -> bytes:
    name = key_id.encode()
    return bytes((FORMAT, len(name))) + name
