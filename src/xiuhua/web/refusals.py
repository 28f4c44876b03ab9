"""The edge where a refusal becomes a page: its sentence, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xiuhua.kernel.words import Refusal


class RefusalMiddleware:
    """Answers a refusal that no form caught with 409 and its sentence; bugs stay bugs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal, None for anything else."""
        if not isinstance(exception, Refusal):
            return None
        return render(request, "web/refused.html", {"sentence": str(exception)}, status=HTTPStatus.CONFLICT)
