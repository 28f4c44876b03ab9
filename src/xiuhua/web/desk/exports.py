"""Doors to exports: what goes out every night and its files, photos of a list, a batch's own file, photos into one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.cases.queries import exported, filtered
from xiuhua.cases.queries.lists import filter_of
from xiuhua.exchange.actions import return_batch
from xiuhua.exchange.actions.albums import PACKED, Album, album_of, import_photos, photos_of
from xiuhua.exchange.actions.exporting import note_taken
from xiuhua.exchange.actions.plans import PlanUnknown, make_plan, may_touch, switch_plan, take_run
from xiuhua.exchange.jobs import HOUR
from xiuhua.exchange.lists import LISTS, Asked, FileForm, said, title_of
from xiuhua.exchange.models import ExportPlan, ImportBatch
from xiuhua.exchange.queries import batches
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules.retrying import slot
from xiuhua.kernel.words import Actor, Daily, Refusal
from xiuhua.responsibility.models import User
from xiuhua.responsibility.rules.rights import holds
from xiuhua.tables.words import MIB
from xiuhua.web.desk.cases import given_in, sort_in
from xiuhua.web.desk.downloads import TYPES, asked_in, attachment
from xiuhua.web.desk.marking import mark_lines
from xiuhua.web.desk.office import now, office, person

#: Names of a report shown on the page.
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def export_plans(request: HttpRequest) -> HttpResponse:
    """Show what goes out every night, the last files and failures, and the form of a new plan; make it."""
    offered = _offered(person(request))
    chosen = request.POST.get("what") or request.GET.get("what", "")
    chosen = chosen if chosen in dict(offered) else (offered[0][0] if offered else "")
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and chosen:
        found = _made(request, chosen)
        if isinstance(found, HttpResponse):
            return found
        errors = [("id_what", found)]
    asked = asked_in(request, chosen, {}) if chosen else None
    context = {
        "plans": [_plan(request, one) for one in _plans(request)],
        "offered": offered,
        "chosen": chosen,
        "narrowed": said(LISTS[chosen], asked.given) if asked else "",
        "given": dict(asked.given) if asked else {},
        "forms": [(str(value), str(label)) for value, label in FileForm.choices],
        "errors": errors,
        "kept": office(request).settings.get("exports_kept", 30),
        "hour": HOUR,
        "section": "imports",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render(request, "web/exports.html", context, status=status)


def _offered(by: Actor) -> list[tuple[str, str]]:
    return [(code, title_of(kind)) for code, kind in LISTS.items() if kind.alone and holds(by, kind.right)]


def _made(request: HttpRequest, chosen: str) -> HttpResponse | str:
    """Make the plan that the form asks for and go back to the list, or return why not."""
    given = {name: request.POST[name].strip() for name in LISTS[chosen].labels if request.POST.get(name, "").strip()}
    asked = Asked(office(request), person(request), now(), given, request.POST.get("sort", ""))
    form = request.POST.get("form", "")
    try:
        make_plan(
            asked, chosen, FileForm(form) if form in FileForm.values else FileForm.XLSX, cast("User", request.user)
        )
    except Refusal as refusal:
        return str(refusal)
    messages.success(request, _("从今晚起每天导出一份。"))
    return redirect("desk:exports")


def _plans(request: HttpRequest) -> list[ExportPlan]:
    by = person(request)
    found = ExportPlan.objects.filter(tenant=office(request)).select_related("user").prefetch_related("runs")
    return [one for one in found.order_by("pk") if may_touch(by, one)]


def _plan(request: HttpRequest, plan: ExportPlan) -> dict[str, Any]:
    runs = sorted(plan.runs.all(), key=lambda one: one.day, reverse=True)
    kind = LISTS[plan.what]
    return {
        "is": plan,
        "title": title_of(kind),
        "narrowed": said(kind, plan.given),
        "last": runs[0] if runs else None,
        "files": [run for run in runs if run.path],
        "next": _next(request) if plan.on else None,
    }


def _next(request: HttpRequest) -> datetime | None:
    tenant = office(request)
    return slot(Daily(HOUR), zone_of(tenant), now()) + timedelta(days=1) if tenant.zone else None


@require_POST
def export_switch(request: HttpRequest, key: int) -> HttpResponse:
    """Switch a plan on or off."""
    try:
        switch_plan(office(request), key, on=request.POST.get("on") == "1", by=person(request), at=now())
    except PlanUnknown as unknown:
        raise Http404 from unknown
    return redirect("desk:exports")


@require_safe
def export_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """Return a night's file."""
    try:
        run, place = take_run(office(request), key, by=person(request), at=now())
    except PlanUnknown as unknown:
        raise Http404 from unknown
    answer = FileResponse(place.open("rb"), content_type=TYPES[run.plan.form])
    return _kept_private(answer, f"{title_of(LISTS[run.plan.what])} {run.day}.{run.plan.form}")


