"""The description of the API (OpenAPI 3.1): what every address may also answer is added here, once."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from xiuhua.web.api.edge import limits_of, operations
from xiuhua.web.api.problems import MEDIA
from xiuhua.web.api.shapes.cases import StaleOut
from xiuhua.web.api.shapes.common import ProblemOut
from xiuhua.web.api.shapes.evidence import EvidenceIn

_PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
#: Status → what it says, and an example of its code.
_SAYS = {
    400: (
        "The request cannot be read: an unknown field, a wrong header, a character no text can hold",
        "request.malformed",
    ),
    401: ("No token or session, or a token that is wrong, expired or revoked", "request.unauthenticated"),
    403: ("The token's scopes, or the posts of its owner, do not allow it", "request.scope"),
    404: ("There is no such thing, or you may not know of it: both look the same", "request.not_found"),
    405: ("The address has no such method; `Allow` names those it has", "request.method"),
    409: ("It contradicts what is there; `code` and `faults` say how", "case.stale"),
    411: ("The length of the body was not said", "request.length"),
    413: ("The body is too large", "request.too_large"),
    415: ("The body is in a format that is not read here", "request.media_type"),
    422: ("The content is not what it has to be; `faults` names the fields", "request.malformed"),
    428: ("`If-Match` is missing: say which version of the case you saw", "request.version"),
    429: ("Too many requests; `Retry-After` says after how many seconds to ask again", "request.too_many"),
    503: ("The database is busy, nothing was written: send the same again", "request.busy"),
    507: ("The disk is full, nothing was kept", "files.no_room"),
}
_ALWAYS = (400, 401, 403, 404, 405, 409, 422, 429, 503)
_WITH_BODY = (411, 413, 415)


class Described(NinjaAPI):
    """An API whose description tells of its refusals too."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """Return the description with the problems of every operation."""
        found = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schemas = found["components"]["schemas"]
        for shape in (ProblemOut, StaleOut, EvidenceIn):
            told = shape.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(told.pop("$defs", {}))
            schemas[shape.__name__] = told
        known = operations(self)
        for address, methods in found["paths"].items():
            route = address.removeprefix("/api/v1/").replace("{", "<").replace("}", ">")
            for method, told in methods.items():
                body = bool(limits_of(known[route, method.upper()]))
                _complete(told, method, body=body)
        return found


def _complete(told: dict[str, Any], method: str, *, body: bool) -> None:
    responses = told["responses"]
    for status in (*_ALWAYS, *(_WITH_BODY if body else ()), *told.pop("x-also", ())):
        if method == "head":
            responses.setdefault(status, {"description": _SAYS[status][0]})
            continue
        responses.setdefault(status, _problem(status))
    told["responses"] = {str(status): responses[status] for status in sorted(responses, key=int)}


def _problem(status: int) -> dict[str, Any]:
    says, code = _SAYS[status]
    example = {"type": "about:blank", "title": "…", "status": status, "code": code, "detail": "…"}
    headers: dict[str, Any] = {}
    if status == 401:  # noqa: PLR2004 - its number is its name
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    if status in {429, 503}:
        headers["Retry-After"] = {"schema": {"type": "string"}, "description": "Seconds"}
    content = {MEDIA: {"schema": _PROBLEM, "example": example}}
    return {"description": says, "content": content, **({"headers": headers} if headers else {})}


def answers(status: int, **headers: str) -> dict[int, Any]:
    """Return the part of a description that names the headers of an answer."""
    told = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    return {status: {"headers": told}}


def asks(name: str, text: str, *, required: bool, example: str, pattern: str = "") -> dict[str, Any]:
    """Return the part of a description that names a header of the request."""
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {
        "in": "header",
        "name": name,
        "description": text,
        "required": required,
        "schema": schema,
        "example": example,
    }
