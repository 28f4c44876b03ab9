"""`xiuhua serve`: the site on this machine."""

from __future__ import annotations

import click

from xiuhua.cli.door import command, say


def run(host: str, port: int) -> None:
    """Serve the site until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian("xiuhua.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1).serve()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@command
def serve(host: str, port: int, as_json: bool) -> None:
    """启动网站 · Serve the site."""
    say(f"http://{host}:{port}/")
    run(host, port)
