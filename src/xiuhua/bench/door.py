"""The site with three doors more, for measurements only: a bare insert twice, and the statements of the last report."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
#: Statements of the newest reports: one in some seconds also seals the ledger.
_LAST: deque[int] = deque(maxlen=999)


def beside(app: Wsgi) -> Wsgi:
    """Return the site with the bare insert past Django and the count of statements beside it, and a table for inserts."""
    from django.db import connection

    with connection.cursor() as cursor:
        serial = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_row (id {serial}, text text NOT NULL)")
    connection.close()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/bench/past":
            return _past(environ, start)
        if path == "/bench/statements":
            start("200 OK", [("Content-Type", "application/json")])
            counts = sorted(_LAST) or [0]
            return [json.dumps({"statements": counts[len(counts) // 2], "most": counts[-1]}).encode()]
        return _counted(app, environ, start) if path.endswith("/reports") else app(environ, start)

    return answer


def insert(request: HttpRequest) -> JsonResponse:
    """Write one row in one transaction and answer 201: the least that an endpoint of this site can do for a report."""
    return JsonResponse({"id": _inserted(request.body)}, status=201)


def _past(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Do the same with nothing of Django in between but its connection."""
    key = _inserted(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    start("201 Created", [("Content-Type", "application/json")])
    return [json.dumps({"id": key}).encode()]


def _inserted(body: bytes) -> int:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (text) VALUES (%s) RETURNING id", [json.loads(body)["text"]])
        return int(cursor.fetchone()[0])


def _counted(app: Wsgi, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Count the statements of a request; begin and commit are the transaction's, not counted (as Django counts)."""
    from django.db import connection

    count = 0

    def one(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(one):
        found = app(environ, start)
    _LAST.append(count)
    return found
