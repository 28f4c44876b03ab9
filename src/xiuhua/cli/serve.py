"""`xiuhua serve`: the site on this machine."""

from __future__ import annotations

import os
from contextlib import nullcontext

import click

from xiuhua.cli.door import command, say

#: Requests answered at a time; each thread holds a database connection.
THREADS = 8


def run(host: str, port: int) -> None:
    """Serve the site until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    # what the server says goes to stderr: stdout belongs to --json
    streams = {"console": "generic", "access": "access"}
    handlers = {
        name: {"class": "logging.StreamHandler", "formatter": formatter, "stream": "ext://sys.stderr"}
        for name, formatter in streams.items()
    }
    Granian(
        "xiuhua.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_dictconfig={"handlers": handlers},
    ).serve()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--with-worker", is_flag=True, help="同时跑后台工人，一起起停 / run a worker too; both end together")
@command
def serve(host: str, port: int, with_worker: bool, as_json: bool) -> None:
    """启动网站 · Serve the site; an office without accounts gets the address of its set-up."""
    from xiuhua.cli.worker import beside

    _offer_set_up(None if os.environ.get("XIUHUA_URL") else f"http://{host}:{port}")
    say(f"http://{host}:{port}/")
    with beside() if with_worker else nullcontext():
        run(host, port)


def _offer_set_up(base: str | None) -> None:
    from django.db import DatabaseError

    from xiuhua.cli.init import set_up_address, set_up_words
    from xiuhua.kernel.queries import NoTenant, tenant_named

    try:
        address = set_up_address(tenant_named(), base)
    except (NoTenant, DatabaseError):  # nothing is there yet, or several offices: `xiuhua init` has said what to do
        return
    if address:
        say(set_up_words(address))
