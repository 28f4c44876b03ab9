"""The second factor as its owner takes it up, uses it and gives it up, in a real browser at both sizes."""

from __future__ import annotations

import os
import subprocess
import sys

import pyotp
import pytest
from playwright.sync_api import Page
from tests.web.conftest import SRC, Site
from tests.web.hands import follow
from tests.web.looks import shuts_out, sideways
from tests.web.windows import PHONE, Window

pytestmark = pytest.mark.browser

PASSWORD = "stone-bridge-52"  # noqa: S105 - only in tests
GO = "main form.xh-stack button[type=submit]"


def _made(site: Site, username: str) -> str:
    """Make an account that no other test uses, as an administrator does; return its password."""
    env = {**os.environ, "XIUHUA_HOME": site.home, "PYTHONPATH": str(SRC)}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "xiuhua", "user", "create", username, "--password-stdin"]
    subprocess.run(command, env=env, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    return PASSWORD


def _clean(page: Page) -> None:
    """Hold the page to axe and to 320 pixels, and see that no script failed."""
    assert shuts_out(page) == []
    assert sideways(page) == 0
    page.set_viewport_size(PHONE)


def _send(page: Page, **given: str) -> None:
    for name, value in given.items():
        page.fill(f"input[name={name}]", value)
    follow(page, GO)


def test_second_factor_when_taken_up_used_and_given_up_then_every_page_is_clean(site: Site, window: Window) -> None:
    username, password = "second", _made(site, "second")
    page = window.lent(site.url, [], PHONE)
    page.goto(f"{site.url}/login/?next=/account/second/")
    _send(page, username=username, password=password)
    _clean(page)
    _send(page, current=password)
    _clean(page)
    assert page.locator(".xh-door-code").evaluate("image => image.complete && image.naturalWidth > 0")
    totp = pyotp.TOTP((page.locator(".xh-door-secret").text_content() or "").replace(" ", ""))
    _send(page, code=totp.now())
    _clean(page)
    codes = page.locator(".xh-door-codes code").all_text_contents()
    page.goto(f"{site.url}/account/")
    _clean(page)
    page.context.clear_cookies()
    page.goto(f"{site.url}/account/")
    _send(page, username=username, password=password)
    assert page.url == f"{site.url}/login/code/"
    _clean(page)
    _send(page, code="000000")
    assert page.locator(".xh-errors").is_visible()
    _clean(page)
    _send(page, code=codes[0])
    assert page.url == f"{site.url}/account/"
    page.goto(f"{site.url}/account/second/off/")
    _clean(page)
    _send(page, current=password, code=codes[1])
    assert page.url == f"{site.url}/account/"
