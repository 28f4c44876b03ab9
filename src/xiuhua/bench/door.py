"""The site with two doors more, for measurements only: a bare insert, and the statements of the last report."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
#: Statements of the newest reports: one in some seconds also seals the ledger.
_LAST: deque[int] = deque(maxlen=999)


def beside(app: Wsgi) -> Wsgi:
    """Return the site with a bare insert and the count of statements beside it."""
    from django.db import connection

    with connection.cursor() as cursor:
        serial = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_row (id {serial}, text text NOT NULL)")
    connection.close()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/bench/insert":
            return _inserted(environ, start)
        if path == "/bench/statements":
            start("200 OK", [("Content-Type", "application/json")])
            counts = sorted(_LAST) or [0]
            return [json.dumps({"statements": counts[len(counts) // 2], "most": counts[-1]}).encode()]
        return _counted(app, environ, start) if path.endswith("/reports") else app(environ, start)

    return answer


def _inserted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.db import connection, transaction

    text = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))["text"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (text) VALUES (%s) RETURNING id", [text])
        key = cursor.fetchone()[0]
    start("201 Created", [("Content-Type", "application/json")])
    return [json.dumps({"id": key}).encode()]


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
