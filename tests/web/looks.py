"""What every page is held to: nothing that shuts people out, nothing that runs over the edge."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: Letters are there and what was changed has been drawn.
RESTED = """() => document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))"""
#: All rules of axe; of what it finds only what is wrong is sent back, and where.
LOOKED = """() => axe.run({resultTypes: ["violations"]})
.then(found => found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.target)]))"""
Found = list[tuple[str, list[object]]]


def shuts_out(page: Page, *, but: frozenset[str] = frozenset()) -> Found:
    """Return what axe finds wrong with the page as it stands: (rule, at most three places) of each rule that is broken."""
    page.evaluate(RESTED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(rule, places) for rule, places in page.evaluate(LOOKED) if rule not in but]


def sideways(page: Page, pixels: int = 320) -> int:
    """Return by how many pixels the page runs over the edge of a window so wide."""
    page.set_viewport_size({"width": pixels, "height": 700})
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))
