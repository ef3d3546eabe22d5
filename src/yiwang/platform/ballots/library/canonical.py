"""JSON as the protocol hashes it: compact, fields in the order of the specification; and hashes of it."""

import base64
import hashlib
import json
from typing import Any

from yiwang.platform.ballots.library.errors import BallotProblem


def dump(value: Any) -> str:
    """Compact JSON; control characters escaped, everything else as it is. The same bytes as ``belenios-tool``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BallotProblem("malformed", "a field stands twice")
    return found


def load(raw: bytes | str) -> Any:
    """Parsed JSON; a field that stands twice, a number with a point and anything else unusual is refused."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        return json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as reason:
        raise BallotProblem("malformed", "this is not the JSON of the protocol") from reason


def _refuse(text: str) -> Any:
    raise ValueError(text)


def fields(value: Any, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object with exactly these fields."""
    if not isinstance(value, dict):
        raise BallotProblem("malformed", "an object was expected")
    if not set(names) <= set(value) <= {*names, *optional}:
        raise BallotProblem("malformed", f"the fields {', '.join(names)} were expected")
    return value


def array(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise BallotProblem("malformed", "an array of another length was expected")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise BallotProblem("malformed", "a text was expected")
    return value


def count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BallotProblem("malformed", "a count was expected")
    return value


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def fingerprint(raw: bytes | str) -> str:
    """HJSON (4.15): Base64 of SHA-256 without padding; the election's hash and a ballot's tracking number."""
    data = raw.encode() if isinstance(raw, str) else raw
    return written(hashlib.sha256(data).digest())


def written(digest: bytes) -> str:
    """A digest as a fingerprint is written."""
    return base64.b64encode(digest).rstrip(b"=").decode()
