"""A browser that signed in to an account before: its tries are counted apart from strangers'."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yiwang.kernel.crypto import blind_index

COOKIE = "yw_device"
SALT = "accounts.device"
LIFE = 400 * 24 * 3600  # the longest that browsers keep a cookie


def remember_device(response: HttpResponse, phone: str) -> None:
    options: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    response.set_signed_cookie(COOKIE, blind_index("device", phone), salt=SALT, max_age=LIFE, **options)


def knows_device(request: HttpRequest, phone: str) -> bool:
    mark = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=LIFE)
    return bool(mark) and mark == blind_index("device", phone)
