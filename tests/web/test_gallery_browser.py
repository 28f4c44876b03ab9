"""The gallery and the door in a real browser: nothing that shuts people out, nothing that runs over the edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.hands import follow
from tests.web.looks import shuts_out
from tests.web.windows import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.conftest import Site
    from tests.web.windows import Window

pytestmark = pytest.mark.browser
#: Examples stand beside each other under the same names; on a page of its own each is unique.
ONLY_HERE = frozenset({"landmark-unique"})


@pytest.mark.parametrize(
    ("query", "language"),
    [("theme=light", "en"), ("theme=dark", "zh-hans"), ("theme=field", "zh-hans"), ("size=elder", "zh-hans")],
)
def test_gallery_when_examined_then_shuts_nobody_out(visit: Callable[..., Page], query: str, language: str) -> None:
    assert shuts_out(visit(f"/gallery/?{query}", language=language), but=ONLY_HERE) == []


@pytest.mark.parametrize("size", [(320, 640), (412, 915), (768, 900), (1440, 900)], ids=str)
@pytest.mark.parametrize("query", ["theme=light", "size=elder"])
def test_gallery_when_narrow_then_nothing_runs_over_the_edge(
    visit: Callable[..., Page], query: str, size: tuple[int, int]
) -> None:
    page = visit(f"/gallery/?{query}", size={"width": size[0], "height": size[1]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_gallery_when_in_large_type_then_text_is_18_points_and_buttons_60_pixels(visit: Callable[..., Page]) -> None:
    page = visit("/gallery/?size=elder", size={"width": 412, "height": 915})
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('svg, .vh, kbd, [aria-hidden=true]')
        && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
        && e.getBoundingClientRect().height && parseFloat(getComputedStyle(e).fontSize) < 24)
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    low = page.evaluate(
        """() => [...document.querySelectorAll('.xh-btn, .xh-chips li > a, .xh-field input, .xh-field select, .xh-tabs a')]
        .filter(e => e.getBoundingClientRect().height && e.getBoundingClientRect().height < 60)
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert low == []


def test_login_when_sent_empty_then_the_summary_has_the_focus(site: Site, window: Window) -> None:
    page = window.lent(site.url, [], PHONE)
    page.goto(f"{site.url}/login/")
    assert shuts_out(page) == []
    follow(page, "main button[type=submit]")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_username"
    assert shuts_out(page) == []
