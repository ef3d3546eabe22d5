"""The cast at their browsers, and what a hand does on every form."""

from playwright.sync_api import Page, expect


class People:
    """Each person of the cast with their own browser; nobody is signed out by somebody else."""

    def __init__(self, pages, client_of) -> None:
        self.pages = pages
        self.client_of = client_of

    @property
    def complaints(self) -> list[str]:
        return self.pages.complaints

    def browser(self, user):
        """A plain client signed in as this user, for what needs no browser."""
        return self.client_of(user)

    def phone(self, user) -> Page:
        return self._page(user, phone=True)

    def desk(self, user) -> Page:
        return self._page(user, phone=False)

    def _page(self, user, *, phone: bool) -> Page:
        context = self.pages.context(phone=phone)
        context.set_default_timeout(20_000)
        self.pages.sign_in(context, self.client_of(user))
        page = context.new_page()
        self.pages.watch(page)
        return page


def go_on(page: Page, title: str) -> None:
    """Press the button of the step; the next one is there when its title is.

    By the keyboard: a click is tried again when the page changes under it, and would then press the next step's button.
    """
    page.get_by_role("button", name="存好，下一步").press("Enter")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=20_000)


def pick(page: Page, label: str) -> None:
    """A card of a choice, as a thumb touches it."""
    page.get_by_label(label, exact=True).check()
