"""What somebody typed when their session had just run out: kept until they have signed in again."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

from yiwang.kernel.crypto import CannotDecrypt, decrypt, encrypt
from yiwang.platform.files.actions import Upload, hold_uploads

KEY = "kept_post"
CONTEXT = b"accounts.kept"
MOST = 200_000  # characters; a longer one is no form that somebody typed


@dataclass(frozen=True)
class Kept:
    """One form that could not be taken, for its sender only."""

    path: str
    fields: tuple[tuple[str, str], ...]
    user_id: int
    files: tuple[str, ...]  # names, as the page tells them
    ticket: str  # to the files that were held; "" when there were none or they were too many

    @property
    def has_lost_files(self) -> bool:
        return bool(self.files) and not self.ticket


def keep(
    session: SessionBase, *, path: str, data: QueryDict, user_id: int, files: MultiValueDict[str, Upload] | None = None
) -> None:
    """The fields sealed in the session of this browser; its files held beside, reached by a ticket in there."""
    uploads = dict(files.lists()) if files else {}
    names = [upload.name or "" for many in uploads.values() for upload in many]
    body = QueryDict(mutable=True)
    for name, values in data.lists():
        if name != "csrfmiddlewaretoken":
            body.setlist(name, values)
    if len(body.urlencode()) > MOST:
        return
    ticket = hold_uploads(uploads, user_id=user_id) if uploads else ""
    session[KEY] = encrypt(json.dumps([path, body.urlencode(), user_id, names, ticket]), CONTEXT).hex()


def kept_for(request: HttpRequest) -> Kept | None:
    sealed = request.session.get(KEY)
    if sealed is None or not request.user.is_authenticated:
        return None
    try:
        path, body, user_id, names, ticket = json.loads(decrypt(bytes.fromhex(sealed), CONTEXT))
    except (CannotDecrypt, ValueError):  # the keys were changed meanwhile
        return None
    if user_id != request.user.pk or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None
    return Kept(path, tuple(parse_qsl(body, keep_blank_values=True)), user_id, tuple(names), ticket)


def forget_kept(session: SessionBase) -> None:
    session.pop(KEY, None)
