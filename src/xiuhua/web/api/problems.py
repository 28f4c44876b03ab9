"""The edge where a refusal becomes problem+json (RFC 9457): its code, its sentence, its faults."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Refusal
from xiuhua.web.refusals import STATUS

MEDIA = "application/problem+json"
#: What the question itself lacks, and what it names that is not there; any other refusal is a conflict.
_STATUS = {
    **STATUS,
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
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(HttpError, _other)


def _refused(_request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
    found = refusal() if isinstance(refusal, type) else refusal
    faults = [
        {"code": one.code, "file": one.file, "row": one.row, "column": one.column, "sentence": fault_sentence(one)}
        for one in found.faults
    ]
    status = _STATUS.get(found.code, HTTPStatus.CONFLICT)
    return problem(status, found.code, str(found), facts=found.facts, faults=faults)


def _malformed(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    errors: Sequence[Any] = [] if isinstance(error, type) else error.errors
    faults = [_fault(one, request.GET) for one in errors]
    detail = " ".join(one["sentence"] for one in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request.malformed", detail, faults=faults)


#: What a parameter had to be, by the beginning of the validator's own code.
_WANTED = {
    "missing": gettext_noop("缺少参数 %(name)s。"),
    "float": gettext_noop("参数 %(name)s 须是数，不能是“%(given)s”。"),
    "int": gettext_noop("参数 %(name)s 须是整数，不能是“%(given)s”。"),
    "date": gettext_noop("参数 %(name)s 须是 2026-10-04 这样的日期，不能是“%(given)s”。"),
    "greater": gettext_noop("参数 %(name)s 最小是 %(ge)s，不能是“%(given)s”。"),
    "less": gettext_noop("参数 %(name)s 最大是 %(le)s，不能是“%(given)s”。"),
}


def _fault(found: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Return what is wrong with one parameter, as a fault with its sentence."""
    kind, name = str(found.get("type", "")).split("_")[0], str((found.get("loc") or ("?",))[-1])
    facts = {"name": name, "given": given.get(name, "")[:60], "ge": "", "le": "", **(found.get("ctx") or {})}
    sentence = _(_WANTED[kind]) % facts if kind in _WANTED else _("参数 %(name)s 不能是“%(given)s”。") % facts
    return {"code": f"request.{kind}", "file": "", "row": None, "column": name, "sentence": sentence}


def _stranger(_request: HttpRequest, _error: object) -> HttpResponse:
    response = problem(HTTPStatus.UNAUTHORIZED, "request.unauthenticated", _("请先登录。"))
    response["WWW-Authenticate"] = "Session"
    return response


def missing(_request: HttpRequest, *_error: object, **_place: object) -> HttpResponse:
    """Answer an address that the API does not have."""
    return problem(HTTPStatus.NOT_FOUND, "request.not_found", _("接口没有这个地址。"))


def other_method(refused: HttpResponse) -> HttpResponse:
    """Return the problem document of an answer that refuses the method; it names those there are."""
    allowed = refused["Allow"]
    said = _("这个地址只接受 %(methods)s。") % {"methods": allowed}
    response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "request.method", said)
    response["Allow"] = allowed
    return response


def _other(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    code = HTTPStatus.BAD_REQUEST if isinstance(error, type) else HTTPStatus(error.status_code)
    return problem(code, "request.refused", _("这个请求读不懂。"))
