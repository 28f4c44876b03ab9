"""Doors to files on their way in: sending one, in pieces or whole, watching what the worker does, and what comes of it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.exchange import shed
from xiuhua.exchange.actions import (
    add_piece,
    ask_apply,
    ask_check,
    ask_stop,
    attach_list,
    begin_intake,
    detach_list,
    discard,
    keep_as_is,
    receive_file,
    remap,
    undo_import,
)
from xiuhua.exchange.actions.attaching import LIST_BYTES
from xiuhua.exchange.actions.handing import return_marked
from xiuhua.exchange.actions.receiving import PIECE_BYTES
from xiuhua.exchange.intake_parts import sample_of
from xiuhua.exchange.intakes import AT_WORK, IntakeUnknown, dead, intake_keyed, unattended
from xiuhua.exchange.models import ImportBatch, Intake
from xiuhua.exchange.queries import batches
from xiuhua.exchange.words import IntakeState
from xiuhua.files.words import FileEmpty, UploadOffset
from xiuhua.kernel.words import Refusal
from xiuhua.tables.words import LIMITS
from xiuhua.ui.formats import thousands
from xiuhua.web.desk.intake_report import report_page
from xiuhua.web.desk.intake_words import failure_told, size_text, steps_of
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.registers import download

#: What a browser offers to choose from; what a file is, its content says.
ACCEPT = ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv,.txt,.gz"
#: Bytes that an announcement may have.
_SAID = 4096
UPLOADING, RECEIVED, CHECKED = IntakeState.UPLOADING, IntakeState.RECEIVED, IntakeState.CHECKED


def intake_of(request: HttpRequest, key: int) -> Intake:
    """Return a file of the office. Raises Http404."""
    try:
        return intake_keyed(office(request), key)
    except IntakeUnknown as unknown:
        raise Http404 from unknown


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show where a file is chosen; or take one that was sent whole, as browsers without script do."""
    if request.method != "POST":
        return _sending(request, None)
    given = request.FILES.get("file")
    number = _uuid(request.POST.get("client_uuid", "")) or uuid4()
    try:
        if given is None or given.file is None:
            raise FileEmpty
        intake = receive_file(
            office(request),
            number,
            cast("BinaryIO", given.file),
            name=given.name or "",
            size=given.size or 0,
            by=person(request),
            at=now(),
        )
    except Refusal as refusal:
        said = _("请选一个文件。") if given is None else str(refusal)
        return _sending(request, None, errors=[("id_file", said)], status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("desk:intake", intake.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sending(
    request: HttpRequest, intake: Intake | None, *, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    """Show the first step: a file to choose, or the one whose sending broke off."""
    context = {
        "intake": intake,
        "errors": errors or [],
        "error": (errors or [("", "")])[0][1],
        "accept": ACCEPT,
        "client_uuid": uuid4(),
        "most": size_text(LIMITS.file_bytes),
        "steps": steps_of(intake, 1),
        "received": size_text(intake.received) if intake else "",
        "size": size_text(intake.size) if intake else "",
        "piece": PIECE_BYTES // 4,
    }
    return render(request, "web/intake_new.html", context, status=status)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file that comes in pieces; answers where they go and how many bytes are there. The same again: the same."""
    try:
        said = json.loads(request.read(_SAID))
        number, name = UUID(said["client_uuid"]), str(said["name"])
        size, stamp = int(said["size"]), int(said.get("stamp", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"sentence": _("没有看懂要传什么。")}, status=HTTPStatus.BAD_REQUEST)
    try:
        intake = begin_intake(office(request), number, name=name, size=size, stamp=stamp, by=person(request), at=now())
    except Refusal as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse(_sent(intake), status=HTTPStatus.CREATED)


def _sent(intake: Intake) -> dict[str, Any]:
    return {
        "offset": intake.received,
        "whole": intake.state != UPLOADING,
        "href": reverse("desk:intake", args=[intake.pk]),
        "piece": reverse("desk:intake-piece", args=[intake.pk]),
        "discard": reverse("desk:intake-do", args=[intake.pk]),
    }


@require_POST
def piece(request: HttpRequest, key: int) -> HttpResponse:
    """Add a piece of a file; 409 with the byte that is expected where it begins elsewhere."""
    intake = intake_of(request, key)
    offset = whole(request.headers.get("Upload-Offset", ""))
    data = request.read(PIECE_BYTES + 1)
    if offset is None or not data or len(data) > PIECE_BYTES:
        return JsonResponse({"sentence": _("没有看懂这一段。")}, status=HTTPStatus.BAD_REQUEST)
    try:
        intake = add_piece(intake.tenant, key, offset=offset, data=data, at=now())
    except UploadOffset as elsewhere:
        answer = {"sentence": str(elsewhere), "offset": elsewhere.facts["expected"]}
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    except Refusal as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=HTTPStatus.INSUFFICIENT_STORAGE)
    return JsonResponse(_sent(intake))


@require_safe
def page(request: HttpRequest, key: int) -> HttpResponse:
    """Show a file where it stands: still being sent, to be read, being worked on, checked, or what it became."""
    intake = intake_of(request, key)
    if intake.state in AT_WORK:
        return _working(request, intake)
    if intake.state == UPLOADING:
        return _sending(request, intake)
    if intake.report and intake.state in {CHECKED, IntakeState.FAILED}:
        return report_page(request, intake)
    if intake.state == IntakeState.APPLIED and intake.batch_id:
        return redirect(f"{reverse('desk:import', args=[intake.batch_id])}?new=1")
    if intake.state == IntakeState.CANCELLED:
        messages.info(request, _("“%(name)s”已丢弃。") % {"name": intake.name})
        return redirect("desk:imports")
    return redirect("desk:intake-mapping", intake.pk)


def _working(request: HttpRequest, intake: Intake) -> HttpResponse:
    checking = intake.state == IntakeState.CHECKING
    context = {
        "intake": intake,
        "steps": steps_of(intake, 3 if checking else 4),
        "checking": checking,
        "told": _told(intake),
        "progress": shed.progress_of(intake),
        "unattended": unattended(intake, now()),
        "dead": dead(intake, now()),
    }
    return render(request, "web/intake_working.html", context)


@require_safe
def state(request: HttpRequest, key: int) -> HttpResponse:
    """Answer how far the worker is with a file, for a page that looks again every second."""
    return JsonResponse(_told(intake_of(request, key)))


def _told(intake: Intake) -> dict[str, Any]:
    """Return how far a job is, in words and numbers; `turn` says that the page should be opened anew."""
    seen, at = shed.progress_of(intake), now()
    if intake.begun_at is None:
        text = _("在等后台")
    elif not seen.of:
        text = _("正在打开文件，数有多少行")
    else:
        counted = {"done": thousands(seen.done), "of": thousands(seen.of)}
        text = _("%(done)s / %(of)s 行") % counted
    return {
        "state": f"{intake.state}:{intake.attempt}",
        "done": seen.done,
        "of": seen.of,
        "percent": seen.percent if seen.of else None,
        "text": text,
        "odd": unattended(intake, at) or dead(intake, at),
    }


@require_safe
def marked(request: HttpRequest, key: int) -> HttpResponseBase:
    """Hand a checked file back as a workbook with what is wrong marked in it. Raises Http404 for one that was not checked."""
    intake = intake_of(request, key)
    if not intake.report:
        raise Http404
    data = return_marked(intake, by=person(request), at=now())
    stem = intake.name.rsplit(".", 1)[0]
    return download(_("%(name)s（标注）") % {"name": stem}, data)


@require_POST
def do(request: HttpRequest, key: int) -> HttpResponse:
    """Move a file on: check it again, import it, stop, leave it as it was, or give it up."""
    intake = intake_of(request, key)
    wanted = request.POST.get("do", "")
    try:
        return _done(request, intake, wanted)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:intake", key)


def _done(request: HttpRequest, intake: Intake, wanted: str) -> HttpResponse:
    tenant, key, by = intake.tenant, intake.pk, person(request)
    if wanted == "discard":
        discard(tenant, key, at=now())
        messages.success(request, _("“%(name)s”已丢弃。") % {"name": intake.name})
        return redirect("desk:imports")
    if wanted == "keep" and intake.replaces_id:
        keep_as_is(tenant, key, at=now())
        return redirect("desk:import", intake.replaces_id)
    if wanted == "stop":
        ask_stop(tenant, key, at=now())
    elif wanted == "check":
        ask_check(tenant, key, intake.mapping, by=by, at=now())
    elif wanted == "list":
        _list(request, intake)
    elif wanted == "no-list":
        detach_list(tenant, key, at=now())
    elif wanted in {"apply", "apply-whole"}:
        header = sample_of(intake, row=intake.answers.get("filled", {}).get("header_row", 0)).header
        ask_apply(tenant, key, only_good=wanted == "apply", by=by, at=now(), header=header)
    return redirect("desk:intake", key)


def _list(request: HttpRequest, intake: Intake) -> None:
    """Take the second list of a file. Raises the refusals of `attach_list`."""
    given = request.FILES.get("list")
    if given is None or given.file is None:
        messages.error(request, _("请选一个文件。"))
        return
    attach_list(intake.tenant, intake.pk, given.read(LIST_BYTES + 1), name=given.name or "", at=now())


@require_POST
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Take an import back and return to its page, which tells what that did."""
    batch = batch_of(request, key)
    try:
        report = undo_import(batch.pk, by=person(request), at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        told = {"deleted": thousands(report.deleted), "restored": thousands(report.restored)}
        messages.success(request, _("已撤销：删去 %(deleted)s 件，%(restored)s 件回到上一版。") % told)
    return redirect("desk:import", batch.pk)


@require_POST
def again(request: HttpRequest, key: int) -> HttpResponse:
    """Open the file of an import to be read by another mapping."""
    batch = batch_of(request, key)
    try:
        intake = remap(batch, at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:import", batch.pk)
    return HttpResponseRedirect(reverse("desk:intake-mapping", args=[intake.pk]))


def batch_of(request: HttpRequest, key: int) -> ImportBatch:
    """Return an import of the office. Raises Http404."""
    found = next((one for one in batches(office(request)) if one.pk == key), None)
    if found is None:
        raise Http404
    return found


__all__ = ["again", "begin", "do", "failure_told", "intake_of", "marked", "new", "page", "piece", "state", "undo"]
