"""`xiuhua user`, the part about links, standing and second factors: what an administrator does at the terminal."""

from __future__ import annotations

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import TENANT
from xiuhua.cli.user import user

__all__ = ["user"]


@user.command("invite")
@click.argument("username")
@click.option("--name", default="", help="姓名 / name")
@click.option("--email", default="", help="邮箱，链接也寄一份 / e-mail address that gets the link too")
@click.option("--role", default="", help="岗位，不填则以后再派 / role of a first post, none if empty")
@TENANT
@command
def invite_(*, username: str, name: str, email: str, role: str, tenant: str | None, as_json: bool) -> None:
    """邀请：建账号，本人凭链接设密码 · Create an account whose owner sets the password by a link, within seven days."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import address_of, invite
    from xiuhua.responsibility.words import LinkKind, Role

    if role and role not in Role.values:
        known = "、".join(Role.values)
        raise click.UsageError(_("没有这种岗位：%(role)s。可用：%(known)s。") % {"role": role, "known": known})
    given = {"name": name, "email": email, "role": Role(role) if role else None}
    made, token = invite(tenant_named(tenant), username, by=actor(), at=now(), **given)  # type: ignore[arg-type]
    address = address_of(LinkKind.INVITE, token)
    told = _("已建账号 %(username)s。请把这个链接交给本人，七天内有效，只能用一次：\n%(address)s")
    facts = {"username": made.username, "address": address}
    emit(facts, as_json=as_json, text=told % facts)


@user.command("invite-again")
@click.argument("username")
@TENANT
@command
def invite_again_(username: str, tenant: str | None, as_json: bool) -> None:
    """再发邀请链接，旧的作废 · Make a new invitation link; the old one is void."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import address_of, invite_again
    from xiuhua.responsibility.words import LinkKind

    token = invite_again(tenant_named(tenant), username, by=actor(), at=now())
    facts = {"username": username, "address": address_of(LinkKind.INVITE, token)}
    emit(facts, as_json=as_json, text=_("七天内有效，只能用一次：\n%(address)s") % facts)


@user.command("reset-link")
@click.argument("username")
@TENANT
@command
def reset_link_(username: str, tenant: str | None, as_json: bool) -> None:
    """重设密码的链接 · Make a link that resets a password, within thirty minutes."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import address_of, reset_link
    from xiuhua.responsibility.words import LinkKind

    token = reset_link(tenant_named(tenant), username, by=actor(), at=now())
    facts = {"username": username, "address": address_of(LinkKind.RESET, token)}
    emit(facts, as_json=as_json, text=_("三十分钟内有效，只能用一次：\n%(address)s") % facts)


@user.command("deactivate")
@click.argument("username")
@click.option("--reason", default="", help="为什么 / why")
@TENANT
@command
def deactivate_(username: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """停用账号，所有登录立即退出 · Switch an account off; its sessions end at once."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import deactivate

    ended = deactivate(tenant_named(tenant), username, by=actor(), at=now(), reason=reason)
    facts = {"username": username, "active": False, "sessions": ended}
    emit(facts, as_json=as_json, text=_("账号 %(username)s 已停用，%(sessions)s 处登录已退出。") % facts)


@user.command("reactivate")
@click.argument("username")
@click.option("--reason", default="", help="为什么 / why")
@TENANT
@command
def reactivate_(username: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """恢复账号 · Switch an account on again."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import reactivate

    reactivate(tenant_named(tenant), username, by=actor(), at=now(), reason=reason)
    facts = {"username": username, "active": True}
    emit(facts, as_json=as_json, text=_("账号 %(username)s 已恢复。") % facts)


@user.command("second-off")
@click.argument("username")
@TENANT
@command
def second_off(username: str, tenant: str | None, as_json: bool) -> None:
    """撤销丢了的第二步验证 · Take the second factor from somebody who lost it; their sessions end."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import take_second_factor

    take_second_factor(tenant_named(tenant), username, by=actor(), at=now())
    facts = {"username": username, "second_factor": False}
    emit(facts, as_json=as_json, text=_("账号 %(username)s 的第二步验证已撤销。") % facts)
