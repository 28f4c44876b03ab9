"""Inbox, channels and worker as a unit and the administrator open them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tests.web.conftest import DESK, PHONE, SRC, Site

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


@pytest.fixture(scope="module")
def as_(site: Site, chromium: Browser, told: None) -> Iterator[As]:
    """Open a page as one of the demo's people; each signs in once."""
    known: dict[str, object] = {}
    contexts: list[BrowserContext] = []

    def opened(name: str, path: str, size: dict[str, int], language: str = "zh-hans") -> Page:
        if name not in known:
            context = chromium.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(f"{site.url}/login/")
            page.fill("input[name=username]", name)
            page.fill("input[name=password]", site.passwords[name])
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/login/" not in url)
            known[name] = context.storage_state()
            context.close()
        context = chromium.new_context(viewport=size, storage_state=known[name], locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        page = context.new_page()
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_page_when_opened_then_axe_finds_nothing(as_: As, name: str, path: str, size: dict[str, int]) -> None:
    found = Axe().run(as_(name, path, size)).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_page_when_320_pixels_wide_then_nothing_scrolls_sideways(as_: As, name: str, path: str, language: str) -> None:
    page = as_(name, path, {"width": 320, "height": 700}, language)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_roof_when_something_is_unread_then_its_number_is_that_of_the_inbox(as_: As) -> None:
    page = as_("sweep", "/inbox/", DESK)
    number = page.locator(".xh-bar-inbox b").inner_text()
    assert number == page.locator(".xw-inbox-kinds b").first.inner_text()
    page.locator("button.xw-inbox-open").first.click()
    page.wait_for_url("**/cases/*/")
    assert int(page.locator(".xh-bar-inbox b").inner_text()) == int(number) - 1


def test_channel_when_its_address_is_wrong_then_the_error_leads_to_the_field(as_: As) -> None:
    page = as_("admin", "/channels/", DESK)
    page.fill("#id_name", "值班群")
    page.fill("#id_address", "https://example.org/")
    page.click(".xw-channel-form button.main")
    assert page.title().startswith("错误：")
    page.click(".xh-errors a, [role=alert] a")
    assert page.evaluate("document.activeElement.id") == "id_address"
    assert page.input_value("#id_name") == "值班群"


def test_channel_when_added_then_only_the_end_of_its_address_is_seen(as_: As) -> None:
    page = as_("admin", "/channels/", DESK)
    page.fill("#id_name", "夜班群")
    page.fill("#id_address", "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")
    page.click(".xw-channel-form button.main")
    assert page.locator(".xw-channels code").inner_text() == "wecombot://••••5aaa"
    page.click(".xw-sure summary")
    page.click(".xw-sure button")
    assert page.locator(".xw-channels").count() == 0
