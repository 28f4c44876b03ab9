"""Small things done on the page of a case that are no moves: adding photos, looking at a reporter's number."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.cases.actions import look_at_reporter, look_at_texts
from xiuhua.cases.actions.evidence import ADD
from xiuhua.cases.policies import may
from xiuhua.cases.queries.now import CaseUnknown
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.exchange.queries import records_of_case
from xiuhua.web.desk.casepage import shown_case
from xiuhua.web.desk.moveinput import keep_photos, number_in
from xiuhua.web.desk.moving import visible_case
from xiuhua.web.desk.office import now, office, person


@require_POST
def add_photos(request: HttpRequest, key: int) -> HttpResponse:
    """Put photos with a case; what cannot be taken is said, what could be stays."""
    tenant, actor = office(request), person(request)
    case = visible_case(tenant, key, actor)
    back = reverse("desk:case", args=[case.pk])
    if not may(actor, ADD, case):
        sentence = _("您的岗位不能给这个案件加照片。")
        return render(
            request, "web/refused.html", {"sentence": sentence, "back_href": back}, status=HTTPStatus.FORBIDDEN
        )
    chosen = request.POST.get("kind", "")
    kind = EvidenceKind(chosen) if chosen in EvidenceKind.values else EvidenceKind.OTHER
    kept, wrong = keep_photos(request, tenant, case, kind, by=actor, number=number_in(request))
    if wrong:
        messages.error(request, wrong)
    if kept:
        messages.success(request, _("已加 %(count)s 张照片。") % {"count": len(kept)})
    elif not wrong:
        messages.error(request, _("请先选照片。"))
    return redirect("desk:case", key=case.pk)


@require_POST
def clear_texts(request: HttpRequest, key: int) -> HttpResponse:
    """Show the page of a case once with its texts as they were written, as far as the post needs; the ledger says who looked."""
    tenant, actor = office(request), person(request)
    case = visible_case(tenant, key, actor)
    records = "\n".join(record.content for record in records_of_case(case))
    try:
        sight = look_at_texts(tenant, key, by=actor, at=now(), more={"records": records})
    except CaseUnknown as unknown:
        raise Http404 from unknown
    return shown_case(request, case, sight=sight)


@require_POST
def reveal(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Show the page of a case with the whole telephone number of who sent the report `number`; the ledger says who looked."""
    tenant, actor = office(request), person(request)
    case = visible_case(tenant, key, actor)
    try:
        report = look_at_reporter(tenant, key, number, by=actor, at=now())
    except CaseUnknown as unknown:
        raise Http404 from unknown
    return shown_case(request, case, revealed=report)
