"""Doors to the meeting: the packs made so far, one button that has one made, how far that is, and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.assessment.queries import default_scheme, periods_with_assessments
from xiuhua.disclosure.actions.meeting import TYPES, ask_pack, stop_pack
from xiuhua.disclosure.models import MeetingPack
from xiuhua.disclosure.pack import MANIFEST, PARTS
from xiuhua.disclosure.packing import PackState
from xiuhua.disclosure.queries.packs import (
    content_of,
    dead,
    file_of,
    members_of,
    pack_keyed,
    packs_of,
    progress_of,
    still_standing,
    unattended,
)
from xiuhua.files.archives import zipped
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import refusal_said
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.territory.queries import levels
from xiuhua.ui.formats import month as month_name
from xiuhua.web.desk.chosen import UNIT, newest
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import now, office, person

#: So many packs stand on the page, those of the newest months, until all are asked for.
SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest) -> HttpResponse:
    """Show the packs made so far and those being made, and the form of a new one; have it made, or point to what is there."""
    tenant = office(request)
    offered = _offered(tenant)
    given = {name: _given(request, name, offered) or first for name, first in _first(tenant, offered).items()}
    if request.method == "POST":
        try:
            asked = ask_pack(
                tenant,
                Period.parse(given["month"]),
                scheme=default_scheme(tenant),
                by_level=given["by"],
                language=given["lang"],
                by=person(request),
                at=now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            if asked.state == PackState.MADE:
                messages.success(request, _("这份材料包已经做好，数据没有变，直接用。"))
            return redirect(f"{request.path}#pack-{asked.pk}")
    every, stands = packs_of(tenant), still_standing(tenant)
    packs = every if request.GET.get("all") == "1" else every[:SHOWN]
    made = [_made(tenant, one, older=not stands(one)) for one in packs if one.state == PackState.MADE]
    context = {
        "working": [_work(tenant, one) for one in packs if one.state != PackState.MADE],
        "packs": [one for one in made if not one["older"]],
        "older": [one for one in made if one["older"]],
        "more": len(every) - len(packs),
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
    """Return what the form begins with: the newest month that is over, what the office is assessed by, the reader's language."""
    english = (get_language() or "").startswith("en")
    by = str(tenant.settings.get("by") or offered["by"][0][0])
    month = newest(tenant, periods_with_assessments(tenant))
    return {"month": str(month) if month else "", "by": by, "lang": "en" if english else "zh"}


def _given(request: HttpRequest, name: str, offered: dict[str, list[tuple[str, str]]]) -> str:
    """Return what was sent; else what the address asks for, as the page does from which one comes."""
    asked = request.GET.get(name, "")
    return request.POST.get(name, "") or (asked if asked in dict(offered[name]) else "")


def _titled(tenant: Tenant, pack: MeetingPack) -> dict[str, Any]:
    return {
        "key": pack.pk,
        "month": month_name(pack.period, get_language()),
        "level": level_name(tenant, pack.by),
        "language": "English" if pack.language == "en" else "中文",
        "tongue": "en" if pack.language == "en" else "zh-Hans",
    }


def _work(tenant: Tenant, pack: MeetingPack) -> dict[str, Any]:
    at, seen = now(), progress_of(pack)
    return {
        **_titled(tenant, pack),
        "failed": pack.state == PackState.FAILED,
        "why": refusal_said(pack.failure) if pack.failure else "",
        "at_file": _titles().get(pack.failure.get("step", ""), ""),
        "dead": dead(pack, at),
        "unattended": unattended(pack, at),
        "done": seen.done,
        "of": seen.of,
        "told": _told(pack),
        "bar": f"working-{pack.pk}",
    }


def _told(pack: MeetingPack) -> dict[str, Any]:
    """Return how far a pack is, in words and numbers, for a page that looks again every second."""
    seen, at = progress_of(pack), now()
    if pack.begun_at is None:
        text = _("在等后台")
    elif not seen.of:
        text = _("正在取数")
    else:
        facts = {"number": min(seen.done + 1, seen.of), "of": seen.of, "file": _called(seen.what)}
        text = _("第 %(number)s / %(of)s 个 · %(file)s") % facts
    return {
        "state": f"{pack.state}:{pack.attempt}",
        "done": seen.done,
        "of": seen.of,
        "percent": seen.percent if seen.of else None,
        "text": text,
        "odd": unattended(pack, at) or dead(pack, at),
    }


def _made(tenant: Tenant, pack: MeetingPack, *, older: bool) -> dict[str, Any]:
    told = pack.manifest
    titles = _titles()
    files = [
        {**one, "title": titles.get(one["name"], one["name"]), "form": _form(one["name"]).upper()}
        for one in told["files"]
    ]
    return {
        **_titled(tenant, pack),
        "older": older,
        "ready": pack.made_at,
        "made": datetime.fromisoformat(told["made"]),
        "until": datetime.fromisoformat(told["as_of"]),
        "snapshot": told["snapshot"][:8],
        "files": files,
        "bytes": sum(one.file.size for one in pack.files.all()),
        "missing": told["missing"],
        "manifest": MANIFEST,
    }


def _form(name: str) -> str:
    return name.rpartition(".")[2]


def _called(name: str) -> str:
    """Return what a file is called on the page, with its form where the kind alone would be two files."""
    title = _titles().get(name)
    return f"{title} {_form(name).upper()}" if title else _("收尾")


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
def meeting_state(request: HttpRequest, key: int) -> HttpResponse:
    """Answer how far the worker is with a pack."""
    return JsonResponse(_told(pack_keyed(office(request), key)))


@require_POST
def meeting_do(request: HttpRequest, key: int) -> HttpResponse:
    """Stop the making of a pack, or have it made again."""
    tenant = office(request)
    pack = pack_keyed(tenant, key)
    if request.POST.get("do") == "stop":
        stopped = stop_pack(tenant, key, at=now())
        said = _("已停下，没有留下材料包。") if stopped.state == PackState.STOPPED else _("做完手上这个文件就停下。")
        messages.info(request, said)
        return redirect("desk:meeting")
    try:
        again = ask_pack(
            tenant,
            Period.parse(pack.period),
            scheme=pack.scheme,
            by_level=pack.by,
            month_by=pack.month_by,
            language=pack.language,
            by=person(request),
            at=now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:meeting")
    return redirect(f"{reverse('desk:meeting')}#pack-{again.pk}")


@require_safe
def meeting_file(request: HttpRequest, key: int, name: str) -> HttpResponseBase:
    """Return a file of a pack; 404 for what it does not hold."""
    found = file_of(office(request), key, name)
    if found is None or not content_of(found).is_file():
        raise Http404
    answer = FileResponse(content_of(found).open("rb"), content_type=TYPES[_form(name)])
    return _named(answer, f"{found.pack.period}-{name}")


@require_safe
def meeting_zip(request: HttpRequest, key: int) -> HttpResponseBase:
    """Return all files of a pack as one archive, sent while it is made; 404 for a pack that is not made."""
    tenant = office(request)
    pack = pack_keyed(tenant, key)
    members = members_of(pack)
    if not members or not all(path.is_file() for _name, path in members):
        raise Http404
    pieces = zipped((name, path.read_bytes()) for name, path in members)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    english = pack.language == "en"
    called = "meeting-pack" if english else "例会材料"
    return _named(answer, f"{pack.period}-{called}-{level_name(tenant, pack.by)}.zip")


def _named(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["Cache-Control"] = "private, no-store"
    return answer
