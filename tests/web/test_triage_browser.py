"""Two hundred cases by keyboard alone: five verbs, two steps back, one conflict – and every case stands as it should."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.web.hands import Line
from tests.web.looks import shuts_out, sideways
from tests.web.test_triage_crowd import Opened, Person, desk_open
from tests.web.windows import DESK, NARROW, PHONE, REFUSED, Window, Windows

pytestmark = pytest.mark.browser
#: Reports; an eighth of them are filed and another eighth refused besides: 160 + 20 + 20.
REPORTS = 160
#: The unit 环卫所 stands second in the list that has the focus then.
UNIT = ("ArrowDown", "ArrowDown", "Enter")
#: Milliseconds: the desk asks every few seconds what colleagues do.
PATIENCE = 60_000
CLEANED = "清理干净并恢复原状。"
REPAIRED = "修复破损部位，恢复使用。"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """The office with its two hundred cases, served."""
    with desk_open(tmp_path, REPORTS) as made:
        yield made


Seat = Callable[..., Page]


@pytest.fixture
def seat(windows: Windows) -> Iterator[Seat]:
    """Sit somebody of an office down at the desk, each in a window of his own: `seat(opened, "queue=filed", name="dan")`."""
    taken: list[Window] = []

    def at(
        opened: Opened, query: str, language: str = "zh-hans", *, name: str = "stan", size: dict[str, int] = DESK
    ) -> Page:
        window = windows.take()
        taken.append(window)
        cookies = {
            "sessionid": opened.said["sessions"][name],
            "xh_desk": "normal~50~channel",
            "django_language": language,
        }
        page = window.lent(
            opened.url, [{"name": one, "value": text, "url": opened.url} for one, text in cookies.items()], size
        )
        page.goto(f"{opened.url}/desk/?{query}")
        return page

    yield at
    wrong = [line for window in taken for line in windows.back(window)]
    assert [line for line in wrong if not line.startswith(REFUSED)] == []


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


def test_clerk_when_two_hundred_cases_wait_then_the_keyboard_is_enough(opened: Opened, seat: Seat) -> None:
    bodies = opened.said["bodies"]
    clerk = Clerk(seat(opened, "queue=reported"))
    page, cases = clerk.page, [one["key"] for one in opened.said["cases"]]
    for turn, case in enumerate(cases):
        assert clerk.here() == case, turn
        _reported(opened, clerk, turn)
        if turn in {12, 26}:
            _second_thought(clerk, case, bodies["sweepers"])
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
    asked = (
        "[[one.pk, one.stage, one.body_id, one.remedy] for one in Case.objects.order_by('pk')]",
        "list(Case.objects.filter(stage='merged').values_list('pk','merged_into'))",
        "list(CaseMove.objects.filter(undone=True).order_by('pk').values_list('verb',flat=True))",
    )
    found, merged, undone = opened.ask(f"[{', '.join(asked)}]")
    assert [(key, *stands) for key, *stands in found] == [
        (key, *stands) for key, stands in sorted(clerk.expected.items())
    ]
    assert dict(merged) == {cases[n]: cases[n + 1] for n in range(8, REPORTS, 10)}
    assert undone == ["file", "dispatch", "decline"]


def _reported(opened: Opened, clerk: Clerk, turn: int) -> None:
    """Do with a reported case what its turn says: decline, merge into its twin, or file and dispatch."""
    body = opened.said["bodies"]["sweepers"]
    if turn % 10 in {6, 7}:
        clerk.does("decline", "r", "2", stands=("declined", None, ""))
    elif turn % 10 == 8:
        clerk.does("merge", "m", stands=("merged", None, ""))
    elif turn == 30:
        case = clerk.here()
        _conflict(opened, clerk, case)
        clerk.expected[case] = ("dispatched", body, REPAIRED)
    else:
        clerk.does("file", "a", "1", *UNIT, stands=("dispatched", body, CLEANED))


def _second_thought(clerk: Clerk, case: int, body: int) -> None:
    """Take the last move back and make the other one instead."""
    declined = clerk.expected[case][0] == "declined"
    clerk.keys("z")
    clerk.arrived(case)
    if declined:
        clerk.does("file", "a", "2", *UNIT, stands=("dispatched", body, REPAIRED))
    else:
        clerk.does("decline", "r", "1", stands=("declined", None, ""))


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


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A small office; whoever changes something in it takes it back."""
    with desk_open(tmp_path_factory.mktemp("desk"), 24) as made:
        yield made


