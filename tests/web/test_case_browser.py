"""A case in the browser: proof in three taps on a phone, errors that take the focus, before and after in one look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.files.pictures import encode, scene
from tests.web.conftest import PHONE, Site

pytestmark = pytest.mark.browser


@pytest.fixture
def sweeper(site: Site, chromium: Browser) -> Iterator[Page]:
    """The phone of somebody who does the work, signed in."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.url}/login/")
    page.fill("input[name=username]", "sweeper")
    page.fill("input[name=password]", site.passwords["sweeper"])
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/(?!login)"))
    yield page
    context.close()


def _handling(page: Page, site: Site) -> str:
    """Return the address of a case that the person is to do."""
    page.goto(f"{site.url}/cases/?stage=handling")
    row = page.locator("tbody tr", has_text="环卫所").first
    return site.url + str(row.locator("a").first.get_attribute("href"))


def test_rectify_when_on_a_phone_then_takes_three_taps_from_the_case(sweeper: Page, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(encode(scene(71)))
    address = _handling(sweeper, site)
    sweeper.goto(address)
    sweeper.click("text=整改完成")  # first tap
    with sweeper.expect_file_chooser() as chooser:
        sweeper.click("input[type=file]")  # second tap
    chooser.value.set_files(photo)
    sweeper.click(".xw-move button[type=submit]")  # third tap
    sweeper.wait_for_url(address)
    pictures = sweeper.locator(".xh-pair img")
    assert pictures.count() == 2
    for at in range(2):
        box = pictures.nth(at).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
    assert "待初审" in str(sweeper.locator("h1").text_content())
    assert sweeper.locator(".xh-undo button").count() == 1


def test_form_when_wrong_then_its_summary_has_the_focus_and_leads_to_the_field(sweeper: Page, site: Site) -> None:
    address = _handling(sweeper, site)
    sweeper.goto(f"{address}move/rectify/")
    sweeper.fill("textarea[name=note]", "已清理")
    sweeper.click(".xw-move button[type=submit]")
    sweeper.wait_for_selector("#errors")
    assert sweeper.evaluate("document.activeElement.id") == "errors"
    assert sweeper.title().startswith("错误：")
    assert sweeper.input_value("textarea[name=note]") == "已清理"
    sweeper.click("#errors a")
    assert sweeper.evaluate("document.activeElement.id") == "id_photo"
    assert Axe().run(sweeper).response["violations"] == []
    sweeper.set_viewport_size({"width": 320, "height": 700})
    assert sweeper.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_living_case_when_opened_then_axe_finds_nothing_and_nothing_scrolls(
    sweeper: Page, site: Site, language: str
) -> None:
    address = _handling(sweeper, site)
    sweeper.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    sweeper.goto(address)
    assert Axe().run(sweeper).response["violations"] == []
    sweeper.set_viewport_size({"width": 320, "height": 700})
    assert sweeper.evaluate("document.documentElement.scrollWidth") <= 320
