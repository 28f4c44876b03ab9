"""A case in the browser: proof in three taps on a phone, errors that take the focus, before and after in one look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.files.pictures import encode, scene
from tests.web.conftest import Site
from tests.web.hands import follow
from tests.web.looks import shuts_out, sideways
from tests.web.windows import PHONE, Cookies, Window

pytestmark = pytest.mark.browser


@pytest.fixture
def sweeper(site: Site, window: Window, cookies_of: Callable[[str], Cookies]) -> Page:
    """The phone of somebody who does the work, signed in."""
    return window.lent(site.url, cookies_of("sweeper"), PHONE)


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
    follow(sweeper, "text=整改完成")  # first tap
    with sweeper.expect_file_chooser() as chooser:
        sweeper.click("input[type=file]")  # second tap
    chooser.value.set_files(photo)
    follow(sweeper, ".xw-move button[type=submit]")  # third tap
    assert sweeper.url.partition("?")[0] == address
    assert sweeper.locator(".xh-undo button").count() == 1  # first: it is offered for a few seconds only
    pictures = sweeper.locator(".xh-pair img")
    assert pictures.count() == 2
    for at in range(2):
        box = pictures.nth(at).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
    assert "待初审" in str(sweeper.locator("h1").text_content())


def test_form_when_wrong_then_its_summary_has_the_focus_and_leads_to_the_field(sweeper: Page, site: Site) -> None:
    address = _handling(sweeper, site)
    sweeper.goto(f"{address}move/rectify/")
    sweeper.fill("textarea[name=note]", "已清理")
    follow(sweeper, ".xw-move button[type=submit]")
    assert sweeper.evaluate("document.activeElement.id") == "errors"
    assert sweeper.title().startswith("错误：")
    assert sweeper.input_value("textarea[name=note]") == "已清理"
    sweeper.click("#errors a")
    assert sweeper.evaluate("document.activeElement.id") == "id_photo"
    assert shuts_out(sweeper) == []
    assert sideways(sweeper) == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_living_case_when_opened_then_axe_finds_nothing_and_nothing_scrolls(
    sweeper: Page, site: Site, language: str
) -> None:
    address = _handling(sweeper, site)
    sweeper.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    sweeper.goto(address)
    assert shuts_out(sweeper) == []
    assert sideways(sweeper) == 0
