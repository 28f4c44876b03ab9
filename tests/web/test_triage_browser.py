"""Two hundred cases by keyboard alone: five verbs, two steps back, one conflict – and every case stands as it should."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.web.conftest import DESK
from tests.web.test_triage_crowd import Opened, Person, desk_open

pytestmark = pytest.mark.browser
#: Reports; an eighth of them are filed and another eighth refused besides: 160 + 20 + 20.
REPORTS = 160
#: The unit 环卫所 stands second in the list that has the focus then.
UNIT = ("ArrowDown", "ArrowDown", "Enter")
CLEANED = "清理干净并恢复原状。"
REPAIRED = "修复破损部位，恢复使用。"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """The office with its two hundred cases, served."""
    with desk_open(tmp_path, REPORTS) as made:
        yield made


@dataclass
class Clerk:
    """Somebody at the keyboard, and what he expects to have done."""

    page: Page
    expected: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    verbs: Counter[str] = field(default_factory=Counter)

    def here(self) -> int:
        """Return the key of the case that is open."""
        return int(self.page.locator("#xt-case").get_attribute("data-case") or 0)

    def keys(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def left(self, case: int) -> None:
        """Wait until the list has gone on from a case."""
        self.page.wait_for_function(
            "key => { const one = document.getElementById('xt-case'); return one.dataset.case !== String(key) "
            '&& !document.querySelector(`.xt-rows li[data-case="${key}"]`) }',
            arg=case,
        )

    def arrived(self, case: int) -> None:
        """Wait until a case is open and stands in the list."""
        self.page.wait_for_function(
            "key => document.getElementById('xt-case').dataset.case === String(key) "
            '&& document.querySelector(`.xt-rows li.here[data-case="${key}"]`) !== null',
            arg=case,
        )

    def does(self, verb: str, *keys: str, stands: tuple[Any, ...]) -> int:
        """Make a move with the open case by some keys and note where it should stand then; return the case."""
        case = self.here()
        self.keys(*keys)
        self.left(case)
        self.verbs[verb] += 1
        self.expected[case] = stands
        return case


def _desk(opened: Opened, chromium: Browser, query: str) -> Page:
    context = chromium.new_context(viewport=DESK, locale="zh-CN")
    context.add_cookies(
        [
            {"name": "sessionid", "value": opened.said["sessions"]["stan"], "url": opened.url},
            {"name": "xh_desk", "value": "normal~50~channel", "url": opened.url},
        ]
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{opened.url}/desk/?{query}")
    return page


def test_clerk_when_two_hundred_cases_wait_then_the_keyboard_is_enough(opened: Opened, chromium: Browser) -> None:
    bodies = opened.said["bodies"]
    clerk = Clerk(_desk(opened, chromium, "queue=reported"))
    page, cases = clerk.page, [one["key"] for one in opened.said["cases"]]
    sent = ("dispatched", bodies["sweepers"], CLEANED)
    for turn, case in enumerate(cases):
        assert clerk.here() == case, turn
        if turn % 10 in {6, 7}:
            clerk.does("decline", "r", "2", stands=("declined", None, ""))
        elif turn % 10 == 8:
            clerk.does("merge", "m", stands=("merged", None, ""))
        elif turn == 30:
            _conflict(opened, clerk, case)
            clerk.expected[case] = ("dispatched", bodies["sweepers"], REPAIRED)
        else:
            clerk.does("file", "a", "1", *UNIT, stands=sent)
        if turn in {12, 26}:  # a second thought
            clerk.keys("z")
            clerk.arrived(case)
            again = ("r", "1") if turn == 12 else ("a", "2", *UNIT)
            stands = ("declined", None, "") if turn == 12 else ("dispatched", bodies["sweepers"], REPAIRED)
            clerk.does("decline" if turn == 12 else "file", *again, stands=stands)
    page.goto(f"{opened.url}/desk/?queue=filed")
    for _case in opened.said["filed"]:
        clerk.does("dispatch", "a", *UNIT, stands=("dispatched", bodies["sweepers"], "清理干净"))
    page.goto(f"{opened.url}/desk/?queue=returned")
    for turn, _case in enumerate(opened.said["returned"]):
        if turn % 2:
            clerk.does("send_back", "r", "3", stands=("reported", bodies["repairs"], "清理干净"))
        else:
            clerk.does("redispatch", "a", *UNIT, "1", stands=("dispatched", bodies["sweepers"], "清理干净"))
    assert len(clerk.expected) == REPORTS + 2 * (REPORTS // 8) == 200
    assert set(clerk.verbs) == {"file", "decline", "merge", "dispatch", "send_back", "redispatch"}
    found = opened.ask("[[one.pk, one.stage, one.body_id, one.remedy] for one in Case.objects.order_by('pk')]")
    assert [(key, *stands) for key, *stands in found] == [
        (key, *stands) for key, stands in sorted(clerk.expected.items())
    ]
    twins = {cases[n]: cases[n + 1] for n in range(8, REPORTS, 10)}
    assert dict(opened.ask("list(Case.objects.filter(stage='merged').values_list('pk','merged_into'))")) == twins
    undone = opened.ask("list(CaseMove.objects.filter(undone=True).order_by('pk').values_list('verb',flat=True))")
    assert undone == ["file", "dispatch", "decline"]


def _conflict(opened: Opened, clerk: Clerk, case: int) -> None:
    """Somebody comments on the case while it is open: the move is refused, shows the difference, and is made again."""
    page = clerk.page
    shown = int(page.locator("#xt-case").get_attribute("data-version") or 0)
    status, _body = Person(opened, "cleo").post(
        "/desk/act/", case=case, version=shown, verb="comment", note="已电话联系"
    )
    assert status == 200
    clerk.keys("a", "2", *UNIT)
    page.wait_for_selector(".xt-stale [class=h3]")
    told = page.locator(".xt-stale").inner_text()
    assert re.search(r"批注 · cleo", told), told
    assert "已电话联系" in told
    assert page.locator("#m-remedy").input_value() == REPAIRED
    assert page.locator("#m-body").input_value() == str(opened.said["bodies"]["sweepers"])
    clerk.keys("a")
    clerk.left(case)
    clerk.verbs["file"] += 1
