"""The edge where a refusal becomes problem+json (RFC 9457): its code, its sentence, its faults."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Fault, Refusal
from xiuhua.web.api.auth import NoCsrf, NoScope
from xiuhua.web.api.limits import TooMany
from xiuhua.web.api.parsing import JSON_BYTES, SAID, Malformed, TooLarge, fault
from xiuhua.web.refusals import STATUS

MEDIA = "application/problem+json"
#: What the question itself lacks, what it names that is not there, whose it is not; any other refusal is a conflict.
_STATUS = {
    **STATUS,
    "duty.class_unclear": HTTPStatus.BAD_REQUEST,
    "duty.place_missing": HTTPStatus.BAD_REQUEST,
    "period.malformed": HTTPStatus.BAD_REQUEST,
    "facts.level_unknown": HTTPStatus.BAD_REQUEST,
    "territory.unknown": HTTPStatus.NOT_FOUND,
    "site.unknown": HTTPStatus.NOT_FOUND,
    "case.unknown": HTTPStatus.NOT_FOUND,
    "case.not_your_post": HTTPStatus.FORBIDDEN,
    "case.reporter_hidden": HTTPStatus.FORBIDDEN,
    "case.move_incomplete": HTTPStatus.UNPROCESSABLE_ENTITY,
    "upload.malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "files.empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "files.not_a_photo": HTTPStatus.UNPROCESSABLE_ENTITY,
    "files.misnamed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "files.too_many_pixels": HTTPStatus.UNPROCESSABLE_ENTITY,
    "files.damaged": HTTPStatus.UNPROCESSABLE_ENTITY,
}
#: What each kind of problem is called.
_TITLES = {
    HTTPStatus.BAD_REQUEST: gettext_noop("请求有误"),
    HTTPStatus.UNAUTHORIZED: gettext_noop("不知道是谁"),
    HTTPStatus.FORBIDDEN: gettext_noop("没有这个权限"),
    HTTPStatus.NOT_FOUND: gettext_noop("没有找到"),
    HTTPStatus.METHOD_NOT_ALLOWED: gettext_noop("不接受这种方法"),
    HTTPStatus.CONFLICT: gettext_noop("和现状冲突"),
    HTTPStatus.LENGTH_REQUIRED: gettext_noop("要先说明长度"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop("太大"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: gettext_noop("不收这种格式"),
    HTTPStatus.UNPROCESSABLE_ENTITY: gettext_noop("内容不合要求"),
    HTTPStatus.PRECONDITION_REQUIRED: gettext_noop("要先说明看到的版本"),
    HTTPStatus.TOO_MANY_REQUESTS: gettext_noop("问得太密"),
    HTTPStatus.INTERNAL_SERVER_ERROR: gettext_noop("服务器出错"),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_noop("暂时办不了"),
    HTTPStatus.INSUFFICIENT_STORAGE: gettext_noop("存储空间不足"),
}
#: Seconds after which it is worth asking again when the database did not answer.
AGAIN = 2
#: Fields whose need is called differently.
_FIELDS = {"photo": "photos"}
_Raised = TypeVar("_Raised", bound=Exception)
_LOG = logging.getLogger(__name__)


def problem(status: HTTPStatus, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document; `code` is stable, title and `detail` are in the reader's language."""
    title = _TITLES.get(status)
    body = {
        "type": "about:blank",
        "title": _(title) if title else status.phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **more,
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), content_type=MEDIA, status=int(status))


def refused(found: Refusal, **more: Any) -> HttpResponse:
    """Return the problem document of a refusal with its faults, each with the field it is about."""
    status = _STATUS.get(found.code, HTTPStatus.CONFLICT)
    faults = [_told(one, fault_sentence(one)) for one in found.faults]
    response = problem(status, found.code, str(found), facts=found.facts, faults=faults, **more)
    if "expected" in found.facts and found.code == "upload.offset":
        response["Upload-Offset"] = str(found.facts["expected"])
    return response


def malformed(faults: Sequence[Fault]) -> HttpResponse:
    """Return the problem document of a request that cannot be read."""
    told = [_told(one, _(SAID[one.code]) % one.facts) for one in faults]
    detail = " ".join(one["sentence"] for one in told)
    return problem(HTTPStatus.BAD_REQUEST, "request.malformed", detail, faults=told)


def unreadable(_request: HttpRequest, _error: object) -> HttpResponse:
    """Answer a body that broke off or is put together wrongly."""
    return malformed([fault("request.unreadable", "")])


def _told(one: Fault, sentence: str) -> dict[str, Any]:
    field = _FIELDS.get(one.column, one.column)
    return {
        "code": one.code,
        "field": field,
        "file": one.file,
        "row": one.row,
        "column": one.column,
        "sentence": sentence,
    }