#: What stands on the screen → the keys that bring it there, and what is there then.
SCREENS = {
    "a case and its form": ((), "#xt-main"),
    "saying no": (("r",), "#xt-back[open] .xt-choosing"),
    "choosing a remedy": (("a",), ".xt-choosing"),
    "two that are ticked": (("x", "j", "x"), "#xt-bulkbar:not([hidden])"),
    "the keys": (("?",), "dialog[open]"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("keys", "there"), SCREENS.values(), ids=SCREENS)
def test_desk_when_something_is_open_then_axe_finds_nothing(
    small: Opened, seat: Seat, keys: tuple[str, ...], there: str, language: str
) -> None:
    page = seat(small, "queue=reported", language)
    clerk = Clerk(page)
    clerk.keys(*keys)
    page.wait_for_selector(there)
    clerk.arrived(int(page.locator(".xt-rows li.here").get_attribute("data-case") or 0))
    assert shuts_out(page) == []


@pytest.mark.parametrize("queue", ["reported", "filed", "returned"])
@pytest.mark.parametrize("case", ["first", "none"])
def test_desk_when_on_a_phone_then_axe_finds_nothing_and_nothing_scrolls_sideways(
    small: Opened, seat: Seat, queue: str, case: str
) -> None:
    key = {"reported": small.said["cases"], "filed": small.said["filed"], "returned": small.said["returned"]}[queue][0]
    query = f"queue={queue}" + (f"&case={key['key']}" if case == "first" else "")
    page = seat(small, query, size=NARROW)
    assert sideways(page) == 0
    assert shuts_out(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.locator("#xt-list").is_visible() is (case == "none")
    assert page.locator("#xt-case").is_visible() is (case == "first")


def test_desk_when_read_in_english_then_no_chinese_sentence_is_left(small: Opened, seat: Seat) -> None:
    page = seat(small, "queue=reported", "en")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    said = page.evaluate(
        """() => { const copy = document.body.cloneNode(true);
        for (const one of copy.querySelectorAll('[lang], .what, option, .xh-bar-name, .xh-menu-who, .xh-seal, h2, svg, .xt-near a, '
          + '[name=language], .xt-same, .xt-undo')) one.remove();
        return copy.textContent }"""
    )
    assert re.findall(r"[\u4e00-\u9fff]{2,}", said) == []


def test_two_when_one_opens_a_case_then_the_other_sees_who_is_on_it(small: Opened, seat: Seat) -> None:
    query = f"queue=filed&case={small.said['filed'][1]['key']}"  # nobody has had this one open yet
    first = seat(small, query, name="dan")
    second = seat(small, query)
    assert first.locator("#xt-case").get_attribute("data-case") == second.locator("#xt-case").get_attribute("data-case")
    second.wait_for_selector("#xt-busy:not([hidden])", timeout=PATIENCE)
    second.wait_for_selector(".xt-rows li.here .busy:not([hidden])", timeout=PATIENCE)
    assert "dan" in second.locator("#xt-busy").inner_text()
    assert "dan" in second.locator(".xt-rows li.here .busy").inner_text()
    first.goto(f"{small.url}/desk/help/")
    second.wait_for_selector("#xt-busy", state="hidden", timeout=PATIENCE)


def test_border_when_moved_by_arrow_keys_then_the_list_is_wider_and_stays_so(small: Opened, seat: Seat) -> None:
    page = seat(small, "queue=reported")
    border, rows = page.locator(".xt-border.list"), page.locator(".xt-list")
    before = rows.bounding_box()
    border.focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    page.reload()
    after = rows.bounding_box()
    assert before is not None
    assert after is not None
    assert (round(after["width"] - before["width"]), border.get_attribute("aria-valuenow")) == (48, "472")
    page.locator(".xt-border.list").press("Home")
    assert round((rows.bounding_box() or {"width": 0})["width"]) == round(before["width"])


def test_key_when_the_next_case_is_still_on_its_way_then_nothing_is_done_with_the_one_that_is_left(
    small: Opened, seat: Seat
) -> None:
    page = seat(small, "queue=reported")
    clerk = Clerk(page)
    first, second = (small.said["cases"][place]["key"] for place in (0, 1))
    line = Line(page, f"**/desk/?*case={second}*")
    clerk.keys("j")
    expect(page.locator(f".xt-rows li.here[data-case='{second}']")).to_have_count(1)
    clerk.keys("a", "r", "m")
    assert (clerk.here(), page.locator(".xt-choosing, #xt-back[open]").count()) == (first, 0)
    line.let_go()
    clerk.arrived(second)
    clerk.keys("a")
    page.wait_for_selector(".xt-choosing")
    page.unroute_all()


def test_many_when_picked_by_keyboard_then_one_dialog_names_the_count_and_z_takes_all_back(
    small: Opened, seat: Seat
) -> None:
    page = seat(small, "queue=filed", name="dan")
    for _n in range(3):
        page.keyboard.press("x")
        page.keyboard.press("j")
    expect(page.locator("#xt-count")).to_have_text("3 / 3")
    page.focus("#xt-bulkbar button")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] #xt-confirm")
    assert "把 3 件派遣？" in page.locator("dialog").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator("dialog button.main").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#xt-undo:not([hidden])")
    assert "派遣 3 件" in page.locator("#xt-undo").inner_text()
    page.wait_for_selector(".xt-rows", state="detached")
    page.keyboard.press("z")
    page.wait_for_selector(".xt-rows li:nth-child(3)")
    made = small.ask("list(CaseMove.objects.filter(user__name='dan').values_list('verb','undone','case__stage'))")
    assert [one for one in made if one[0] == "dispatch" and one[1]] == [["dispatch", True, "filed"]] * 3
