"""Browser windows that are used again by the next test: opening one costs six times what reading a page in it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, Request

PHONE = {"width": 412, "height": 915}
DESK = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 700}
Cookies = list[dict[str, Any]]
#: How the console calls an answer that refuses, which is a page like any other where a test provokes it.
REFUSED = "Failed to load resource: the server responded with a status of 4"


@dataclass  # no slots: the driver hangs something on whose methods it calls
class Window:
    """One window with one page onto whichever site it is lent for.

    Every request to anywhere else, every script error and every error in the console is kept as wrong.
    """

    page: Page
    line: CDPSession
    url: str = ""
    #: The icon of the page at which the window rested may be asked for when it is lent again already.
    rested: str = "data:"
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.rested, "data:")):
            self.wrong.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"{message.text} {message.location['url']}")

    def lent(self, url: str, cookies: Cookies, size: dict[str, int] = DESK) -> Page:
        """Return the page for a site, with these cookies only, nothing kept of the site before, and this size."""
        self.url = url
        self.wrong.clear()
        self.wear(cookies)
        self.line.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "local_storage"})
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
        return self.page

    def wear(self, cookies: Cookies) -> None:
        """Be whoever has these cookies: those of others are gone."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]

    def given_back(self) -> list[str]:
        """Leave the page, so that nothing of it runs on; return what went wrong on it since it was lent.

        For the door of the same site: on the way to an empty page and back the browser would start a new process.
        """
        wrong = list(self.wrong)
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/login/")
        self.rested = f"{self.url}/static/"
        return wrong


class Windows:
    """The windows of one browser."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: list[Window] = []

    def take(self) -> Window:
        """Return a window that nobody looks through."""
        return self.free.pop() if self.free else self.new()

    def new(self, **options: Any) -> Window:
        """Return a new window without motion: a page is looked at where it has come to rest, not on the way there."""
        context = self.browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce", **options})
        page = context.new_page()
        return Window(page, context.new_cdp_session(page))

    def back(self, window: Window) -> list[str]:
        """Take a window back for the next test; returns what went wrong in it."""
        wrong = window.given_back()
        self.free.append(window)
        return wrong
