"""Tables of the desk as workbooks: what is on the screen, with the same filter, order and columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.assessment.phrases import rank_sentence, title
from xiuhua.cases.models import Case
from xiuhua.cases.queries import exported, filtered
from xiuhua.kernel.queries import zone_of
from xiuhua.privacy.rules import mask
from xiuhua.tables.writing import Cell, Sheet, workbook
from xiuhua.territory.queries import options
from xiuhua.web.desk.cases import given_in, sort_in, wanted
from xiuhua.web.desk.chosen import chosen
from xiuhua.web.desk.figures import Row, ranking_rows
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import office, person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(name: str, sheet: Sheet) -> HttpResponse:
    """Return a table as a workbook to keep, called `name`."""
    answer = HttpResponse(workbook(sheet), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def _case_rows(names: dict[str, str], zone: ZoneInfo, cases: Iterator[Case]) -> Iterator[list[Cell]]:
    for case in cases:
        yield [
            case.number,
            mask(case.title, known=(case.number,)),
            str(case.case_class.parent or "") if case.case_class else "",
            str(case.case_class or ""),
            names.get(case.territory.code, case.territory.code) if case.territory else "",
            str(case.body or ""),
            case.channel,
            mask(case.address, known=(case.number,)),
            _local(case.reported_at, zone),
            _local(case.due_at, zone),
            _local(case.closed_at, zone),
            case.get_stage_display(),
        ]


@require_safe
def case_sheet(request: HttpRequest) -> HttpResponse:
    """Return the filtered list of cases as a workbook."""
    tenant = office(request)
    names, zone = dict(options(tenant)), zone_of(tenant)  # refused before the first cell is written
    found = exported(filtered(tenant, wanted(tenant, given_in(request)), by=person(request)), sort=sort_in(request))
    columns = [_("案号"), _("标题"), _("大类"), _("小类"), _("地域"), _("责任单位"), _("来源"), _("地址")]
    columns += [_("上报"), _("截止"), _("结案"), _("状态")]
    widths = (22, 20, 14, 16, 18, 20, 14, 30, 17, 17, 17, 10)
    return download(_("案件"), Sheet(_("案件"), columns, _case_rows(names, zone, found), widths))


def _ranking_row(row: Row) -> list[Cell]:
    subject = row.subject
    numbers: list[Cell] = [float(line.points) if line.points is not None else None for line in subject.lines]
    head: list[Cell] = [float(row.rank) if row.rank is not None else None, subject.name]
    counts: list[Cell] = [row.due, row.on_time[0], row.overdue]
    return [*head, float(subject.score) if subject.score is not None else None, *numbers, *counts]


@require_safe
def ranking_sheet(request: HttpRequest) -> HttpResponse:
    """Return the ranking as a workbook, with what its numbers stand on below it."""
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
    return download(name, Sheet(name, columns, map(_ranking_row, rows), widths, note))
