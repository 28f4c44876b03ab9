"""The edge of the API: what no address has to look at by itself – characters, unknown parameters, sizes, formats."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.operation import Operation

from xiuhua.web.api.parsing import JSON_BYTES, fault, plain
from xiuhua.web.api.problems import malformed, missing, no_length, other_method, too_large, wrong_media

JSON = "application/json"
#: (address as Django writes it, method) → what is known of it.
Known = dict[tuple[str, str], Operation]


def own_door(pattern: URLPattern | URLResolver, known: Known) -> URLPattern | URLResolver:
    """Return an address that the login middleware leaves to the API and that is looked over before anybody acts."""
    if not isinstance(pattern, URLPattern):
        return pattern
    inner, route = pattern.callback, str(pattern.pattern)

    @wraps(inner)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        operation = known.get((route, request.method or ""))
        if odd := _looked_over(request, operation):
            return odd
        return _answered(inner, request, *args, **kwargs)

    answer.login_required = False  # type: ignore[attr-defined]
    pattern.callback = answer
    return pattern


def operations(api: NinjaAPI) -> Known:
    """Return every operation of an API by its address and method."""
    found: Known = {}
    for router in api._get_bound_routers():  # noqa: SLF001 - the description is made from the same
        for path, view in router.path_operations.items():
            route = f"{router.prefix}{path}".strip("/").replace("{", "<").replace("}", ">").replace("//", "/")
            found |= {(route, method): one for one in view.operations for method in one.methods}
    return found


def _answered(
    inner: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    try:
        found = inner(request, *args, **kwargs)
    except Http404:
        return missing(request)
    return other_method(found) if isinstance(found, HttpResponseNotAllowed) else found


def _looked_over(request: HttpRequest, operation: Operation | None) -> HttpResponse | None:
    """Return the answer to a request that goes no further, None for all others."""
    if not plain(request.path):
        return missing(request)
    faults = [fault("request.not_text", name) for name in _unkeepable(request)]
    if operation is not None:
        faults += [fault("request.unknown", name) for name in request.GET if name not in _names(operation, "query")]
    if faults:
        return malformed(faults)
    return _body(request, operation) if operation is not None else None


def _unkeepable(request: HttpRequest) -> list[str]:
    return [
        name[:40] if plain(name) else "?"
        for name, values in request.GET.lists()
        if not all(plain(one) for one in [name, *values])
    ]


def _names(operation: Operation, source: str) -> set[str]:
    return {
        name
        for model in operation.models
        if getattr(model, "__ninja_param_source__", "") == source
        for name in getattr(model, "__ninja_flatten_map__", {})
    }


def _body(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    """Look at how the body announces itself, before a byte of it is read."""
    sorts: dict[str, int] = limits_of(operation)
    if not sorts:
        return None
    media = (request.content_type or "").lower()
    if "CONTENT_LENGTH" not in request.META or not request.META["CONTENT_LENGTH"]:
        return no_length()
    if media not in sorts:
        return wrong_media(sorted(sorts))
    if int(request.META["CONTENT_LENGTH"]) > sorts[media]:
        return too_large(sorts[media])
    return None


def limits_of(operation: Operation) -> dict[str, int]:
    """Return the formats of bodies that an operation reads, with the bytes it reads at most; none for one without."""
    said: dict[str, int] | None = getattr(operation.view_func, "reads", None)
    if said is not None:
        return said
    has = any(getattr(model, "__ninja_param_source__", "") == "body" for model in operation.models)
    return {JSON: JSON_BYTES} if has else {}


def reads(sorts: dict[str, int]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the formats of bodies, with their most bytes, of an operation that reads its body itself."""

    def declared(view: Callable[..., Any]) -> Callable[..., Any]:
        view.reads = sorts  # type: ignore[attr-defined]
        return view

    return declared


__all__ = ["Known", "limits_of", "operations", "own_door", "reads"]
