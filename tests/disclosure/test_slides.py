"""The pages for the screen: one for every subject, nothing spilled, the same bytes twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.disclosure.months import NAMES, OCTOBER, told
from tests.disclosure.months import month as written

from xiuhua.assessment.rules import changes, lists
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.slides import slides_pdf
from xiuhua.disclosure.slides.overall import parts
from xiuhua.disclosure.typesetting import FontMissing
from xiuhua.disclosure.words import DraftTask, Lost, Recurrent, Spot, Tallied, Told
from xiuhua.insight.words import Against, Saying

poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler (pdftotext) is not here: nothing reads pages"
)


def made(month: Told) -> bytes:
    """Return the pages of a month, or skip where no face writes Chinese."""
    try:
        return slides_pdf(month)
    except FontMissing:
        pytest.skip("no Chinese font on this machine")


def texts(raw: bytes, folder: Path) -> list[str]:
    """Return the text of each page without spaces."""
    path = folder / "slides.pdf"
    path.write_bytes(raw)
    told_ = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return [re.sub(r"\s", "", page) for page in told_.split("\f")[:-1]]


def crowded() -> Told:
    """Return a month with long lists of everything."""
    month = told()
    classes = tuple(
        Tallied(f"名称很长的问题类别第{n}种", 30 - n, 9, 9, "c8", tuple(f"XH20261020{n:02}{k:02}" for k in range(9)))
        for n in range(12)
    )
    task = DraftTask(
        "“名称很长的问题类别”超期未结 9 件（应结案 30 件）", "逐件核查，" * 12, "2026-11-20", NAMES["c8"], "社区书记"
    )
    place = Recurrent("名称很长的问题类别", "c8", 12, "某某路与某某街交叉口东北角公共绿地", ())
    spot = Spot("某某路与某某街交叉口东北角公共绿地", 40, month.scheme_full / 7, month.scheme_full / 9999)
    lost = {"c8": (Lost(month.weights[0][0], month.scheme_full / 7, "on_time", 14),) * 5}
    facts = {"now": 99, "before": 88, "change": 11, "against": Against.MONTH, "name": NAMES["c8"]}
    said = tuple(Saying(f"change.{what}.more", facts, "c8") for what in ("reported", "overdue")) * 4
    return replace(
        month,
        matrix=classes,
        classes=classes,
        tasks=(task,) * 20,
        recurrent=(place,) * 20,
        hot=(spot,) * 20,
        losses=lost,
        sayings=said,
    )


@poppler
@pytest.mark.parametrize("month", [pytest.param(told, id="a plain month"), pytest.param(crowded, id="a crowded month")])
def test_every_subject_has_one_page_and_no_page_spills(month: object, tmp_path: Path) -> None:
    pages = texts(made(month()), tmp_path)  # type: ignore[operator]
    count = len(pages)
    # every page but the cover carries its own number: a spilled one would not
    assert [page.endswith(f"{number}/{count}") or f"{number}/{count}" in page for number, page in enumerate(pages, 1)][
        1:
    ] == [True] * (count - 1)
    for name in NAMES.values():
        assert sum(page.startswith(name) for page in pages) == 1


@poppler
def test_numbers_on_the_pages_are_those_of_the_month(tmp_path: Path) -> None:
    month = told()
    pages = texts(made(month), tmp_path)
    for subject in month.view.subjects:
        page = next(page for page in pages if page.startswith(subject.name))
        for number in (
            printing.score(subject),
            printing.rate(*subject.counts["on_time"]),
            f"应结案{subject.counts['due'][0]}件",
        ):
            assert number in page
    assert printing.rate(*month.view.totals["on_time"]) in pages[1]
    assert "演示数据，街道为虚构" in pages[0]
    assert "由系统于2026年11月2日09:00依据快照abababab生成" in pages[1]


def test_pages_twice_are_the_same_to_the_byte() -> None:
    assert made(told()) == made(told())


@pytest.mark.parametrize(("count", "most", "expected"), [(0, 3, [0]), (3, 3, [3]), (4, 3, [2, 2]), (13, 12, [6, 7])])
def test_long_lists_are_cut_into_even_parts(count: int, most: int, expected: list[int]) -> None:
    found = parts(list(range(count)), most)
    assert [len(part) for part in found] == expected
    assert [one for part in found for one in part] == list(range(count))


@poppler
def test_subjects_without_data_share_one_page_that_says_why(tmp_path: Path) -> None:
    month = told()
    counted = {**OCTOBER, "c3": (0, 0, 0, 0), "c4": (0, 0, 0, 0)}
    view = written("2026-10", counted, "2026-10-31T16:00:00+00:00")
    pages = texts(made(replace(month, view=view, changes=changes(view, None), listed=lists(view))), tmp_path)
    assert [sum(page.startswith(name) for page in pages) for name in NAMES.values()] == [1, 1, 0, 0, 1, 1, 1, 1]
    shared = [page for page in pages if page.startswith("本月没有数据的")]
    assert [(NAMES["c3"] in page, NAMES["c4"] in page, page.count("不计分")) for page in shared] == [(True, True, 2)]
