"""A changed matrix as its users bring it in, and labels that do not run into each other."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from tests.web.conftest import Opener
from tests.web.hands import follow
from tests.web.looks import shuts_out, sideways
from tests.web.windows import DESK, NARROW, PHONE

pytestmark = pytest.mark.browser


def _tried(page: Page, tmp_path: Path) -> Page:
    """Bring back the exported matrix, in which one unit has taken over what another swept, and look at what it would do."""
    book = load_workbook(BytesIO(page.request.get(page.url.replace("import/", "table.xlsx")).body()))
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value == "行业主管" and "0106" in str(sheet.cell(row, 5).value):
            sheet.cell(row, 9).value = "U15"
    book.save(tmp_path / "changed.xlsx")
    page.set_input_files("input[name=file]", tmp_path / "changed.xlsx")
    follow(page, page.locator("main form").last.locator("button"))
    assert page.locator("#tests").count() == 1
    return page


def test_change_when_tried_then_axe_finds_nothing_and_nothing_scrolls_sideways_at_any_size(
    visit: Opener, tmp_path: Path
) -> None:
    page = _tried(visit("/duty/import/"), tmp_path)
    for one in page.locator("main summary").all():
        one.click()
    found: dict[str, object] = {}
    for name, size in {"desk": DESK, "phone": PHONE, "narrow": NARROW}.items():
        over = sideways(page, size["width"])
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found[name] = (shuts_out(page), over)
    assert found == dict.fromkeys(("desk", "phone", "narrow"), ([], 0))


def test_change_when_a_number_is_clicked_then_its_list_opens_with_that_many(visit: Opener, tmp_path: Path) -> None:
    page = _tried(visit("/duty/import/"), tmp_path)
    gained = page.locator('a[href$="-gained"]')
    assert gained.count() == 1
    gained.click()
    number = int(gained.inner_text().removeprefix("+").replace(",", ""))
    target = page.locator(gained.get_attribute("href") or "")
    assert target.is_visible()
    assert target.locator("xpath=following-sibling::ol[1]/li").count() == number > 0
    assert page.locator("input[name=version]").input_value() == "2"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("territory", ["", "990101001001", "990101001009"])
def test_labels_of_the_map_never_run_into_each_other(visit: Opener, territory: str, size: dict[str, int]) -> None:
    page = visit(f"/duty/who/?class=暴露垃圾&territory={territory}", size=size)
    boxes = page.eval_on_selector_all(
        ".xw-duty-map text",
        "all => all.map(t => t.getBoundingClientRect()).filter(b => b.width)"
        ".map(b => [b.left, b.top, b.right, b.bottom])",
    )
    clashes = [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[:place]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert clashes == []
    assert page.locator(".xw-duty-map title").count() >= len(boxes) > 0
