"""`xiuhua init`: make the database and the office it serves."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

import click

from xiuhua.cli.door import actor, command, emit, now


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
    emit(
        {"tenant": tenant.code, "name": tenant.name, "zone": tenant.zone},
        as_json=as_json,
        text=_("已备好：%(name)s（%(code)s），时区 %(zone)s。")
        % {"name": tenant.name, "code": tenant.code, "zone": tenant.zone or "—"},
    )
