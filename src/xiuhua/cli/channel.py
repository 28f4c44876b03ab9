"""`xiuhua channel`: robots, webhooks and shared mailboxes that hear what happens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import TENANT

if TYPE_CHECKING:
    from xiuhua.notices.models import Channel


@click.group()
def channel() -> None:
    """消息通道：群机器人、签名回调、公用信箱 · Channels that hear what happens."""


@channel.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(["robot", "webhook", "email"]), default="robot", show_default=True)
@click.option(
    "--address", default=None, help="地址；不给就从标准输入读，免得留在历史里 / the address; read from stdin if absent"
)
@click.option("--event", "events", multiple=True, help="只发这些事件，如 case.overdue / hear of these events only")
@click.option("--unit", default=None, help="只发这个单位的案件 / cases of this unit only")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans", show_default=True)
@TENANT
@command
def add(  # noqa: PLR0917 - click passes them by name
    name: str,
    kind: str,
    address: str | None,
    events: tuple[str, ...],
    unit: str | None,
    language: str,
    tenant: str | None,
    as_json: bool,
) -> None:
    """加一个通道 · Add a channel; a webhook's secret is shown this once."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.notices.actions import add_channel
    from xiuhua.notices.words import ChannelKind
    from xiuhua.responsibility.models import Body

    office = tenant_named(tenant)
    body = Body.objects.filter(tenant=office, code=unit).first() if unit else None
    if unit and body is None:
        raise click.BadParameter(unit, param_hint="--unit")
    where = (address or sys.stdin.readline()).strip()
    made = add_channel(
        office,
        kind=ChannelKind(kind),
        name=name,
        address=where,
        events=events,
        body=body,
        language=language,
        by=actor(),
        at=now(),
    )
    text = _("已加通道“%(name)s”。") % {"name": made.name}
    secret = _("签名密钥（只显示这一次）：%(secret)s") % {"secret": made.secret} if made.secret else ""
    emit({**_row(made), "secret": made.secret}, as_json=as_json, text="\n".join(filter(None, (text, secret))))


@channel.command("list")
@TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出通道；地址只露末尾 · List the channels; addresses are masked."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.notices.queries import channels

    rows = [_row(one) for one in channels(tenant_named(tenant))]
    lines = [f"{row['name']}  {row['kind']}  {row['address']}  {'✓' if row['active'] else '–'}" for row in rows]
    emit({"channels": rows}, as_json=as_json, text="\n".join(lines) or _("还没有通道。"))


def _row(one: Channel) -> dict[str, object]:
    from xiuhua.notices.rules.texts import masked

    body = one.body.code if one.body else ""
    shown = {"name": one.name, "kind": str(one.kind), "address": masked(one.address), "events": list(one.events)}
    return {**shown, "unit": body, "active": one.active}


@channel.command("test")
@click.argument("name")
@TENANT
@command
def test_(name: str, tenant: str | None, as_json: bool) -> None:
    """试发一条 · Send a test through a channel."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.notices.actions import channel_named, try_channel

    try_channel(channel_named(tenant_named(tenant), name), by=actor(), at=now())
    emit({"name": name, "sent": True}, as_json=as_json, text=_("已向“%(name)s”试发一条。") % {"name": name})


@channel.command()
@click.argument("name")
@TENANT
@command
def remove(name: str, tenant: str | None, as_json: bool) -> None:
    """删去通道，连同地址和密钥 · Remove a channel with its address and secret."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.notices.actions import channel_named, remove_channel

    remove_channel(channel_named(tenant_named(tenant), name), by=actor(), at=now())
    emit({"name": name, "removed": True}, as_json=as_json, text=_("已删去“%(name)s”。") % {"name": name})
