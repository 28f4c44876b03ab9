"""The edge where a refusal becomes a page: its sentence, and nothing written. What no text can hold goes no further."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiuhua.kernel.words import Refusal

#: Refusals that are no conflict: what the disk would not hold, what is not there.
STATUS = {
    "files.no_room": HTTPStatus.INSUFFICIENT_STORAGE,
    "files.not_kept": HTTPStatus.INSUFFICIENT_STORAGE,
    "files.too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "files.missing": HTTPStatus.NOT_FOUND,
    "case.unknown": HTTPStatus.NOT_FOUND,
    "bulletin.unknown": HTTPStatus.NOT_FOUND,
    "meeting.pack_unknown": HTTPStatus.NOT_FOUND,
    "upload.unknown": HTTPStatus.NOT_FOUND,
}
#: A text with it cannot be kept or asked for by PostgreSQL; nobody types it.
NUL = "\0"
API = "/api/"


class RefusalMiddleware:
    """Answers a refusal that no form caught with 409, or what STATUS says, and its sentence; bugs stay bugs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Return a page that refuses an address or form with a character that no text can hold, else None."""
        if request.path.startswith(API):  # it looks for itself, and answers in its own way
            return None
        given = [request.path, *request.GET.values()]
        if request.method == "POST":
            given += request.POST.values()
        if not any(NUL in str(text) for text in given):
            return None
        sentence = _("地址或表单里有不能用的字符，请删去后再试。")
        return render(request, "web/refused.html", {"sentence": sentence}, status=HTTPStatus.BAD_REQUEST)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal, None for anything else."""
        if not isinstance(exception, Refusal):
            return None
        status = STATUS.get(exception.code, HTTPStatus.CONFLICT)
        return render(request, "web/refused.html", {"sentence": str(exception)}, status=status)
