"""Doors to the meeting: the packs made so far, one button that makes one, and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiuhua.assessment.queries import periods_with_assessments
from xiuhua.disclosure.actions.meeting import shelve_pack
from xiuhua.disclosure.pack import MANIFEST, PARTS
from xiuhua.disclosure.shelf import file_of, packs_of
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.territory.queries import levels
from xiuhua.ui.formats import month as month_name
from xiuhua.web.desk.chosen import UNIT
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import now, office, person

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "json": "application/json",
}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest) -> HttpResponse:
    """Show the packs made so far and the form of a new one; make it, in place of an older one of the same choice."""
    tenant = office(request)
    offered = _offered(tenant)
    given = {name: request.POST.get(name, "") or first for name, first in _first(tenant, offered).items()}
    if request.method == "POST":
        try:
            shelve_pack(
                tenant,
                Period.parse(given["month"]),
                scheme=str(tenant.settings.get("scheme", "basic")),
                by_level=given["by"],
                language=given["lang"],
                by=person(request),
                at=now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("材料包已生成。"))
            return redirect(request.path)
    context = {
        "packs": [_pack(tenant, name, told) for name, told in packs_of(tenant)],
        "offered": offered,
        "given": given,
    }
    return render(request, "web/meeting.html", context)


def _offered(tenant: Tenant) -> dict[str, list[tuple[str, str]]]:
    language = get_language()
    months = [(month, month_name(month, language)) for month in reversed(periods_with_assessments(tenant))]
    bys = [(by, level_name(tenant, by)) for by in (*levels(tenant), UNIT)]
    return {"month": months, "by": bys, "lang": [("zh", "中文"), ("en", "English")]}


def _first(tenant: Tenant, offered: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Return what the form begins with: the newest month, what the office is assessed by, the reader's language."""
    english = (get_language() or "").startswith("en")
    by = str(tenant.settings.get("by") or offered["by"][0][0])
    return {"month": offered["month"][0][0] if offered["month"] else "", "by": by, "lang": "en" if english else "zh"}


def _pack(tenant: Tenant, name: str, told: dict[str, Any]) -> dict[str, Any]:
    titles = _titles()
    files = [
        {**one, "title": titles.get(one["name"], one["name"]), "form": one["name"].rsplit(".", 1)[-1].upper()}
        for one in told["files"]
    ]
    return {
        "name": name,
        "month": month_name(told["period"], get_language()),
        "level": level_name(tenant, told["by"]),
        "language": "English" if told["language"].startswith("en") else "中文",
        "made": datetime.fromisoformat(told["made"]),
        "until": datetime.fromisoformat(told["as_of"]),
        "snapshot": told["snapshot"][:8],
        "files": files,
        "missing": told["missing"],
        "manifest": MANIFEST,
    }


def _titles() -> dict[str, str]:
    """Return what the files of a pack are called on the page, by their names in either language."""
    kinds = {
        "1": _("通报"),
        "2": _("报表"),
        "3": _("投屏"),
        "4": _("发言提纲"),
        "5": _("任务清单"),
        "6": _("表态发言"),
        "7": _("群发图"),
    }
    return {name: kinds[name[0]] for part in PARTS for name in (part.zh, part.en)}


@require_safe
def meeting_file(request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    """Return a file of a pack; 404 for what its manifest does not name."""
    path = file_of(office(request), pack, name)
    if path is None:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=TYPES[path.suffix.removeprefix(".")])
    called = f"{pack.split('.', 1)[0]}-{name}"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(called, safe='')}"
    return answer
