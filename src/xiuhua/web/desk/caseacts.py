"""Small things done on the page of a case that are no moves: adding photos."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.cases.actions.evidence import ADD
from xiuhua.cases.policies import may
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.web.desk.moveinput import keep_photos, number_in
from xiuhua.web.desk.moving import visible_case
from xiuhua.web.desk.office import office, person


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
