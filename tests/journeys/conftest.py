"""A browser on a live server: ``pages`` opens pages in phone or desk size, signed in or not."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright's loop makes Django think that database calls come from async code; they do not.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def browser_path() -> str:
    """The browser told by CHROMIUM, or one on the path."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No Chromium was found: install it, or set CHROMIUM to its path. Journeys need a real browser.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Pages:
    """Opens pages; collects what the browser complains of, so that a test can claim there was nothing."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def context(self, *, phone: bool = True, language: str = "zh-hans", scripts: bool = True) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            viewport=PHONE if phone else DESK,
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            has_touch=phone,
            java_script_enabled=scripts,
            service_workers="block",
        )
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}])
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return context

    def open(self, path: str, **options) -> Page:
        page = self.context(**options).new_page()
        self.watch(page)
        page.goto(path)
        return page

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def sign_in(self, context: BrowserContext, client) -> None:
        """Give a browser the session of a test client that is signed in."""
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}])


@pytest.fixture
def pages(browser, live_server, settings) -> Iterator[Pages]:
    settings.ALLOWED_HOSTS = ["*"]
    opened = Pages(browser, live_server.url)
    yield opened
    for context in opened.contexts:
        context.close()


@pytest.fixture
def signed_in(pages, client) -> Callable[..., Page]:
    """``signed_in(user, "/path/", phone=False)``: a page opened by that user."""

    def open_as(user, path: str, **options) -> Page:
        client.force_login(user)
        context = pages.context(**options)
        pages.sign_in(context, client)
        page = context.new_page()
        pages.watch(page)
        page.goto(path)
        return page

    return open_as
