"""The reader's own settings: elder mode and language, in the account where there is one, else in a cookie."""

from django.http import HttpRequest

ELDER_COOKIE = "yw_mode"
YEAR = 365 * 24 * 3600


def is_elder(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(getattr(user, "elder_mode", False))
    return request.COOKIES.get(ELDER_COOKIE) == "elder"
