"""A real site and a real browser: the demo street is built by its own command and served by `xiuhua serve`."""

from __future__ import annotations

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
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SRC = Path(__file__).parents[2] / "src"
PHONE = {"width": 412, "height": 915}
DESK = {"width": 1440, "height": 900}
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
    """Wait until a server answers."""
    for _try in range(150):
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


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of a signed-in person, kept in a file."""
    state = tmp_path_factory.mktemp("state") / "state.json"
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/login/")
    page.fill("input[name=username]", site.username)
    page.fill("input[name=password]", site.password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site.url}/**")
    assert "/login/" not in page.url
    context.storage_state(path=state)
    context.close()
    return state


@pytest.fixture
def visit(site: Site, chromium: Browser, signed_in: Path) -> Iterator[Opener]:
    """Open a page of the site as a signed-in person: `visit("/", size=PHONE, language="en")`.

    Every request that would leave the machine and every script error fails the test.
    """
    contexts: list[BrowserContext] = []
    strays: list[str] = []

    def opened(path: str, size: dict[str, int] | None = None, language: str = "zh-hans", **options: object) -> Page:
        # without motion: a page is looked at where it has come to rest, not between two colours of a link
        still = {"viewport": size or DESK, "reduced_motion": "reduce", **options}
        context = chromium.new_context(storage_state=signed_in, locale="zh-CN", **still)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        page = context.new_page()
        page.on("request", lambda r: strays.append(r.url) if not r.url.startswith((site.url, "data:")) else None)
        page.on("pageerror", lambda error: strays.append(str(error)))
        page.on("console", lambda message: strays.append(message.text) if message.type == "error" else None)
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strays == []
