"""Reading numbers back out of task lists and workbooks: cell by cell, as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import docx
import openpyxl
from django.utils.translation import gettext, pgettext
from tests.disclosure.reading import Reader, said
from tests.disclosure.telling import Found, Key, due, squeezed

from xiuhua.disclosure.workbook.book import TOP


class Tables(Reader):
    """Reads task lists and workbooks of one month."""

    def tasks_docx(self, content: bytes) -> Found:
        """Return the task list of a DOCX, cell by cell."""
        rows = [[cell.text for cell in row.cells] for row in docx.Document(BytesIO(content)).tables[0].rows[1:]]
        return self._listed([[problem, remedy, day_, unit] for _number, problem, remedy, day_, unit, *_rest in rows])

    def _listed(self, rows: list[list[str]]) -> Found:
        if not self.told.tasks:
            return []
        found: Found = [(("task.all",), str(len(rows)))]
        for number, (problem, remedy, day_, unit) in enumerate(rows):
            found.append((("task", str(number)), squeezed(f"{problem}{remedy}{due(self.told, day_)}{unit}")))
        return found

    def tasks_xlsx(self, content: bytes) -> Found:
        """Return the task list of a workbook."""
        rows = table(content, gettext("任务清单"))
        heads = [gettext(name) for name in ("问题", "措施", "完成时限", "责任单位")]
        return self._listed([[row[head] for head in heads] for row in rows if row[heads[0]] != "—"])

    def workbook(self, content: bytes) -> Found:
        """Return the numbers of the tables, as they are shown."""
        return [
            *self._sheet_of_scores(content),
            *self._matrices(content),
            *self._lines(content),
            *self._others(content),
        ]

    def _sheet_of_scores(self, content: bytes) -> Iterator[tuple[Key, str]]:
        names = {
            "名次": "rank",
            "总分": "score",
            "按期率": "rate",
            "较上月": "points.moved",
            "名次升降": "places.moved",
        }
        counts = {
            gettext("应结"): "due",
            pgettext("table", "按期结案"): "on_time",
            gettext("超期未结"): "overdue_open",
        }
        for row in table(content, gettext("成绩")):
            code = self.codes.get(squeezed(row[gettext("单位")]))
            if code is not None:
                yield from (((key, code), row[gettext(name)]) for name, key in names.items())
                yield from ((("count", measure, code), row[name]) for name, measure in counts.items())
            elif row[gettext("单位")] == gettext("合计"):
                yield from ((("total", measure), row[name]) for name, measure in counts.items())
                yield ("total.rate", "on_time"), row[gettext("按期率")]

    def _matrices(self, content: bytes) -> Iterator[tuple[Key, str]]:
        for sheet, measure in (("类别×单位 超期", "overdue"), ("类别×单位 应结", "due")):
            for row in table(content, gettext(sheet)):
                name = self.classes.get(squeezed(row[gettext("类别")]))
                if name is None:
                    continue
                yield ("class", measure, name), row[gettext("合计")]
                for head, value in row.items():
                    if squeezed(head) in self.codes:
                        yield ("cell", measure, name, self.codes[squeezed(head)]), "0" if value == "·" else value

    def _lines(self, content: bytes) -> Iterator[tuple[Key, str]]:
        for row in table(content, gettext("扣分")):
            lost = row[gettext("扣分")]
            if lost not in {"—", "0", "0.0", "0.00"}:
                yield ("lost", row[gettext("编码")], row[gettext("指标")]), lost

    def _others(self, content: bytes) -> Iterator[tuple[Key, str]]:
        rows = [row for row in table(content, gettext("重复点位")) if row[gettext("序号")] != "—"]
        if self.told.recurrent:
            yield ("again.all",), str(len(rows))
        yield from ((("again", str(number)), row[gettext("重复次数")]) for number, row in enumerate(rows))
        yield from self.tasks_xlsx(content)
        notes = {row[gettext("事项")]: row[gettext("内容")] for row in table(content, gettext("说明"))}
        for part in notes[gettext("各项满分")].split(gettext("；")):
            name, _space, full = part.strip().rpartition(" ")
            yield ("full", name), full
        message = "按期限归月；不属于任何考核对象的应结案件 %(count)s 件，另列。"
        for found in said(message, notes[gettext("归月")]):
            if self.told.view.unplaced:
                yield ("unplaced",), found["count"]


def table(content: bytes, sheet: str) -> list[dict[str, str]]:
    """Return the rows of a sheet below its head, up to the first empty one, each cell as it is shown."""
    rows = list(openpyxl.load_workbook(BytesIO(content), data_only=True)[sheet[:31]].iter_rows(min_row=TOP))
    head = [str(cell.value) for cell in rows[0]]
    found = []
    for row in rows[1:]:
        if not any(cell.value is not None for cell in row):
            break
        found.append({name: shown(cell) for name, cell in zip(head, row, strict=True)})
    return found


def shown(cell: Any) -> str:
    """Return a cell's value through its number format, as a spreadsheet draws it."""
    value, form = cell.value, str(cell.number_format)
    if value is None or isinstance(value, str):
        return value or ""
    if hasattr(value, "isoformat"):
        return str(value.date().isoformat())
    if form == "General":
        return f"{value:g}"
    above, below, *none = form.split(";") if ";" in form else (form, "−" + form, form)
    part = above if value > 0 else below if value < 0 else none[0]
    percent = part.endswith("%")
    digits = len(part.rstrip('%"').partition(".")[2])
    number = Decimal(repr(abs(value))) * (100 if percent else 1)
    if not re.search("0", part):
        return part.strip('"')
    rounded = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{re.split('0', part)[0].strip(chr(34))}{rounded}{'%' if percent else ''}"
