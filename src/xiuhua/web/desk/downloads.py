"""Files to keep: lists as they stand on the page, in either form, and what every download needs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, cast
from urllib.parse import quote, urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.exchange.actions import export_list
from xiuhua.exchange.lists import LISTS, Asked, FileForm, title_of
from xiuhua.exchange.queries import BatchUnknown
from xiuhua.web.desk.office import now, office, person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "zip": "application/zip"} | {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Bytes of a file that stay in memory; beyond it lies on the disk while it is sent.
_SMALL = 1 << 20


def attachment(name: str, form: str, write: Callable[[BinaryIO], object]) -> HttpResponseBase:
    """Return a file called `name` that `write` writes: whole before its first byte is sent, so that none is half."""
    target = tempfile.SpooledTemporaryFile(max_size=_SMALL)  # noqa: SIM115 - closed with the response
    try:
        write(cast("BinaryIO", target))
    except BaseException:
        target.close()
        raise
    size = target.tell()
    target.seek(0)
    answer: HttpResponse | FileResponse
    if size <= _SMALL:
        with target:
            answer = HttpResponse(target.read(), content_type=TYPES[form])
    else:
        answer = FileResponse(target, content_type=TYPES[form])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.{form}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def form_in(text: str) -> FileForm:
    """Return the form that the end of an address names. Raises Http404."""
    try:
        return FileForm(text)
    except ValueError as error:
        raise Http404 from error


def asked_in(request: HttpRequest, what: str, more: Mapping[str, str]) -> Asked:
    """Return what an address asks for of a list: its filters by name, `more` before them, and its order."""
    given = {name: request.GET[name].strip() for name in LISTS[what].labels if request.GET.get(name, "").strip()}
    return Asked(office(request), person(request), now(), {**given, **more}, request.GET.get("sort", ""))


@require_safe
def list_file(request: HttpRequest, what: str, form: str, key: int | None = None) -> HttpResponseBase:
    """Return a list as its page shows it: the same filter, order, count and scope."""
    asked, wanted = asked_in(request, what, {"batch": str(key)} if key is not None else {}), form_in(form)
    day = asked.at.astimezone().strftime("%Y-%m-%d")
    try:
        return attachment(
            f"{title_of(LISTS[what])} {day}", form, lambda target: export_list(what, wanted, asked, target)
        )
    except BatchUnknown as unknown:
        raise Http404 from unknown


def buttons(name: str, kept: Mapping[str, str | Sequence[str]], **keys: int) -> list[dict[str, str]]:
    """Return the ways to take a list along, as (label, address): a workbook and a text file with the page's filters.

    A filter that was given several times has its values in a list.
    """
    labels = {FileForm.XLSX: _("导出 Excel"), FileForm.CSV: _("导出 CSV")}
    query = f"?{urlencode(kept, doseq=True)}" if kept else ""
    return [
        {"label": labels[form], "href": f"{reverse(name, kwargs={**keys, 'form': form.value})}{query}"}
        for form in (FileForm.XLSX, FileForm.CSV)
    ]
