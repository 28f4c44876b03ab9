"""`xiuhua init`: make the database and the office it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

import click

from xiuhua.cli.door import actor, command, emit, now

if TYPE_CHECKING:
    from xiuhua.kernel.models import Tenant


@click.command()
@click.option("--code", default="main", show_default=True, help="单位代码 / code of the office")
@click.option("--name", default="本街道", show_default=True, help="单位名称 / name of the office")
@click.option("--zone", default="", help="时区，如 Asia/Shanghai；不填则由第一份导入的表决定 / zone of civil time")
@command
def init(code: str, name: str, zone: str, as_json: bool) -> None:
    """建库、建单位（可重复运行）· Make or upgrade the database and create the office."""
    from django.core.management import call_command
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import create_tenant, declare_zone

    if zone and zone not in available_timezones():
        raise click.BadParameter(zone, param_hint="--zone")
    call_command("migrate", interactive=False, verbosity=0)
    tenant = create_tenant(code, name, by=actor(), at=now(), zone=zone)
    if zone and tenant.zone != zone and not declare_zone(tenant, zone, by=actor(), at=now(), reason="init --zone"):
        raise click.UsageError(_("时区已定为 %(zone)s，不能改。") % {"zone": ZoneInfo(tenant.zone)})
    told = _("已备好：%(name)s（%(code)s），时区 %(zone)s。") % {
        "name": tenant.name,
        "code": tenant.code,
        "zone": tenant.zone or "—",
    }
    address = set_up_address(tenant)
    emit(
        {"tenant": tenant.code, "name": tenant.name, "zone": tenant.zone, "set_up": address},
        as_json=as_json,
        text=f"{told}\n{set_up_words(address)}" if address else told,
    )


def set_up_address(tenant: Tenant, base: str | None = None) -> str:
    """Return the address at which the first account of an office is made, "" if it has accounts. `base` is where the site is."""
    from django.conf import settings

    from xiuhua.responsibility.actions import address_of, open_set_up
    from xiuhua.responsibility.queries import no_accounts
    from xiuhua.responsibility.words import LinkKind

    if not no_accounts(tenant):
        return ""
    address = address_of(LinkKind.SET_UP, open_set_up(tenant, by=actor(), at=now()))
    return address if base is None else base + address.removeprefix(settings.SITE_URL)


def set_up_words(address: str) -> str:
    """Return what to do with the address of the set-up."""
    from django.utils.translation import gettext as _

    return _(
        "还没有账号。请启动网站（xiuhua serve），在一天之内打开这个只能用一次的地址，建第一个账号：\n%(address)s"
    ) % {"address": address}
