"""One case from report to reopening and another through extension, suspension and supervision, each person with a session of his own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.files.pictures import encode, scene
from tests.web.hands import follow
from tests.web.looks import shuts_out
from tests.web.test_triage_crowd import Opened, desk_open
from tests.web.windows import Window

pytestmark = pytest.mark.browser
LITTER = "暴露垃圾"
SWEEPERS, REPAIRS = "环卫所", "市政队"


@dataclass
class Story:
    """The window that each looks through in turn, the case that is told of, and photos to show."""

    opened: Opened
    window: Window
    folder: Path
    shots: Iterator[int]
    address: str = ""
    name: str = ""

    def person(self, name: str) -> Page:
        """Return the window with the session of a person and of nobody else."""
        if name != self.name:
            session = self.opened.said["sessions"][name]
            self.window.wear([{"name": "sessionid", "value": session, "url": self.opened.url}])
            self.name = name
        return self.window.page

    def photo(self) -> str:
        """Return a photo that was in no case before, as a phone has it."""
        taken = next(self.shots)
        path = self.folder / f"photo{taken}.jpg"
        path.write_bytes(encode(scene(100 + taken)))
        return str(path)

    def report(self, name: str) -> None:
        """Tell of litter by the form, with a photo and a caller who wants to stay unknown to the units."""
        page = self.person(name)
        page.goto(f"{self.opened.url}/report/new/")
        answer(page, "class", LITTER)
        answer(page, "territory", "A")
        page.fill("[name=text]", "路口有一堆垃圾")
        page.fill("[name=name]", "来电人甲")
        page.fill("[name=phone]", "13800001234")
        page.set_input_files("[name=photo]", self.photo())
        follow(page, "button[value=report]")
        assert re.search(r"/cases/\d+/", page.url), page.locator("main").inner_text()[:500]
        self.address = page.url.split("?", maxsplit=1)[0]

    def look(self, name: str) -> Page:
        """Let a person open the case and return the page."""
        page = self.person(name)
        page.goto(self.address)
        return page

    def does(self, name: str, label: str, *, stands: str, photos: int = 0, **answers: str) -> None:
        """Let a person press a button of the case, answer its form and send it; then the case stands where it says."""
        page = self.look(name)
        link = page.locator(f".xw-moves a:text-is('{label}')")
        if not link.first.is_visible():
            page.click(".xw-menu summary")
        follow(page, link.first)
        for question, text in answers.items():
            answer(page, question, text)
        if photos:
            page.set_input_files("[name=photo]", [self.photo() for _one in range(photos)])
        follow(page, ".xw-move button[type=submit]")
        assert re.match(re.escape(self.address) + r"($|\?|#)", page.url), (
            label,
            page.locator("main").inner_text()[:500],
        )
        assert stands in str(page.locator("h1").text_content()), (label, page.locator("main").inner_text()[:500])


def answer(page: Page, question: str, text: str) -> None:
    """Answer one question of a form, whichever kind it is: a choice by a part of its words, anything else by typing."""
    radios = page.locator(f"fieldset:has(input[type=radio][name={question}]) .one")
    if radios.count():
        radios.filter(has_text=text).first.locator("label").click()
        return
    chosen = page.locator(f"select[name={question}]")
    if chosen.count():
        value = chosen.locator("option").filter(has_text=text).first.get_attribute("value")
        chosen.select_option(value)
        return
    page.fill(f"[name={question}]", text)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """An office with nothing to do yet, served; each story has a case of its own in it."""
    with desk_open(tmp_path_factory.mktemp("story"), 0) as made:
        yield made


@pytest.fixture(scope="module")
def shots() -> Iterator[int]:
    """Numbers of photos: none is taken twice in the office."""
    return itertools.count(1)


@pytest.fixture
def story(opened: Opened, window: Window, tmp_path: Path, shots: Iterator[int]) -> Story:
    """The office, with nobody signed in."""
    window.lent(opened.url, [])
    return Story(opened, window, tmp_path, shots)


def _handled(story: Story) -> None:
    """Take the case from its dispatch to the check: named, done with photos, reviewed by the unit."""
    story.does("uma", "接单", stands="处置中", person="hal")
    _done(story)


def _done(story: Story) -> None:
    story.does("hal", "整改完成", stands="待初审", photos=2, note="清走了")
    story.does("uma", "初审通过", stands="待核查")


def test_case_when_everybody_does_his_part_then_it_walks_from_report_to_reopening(story: Story) -> None:
    story.report("cleo")
    story.does("cleo", "立案", stands="待派遣", remedy="清理干净")
    story.does("dan", "派遣", stands="待接单", body=REPAIRS, note="请尽快")
    page = story.look("uri")
    assert "来电人甲" not in page.content()
    assert "1234" not in page.content()
    follow(page, page.locator(".xw-moves a:text-is('退单')").first)
    answer(page, "reason", "不属本单位职责")
    follow(page, ".xw-move button[type=submit]")
    assert "/move/" not in page.url
    story.does("dan", "改派", stands="待接单", body=SWEEPERS, reason="不归原单位管")
    _handled(story)
    story.does("vera", "核查不通过", stands="处置中", reason="只整改了一部分")
    _done(story)
    story.does("vera", "核查通过", stands="待结案", note="到现场看过")
    story.does("lea", "结案", stands="已结案")
    page = story.look("lea")
    assert page.locator(".xh-pair img").count() == 2
    told = [str(one.text_content()) for one in page.locator(".xh-story .title, .xh-story b").all()]
    for word in ("上报", "立案", "派遣", "退单", "改派", "接单", "整改完成", "核查不通过", "核查通过", "结案"):
        assert any(word in line for line in told), (word, told)
    story.does("sue", "重开", stands="待接单", body=SWEEPERS, reason="问题又出现")
    _looks_well(story, "sue")


def test_case_when_extended_suspended_and_supervised_then_each_shows_and_is_listed(story: Story) -> None:
    story.report("cleo")
    story.does("cleo", "立案", stands="待派遣", remedy="清理干净")
    story.does("dan", "派遣", stands="待接单", body=SWEEPERS, note="请尽快")
    story.does("uma", "接单", stands="处置中", person="hal")
    story.does("hal", "申请延期", stands="处置中", reason="等材料或设备")
    story.does("uma", "初审延期", stands="处置中")
    story.does("dan", "批准延期", stands="处置中")
    page = story.look("dan")
    assert "原定期限" in page.content()
    assert "决定后期限" in page.content()
    until = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    story.does("uma", "申请挂账", stands="处置中", reason="随工程一并解决", until=until)
    story.does("dan", "批准挂账", stands="挂账中")
    assert _listed(story, "/suspended/") == 1
    story.does("dan", "恢复处置", stands="处置中")
    story.does("bo", "督办", stands="处置中", demand="两日内办结")
    assert _listed(story, "/supervised/") == 1
    story.does("uma", "回复督办", stands="处置中", note="正在办")
    story.does("bo", "办结督办", stands="处置中", note="知道了")
    _looks_well(story, "dan")


def test_case_when_the_handler_is_a_verifier_too_then_he_is_told_why_he_may_not(story: Story) -> None:
    story.report("stan")
    story.does("stan", "立案", stands="待派遣", remedy="清理干净")
    story.does("stan", "派遣", stands="待接单", body=SWEEPERS, note="请尽快")
    story.does("uma", "接单", stands="处置中", person="hal")
    story.does("stan", "整改完成", stands="待初审", photos=1)
    story.does("uma", "初审通过", stands="待核查")
    page = story.look("stan")
    assert page.locator(".xw-moves a:text-is('核查通过')").count() == 0
    assert "核查通过" in str(page.locator(".xw-off").first.text_content())


def _listed(story: Story, address: str) -> int:
    page = story.person("dan")
    page.goto(story.opened.url + address)
    return page.locator("tbody tr").count()


def _looks_well(story: Story, name: str) -> None:
    """The finished case is whole in both languages: nothing for axe to find, no Chinese of ours left in English."""
    page = story.look(name)
    assert shuts_out(page) == []
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": story.opened.url}])
    page = story.look(name)
    assert shuts_out(page) == []
    words = page.locator("main h2, main dt, .xw-moves a, main summary, main button").all_text_contents()
    ours = [text for text in words if re.search(r"[\u4e00-\u9fff]", text)]
    assert ours == []
