"""The smaller parts of the pack – speaker's page, task list, pledge sheets, picture – and that all tell the same numbers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.disclosure.hard_months import SCHEMES, hard_month
from tests.disclosure.months import MATRIX, NAMES, OCTOBER, told
from tests.disclosure.offices import converted, needs_soffice
from tests.disclosure.test_workbook import table

from xiuhua.assessment.rules import lists
from xiuhua.assessment.words import CutOff
from xiuhua.disclosure.picture import SEAL, WIDTH, chosen_rows, picture
from xiuhua.disclosure.pledges import pledges_docx, pledges_paper, pledges_pdf
from xiuhua.disclosure.rules.losing import lost_lines
from xiuhua.disclosure.rules.speaking import TIME, Point, fitting, seconds, total
from xiuhua.disclosure.speaker import speaker_docx, speaker_page, speaker_pdf, speech
from xiuhua.disclosure.tasks import tasks_docx
from xiuhua.disclosure.typesetting import FontMissing
from xiuhua.disclosure.words import Told
from xiuhua.disclosure.workbook import workbook

PARTS: dict[str, Callable[[Told], bytes]] = {
    "speaker.docx": speaker_docx,
    "speaker.pdf": speaker_pdf,
    "tasks.docx": tasks_docx,
    "pledges.docx": pledges_docx,
    "pledges.pdf": pledges_pdf,
    "picture.png": picture,
}
poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler (pdftotext) is not here: nobody reads a PDF"
)
#: A group message should open at once on any phone.
MOST_BYTES = 500_000


def made(name: str, month: Told) -> bytes:
    """Return a part; skipped where no font of this machine writes Chinese."""
    try:
        return PARTS[name](month)
    except FontMissing:
        pytest.skip("no Chinese font on this machine")


def words(content: bytes) -> str:
    """Return all text of a DOCX: paragraphs and cells in their order."""
    file = docx.Document(BytesIO(content))
    return "\n".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t"))


def pdf_pages(content: bytes, folder: Path) -> list[str]:
    """Return the text of each page of a PDF, without spaces."""
    (folder / "part.pdf").write_bytes(content)
    read = subprocess.run(["pdftotext", folder / "part.pdf", "-"], capture_output=True, text=True, check=True).stdout
    return ["".join(page.split()) for page in read.split("\f")[:-1]]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_part_when_made_twice_has_the_same_bytes(name: str, language: str) -> None:
    assert made(name, told(language)) == made(name, told(language))


def test_parts_tell_the_same_counts_of_the_month() -> None:
    month = told()
    due, on_time, _late, open_ = map(sum, zip(*OCTOBER.values(), strict=True))
    total_row = next(row for row in table(workbook(month), "成绩") if row["单位"] == "合计")
    assert (total_row["应结"], total_row["按期结案"], total_row["超期未结"]) == (due, on_time, open_)
    overall = next(point.text for point in speech(month) if point.head == "总体")
    assert overall == (
        f"2026年10月应结案 {due} 件，按期结案 {on_time} 件，按期率 87.6%，超期未结 {open_} 件。按期率比上月高 3.7 个百分点。"
    )


@pytest.mark.parametrize("name", SCHEMES)
def test_losses_of_a_pledge_sheet_are_those_of_the_workbook(name: str) -> None:
    month = hard_month(SCHEMES[name])
    rows = table(workbook(month), "扣分")
    for subject in month.view.subjects:
        lost = sorted(row["扣分"] for row in rows if row["编码"] == subject.code and row["扣分"] not in {"—", 0})
        mine = sorted(float(one.points) for one in lost_lines(month, subject.code))
        assert mine == pytest.approx(lost)


def test_pledge_sheet_begins_with_the_largest_loss_and_ends_with_a_post() -> None:
    text = words(pledges_docx(told()))
    assert text.index("16.80") < text.index("6.40")
    assert text.count("社区书记（签字）") == len(told().pledges)


@poppler
def test_pledge_sheets_are_one_page_for_each_unit_called_up(tmp_path: Path) -> None:
    month = told()
    pages = pdf_pages(made("pledges.pdf", month), tmp_path)
    assert [[name for name in NAMES.values() if name in page] for page in pages] == [
        [subject.name] for subject in month.pledges
    ]


@poppler
@needs_soffice
def test_documents_to_be_changed_have_the_pages_of_the_printed_ones(tmp_path: Path) -> None:
    month = told()
    files = {name: made(name, month) for name in ("speaker.docx", "pledges.docx")}
    read = converted(files, "pdf", tmp_path)
    assert len(pdf_pages(read["speaker"], tmp_path)) == len(pdf_pages(made("speaker.pdf", month), tmp_path)) == 1
    assert len(pdf_pages(read["pledges"], tmp_path)) == len(month.pledges)


def test_pledges_when_nobody_is_called_up_say_so() -> None:
    assert words(pledges_docx(told(pledges=()))).endswith("2026年10月没有需要表态的单位。")


@pytest.mark.parametrize(
    "month",
    [
        pytest.param(told(), id="plain"),
        pytest.param(told(pledges=(), tasks=(), previous=None, changes={}, matrix=(), classes=()), id="nothing known"),
        pytest.param(hard_month(SCHEMES["exact totals, mean places, groups"]), id="groups too small for lists"),
    ],
)
def test_speech_fits_into_two_minutes_and_is_said_in_order(month: Told) -> None:
    said = fitting(list(speech(month)))
    heads = ["开场", "总体", "排名", "变化", "问题", "重复点位", "点名", "任务清单", "要求", "表态"]
    assert [point.head for point in said] == [head for head in heads if head in {point.head for point in said}]
    assert total(said) <= TIME
    assert {"开场", "总体", "排名"} <= {point.head for point in said}


def test_speech_names_who_moved_most_only_among_those_ranked() -> None:
    month = told()
    first = month.view.subjects[0]
    small = replace(month.view, subjects=(replace(first, rank=None), *month.view.subjects[1:]))
    changes = {**month.changes, first.code: replace(month.changes[first.code], points=99)}  # type: ignore[arg-type]
    text = next(point.text for point in speech(replace(month, view=small, changes=changes)) if point.head == "变化")
    assert first.name not in text


@given(st.lists(st.tuples(st.text("街道0123 a", min_size=1, max_size=300), st.integers(0, 5)), max_size=9))
def test_points_left_out_are_the_least_important_and_only_for_want_of_time(given: list[tuple[str, int]]) -> None:
    points = [Point(str(number), text, weight) for number, (text, weight) in enumerate(given)]
    kept = fitting(points)
    out = [point for point in points if point not in kept]
    assert [point for point in points if point in kept] == list(kept)
    assert total(kept) <= TIME or not any(point.weight for point in kept)
    assert not out or total(points) > TIME
    assert all(point.weight >= max((one.weight for one in kept), default=0) for point in out)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("现在通报考核情况。", 2, id="eight signs, the mark is not read"),
        pytest.param("97.33", 1, id="four digits"),
        pytest.param("", 1, id="nothing takes a breath"),
    ],
)
def test_seconds_of_reading_aloud(text: str, expected: int) -> None:
    assert seconds(text) == expected


def test_task_list_says_post_and_leaves_room_for_what_comes_of_it() -> None:
    file = docx.Document(BytesIO(tasks_docx(told())))
    rows = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert rows[0] == ["序号", "问题", "措施", "完成时限", "责任单位", "责任岗位", "完成情况"]
    assert rows[1] == ["1", told().tasks[0].problem, "逐件核查。", "2026-11-20", NAMES["c8"], "社区书记", ""]


def test_rows_of_a_task_list_are_not_broken_across_pages_and_its_head_is_on_each() -> None:
    rows = [row._tr.trPr for row in docx.Document(BytesIO(tasks_docx(told()))).tables[0].rows]
    marks = [{one.tag.rpartition("}")[2] for one in row} & {"cantSplit", "tblHeader"} for row in rows]
    assert marks == [{"cantSplit", "tblHeader"}, {"cantSplit"}, {"cantSplit"}]


def test_text_of_a_case_is_never_markup(tmp_path: Path) -> None:
    nasty = '#pagebreak() *x* $y$ <w:p/> "]) #panic("no")'
    matrix = (replace(MATRIX[0], class_name=nasty),)
    paper = pledges_paper(told(matrix=matrix))
    assert any(nasty in str(block) for block in paper.blocks)
    month = told(matrix=matrix)
    assert nasty in words(pledges_docx(month))
    if shutil.which("pdftotext"):
        assert any("#pagebreak()*x*$y$<w:p/>" in page for page in pdf_pages(made("pledges.pdf", month), tmp_path))


def opened(content: bytes) -> Any:
    """Return a picture in full colours."""
    return Image.open(BytesIO(content)).convert("RGB")


def near(image: Any, colour: str) -> int:
    """Return how many points of a picture have a colour, give or take what the palette does to it."""
    wanted = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    counted = image.getcolors(maxcolors=1 << 20)
    return sum(count for count, found in counted if all(abs(a - b) <= 4 for a, b in zip(found, wanted, strict=True)))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_picture_is_wide_as_a_phone_wants_it_and_light(language: str) -> None:
    content = picture(told(language))
    assert opened(content).width == WIDTH == 1080
    assert len(content) <= MOST_BYTES


def test_picture_of_a_running_month_has_no_lists() -> None:
    month = told()
    running = replace(month, view=replace(month.view, cut_off=CutOff.RUNNING), pledges=())
    # the one seal beside the title stays
    assert near(opened(picture(running)), SEAL) < near(opened(picture(month)), SEAL) / 3


def test_picture_of_many_subjects_draws_the_lists_and_says_how_many_are_left_out() -> None:
    month = told()
    many = tuple(replace(month.view.subjects[3], code=f"m{number}") for number in range(40))
    wide = replace(
        month, view=replace(month.view, subjects=(*month.view.subjects[:3], *many, *month.view.subjects[-3:]))
    )
    rows = list(chosen_rows(wide))
    drawn = [row.subject.code for row in rows if row.subject]
    assert len(drawn) < 20
    assert rows[-1].text == f"其余 {46 - len(drawn)} 个对象略，见成绩表"


@poppler
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_speaker_page_when_names_are_long_is_still_one_page(language: str, tmp_path: Path) -> None:
    month = told(language)
    long = tuple(replace(one, name=one.name * 4) for one in month.view.subjects)
    view = replace(month.view, subjects=long)
    wide = replace(month, view=view, listed=lists(view), pledges=long[-3:])
    assert len(pdf_pages(made("speaker.pdf", wide), tmp_path)) == 1


def test_speaker_page_has_its_own_line_of_source() -> None:
    assert (
        speaker_page(told()).foot
        == "星河街道（虚构数据） · 2026年10月 · 截止 2026-11-01 00:00（月末） · 快照 abababababab"
    )
