"""The running month at the desk: counted up to now, what is coming opens its lists, and one's own page says what helps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from tests.web.conftest import DESK, PHONE, Opener
from tests.web.hands import follow, press
from tests.web.looks import shuts_out, sideways

pytestmark = pytest.mark.browser


def _counts(page: Page) -> list[tuple[str, str | None, str]]:
    """Return (address, count of its list, count shown) of every number that opens a list."""
    links = page.eval_on_selector_all("a[data-count]", "all => all.map(a => [a.href, a.dataset.count])")
    found = []
    for href, count in links:
        total = re.search(r'data-total="(\d+)"', page.request.get(href).text())
        found.append((href, total and total[1], count))
    return found


def test_running_month_when_counted_up_to_now_then_warns_and_every_page_of_a_subject_says_what_helps(
    visit: Opener,
) -> None:
    page = visit("/warning/")
    follow(page, "main form button")
    counted = _counts(page)
    assert len(counted) == 3 * 12 + 3
    assert [one for one in counted if one[1] != one[2]] == []
    assert shuts_out(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert shuts_out(page) == []
    assert sideways(page) == 0

    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    follow(page, ".xo-ways h3 a >> nth=0")
    assert "/ranking/" in page.url
    page.evaluate("scrollTo(0, 0)")
    heads = page.locator(".xo-best-head")
    assert heads.count() == 1
    assert (heads.bounding_box() or {"y": DESK["height"]})["y"] < DESK["height"] / 2
    assert page.locator(".xo-lift b").count() == 2
    assert shuts_out(page) == []
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 1
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.focus(".xo-jump")
    press(page, "Enter")
    assert 0 <= (heads.bounding_box() or {"y": -1})["y"] < PHONE["height"] / 2
    assert shuts_out(page) == []
    assert sideways(page) == 0
