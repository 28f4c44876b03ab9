"""`xiuhua facts`: a month frozen, and what has been frozen."""

from __future__ import annotations

import click

from xiuhua.cli.door import actor, command, emit, now


@click.group()
def facts() -> None:
    """定格一个月的事实 · Freeze the facts of a month."""


@facts.command()
@click.argument("period")
@click.option(
    "--as-of",
    "as_of",
    default=None,
    help="截止时点：日期（当地 0 时）、当地时间、带偏移的时间或 now；默认月末 / cut-off: a date (00:00 local), a time or now",
)
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@command
def freeze(period: str, as_of: str | None, tenant: str | None, as_json: bool) -> None:
    """定格 PERIOD（如 2026-10）· Freeze the month PERIOD."""
    from django.utils.translation import gettext as _

    from xiuhua.analytics.rules import parse_as_of
    from xiuhua.exchange.actions import refreeze
    from xiuhua.kernel.queries import tenant_named, zone_of
    from xiuhua.kernel.rules import Period

    office, moment = tenant_named(tenant), now()
    zone = zone_of(office)
    cut_off = parse_as_of(as_of, zone, moment) if as_of else None
    frozen = refreeze(office, Period.parse(period), as_of=cut_off, by=actor(), at=moment)
    snapshot = frozen.snapshot
    stand = snapshot.as_of.astimezone(zone).isoformat()
    text = (
        _("%(period)s 已定格，截止 %(as_of)s，案件 %(cases)s 件，快照 %(snapshot)s。")
        if frozen.created
        else _("%(period)s 的事实没有变化，截止 %(as_of)s，案件 %(cases)s 件，仍是快照 %(snapshot)s。")
    )
    emit(
        {
            "period": snapshot.period,
            "as_of": stand,
            "snapshot": snapshot.digest,
            "rows": snapshot.rows,
            "created": frozen.created,
        },
        as_json=as_json,
        text=text
        % {
            "period": snapshot.period,
            "as_of": stand,
            "cases": snapshot.rows.get("case", 0),
            "snapshot": snapshot.digest[:12],
        },
    )


@facts.command()
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@command
def periods(tenant: str | None, as_json: bool) -> None:
    """列出已定格的月份 · List what has been frozen."""
    from django.utils.translation import gettext as _

    from xiuhua.analytics.queries import snapshots
    from xiuhua.kernel.queries import tenant_named, zone_of

    office = tenant_named(tenant)
    found = snapshots(office)
    zone = zone_of(office) if found else None
    listed = [
        {
            "period": snapshot.period,
            "as_of": snapshot.as_of.astimezone(zone).isoformat(),
            "snapshot": snapshot.digest,
            "frozen_at": snapshot.frozen_at.astimezone(zone).isoformat(),
            "rows": snapshot.rows,
        }
        for snapshot in found
    ]
    lines = [f"{row['period']}  {row['as_of']}  {str(row['snapshot'])[:12]}  {row['rows']['case']}" for row in listed]
    emit({"periods": listed}, as_json=as_json, text="\n".join(lines) or _("还没有定格过任何月份。"))
