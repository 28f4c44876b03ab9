"""The edge where a refusal becomes problem+json (RFC 9457): its code, its sentence, its faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Refusal

MEDIA = "application/problem+json"
#: What the question itself lacks, and what it names that is not there; any other refusal is a conflict.
_STATUS = {
    "duty.class_unclear": HTTPStatus.BAD_REQUEST,
    "duty.place_missing": HTTPStatus.BAD_REQUEST,
    "territory.unknown": HTTPStatus.NOT_FOUND,
    "site.unknown": HTTPStatus.NOT_FOUND,
}


def problem(status: HTTPStatus, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document; `code` is stable, `detail` a sentence in the reader's language."""
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **more,
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), content_type=MEDIA, status=int(status))


def answer_refusals(api: NinjaAPI) -> None:
    """Make an API answer every refusal, and its own errors, with a problem document."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(AuthenticationError, _stranger)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(HttpError, _other)


def _refused(_request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
    found = refusal() if isinstance(refusal, type) else refusal
    faults = [
        {"code": one.code, "file": one.file, "row": one.row, "column": one.column, "sentence": fault_sentence(one)}
        for one in found.faults
    ]
    status = _STATUS.get(found.code, HTTPStatus.CONFLICT)
    return problem(status, found.code, str(found), facts=found.facts, faults=faults)


def _malformed(_request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    errors: Sequence[Any] = [] if isinstance(error, type) else error.errors
    detail = "; ".join(f"{'.'.join(map(str, one.get('loc', ())))}: {one.get('msg', '')}" for one in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request.malformed", detail)


def _stranger(_request: HttpRequest, _error: object) -> HttpResponse:
    response = problem(HTTPStatus.UNAUTHORIZED, "request.unauthenticated", HTTPStatus.UNAUTHORIZED.description)
    response["WWW-Authenticate"] = "Session"
    return response


def _missing(_request: HttpRequest, _error: object) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "request.not_found", HTTPStatus.NOT_FOUND.description)


def _other(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    code = HTTPStatus.BAD_REQUEST if isinstance(error, type) else HTTPStatus(error.status_code)
    return problem(code, "request.refused", str(error))
