"""The map of analysis at the desk: to enlarge where the browser can, the SVG where it cannot; every item opens its list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.conftest import Opener, Site, chromium_path, needs_scripts
from tests.web.looks import shuts_out
from tests.web.windows import Cookies, Windows

pytestmark = pytest.mark.browser

MAP = "/analysis/map/?month=2026-09"


def _lists(page: Page) -> list[tuple[str, str]]:
    """Return (count said, count of the list) of every list that the open popup leads to."""
    origin = "/".join(page.url.split("/")[:3])
    found = page.eval_on_selector_all(
        ".maplibregl-popup a[data-count]", "all => all.map(a => [a.getAttribute('href'), a.dataset.count])"
    )
    bodies = [(count, page.request.get(origin + href).text()) for href, count in found]
    return [(count, "".join(re.findall(r'data-total="(\d+)"', body))) for count, body in bodies]


@needs_scripts
def test_map_when_the_browser_can_then_is_enlarged_keeps_its_place_and_opens_the_lists(visit: Opener) -> None:
    page = visit(MAP)
    ready = page.locator(".xl-gl[data-ready]")
    ready.wait_for(timeout=60_000)
    expect(page.locator(".xh-map-box")).to_be_hidden()
    assert shuts_out(page) == []

    marks = page.locator(".xl-hot-mark")
    expect(marks).to_have_count(page.locator(".xl-mark").count())
    marks.first.press("Enter")
    assert [(said == listed, said) for said, listed in _lists(page)] == [
        (True, page.locator(".xl-lists a").first.get_attribute("data-count"))
    ]
    page.keyboard.press("Escape")
    expect(marks.first).to_be_focused()

    canvas = page.locator(".maplibregl-canvas")
    canvas.press("Enter")  # what is in the middle of the whole area
    expect(page.locator(".maplibregl-popup .xl-said")).to_be_visible()
    page.keyboard.press("Escape")
    expect(canvas).to_be_focused()
    page.locator(".xl-zoom-in").click()
    page.wait_for_function("() => location.hash.startsWith('#map=')")
    place = page.url.split("#")[1]

    page.locator(".xl-toggle").nth(2).click()
    page.wait_for_url("**layers=colour%2Cpoints%2Chot**")
    expect(page.locator(".xl-again-mark")).to_have_count(0)
    page.locator(".xl-play input").press("ArrowLeft")
    page.wait_for_url("**month=2026-08**")
    page.locator('.xl-gl[data-ready*="month=2026-08"]').wait_for()
    assert (page.url.split("#")[1], page.evaluate("document.activeElement.type")) == (place, "range")
    assert "8月" in page.locator("h1").inner_text()
    page.locator(".xl-whole").click()
    page.wait_for_function("() => !location.hash")

    page.set_viewport_size({"width": 1000, "height": 800})
    expect(page.locator(".xh-map-box")).to_be_visible()
    expect(ready).to_be_hidden()


def test_map_when_the_browser_cannot_then_the_svg_stays_and_its_marks_open_their_cases(
    site: Site, chromium: Browser, cookies_of: Callable[[str], Cookies]
) -> None:
    flags = ["--no-sandbox", "--no-first-run", "--disable-3d-apis"]
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=flags)
    window = Windows(browser).take()
    page = window.lent(site.url, cookies_of(site.username))
    page.goto(site.url + MAP, wait_until="networkidle")
    expect(page.locator(".xh-map-box")).to_be_visible()
    assert (page.locator(".xl-gl").count(), window.wrong) == (0, [])
    page.locator(".xh-map-marks a").last.press("Enter")
    page.wait_for_url("**/frozen/**")
    assert page.locator("[data-total]").count() == 1
    browser.close()
