"""What somebody typed when their session had just run out: kept until they have signed in again."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from yiwang.kernel.crypto import CannotDecrypt, decrypt, encrypt

KEY = "kept_post"
CONTEXT = b"accounts.kept"
MOST = 200_000  # characters; a longer one is no form that somebody typed


@dataclass(frozen=True)
class Kept:
    """One form that could not be taken, for its sender only."""

    path: str
    fields: tuple[tuple[str, str], ...]
    user_id: int
    had_files: bool


def keep(session: SessionBase, *, path: str, data: QueryDict, user_id: int, had_files: bool) -> None:
    body = QueryDict(mutable=True)
    for name, values in data.lists():
        if name != "csrfmiddlewaretoken":
            body.setlist(name, values)
    text = json.dumps([path, body.urlencode(), user_id, had_files])
    if len(text) <= MOST:
        session[KEY] = encrypt(text, CONTEXT).hex()


def kept_for(request: HttpRequest) -> Kept | None:
    sealed = request.session.get(KEY)
    if sealed is None or not request.user.is_authenticated:
        return None
    try:
        path, body, user_id, had_files = json.loads(decrypt(bytes.fromhex(sealed), CONTEXT))
    except (CannotDecrypt, ValueError):  # the keys were changed meanwhile
        return None
    if user_id != request.user.pk or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None
    return Kept(path, tuple(parse_qsl(body, keep_blank_values=True)), user_id, had_files)


def forget_kept(session: SessionBase) -> None:
    session.pop(KEY, None)
