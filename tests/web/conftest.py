"""A real site and a real browser: the demo street is built by its own command and served by `xiuhua serve`."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web.windows import DESK, PHONE, REFUSED, Cookies, Window, Windows

SRC = Path(__file__).parents[2] / "src"
__all__ = ["DESK", "PHONE"]
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class Site:
    """A running site with the accounts of its demo; the first is who signs in unless another is asked for."""

    url: str
    username: str
    password: str
    passwords: dict[str, str]
    home: str


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; where many things run at once its start takes a minute."""
    for _try in range(900):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo street, built and served as its users do."""
    home = tmp_path_factory.mktemp("site")
    env = {**os.environ, "XIUHUA_HOME": str(home), "PYTHONPATH": str(SRC)}
    env.pop("DATABASE_URL", None)
    made = subprocess.run(
        [sys.executable, "-m", "xiuhua", "demo", "--no-serve", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    accounts = json.loads(made.stdout)["accounts"]
    passwords = {one["username"]: one["password"] for one in accounts}
    port, log = free_port(), home / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "xiuhua", "serve", "--port", str(port)],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/login/", server, log)
        yield Site(url, "clerk", passwords["clerk"], passwords, str(home))  # the all-round post: every page is open
    finally:
        server.terminate()
        server.wait(timeout=20)


#: Tests of what the desk draws with scripts of others, which set-up fetches where there is npm.
needs_scripts = pytest.mark.skipif(
    not (SRC / "xiuhua/web/static/vendor/.lock").exists(),
    reason="the map's and plots' scripts were not fetched (npm): run ./xiuhua test where npm is",
)


def chromium_path() -> str | None:
    """Return where the system's Chromium is, None without one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or a counted skip."""
    path = chromium_path()
    if not path:
        pytest.skip("no Chromium here (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


Opener = Callable[..., Page]


def signed(site: Site, browser: Browser, username: str) -> Cookies:
    """Let one of the demo's people sign in by the form and return the cookies that he has then."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", site.passwords[username])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)
    cookies = [dict(one) for one in context.cookies()]
    context.close()
    return cookies


@pytest.fixture(scope="session")
def cookies_of(site: Site, chromium: Browser) -> Callable[[str], Cookies]:
    """The cookies of a person who has signed in: each of them does so once."""
    return functools.cache(lambda username: signed(site, chromium, username))


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    """The windows that tests use one after the other; they are shut with the browser."""
    return Windows(chromium)


@pytest.fixture
def window(windows: Windows) -> Iterator[Window]:
    """A window to oneself; what goes wrong in it fails the test, but for answers that refuse."""
    taken = windows.take()
    yield taken
    assert [line for line in windows.back(taken) if not line.startswith(REFUSED)] == []


@pytest.fixture
def visit(site: Site, windows: Windows, cookies_of: Callable[[str], Cookies]) -> Iterator[Opener]:
    """Open a page of the site as a signed-in person: `visit("/", size=PHONE, language="en", who="sweep")`.

    Each call has a window to itself. With options of a browser context, the window is a new one.
    Every request that would leave the machine and every script error fails the test.
    """
    lent: list[Window] = []
    made: list[Window] = []

    def opened(
        path: str, size: dict[str, int] = DESK, language: str = "zh-hans", who: str = "", **options: object
    ) -> Page:
        window = windows.new(**options) if options else windows.take()
        (made if options else lent).append(window)
        cookies = [*cookies_of(who or site.username), {"name": "django_language", "value": language, "url": site.url}]
        page = window.lent(site.url, cookies, size)
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return page

    yield opened
    wrong = [line for window in lent for line in windows.back(window)]
    for window in made:
        wrong += window.wrong
        window.page.context.close()
    assert wrong == []
