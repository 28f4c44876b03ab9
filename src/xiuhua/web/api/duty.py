"""Duty for programs: who is responsible and why, and where the matrix has gaps or conflicts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from xiuhua.kernel.queries import zone_of
from xiuhua.responsibility.queries import DutyBook, Overlaps, Places, checkup, class_of
from xiuhua.responsibility.rules.duty import resolve
from xiuhua.responsibility.views import answer_view, checkup_view
from xiuhua.web.api.auth import reach
from xiuhua.web.api.shapes.duty import AnswerOut, CheckIn, CheckupOut, WhoIn
from xiuhua.web.desk.office import now, office

router = Router(tags=["duty"])
#: Whoever reads registers, or reports and wants to know whose it will be.
SEEING = reach("register.see", "case.report")


@router.get("/who", auth=SEEING, response=AnswerOut, summary="Who is responsible here, and why")
def who(request: HttpRequest, asked: Query[WhoIn]) -> dict[str, Any]:
    """Answer for one place, class and day. The place is a territory, a site or a point."""
    tenant = office(request)
    book = DutyBook.load(tenant)
    on = asked.day or now().astimezone(zone_of(tenant)).date()
    point = (asked.lon, asked.lat) if asked.lon is not None and asked.lat is not None else None
    key = class_of(book, asked.case_class)
    question = Places(tenant, book).question(key, on, territory=asked.territory, site=asked.site, point=point)
    return answer_view(resolve(book.matrix_on(on), question), book)


@router.get("/check", auth=SEEING, response=CheckupOut, summary="Gaps, conflicts and idle rows over the whole space")
def check(request: HttpRequest, asked: Query[CheckIn]) -> dict[str, Any]:
    """Look at every place × class × day; nothing is sampled."""
    tenant = office(request)
    book = DutyBook.load(tenant)
    begin = asked.first or now().astimezone(zone_of(tenant)).date()
    return checkup_view(checkup(book, begin, begin + timedelta(asked.days), Overlaps(tenant, book)), book)
