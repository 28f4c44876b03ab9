"""One case from report to reopening and another through extension, suspension and supervision: one browser for each person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.files.pictures import encode, scene
from tests.web.conftest import DESK
from tests.web.test_triage_crowd import Opened, desk_open

pytestmark = pytest.mark.browser
LITTER = "暴露垃圾"
SWEEPERS, REPAIRS = "环卫所", "市政队"


@dataclass
class Story:
    """Everybody's browser, the case that is told of, and photos to show."""

    opened: Opened
    chromium: Browser
    folder: Path
    address: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    taken: int = 0

    def person(self, name: str) -> Page:
        """Return the browser of a person, opened on first use."""
        if name not in self.pages:
            context = self.chromium.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
            session = self.opened.said["sessions"][name]
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.opened.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: pytest.fail(str(error)))
            self.pages[name] = page
        return self.pages[name]

    def photo(self) -> str:
        """Return another photo, as a phone has it."""
        self.taken += 1
        path = self.folder / f"photo{self.taken}.jpg"
        path.write_bytes(encode(scene(100 + self.taken)))
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
        page.click("button[value=report]")
        page.wait_for_url(re.compile(r"/cases/\d+/"))
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
        link.first.click()
        for question, text in answers.items():
            answer(page, question, text)
        if photos:
            page.set_input_files("[name=photo]", [self.photo() for _one in range(photos)])
        page.click(".xw-move button[type=submit]")
        page.wait_for_url(re.compile(re.escape(self.address) + r"($|\?|#)"))
        assert stands in str(page.locator("h1").text_content()), (label, page.locator("main").inner_text()[:500])


def answer(page: Page, question: str, text: str) -> None:
    """Answer one question of a form, whichever kind it is: a choice by a part of its words, anything else by typing."""
    # A click that leads to the form returns before the form is there, and counting does not wait.
    page.locator(f"[name={question}]").first.wait_for(state="attached")
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


@pytest.fixture
def story(tmp_path: Path, chromium: Browser) -> Iterator[Story]:
    """An office with nothing to do yet, served, and nobody signed in."""
    with desk_open(tmp_path, 0) as opened:
        yield Story(opened, chromium, tmp_path)


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
    page.locator(".xw-moves a:text-is('退单')").first.click()
    answer(page, "reason", "不属本单位职责")
    page.click(".xw-move button[type=submit]")
    page.wait_for_url(lambda url: "/move/" not in url)
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
    assert Axe().run(page).response["violations"] == []
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": story.opened.url}])
    page = story.look(name)
    assert Axe().run(page).response["violations"] == []
    words = page.locator("main h2, main dt, .xw-moves a, main summary, main button").all_text_contents()
    ours = [text for text in words if re.search(r"[\u4e00-\u9fff]", text)]
    assert ours == []
