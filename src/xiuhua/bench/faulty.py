"""Servers with a fault built in, to see that the measurements find it: only ever started by them.

`early-ack` answers a report before it is safe; `no-sync` keeps nothing on the disk before it answers.
"""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

#: By how long the early answer is early. Seconds.
EARLY = 0.4
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def early(app: Wsgi) -> Wsgi:
    """Return an application that answers 201 to a report and only then, a little later, takes it."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/reports"):
            return app(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        later = {**environ, "wsgi.input": io.BytesIO(body)}
        threading.Thread(target=_take, args=(app, later), daemon=True).start()
        start("201 Created", [("Content-Type", "application/json")])
        return [json.dumps({"client_uuid": json.loads(body)["client_uuid"], "case": ""}).encode()]

    return answer


def _take(app: Wsgi, environ: dict[str, Any]) -> None:
    from django.db import connection

    time.sleep(EARLY)
    list(app(environ, lambda *_: None))
    connection.close()


def unsynced() -> None:
    """Let files and SQLite go without syncing."""
    from django.db.backends.signals import connection_created

    from xiuhua.files import store

    class _Os:
        """The module os but for fsync."""

        def __getattr__(self, name: str) -> Any:
            return (lambda _handle: None) if name == "fsync" else getattr(os, name)

    def off(connection: Any, **_more: Any) -> None:
        if connection.vendor == "sqlite":
            connection.connection.execute("PRAGMA synchronous=OFF")

    store.os = _Os()  # type: ignore[attr-defined, assignment]
    connection_created.connect(off, weak=False)
