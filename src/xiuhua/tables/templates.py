"""Workbooks to fill in: typed columns, drop-downs, an example that is passed over, and a sheet that explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from xiuhua.tables.forms import EXAMPLE
from xiuhua.tables.words import Column, Form
from xiuhua.tables.writing import A4

#: Rows below the header that carry types and drop-downs.
ROWS = 2000
#: The hidden sheet with the lists behind the drop-downs, in either language.
LISTS = "lists"

Choices = Mapping[str, Sequence[str]]


def template(form: Form, choices: Choices, *, english: bool = False, rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """Return an XLSX template of a form, or with `rows` (texts by column key) the same table filled in.

    `choices` are the entries of each drop-down by the list's name; a column whose list is empty has none. Sheets: the
    table (header frozen, codes typed as text, one example row whose first cell begins with the mark that imports pass
    over), the notes in Chinese and English, and the lists, hidden. A4 landscape, one page wide.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(form.title_en if english else form.title_zh)
    notes = book.add_worksheet("Notes" if english else "填写说明")
    ranges = _lists(book, form, choices)
    formats = _formats(book)
    _table(page, form, ranges, formats, english=english)
    if rows:
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(form.columns):
                page.write_string(number, place, row.get(column.key, ""), formats["text"])
    else:
        _example(page, form, formats, english=english)
    _notes(notes, form, formats)
    book.close()
    return target.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "example": book.add_format({"num_format": "@", "italic": True, "font_color": "#5b6470", "bg_color": "#eef0f2"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _lists(book: Any, form: Form, choices: Choices) -> dict[str, str]:
    """Write the lists on a hidden sheet and return the range of each by name: a range has no limit of characters."""
    wanted = [one.choice for one in form.columns if one.choice and choices.get(one.choice)]
    ranges: dict[str, str] = {}
    if wanted:
        sheet = book.add_worksheet(LISTS)
        sheet.hide()
        for place, name in enumerate(dict.fromkeys(wanted)):
            sheet.write_string(0, place, name)
            sheet.write_column(1, place, list(choices[name]))
            letter = xl_col_to_name(place)
            ranges[name] = f"={LISTS}!${letter}$2:${letter}${len(choices[name]) + 1}"
    return ranges


def _table(page: Any, form: Form, ranges: Mapping[str, str], formats: dict[str, Any], *, english: bool) -> None:
    for place, column in enumerate(form.columns):
        star = "*" if column.required else ""
        page.write_string(0, place, (column.en if english else column.zh) + star, formats["head"])
        page.set_column(place, place, column.width, _typed(column, formats))
        rule = _rule(column, ranges, english=english)
        if rule:
            page.data_validation(1, place, ROWS, place, rule)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    _paper(page)


def _typed(column: Column, formats: dict[str, Any]) -> Any:
    """Return the format of a column: codes must be text before anybody types into them, or zeros are lost."""
    if column.kind == "day":
        return formats["day"]
    return None if column.kind in {"whole", "number"} else formats["text"]


def _rule(column: Column, ranges: Mapping[str, str], *, english: bool) -> dict[str, Any] | None:
    title = (column.en if english else column.zh)[:32]
    note = (column.note_en if english else column.note_zh)[:255]
    said = {"input_title": title, "input_message": note} if note else {}
    if column.choice in ranges:
        kind = "stop" if column.strict else "warning"
        return {"validate": "list", "source": ranges[column.choice], "error_type": kind, **said}
    if column.kind in {"whole", "number"}:
        bounds = {"minimum": _bound(column.least, -1e9), "maximum": _bound(column.most, 1e9)}
        kind = "integer" if column.kind == "whole" else "decimal"
        return {"validate": kind, "criteria": "between", **bounds, **said}
    return {"validate": "any", **said} if said else None


def _bound(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given


def _example(page: Any, form: Form, formats: dict[str, Any], *, english: bool) -> None:
    mark = EXAMPLE[1].capitalize() + " " if english else EXAMPLE[0]
    for place, column in enumerate(form.columns):
        page.write_string(1, place, (mark if place == 0 else "") + column.example, formats["example"])


def _notes(page: Any, form: Form, formats: dict[str, Any]) -> None:
    heads = ("栏 Column", "必填 Required", "说明", "What to write")
    page.write_row(0, 0, heads, formats["head"])
    for row, column in enumerate(form.columns, start=1):
        required = "是 yes" if column.required else "否 no"
        cells = (f"{column.zh}\n{column.en}", required, column.note_zh, column.note_en)
        page.write_row(row, 0, cells, formats["note"])
    last = len(form.columns) + 2
    page.merge_range(last, 0, last, 3, "第一格以“示例”或 Example 开头的行，导入时跳过。", formats["note"])
    said = "Rows whose first cell begins with 示例 or Example are passed over on import."
    page.merge_range(last + 1, 0, last + 1, 3, said, formats["note"])
    for place, width in enumerate((18, 12, 48, 48)):
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    _paper(page)


def _paper(page: Any) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