def _kept_private(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def case_photos(request: HttpRequest) -> HttpResponseBase:
    """Return the photos of a list of cases as an archive, a folder for each case, sent while it is made."""
    tenant, by, at = office(request), person(request), now()
    asked = asked_in(request, "cases", {})
    cases = exported(filtered(tenant, filter_of(tenant, given_in(request)), by=by), sort=sort_in(request))
    note_taken(LISTS["cases"], asked, form="zip", rows=None)
    pieces = album_of(photos_of(tenant, cases, by=by), lines=mark_lines, by=by, at=at)
    answer = StreamingHttpResponse(_worded(pieces, get_language() or ""), content_type=TYPES["zip"])
    return _kept_private(answer, f"{_('案件照片')} {at:%Y-%m-%d}.zip")


def _worded(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Yield the pieces, each made in the reader's language: the request is over when they are."""
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _batch(request: HttpRequest, key: int) -> ImportBatch:
    batch = next((one for one in batches(office(request)) if one.pk == key), None)
    if batch is None:
        raise Http404
    return batch


@require_safe
def batch_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """Return a batch's own file, our values filled in."""
    batch = _batch(request, key)
    form = {"name": ""}

    def write(target: BinaryIO) -> None:
        form["name"] = return_batch(batch, target, by=person(request), at=now()).form

    answer = attachment("x", "xlsx", write)
    stem = batch.file_name.removesuffix(".gz").rpartition(".")[0] or batch.file_name
    answer.headers["Content-Type"] = TYPES.get(form["name"], "application/gzip")
    return _kept_private(answer, f"{stem} {_('已填')}.{form['name']}")


@require_http_methods(["GET", "HEAD", "POST"])
def batch_photos(request: HttpRequest, key: int) -> HttpResponse:
    """Take photos in by task number, in an archive, and show what became of each."""
    batch = _batch(request, key)
    context: dict[str, Any] = {"batch": batch, "limit": PACKED // MIB, "section": "imports"}
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            album = _taken(request, batch)
        except Refusal as refusal:
            context["errors"] = [("id_file", str(refusal))]
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            context |= _told(album) if album else {"errors": [("id_file", _("请选一个文件。"))]}
            status = HTTPStatus.OK if album else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "web/import_photos.html", context, status=status)


def _taken(request: HttpRequest, batch: ImportBatch) -> Album | None:
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        return None
    archive = cast("BinaryIO", upload.file)
    return import_photos(batch.tenant, archive, by=person(request), at=now(), source=batch.source.code)


def _told(album: Album) -> dict[str, Any]:
    """Return what became of an archive as the page lists it: counts, and the names behind those that failed."""
    large = [(name, _("太大")) for name in album.too_large]
    unknown = [(name, _("没有这个编号，或不在您的范围内")) for name in album.unknown]
    failed = [*unknown, *large, *album.not_photos]
    counts = [
        (_("已收"), len(album.added)),
        (_("原先就有"), len(album.already)),
        (_("编号不认识"), len(album.unknown)),
        (_("不是照片"), len(album.not_photos)),
        (_("太大"), len(album.too_large)),
    ]
    return {"counts": counts, "failed": failed[:SHOWN], "more": max(len(failed) - SHOWN, 0)}
