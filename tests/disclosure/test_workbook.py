"""The workbook of a month: what stands in it is what was written, and it recomputes."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.hard_months import SCHEMES, hard_month
from tests.disclosure.months import NAMES, told
from tests.disclosure.offices import converted, needs_soffice, spoiled

from xiuhua.assessment.rules import rounded
from xiuhua.assessment.words import RoundingMode
from xiuhua.disclosure.rules.formulas import steady
from xiuhua.disclosure.words import Recurrent, Told
from xiuhua.disclosure.workbook import task_workbook, workbook
from xiuhua.disclosure.workbook.book import TOP

MONTHS: dict[str, Told] = {"plain": told(), **{name: hard_month(scheme) for name, scheme in SCHEMES.items()}}
#: A binary number and ours agree up to this.
NOISE = 1e-9


@cache
def book(name: str) -> bytes:
    """Return the workbook of one of MONTHS."""
    return workbook(MONTHS[name])


def opened(content: bytes, *, values: bool = True) -> Any:
    """Return a workbook with its values, or with its formulas."""
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def table(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet below its head, by the names of its columns, up to the first empty row."""
    rows = list(opened(content)[sheet].iter_rows(min_row=TOP, values_only=True))
    head = [str(name) for name in rows[0]]
    found = []
    for row in rows[1:]:
        if not any(value is not None for value in row):
            break
        found.append(dict(zip(head, row, strict=True)))
    return found


def formulas(content: bytes) -> dict[tuple[str, str], str]:
    """Return every formula by sheet and address."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in opened(content, values=False)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def changed() -> bytes:
    """Return the plain month's workbook with two counts changed by hand: all of the last community's cases on time."""
    file = opened(spoiled(book("plain")), values=False)
    lines = file["扣分"]
    row = next(row for row in lines.iter_rows(min_row=TOP + 1) if row[0].value == "c8")[0].row
    lines.cell(row, 5).value = lines.cell(row + 1, 5).value = 50
    target = BytesIO()
    file.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return every month's workbook as LibreOffice computes it, by name, and the one that was changed."""
    given = {name: spoiled(book(name)) for name in MONTHS} | {"changed": changed()}
    found = converted(
        {f"m{number}.xlsx": content for number, content in enumerate(given.values())},
        "xlsx",
        tmp_path_factory.mktemp("office"),
    )
    return {name: found[f"m{number}"] for number, name in enumerate(given)}


@needs_soffice
@pytest.mark.parametrize("name", MONTHS)
def test_workbook_when_libreoffice_recomputes_it_says_the_same_in_every_cell(
    name: str, recomputed: dict[str, bytes]
) -> None:
    content = book(name)
    mine, other = opened(content), opened(recomputed[name])
    pairs = [(cell, mine[cell[0]][cell[1]].value, other[cell[0]][cell[1]].value) for cell in formulas(content)]
    assert [pair for pair in pairs if not same(*pair[1:])] == []
    assert len(pairs) > 150


def same(one: Any, two: Any) -> bool:
    """Return whether two values are equal, numbers up to NOISE."""
    numbers = isinstance(one, int | float) and isinstance(two, int | float)
    return bool(abs(one - two) < NOISE if numbers else one == two)


@needs_soffice
def test_workbook_when_a_count_is_changed_moves_points_total_and_rank(recomputed: dict[str, bytes]) -> None:
    scores = table(recomputed["changed"], "成绩")[:8]
    assert {each["单位"]: (each["总分"], each["名次"]) for each in scores}[NAMES["c8"]] == (100, 1)
    assert [each["名次"] for each in scores] == [2, 3, 4, 5, 6, 7, 8, 1]


@pytest.mark.parametrize("name", MONTHS)
def test_workbook_when_made_twice_has_the_same_bytes(name: str) -> None:
    assert book(name) == workbook(MONTHS[name])


@pytest.mark.parametrize("name", MONTHS)
def test_workbook_shows_the_scores_and_ranks_as_written(name: str) -> None:
    month = MONTHS[name]
    shown = table(book(name), "成绩")[: len(month.view.subjects)]
    expected = [
        (
            one.code,
            one.name,
            "—" if one.score is None else float(one.score),
            "—" if one.rank is None else float(one.rank),
        )
        for one in month.view.subjects
    ]
    assert [(row["编码"], row["单位"], row["总分"], row["名次"]) for row in shown] == expected


def test_workbook_shows_lost_points_line_by_line() -> None:
    row = next(row for row in table(book("plain"), "扣分") if row["编码"] == "c7")
    assert (row["分子"], row["分母"], row["满分"]) == (52, 66, 60)
    assert (row["得分"], row["扣分"]) == (pytest.approx(60 * 52 / 66), pytest.approx(60 * 14 / 66))


