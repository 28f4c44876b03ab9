"""Tables of the desk that are no lists of `exchange`: a month's ranking."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.assessment.phrases import rank_sentence, title
from xiuhua.exchange.lists import FileForm
from xiuhua.tables.writing import Cell, Sheet, write_csv, write_workbook
from xiuhua.web.desk.chosen import chosen
from xiuhua.web.desk.downloads import attachment, form_in
from xiuhua.web.desk.figures import Row, ranking_rows
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import office


def download(name: str, sheet: Sheet, form: FileForm = FileForm.XLSX) -> HttpResponseBase:
    """Return a table as a file to keep, called `name`."""
    if form == FileForm.CSV:
        return attachment(name, form.value, lambda target: write_csv(sheet, target))
    return attachment(name, form.value, lambda target: write_workbook([sheet], target))


def _ranking_row(row: Row) -> list[Cell]:
    subject = row.subject
    numbers: list[Cell] = [float(line.points) if line.points is not None else None for line in subject.lines]
    head: list[Cell] = [float(row.rank) if row.rank is not None else None, subject.name]
    counts: list[Cell] = [row.due, row.on_time[0], row.overdue]
    return [*head, float(subject.score) if subject.score is not None else None, *numbers, *counts]


@require_safe
def ranking_sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the ranking as a file, in a workbook with what its numbers stand on below it."""
    wanted = form_in(form)
    choice = chosen(request, office(request))
    rows = ranking_rows(choice)
    lines = [f"{title(line.title)} {line.full}" for line in rows[0].subject.lines] if rows else []
    columns = [
        _("名次"),
        level_name(choice.tenant, choice.by),
        _("总分"),
        *lines,
        _("应结案"),
        _("按期"),
        _("超期未结"),
    ]
    note = f"{rank_sentence(choice.view)} {choice.view.as_of} {choice.view.snapshot}" if choice.view else ""
    name = _("%(month)s排名") % {"month": str(choice.period or "")}
    widths = (8, 24, 10, *(16 for _line in lines), 10, 10, 10)
    return download(name, Sheet(name, columns, map(_ranking_row, rows), widths, note), wanted)
