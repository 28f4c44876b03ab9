"""The plots of analysis at the desk: drawn over the page's own numbers, which stay its table; the SVGs are what is without."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect
from tests.web.conftest import PHONE, Opener, needs_scripts
from tests.web.looks import shuts_out

pytestmark = pytest.mark.browser

ANALYSIS = "/analysis/?month=2026-09"


@needs_scripts
def test_plots_when_at_the_desk_then_a_dot_opens_its_list_and_lines_can_be_compared(visit: Opener) -> None:
    page = visit(ANALYSIS)
    page.locator("[data-plots][data-ready]").wait_for(timeout=60_000)
    assert page.locator(".xw-multiples").is_hidden()
    assert shuts_out(page) == []

    dots = [json.loads(cell.get_attribute("data-dot") or "") for cell in page.locator("td[data-dot]").all()]
    links = page.locator(".xw-dots tbody a[data-count]")
    counted = [(one.get_attribute("href"), one.inner_text()) for one in links.all()][: len(dots)]
    assert [(dot["href"], dot["said"].split("（")[0]) for dot in dots] == counted

    page.locator(".xw-canvas-mode").click()
    expect(page.locator(".xw-canvas-mode")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".xw-canvas canvas")).to_have_count(1)

    first = page.locator("td[data-dot]").first
    first.scroll_into_view_if_needed()
    where = first.locator(".value").bounding_box()
    assert where
    page.mouse.click(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    page.wait_for_url("**/frozen/**")
    kept = re.search(r"（(\d+) /", dots[0]["said"])
    assert page.locator("[data-total]").get_attribute("data-total") == (kept and kept[1])


def test_plots_when_on_the_phone_then_the_svgs_are_the_page(visit: Opener) -> None:
    page = visit(ANALYSIS, size=PHONE)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".xw-multiples svg").first).to_be_visible()
    assert page.locator("canvas").count() == 0
