"""A table brought in at the desk with the keyboard alone, from the file to the undo; and each page of it looked at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.web.conftest import SRC, Opener, Site
from tests.web.hands import Line, follow, press
from tests.web.looks import shuts_out, sideways
from tests.web.windows import DESK, NARROW, PHONE, Cookies, Windows

pytestmark = pytest.mark.browser

HEADER = "工单编号,登记时间,办理期限,办结时间,问题小类,承办单位,所属社区,经度,纬度"
GOOD = "T{n:04},2026-11-{d:02} 08:00:00,2026-11-{d:02} 18:00:00,2026-11-{d:02} 12:00:00,井盖破损,市政队,柳汀社区,123.05,31.41"
BAD = "T9999,昨天上午,2026-11-02 18:00:00,,井盖破损,市政队,柳汀社区,123.05,31.41"
ROWS = 12
#: Milliseconds: the worker may have a backlog of notices before it comes to a file.
PATIENCE = 120_000


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[None]:
    """The site's worker, as `xiuhua serve --with-worker` has it."""
    env = {**os.environ, "XIUHUA_HOME": site.home, "PYTHONPATH": str(SRC)}
    env.pop("DATABASE_URL", None)
    program = subprocess.Popen(
        [sys.executable, "-m", "xiuhua", "worker"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        program.terminate()
        program.wait(timeout=20)


def write(folder: Path, name: str) -> Path:
    """Write a table of GBK text, as an old platform does: twelve rows that are good and one that is not."""
    rows = [GOOD.format(n=n, d=1 + n % 20) for n in range(ROWS)]
    path = folder / name
    path.write_bytes("\r\n".join([HEADER, *rows, BAD, ""]).encode("gb18030"))
    return path


def checked_by_now(page: Page) -> None:
    """Wait until the worker has looked at the file and the page says what it found."""
    page.wait_for_selector(".xi-report", timeout=PATIENCE)
    page.wait_for_load_state()


@dataclass
class Keys:
    """Somebody who uses nothing but the keyboard."""

    page: Page

    def to(self, selector: str) -> None:
        """Press Tab until what has the focus is what is looked for."""
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"no way by Tab to {selector}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go there and press a key."""
        self.to(selector)
        self.page.keyboard.press(key)

    def follow(self, selector: str) -> None:
        """Go to what leads to another page and go there too."""
        self.to(selector)
        press(self.page, "Enter")

    def choose(self, path: Path) -> None:
        """Choose a file where one is asked for."""
        self.to("input[type=file]")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(path)


def test_table_when_brought_in_by_keyboard_then_it_is_checked_imported_and_undone(
    visit: Opener, worker: None, tmp_path: Path
) -> None:
    page = visit("/imports/")
    page.on("filechooser", lambda _chooser: None)  # long before it is asked for: listening begins without a sign
    keys = Keys(page)
    keys.follow("main a[href='/imports/new/']")
    assert page.url.endswith("/imports/new/")
    keys.choose(write(tmp_path, "热线.csv"))
    page.wait_for_url("**/mapping/")

    # nothing that no file can say is chosen beforehand
    assert page.locator("#live-asked input:checked").count() == 0
    assert page.locator("#id_zone").input_value() == ""
    keys.press("#live-asked input[name=crs]", "Space")
    keys.to("#id_zone")
    page.keyboard.type("Asia/Shanghai")
    keys.press("#live-asked input[name=date_order]", "Space")
    page.locator("#live-rows", has_text="2026-11-01 08:00").wait_for()
    keys.follow("button[value=check]")

    checked_by_now(page)
    effect = [page.locator("[data-effect]").nth(at).get_attribute("data-effect") for at in range(5)]
    assert effect == [str(ROWS), "0", "0", "0", "1"]
    keys.press("button[value=apply]")

    page.wait_for_url(re.compile(r"/imports/\d+/\?new=1"), timeout=PATIENCE)
    batch = page.url
    keys.follow("a[href$='what=created']")
    assert "/records/" in page.url
    assert page.locator("[data-total]").get_attribute("data-total") == str(ROWS)

    page.goto(batch)
    keys.follow("form[action$='/undo/'] button")
    assert page.locator(".xh-note.good").count() == 1
    assert page.locator("form[action$='/undo/']").count() == 0
    page.goto(batch.replace("?new=1", "records/?what=created"))
    assert page.locator("[data-total]").get_attribute("data-total") == "0"


def test_upload_when_the_page_is_left_in_the_middle_then_the_same_file_goes_on_where_it_broke(
    site: Site, windows: Windows, cookies_of: Callable[[str], Cookies], tmp_path: Path
) -> None:
    window = windows.take()  # not `visit`: a broken line is an error in the console
    page = window.lent(site.url, cookies_of(site.username))
    page.goto(f"{site.url}/imports/new/")
    path = tmp_path / "大表.csv"
    path.write_text(HEADER + "\n" + "\n".join(GOOD.format(n=n, d=1) for n in range(18_000)), encoding="utf-8")
    arrived: list[int] = []
    broken = [True]  # the line, after the first piece

    def piece(route: Route) -> None:
        offset = int(route.request.headers["upload-offset"])
        if broken[0] and offset:
            route.abort()
        else:
            arrived.append(offset)
            route.continue_()

    page.route("**/piece/", piece)
    page.set_input_files("input[type=file]", path)
    page.locator("[data-line]", has_text="线断了").wait_for()
    page.reload()
    broken[0] = False
    assert page.locator(".xh-note.warn").count() == 1
    page.set_input_files("input[type=file]", write(tmp_path, "别的.csv"))
    page.wait_for_selector("[data-error]:not([hidden])")
    page.set_input_files("input[type=file]", path)
    page.wait_for_url("**/mapping/")
    assert arrived == [0, 1 << 20]
    page.unroute_all()
    follow(page, page.get_by_role("button", name="丢弃这个文件"))
    windows.back(window)


@pytest.fixture(scope="module")
def checked(
    site: Site,
    windows: Windows,
    cookies_of: Callable[[str], Cookies],
    worker: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of a file that was checked."""
    window = windows.take()
    page = window.lent(site.url, cookies_of(site.username))
    page.goto(f"{site.url}/imports/new/")
    page.set_input_files("input[type=file]", write(tmp_path_factory.mktemp("sent"), "看一看.csv"))
    page.wait_for_url("**/mapping/")
    page.check("input[name=crs][value=gcj02]")
    page.select_option("#id_zone", "Asia/Shanghai")
    page.check("input[name=date_order][value=ymd]")
    follow(page, "button[value=check]")
    checked_by_now(page)
    address = page.url.removeprefix(site.url)
    assert windows.back(window) == []
    return address


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("step", ["", "mapping/"], ids=["report", "mapping"])
def test_page_of_a_file_when_opened_then_axe_finds_nothing(
    visit: Opener, checked: str, step: str, size: dict[str, int]
) -> None:
    assert shuts_out(visit(checked + step, size=size)) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("step", ["", "mapping/"], ids=["report", "mapping"])
def test_page_of_a_file_when_320_pixels_wide_then_nothing_scrolls_sideways(
    visit: Opener, checked: str, step: str, language: str
) -> None:
    assert sideways(visit(checked + step, size=NARROW, language=language)) == 0


@pytest.mark.parametrize("step", ["", "mapping/"], ids=["report", "mapping"])
def test_page_of_a_file_when_english_then_only_what_the_file_says_is_chinese(
    visit: Opener, checked: str, step: str
) -> None:
    page = visit(checked + step, language="en")
    said = page.evaluate(
        """() => { const copy = document.querySelector('main').cloneNode(true);
        for (const e of copy.querySelectorAll('h1, .xw-crumbs, .parts, .cases, .cells, .xi-strip label, .why, option, dd, q, .xi-words label, .hint, #from-head + p, script')) e.remove();
        return copy.textContent }"""
    )
    assert re.findall(r"[\u4e00-\u9fff]{2,}", str(said)) == []


def test_answer_when_it_comes_while_the_hand_has_gone_on_then_neither_the_focus_nor_the_choice_is_lost(
    visit: Opener, checked: str
) -> None:
    page = visit(checked + "mapping/")
    keys, line = Keys(page), Line(page, "**/mapping/")
    keys.to("#id_zone")
    page.keyboard.type("Asia/To")
    expect(page.locator("#id_zone")).to_have_value("Asia/Tokyo")
    page.evaluate("document.getElementById('live-rows').querySelector('ol').dataset.old = '1'")
    zone = page.locator("#id_zone").element_handle()
    line.let_go()
    expect(page.locator("#live-rows ol[data-old]")).to_have_count(0)
    assert zone.evaluate("one => one.isConnected && one === document.activeElement")
    assert page.input_value("#id_zone") == "Asia/Tokyo"
    assert page.locator("input[name=date_order][value=ymd]").is_checked()
    page.unroute_all()


def test_file_when_chosen_before_the_script_is_there_then_it_is_sent_all_the_same(
    site: Site, visit: Opener, tmp_path: Path
) -> None:
    page = visit("/imports/")
    line = Line(page, "**/intake*.js")
    page.goto(f"{site.url}/imports/new/", wait_until="commit")
    page.set_input_files("input[type=file]", write(tmp_path, "很快.csv"))
    line.let_go()
    page.wait_for_url("**/mapping/")
    page.unroute_all()
    follow(page, page.get_by_role("button", name="丢弃这个文件"))
