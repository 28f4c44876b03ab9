"""Inbox, channels and worker as a unit and the administrator open them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.web.conftest import SRC, Opener, Site
from tests.web.hands import follow
from tests.web.looks import shuts_out, sideways
from tests.web.windows import DESK, NARROW, PHONE

pytestmark = pytest.mark.browser
As = Callable[..., Page]
PAGES = (
    ("admin", "/worker/"),
    ("admin", "/worker/?show=done"),
    ("admin", "/worker/?show=events"),
    ("admin", "/channels/"),
    ("sweep", "/inbox/"),
)


@pytest.fixture(scope="module")
def told(site: Site) -> None:
    """The demo's worker has done its work."""
    env = {**os.environ, "XIUHUA_HOME": site.home, "PYTHONPATH": str(SRC)}
    env.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "xiuhua", "worker", "--once"], env=env, check=True, capture_output=True)


@pytest.fixture
def as_(visit: Opener, told: None) -> As:
    """Open a page as one of the demo's people."""
    return lambda name, path, size, language="zh-hans": visit(path, size, language, name)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_page_when_opened_then_axe_finds_nothing(as_: As, name: str, path: str, size: dict[str, int]) -> None:
    assert shuts_out(as_(name, path, size)) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_page_when_320_pixels_wide_then_nothing_scrolls_sideways(as_: As, name: str, path: str, language: str) -> None:
    assert sideways(as_(name, path, NARROW, language)) == 0


def test_roof_when_something_is_unread_then_its_number_is_that_of_the_inbox(as_: As) -> None:
    page = as_("sweep", "/inbox/", DESK)
    number = page.locator(".xh-bar-inbox b").inner_text()
    assert number == page.locator(".xw-inbox-kinds b").first.inner_text()
    follow(page, page.locator("button.xw-inbox-open").first)
    assert "/cases/" in page.url
    assert int(page.locator(".xh-bar-inbox b").inner_text()) == int(number) - 1


def test_channel_when_its_address_is_wrong_then_the_error_leads_to_the_field(as_: As) -> None:
    page = as_("admin", "/channels/", DESK)
    page.fill("#id_name", "值班群")
    page.fill("#id_address", "https://example.org/")
    follow(page, ".xw-channel-form button.main")
    assert page.title().startswith("错误：")
    page.click(".xh-errors a, [role=alert] a")
    assert page.evaluate("document.activeElement.id") == "id_address"
    assert page.input_value("#id_name") == "值班群"


def test_channel_when_added_then_only_the_end_of_its_address_is_seen(as_: As) -> None:
    page = as_("admin", "/channels/", DESK)
    page.fill("#id_name", "夜班群")
    page.fill("#id_address", "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")
    follow(page, ".xw-channel-form button.main")
    assert page.locator(".xw-channels code").inner_text() == "wecombot://••••5aaa"
    page.click(".xw-sure summary")
    follow(page, ".xw-sure button")
    assert page.locator(".xw-channels").count() == 0
