"""Programs that measurements start in processes of their own: `python -m xiuhua.cli.benchdoor make|look|list|serve`.

`serve --port N` runs the site with the doors or the fault that XIUHUA_BENCH_DOOR names; nothing else ever starts it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def site() -> Any:
    """Return the site as the measurement wants it: with a bare insert beside it, or with a fault built in."""
    from xiuhua.bench import door, faulty
    from xiuhua.config.wsgi import application as app

    wanted = os.environ.get("XIUHUA_BENCH_DOOR", "")
    if wanted == "no-sync":
        faulty.unsynced()
    if wanted == "insert":
        _open_insert()
    wraps: dict[str, Any] = {"early-ack": faulty.early, "insert": door.beside}
    return wraps[wanted](app) if wanted in wraps else app


def _open_insert() -> None:
    """Give the site one endpoint more, behind everything that a request to any other passes."""
    from django.contrib.auth.decorators import login_not_required
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from xiuhua.bench import door
    from xiuhua.config import urls
    from xiuhua.web import access

    patterns: list[Any] = urls.urlpatterns
    patterns.append(path("bench/insert", login_not_required(csrf_exempt(door.insert)), name="bench-insert"))
    access.ACCESS = {**access.ACCESS, "bench-insert": access.Door(access.PUBLIC)}


def __getattr__(name: str) -> Any:
    """Make the application when a server asks for it."""
    if name != "application":
        raise AttributeError(name)
    return site()


def _serve(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    from xiuhua.cli.serve import THREADS

    Granian(
        "xiuhua.cli.benchdoor:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
    ).serve()


def main(what: str, arguments: list[str]) -> None:
    """Do what was asked and print it as JSON; `serve` serves until it is killed."""
    if what == "serve":
        _serve(int(arguments[-1]))
        return
    from xiuhua.config.setup import ready

    ready()
    from xiuhua.bench import ground, listing

    work: Any = {"make": ground.make, "look": ground.look, "list": listing.measure}[what]
    sys.stdout.write(json.dumps(work(*map(int, arguments))))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
