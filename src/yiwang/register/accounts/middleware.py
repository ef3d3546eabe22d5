"""What an account carries into every request: its language; and an answer to those who try too often."""

from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


class AccountLanguageMiddleware:
    """Speak the language kept with the account; strangers have the cookie or the browser's wish (LocaleMiddleware)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language in KNOWN:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return self.get_response(request)


class TooManyTriesMiddleware:
    """allauth lets this refusal through from the middle of signing up; people get the page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, RateLimited):
            return None
        refusal: HttpResponseBase = respond_429(request)
        return refusal
