"""`xiuhua ruling`: what the rules say about cases – our own deadlines, whose duty – and working it out again."""

from __future__ import annotations

from dataclasses import asdict

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.progress import bar

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")


@click.group()
def ruling() -> None:
    """规则结论：自算期限、该谁负责 · What the rules say: own deadlines, whose duty."""


@ruling.command()
@click.option("--reason", required=True, help="为什么重算，写进台账 / why; goes into the ledger")
@click.option("--provisional", is_flag=True, help="只重算暂定的 / only provisional ones")
@_TENANT
@command
def renew(reason: str, provisional: bool, tenant: str | None, as_json: bool) -> None:
    """按现在装着的数据包重算（日历到了、标准或清单改了） · Work out again by the packs installed now."""
    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions import renew_rulings
    from xiuhua.kernel.queries import tenant_named

    with bar() as progress:
        done = renew_rulings(
            tenant_named(tenant), reason=reason, provisional=provisional, by=actor(), at=now(), progress=progress
        )
    text = _("看了 %(cases)s 件，%(changed)s 件结论有变，仍有 %(provisional)s 件期限是暂定的。") % asdict(done)
    if done.corrections:
        months = "、".join(f"{month} {count}" for month, count in sorted(done.corrections.items()))
        text += "\n" + _("已定格的月份不变，列为待更正：%(months)s。") % {"months": months}
    emit(asdict(done), as_json=as_json, text=text)


@ruling.command("list")
@_TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """自算期限和平台期限为什么不同，各多少件 · How many deadlines and verdicts differ, by cause."""
    from django.utils.translation import gettext as _

    from xiuhua.cases.queries import causes_counted
    from xiuhua.cases.words import Cause
    from xiuhua.cli.columns import aligned
    from xiuhua.kernel.queries import tenant_named

    found = causes_counted(tenant_named(tenant))
    rows = [(_("原因"), _("期限"), _("认定"))]
    rows += [
        (str(Cause(code).label), str(found.deadlines.get(code, 0)), str(found.verdicts.get(code, 0)))
        for code in Cause.values
        if found.deadlines.get(code) or found.verdicts.get(code)
    ]
    text = aligned(rows, right={1, 2})
    text += "\n" + _("有自算期限 %(ruled)s 件，没有 %(unruled)s 件，暂定 %(provisional)s 件。") % {
        "ruled": found.ruled,
        "unruled": sum(found.unruled.values()),
        "provisional": found.provisional,
    }
    emit(asdict(found), as_json=as_json, text=text)
