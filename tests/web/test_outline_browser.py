"""The drawing board as a hand uses it: drag, keys, undo without end, looking first, saving, taking back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import PHONE, Opener
from tests.web.hands import follow
from tests.web.looks import shuts_out

pytestmark = pytest.mark.browser

#: A community of the demo street that no other test looks at.
BOARD = "/territory/990101001012/outline/"
HOME = "/territory/990101001012/"


def ring(page: Page) -> list[list[float]]:
    """Return the corners that would be sent, without the closing one."""
    geometry: dict[str, Any] = json.loads(page.input_value("#f-geometry"))
    corners: list[list[float]] = geometry["coordinates"][0]
    assert corners[0] == corners[-1]
    return corners[:-1]


def steps(page: Page) -> str:
    return page.locator('[data-say="steps"]').inner_text()


def drag(page: Page, vertex: int, dx: float, dy: float, *, alt: bool = True) -> None:
    box = page.locator(".xo-vertex .xo-hit").nth(vertex).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if alt:
        page.keyboard.down("Alt")  # no alignment with neighbours
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()
    if alt:
        page.keyboard.up("Alt")


def wheel(page: Page, by: int) -> None:
    """Turn the wheel and wait until the drawing has followed: turning does not."""
    own = page.locator(".xo-own")
    before = own.get_attribute("d") or ""
    page.mouse.wheel(0, by)
    expect(own).not_to_have_attribute("d", before)


def test_board_when_opened_then_it_shows_every_corner_and_the_area(visit: Opener) -> None:
    page = visit(BOARD)
    corners = ring(page)
    assert page.locator(".xo-vertex").count() == len(corners)
    shown = page.locator('[data-say="area"]').inner_text()
    kept = page.request.get(page.url.replace("/outline/", "/")).text()
    said = re.search(r"([\d,]+) 平方米", kept)
    assert said
    ours, theirs = (int(text.replace(",", "")) for text in (re.findall(r"[\d,]+", shown)[0], said[1]))
    assert abs(ours - theirs) <= theirs / 10_000
    assert steps(page) == ""


def test_corner_when_dragged_then_it_alone_moves_and_undo_and_redo_have_no_end(visit: Opener) -> None:
    page = visit(BOARD)
    first = ring(page)
    states = [first]
    for move in range(1, 6):
        drag(page, 0, -6.0 * move, -4.0)
        states.append(ring(page))
        assert states[-1][1:] == first[1:]
        assert states[-1][0] != states[-2][0]
    for state in reversed(states[:-1]):
        page.keyboard.press("Control+z")
        assert ring(page) == state
    expect(page.locator('[data-do="undo"]')).to_be_disabled()
    for state in states[1:]:
        page.locator('[data-do="redo"]').click()
        assert ring(page) == state
    expect(page.locator('[data-do="redo"]')).to_be_disabled()


@pytest.mark.parametrize(
    ("key", "metres"),
    [("ArrowRight", (0.1, 0)), ("ArrowUp", (0, 0.1)), ("Shift+ArrowLeft", (-1, 0)), ("Shift+ArrowDown", (0, -1))],
)
def test_corner_when_moved_by_keys_then_by_a_tenth_of_a_metre(
    visit: Opener, key: str, metres: tuple[float, float]
) -> None:
    page = visit(BOARD)
    before = ring(page)
    page.locator(".xo-vertex").nth(0).focus()
    page.keyboard.press("PageDown")
    page.keyboard.press(key)
    after = ring(page)
    assert [a for a, b in zip(before, after, strict=True) if a != b] == [before[1]]
    across = 111_320 * 0.854  # metres a degree of longitude near 31.3° north
    moved = ((after[1][0] - before[1][0]) * across, (after[1][1] - before[1][1]) * 110_900)
    assert moved == pytest.approx(metres, abs=0.01)
    assert page.locator(".xo-vertex").nth(1).evaluate("e => e === document.activeElement")


def test_board_when_walked_by_keys_then_all_corners_are_one_stop_and_the_form_comes_next(visit: Opener) -> None:
    page = visit(BOARD)
    page.locator('[data-do="fit"]').focus()
    page.keyboard.press("Tab")
    on = "e => e === document.activeElement"
    assert page.locator(".xo-vertex").first.evaluate(on)
    page.keyboard.press("PageUp")
    assert page.locator(".xo-vertex").last.evaluate(on)
    page.keyboard.press("Home")
    page.keyboard.press("End")
    assert page.locator(".xo-vertex").last.evaluate(on)
    stops = 0
    while page.evaluate("document.activeElement.id") != "f-effective":
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 4
    assert page.locator(".xo-vertex[tabindex='0']").count() == 1


def test_corner_when_a_finger_lands_beside_it_then_it_moves_as_far_as_the_finger(visit: Opener) -> None:
    page = visit(BOARD, size=PHONE, has_touch=True)
    before = ring(page)
    dot = page.locator(".xo-vertex .xo-hit").nth(0).bounding_box()
    assert dot
    touch = page.context.new_cdp_session(page)
    x, y = dot["x"] + dot["width"] / 2 - 12, dot["y"] + dot["height"] / 2 - 12
    for kind, moved in (("touchStart", 0), ("touchMove", -20), ("touchMove", -40), ("touchEnd", None)):
        points = [] if moved is None else [{"x": x + moved, "y": y + moved}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    after = ring(page)
    assert [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [0]
    landed = page.locator(".xo-vertex .xo-hit").nth(0).bounding_box()
    assert landed
    assert (landed["x"] - dot["x"], landed["y"] - dot["y"]) == pytest.approx((-40, -40), abs=1)


def test_corner_when_dragged_near_a_neighbours_then_it_is_exactly_there(visit: Opener) -> None:
    page = visit(BOARD)
    near = page.evaluate("JSON.parse(document.getElementById('xo-data').textContent).neighbours")
    theirs = {tuple(corner) for one in near for corner in one["geometry"]["coordinates"][0]}
    corners = ring(page)
    shared = next(place for place, corner in enumerate(corners) if tuple(corner) in theirs)
    drag(page, shared, 120, 90)
    assert tuple(ring(page)[shared]) not in theirs
    drag(page, shared, -118, -92, alt=False)
    assert tuple(ring(page)[shared]) in theirs
    expect(page.locator('[data-say="live"]')).to_have_text(re.compile("已对齐 .+ 的顶点"))


def test_edge_when_clicked_then_a_corner_is_added_and_delete_removes_it(visit: Opener) -> None:
    page = visit(BOARD)
    before = ring(page)
    corner = page.locator(".xo-vertex .xo-hit").nth(0).bounding_box()
    assert corner
    page.mouse.move(corner["x"] + 5, corner["y"] + 5)
    wheel(page, -1500)
    place = page.evaluate(
        """() => { const box = document.querySelector('.xo-map').getBoundingClientRect();
        for (const e of document.querySelectorAll('.xo-edge')) {
          const n = k => Number(e.getAttribute(k)), x = (n('x1') + n('x2')) / 2, y = (n('y1') + n('y2')) / 2;
          if (Math.hypot(n('x1') - n('x2'), n('y1') - n('y2')) > 40 && x > 20 && y > 20 && x < box.width - 20 && y < box.height - 20)
            return [box.left + x, box.top + y];
        } return null }"""
    )
    assert place
    page.mouse.click(*place)
    added = ring(page)
    assert len(added) == len(before) + 1
    assert [corner for corner in added if corner in before] == before
    page.keyboard.press("Delete")
    assert ring(page) == before
    page.keyboard.press("Enter")
    assert len(ring(page)) == len(before) + 1


def test_outline_when_it_crosses_itself_then_it_says_so_and_cannot_be_saved(visit: Opener) -> None:
    page = visit(BOARD)
    page.locator(".xo-text summary").click()
    west, south = ring(page)[0]
    bow = [[west, south], [west + 0.001, south + 0.001], [west + 0.001, south], [west, south + 0.001], [west, south]]
    page.fill("#f-geometry", json.dumps({"type": "Polygon", "coordinates": [bow]}))
    page.locator("#f-reason").focus()
    expect(page.locator('[data-say="wrong"]')).to_have_text(re.compile("边界自己相交：第 1 段和第 3 段"))
    expect(page.locator('button[value="save"]')).to_be_disabled()
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(page.locator('[data-say="wrong"]')).to_have_text("")
    expect(page.locator('button[value="save"]')).to_be_enabled()


def test_board_when_zoomed_and_panned_then_nothing_is_changed(visit: Opener) -> None:
    page = visit(BOARD)
    before, path = ring(page), page.locator(".xo-own").get_attribute("d")
    box = page.locator(".xo-map").bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    wheel(page, -300)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60)
    page.mouse.up()
    assert page.locator(".xo-own").get_attribute("d") != path
    assert (ring(page), steps(page)) == (before, "")
    page.locator('[data-do="fit"]').click()
    assert page.locator(".xo-own").get_attribute("d") == path


def test_preview_when_asked_then_numbers_have_their_lists_and_the_history_stays(visit: Opener) -> None:
    page = visit(BOARD)
    drag(page, 0, 150, 120)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.locator('button[value="preview"]').click()
    expect(page.locator("#preview h2")).to_have_text("影响")
    counts = page.locator("#preview [data-count]").all_text_contents()
    lists = [one.locator("li").count() for one in page.locator("#preview .xo-move").all()]
    assert [int(count.replace(",", "")) for count in counts] == lists
    assert page.locator("#preview .xo-ground li").count() >= 1
    assert shuts_out(page) == []
    assert "1" in steps(page)
    page.locator('[data-do="undo"]').click()
    expect(page.locator('[data-do="undo"]')).to_be_disabled()


def test_outline_when_saved_then_ten_seconds_of_undo_take_it_back_exactly(visit: Opener) -> None:
    page = visit(BOARD)
    before = page.input_value("#f-geometry")
    page.locator(".xo-vertex").nth(0).focus()
    for _press in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.fill("#f-reason", "按某号文调整")
    follow(page, 'button[value="save"]')
    assert page.url.endswith(HOME)
    expect(page.locator("[data-undo]")).to_be_visible()
    assert page.locator(".xw-time li").count() == 2
    follow(page, "[data-undo] button")
    assert page.url.endswith(HOME)
    assert page.locator(".xw-time li").count() == 1
    expect(page.locator("[data-undo]")).to_have_count(0)
    page.goto(page.url + "outline/")
    assert json.loads(page.input_value("#f-geometry")) == json.loads(before)


def test_board_when_the_page_comes_back_then_the_drawing_is_the_one_that_was_sent(visit: Opener) -> None:
    page = visit(BOARD)
    page.locator(".xo-vertex").nth(0).focus()
    page.keyboard.press("Shift+ArrowLeft")
    drawn = ring(page)
    with page.expect_navigation():  # as a browser without script sends it
        page.evaluate(
            """() => { const form = document.getElementById('outline'), look = document.createElement('input');
            look.type = 'hidden'; look.name = 'do'; look.value = 'preview'; form.append(look);
            window.addEventListener('beforeunload', e => e.stopImmediatePropagation(), true); form.submit() }"""
        )
    assert ring(page) == drawn
    assert page.locator('[data-say="change"]').inner_text().startswith("比现在")


@pytest.mark.parametrize("theme", ["dark", "field"])
def test_board_when_in_another_theme_then_axe_finds_nothing(visit: Opener, theme: str) -> None:
    page = visit(BOARD, size=PHONE)
    page.context.add_cookies([{"name": "xh_theme", "value": theme, "url": page.url}])
    page.reload()
    assert shuts_out(page) == []


def test_board_when_there_is_no_script_then_the_text_is_the_editor(visit: Opener) -> None:
    page = visit(BOARD, java_script_enabled=False)
    assert page.locator("#f-geometry").is_visible()
    assert not page.locator(".xo-board").is_visible()
    follow(page, 'button[value="preview"]')
    assert page.locator("#preview h2").inner_text() == "影响"
