"""What a hand does that leads to another page: a click returns before that page is there, and counting does not wait."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Route


def follow(page: Page, what: str | Locator) -> None:
    """Click on the first that leads to a page – the same one again too – and wait until it is there with its scripts."""
    one = page.locator(what).first if isinstance(what, str) else what
    with page.expect_navigation():
        one.click()


def press(page: Page, key: str) -> None:
    """Press a key that leads to a page and wait until it is there with its scripts."""
    with page.expect_navigation():
        page.keyboard.press(key)


@dataclass
class Line:
    """A line that is slow: what goes over it to some addresses waits until it is let go."""

    page: Page
    addresses: str
    held: list[Route] = field(default_factory=list)
    open: bool = False

    def __post_init__(self) -> None:
        self.page.route(self.addresses, self._passes)

    def _passes(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        """Let pass what waited and what still comes."""
        self.open = True
        for route in self.held:
            route.continue_()
