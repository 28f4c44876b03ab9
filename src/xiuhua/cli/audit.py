"""`xiuhua audit`: is the ledger still whole?"""

from __future__ import annotations

import sys

import click

from xiuhua.cli.door import command, emit


@click.group()
def audit() -> None:
    """核对台账 · Check the ledger."""


@audit.command()
@command
def verify(as_json: bool) -> None:
    """逐条核对台账的链 · Recompute the chain of ledger lines."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import seal
    from xiuhua.kernel.models import LedgerLine
    from xiuhua.kernel.queries import broken_links

    seal()
    lines, broken = LedgerLine.objects.count(), broken_links()
    text = (
        _("%(lines)s 条记录首尾相连，未见改动。") if not broken else _("%(lines)s 条记录中有 %(broken)s 处断开：%(at)s")
    )
    emit(
        {"lines": lines, "broken": broken},
        as_json=as_json,
        text=text % {"lines": lines, "broken": len(broken), "at": ", ".join(map(str, broken[:20]))},
    )
    if broken:
        sys.exit(1)