def test_workbook_sums_the_matrix_by_class_and_by_unit() -> None:
    rows = table(book("plain"), "类别×单位 超期")
    assert [(row["类别"], row["合计"]) for row in rows] == [
        ("暴露垃圾", 10),
        ("占道经营", 6),
        ("道路破损", 2),
        ("合计", 18),
    ]
    assert (rows[-1][NAMES["c8"]], rows[-1][NAMES["c7"]], rows[-1][NAMES["c2"]]) == (8, 6, 0)


@pytest.mark.parametrize("name", MONTHS)
def test_workbook_when_its_scheme_gives_the_written_numbers_has_formulas_for_points_and_ranks(name: str) -> None:
    content = book(name)
    many = len(MONTHS[name].view.subjects)
    assert sum(sheet == "总分" for sheet, _cell in formulas(content)) == 5 * many
    assert sum(sheet == "扣分" for sheet, _cell in formulas(content)) == 3 * len(table(content, "扣分"))


def test_workbook_when_the_scheme_has_changed_since_has_values_and_says_so() -> None:
    month = told()
    assert month.scheme is not None
    section = month.scheme.sections[0]
    harder = tuple(replace(each, floor=Fraction(40)) for each in section.indicators)
    other = replace(month.scheme, sections=(replace(section, indicators=harder),))
    for scheme in (other, None):
        content = workbook(replace(month, scheme=scheme))
        assert {sheet for sheet, _cell in formulas(content)} == {"类别×单位 超期", "类别×单位 应结"}
        assert [row["总分"] for row in table(content, "成绩")[:8]] == [
            float(one.score) for one in month.view.subjects if one.score
        ]
        assert "没有公式" in next(row["内容"] for row in table(content, "说明") if row["事项"] == "公式")


def test_workbook_takes_no_text_for_a_formula_and_no_code_for_a_number() -> None:
    content = workbook(replace(told(), recurrent=(Recurrent("=1+1", "c1", 3, '=HYPERLINK("x")', ("0012", "+7")),)))
    row = table(content, "重复点位")[0]
    assert (row["类别"], row["地点"], row["案件编号"]) == ("=1+1", '=HYPERLINK("x")', "0012、 +7")
    assert not [cell for (sheet, cell) in formulas(content) if sheet == "重复点位"]


def test_workbook_prints_on_a4_landscape_with_its_head_repeated() -> None:
    for sheet in opened(book("plain")):
        setup = sheet.page_setup
        assert (sheet.title, setup.paperSize, setup.orientation) == (sheet.title, 9, "landscape")
        assert (sheet.print_title_rows, sheet.freeze_panes is not None) == ("$3:$3", True)
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)


def test_workbook_names_what_has_no_source() -> None:
    content = book("plain")
    assert {(row["市级扣分"], row["返工数"]) for row in table(content, "成绩")[:8]} == {("—", "—")}
    notes = {row["事项"]: row["内容"] for row in table(content, "说明")}
    assert {notes[one.part] for one in told().missing} == {
        f"没有来源，印作“—”；缺：{one.source}" for one in told().missing
    }


def test_workbook_has_days_as_days() -> None:
    due = {row["完成时限"].date().isoformat() for row in table(task_workbook(told()), "任务清单")}
    assert due == {"2026-11-20"}


def test_workbook_in_english_has_no_chinese_but_names() -> None:
    own = {*NAMES.values(), *(one.part for one in told().missing)}
    file = opened(workbook(told("en")))
    heads = [str(cell.value) for sheet in file for cell in sheet[TOP]] + file.sheetnames
    assert [head for head in heads if head not in own and any("\u4e00" <= sign <= "\u9fff" for sign in head)] == []


def _as_a_spreadsheet(value: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """Return what the formula of `settled` gives in binary numbers: noise off at 8 decimals, then the mode."""
    scaled = Fraction(Decimal(float(value) * 10**digits).quantize(Decimal("1e-8"), ROUND_HALF_UP))
    return rounded(scaled, 0, mode) / 10**digits


@given(
    st.integers(min_value=0, max_value=900),
    st.integers(min_value=1, max_value=900),
    st.sampled_from([60, 40, 100, 35]),
    st.integers(min_value=0, max_value=4),
    st.sampled_from(RoundingMode),
)
def test_what_is_called_steady_rounds_in_binary_numbers_as_in_fractions(
    kept: int, of: int, full: int, digits: int, mode: RoundingMode
) -> None:
    value = Fraction(full * kept, of)
    if steady(value, digits, mode):
        assert _as_a_spreadsheet(value, digits, mode) == rounded(value, digits, mode)


def test_a_value_too_near_to_a_half_is_said_to_be_unsteady() -> None:
    near = Fraction("86.605") - Fraction(1, 10**12)
    assert (steady(near, 2, RoundingMode.HALF_UP), rounded(near, 2, RoundingMode.HALF_UP)) == (False, Fraction("86.60"))
