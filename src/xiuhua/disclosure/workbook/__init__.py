"""Part (b) of the meeting pack: the month as a workbook whose points, totals and ranks recompute from the counts."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext, override

from xiuhua.disclosure.said import source
from xiuhua.disclosure.words import Told
from xiuhua.disclosure.workbook.book import FACE, LATIN, Page, write
from xiuhua.disclosure.workbook.lines import lines_page, parts_page, scheme_page
from xiuhua.disclosure.workbook.lists import matrix_pages, recurrent_page, tasks_page
from xiuhua.disclosure.workbook.month import Month, month_of
from xiuhua.disclosure.workbook.notes import notes_page
from xiuhua.disclosure.workbook.scores import scores_page
from xiuhua.disclosure.workbook.sections import sections_page
from xiuhua.disclosure.workbook.totals import totals_page
from xiuhua.ui.formats import english

__all__ = ["task_workbook", "workbook"]


def workbook(told: Told) -> bytes:
    """Return the XLSX file of a month in the language of the telling; the same telling gives the same bytes."""
    with override(told.language):
        month = month_of(told)
        return _write(month, _pages(month, source(told)), gettext("考核成绩与扣分"))


def task_workbook(told: Told) -> bytes:
    """Return the draft task list alone as an XLSX file, to be changed in the meeting."""
    with override(told.language):
        month = month_of(told)
        return _write(month, [tasks_page(month, source(told))], gettext("任务清单"))


def _pages(month: Month, about: str) -> list[Page]:
    """Return the sheets in the order in which a meeting needs them."""
    derived = [lines_page(month, about)]
    if parts := parts_page(month, about):
        derived.append(parts)
    derived += [sections_page(month, about), totals_page(month, about)]
    if month.live:
        derived.append(scheme_page(month, about))
    lists = [*matrix_pages(month, about), recurrent_page(month, about), tasks_page(month, about)]
    return [scores_page(month, about), *lists, *derived, notes_page(month, about)]


def _write(month: Month, pages: list[Page], name: str) -> bytes:
    told = month.told
    return write(
        pages,
        title=gettext("%(office)s%(month)s%(name)s") % {"office": told.office.name, "month": month.name, "name": name},
        comments=f"{told.view.scheme}@{told.view.version} {told.view.digest}",
        created=datetime.fromisoformat(told.made),
        digits=told.view.rounding.digits,
        face=LATIN if english(told.language) else FACE,
    )
