"""`xiuhua user`: accounts."""

from __future__ import annotations

import sys

import click

from xiuhua.cli.door import actor, command, emit, now


@click.group()
def user() -> None:
    """账号 · Accounts."""


@user.command()
@click.argument("username")
@click.option("--name", default="", help="姓名 / name")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码 / read the password from stdin")
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@command
def create(username: str, name: str, password_stdin: bool, tenant: str | None, as_json: bool) -> None:
    """新建账号 · Create an account; the password is asked for, or read with --password-stdin."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import create_user

    if not password_stdin and not sys.stdin.isatty():
        raise click.UsageError(_("没有终端可问密码：请用 --password-stdin。"))
    office = tenant_named(tenant)
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt(_("密码"), hide_input=True, confirmation_prompt=True, err=True)
    )
    made = create_user(username, password, name=name, tenant=office, by=actor(), at=now())
    emit(
        {"username": made.username, "role": made.role, "tenant": office.code},
        as_json=as_json,
        text=_("已建账号 %(username)s。") % {"username": made.username},
    )
