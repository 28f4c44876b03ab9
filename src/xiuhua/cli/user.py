"""`xiuhua user`: accounts."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import DRY_RUN, FILE, OUT, TENANT, passed_over, written


@click.group()
def user() -> None:
    """账号 · Accounts."""


@user.command()
@click.argument("username")
@click.option("--name", default="", help="姓名 / name")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / read the password from stdin")
@click.option("--role", default="staff", show_default=True, help="岗位 / role of the account's first post")
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@command
def create(username: str, name: str, *, password_stdin: bool, role: str, tenant: str | None, as_json: bool) -> None:
    """新建账号 · Create an account; the password is asked for, or read with --password-stdin."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import create_user
    from xiuhua.responsibility.words import Role

    if role not in Role.values:
        raise click.UsageError(
            _("没有这种岗位：%(role)s。可用：%(known)s。") % {"role": role, "known": "、".join(Role.values)}
        )
    _askable(password_stdin)
    office = tenant_named(tenant)
    password = _asked(password_stdin)
    made = create_user(username, password, name=name, tenant=office, by=actor(), at=now(), role=Role(role))
    emit(
        {"username": made.username, "role": role, "tenant": office.code},
        as_json=as_json,
        text=_("已建账号 %(username)s。") % {"username": made.username},
    )


def _askable(password_stdin: bool) -> None:
    from django.utils.translation import gettext as _

    if not password_stdin and not sys.stdin.isatty():
        raise click.UsageError(_("没有终端可问密码：请用 --password-stdin。"))


def _asked(password_stdin: bool) -> str:
    """Return the password, typed twice unseen or read from stdin; it is never shown and kept only as a hash."""
    from django.utils.translation import gettext as _

    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt(_("密码"), hide_input=True, confirmation_prompt=True, err=True)
    return typed


@user.command()
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / read the password from stdin")
@TENANT
@command
def password(username: str, password_stdin: bool, tenant: str | None, as_json: bool) -> None:
    """给账号设密码 · Set an account's password; it is asked for, or read with --password-stdin."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import set_password

    _askable(password_stdin)
    made = set_password(tenant_named(tenant), username, _asked(password_stdin), by=actor(), at=now())
    emit(
        {"username": made.username, "password_set": True},
        as_json=as_json,
        text=_("账号 %(username)s 的密码已设。") % {"username": made.username},
    )


@user.command("import")
@FILE
@DRY_RUN
@TENANT
@command
def import_(file: Path, dry_run: bool, tenant: str | None, as_json: bool) -> None:
    """从表里批量建账号（没有密码）· Create accounts from a table, without passwords; existing ones stay as they are."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import import_users

    report = import_users(tenant_named(tenant), file.read_bytes(), by=actor(), at=now(), dry_run=dry_run)
    told = (
        _("试运行，什么也没写：会新建账号 %(created)s 个，原有 %(existing)s 个不动。")
        if dry_run
        else _("新建账号 %(created)s 个，原有 %(existing)s 个不动；新账号要先用 xiuhua user password 设密码才能登录。")
    )
    lines = [told % asdict(report), *passed_over(asdict(report))]
    emit(asdict(report), as_json=as_json, text="\n".join(lines))


@user.command("template")
@OUT
@TENANT
@command
def template_(out: Path | None, tenant: str | None, as_json: bool) -> None:
    """写一份带下拉表的 Excel 模板 · Write an Excel template with drop-downs."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import user_template

    written(user_template(tenant_named(tenant)), out, "users", as_json=as_json)