def answer_refusals(api: NinjaAPI) -> None:
    """Make an API answer every refusal, and its own errors, with a problem document."""
    api.add_exception_handler(Refusal, lambda _request, refusal: refused(_made(refusal)))
    api.add_exception_handler(Malformed, lambda _request, error: malformed(_seen(error, Malformed(())).faults))
    api.add_exception_handler(TooLarge, lambda _request, error: too_large(_seen(error, TooLarge(0)).most))
    api.add_exception_handler(TooMany, lambda _request, error: _too_many(_seen(error, TooMany(1)).seconds))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _stranger)
    api.add_exception_handler(NoScope, _no_scope)
    api.add_exception_handler(NoCsrf, _no_csrf)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(HttpError, _other)
    for broken in (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        api.add_exception_handler(broken, unreadable)
    api.add_exception_handler(RequestDataTooBig, lambda _request, _error: too_large(JSON_BYTES))
    api.add_exception_handler(OperationalError, _no_database)
    api.add_exception_handler(Exception, _bug)


def _seen(error: _Raised | type[_Raised], otherwise: _Raised) -> _Raised:
    """Return what was raised; ninja's types allow for a bare class, which says nothing."""
    return otherwise if isinstance(error, type) else error


def _made(refusal: Refusal | type[Refusal]) -> Refusal:
    return refusal() if isinstance(refusal, type) else refusal


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    errors: Sequence[Any] = [] if isinstance(error, type) else error.errors
    if unknown := [one for one in errors if one.get("type") == "extra_forbidden"]:
        return malformed([_unknown(one) for one in unknown])
    faults = [_fault(one, request.GET) for one in errors]
    detail = " ".join(one["sentence"] for one in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request.malformed", detail, faults=faults)


def _unknown(found: Mapping[str, Any]) -> Fault:
    name = str((found.get("loc") or ("?",))[-1])[:80]
    return Fault("request.unknown", column=name, facts={"name": name})


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
    return _told(Fault(f"request.{kind}", column=name), sentence)


def _stranger(request: HttpRequest, _error: object) -> HttpResponse:
    tried = "Authorization" in request.headers
    said = _("令牌不对、已过期或已吊销。") if tried else _("请先登录。")
    response = problem(HTTPStatus.UNAUTHORIZED, "request.unauthenticated", said)
    response["WWW-Authenticate"] = 'Bearer realm="xiuhua", error="invalid_token"' if tried else 'Bearer realm="xiuhua"'
    return response


def _no_scope(_request: HttpRequest, error: NoScope | type[NoScope]) -> HttpResponse:
    verbs = [] if isinstance(error, type) else list(error.verbs)
    said = _("这里要有其中一项权限：%(verbs)s。") % {"verbs": "、".join(verbs)}
    return problem(HTTPStatus.FORBIDDEN, "request.scope", said, scopes=verbs)


def _no_csrf(_request: HttpRequest, _error: object) -> HttpResponse:
    said = _("用登录状态提交要带上页面的 CSRF 令牌（请求头 X-CSRFToken）。")
    return problem(HTTPStatus.FORBIDDEN, "request.csrf", said)


def _too_many(seconds: int) -> HttpResponse:
    said = _("问得太密，请过 %(seconds)s 秒再来。") % {"seconds": seconds}
    response = problem(HTTPStatus.TOO_MANY_REQUESTS, "request.too_many", said)
    response["Retry-After"] = str(seconds)
    return response


def too_large(most: int) -> HttpResponse:
    """Answer a body of more bytes than are read here."""
    said = _("正文太大，最多 %(most)s 字节。") % {"most": most}
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request.too_large", said)


def wrong_media(known: Sequence[str]) -> HttpResponse:
    """Answer a body in a format that is not read here; it names those that are."""
    said = _("这里只收 %(known)s。") % {"known": "、".join(known)}
    return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "request.media_type", said)


def no_length() -> HttpResponse:
    """Answer a body whose length was not said before."""
    return problem(HTTPStatus.LENGTH_REQUIRED, "request.length", _("请在请求头 Content-Length 里说明正文有多长。"))


def no_version() -> HttpResponse:
    """Answer a change that does not say which version of the case it is about."""
    said = _('请在请求头 If-Match 里写上看到的案件版本，就是读案件时 ETag 的值，例如 "7"。')
    return problem(HTTPStatus.PRECONDITION_REQUIRED, "request.version", said)


def _no_database(_request: HttpRequest, error: object) -> HttpResponse:
    _LOG.warning("database: %s", error)
    said = _("数据库正忙，什么也没有写；请照原样再发一次。")
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "request.busy", said)
    response["Retry-After"] = str(AGAIN)
    return response


def _bug(request: HttpRequest, error: object) -> HttpResponse:
    """A bug is logged with all that is needed to mend it; the program learns nothing of our insides."""
    _LOG.error("%s %s", request.method, request.path, exc_info=error if isinstance(error, BaseException) else None)
    said = _("服务器出了差错，已经记下；请照原样再发一次，还不行就告诉管理员。")
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "request.failed", said)


def missing(_request: HttpRequest, *_error: object, **_place: object) -> HttpResponse:
    """Answer an address that the API does not have."""
    return problem(HTTPStatus.NOT_FOUND, "request.not_found", _("接口没有这个地址。"))


def other_method(refused_: HttpResponse) -> HttpResponse:
    """Return the problem document of an answer that refuses the method; it names those there are."""
    allowed = refused_["Allow"]
    said = _("这个地址只接受 %(methods)s。") % {"methods": allowed}
    response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "request.method", said)
    response["Allow"] = allowed
    return response


def _other(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    code = HTTPStatus.BAD_REQUEST if isinstance(error, type) else HTTPStatus(error.status_code)
    behind = None if isinstance(error, type) else error.__cause__
    if isinstance(behind, Malformed):
        return malformed(behind.faults)
    if isinstance(behind, TooLarge):
        return too_large(behind.most)
    return problem(code, "request.refused", _("这个请求读不懂。"))
