"""`xiuhua token`: keys for programs."""

from __future__ import annotations

from typing import Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import TENANT


@click.group()
def token() -> None:
    """接口令牌 · Keys with which programs use the API in a person's name."""


@token.command()
@click.argument("username")
@click.option("--name", required=True, help="名称：给哪个程序用 / what it is for")
@click.option("--scope", "scopes", multiple=True, required=True, help="能做的事，可重复 / what it may do, repeatable")
@click.option("--days", default=90, show_default=True, help="有效天数 / days it lives")
@TENANT
@command
def make(username: str, name: str, scopes: tuple[str, ...], days: int, *, tenant: str | None, as_json: bool) -> None:
    """给账号建一个令牌，只显示这一次 · Make a token for an account; it is shown this once."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import UserUnknown, make_token
    from xiuhua.responsibility.models import User

    user = User.objects.filter(tenant=tenant_named(tenant), username=username).first()
    if user is None:
        raise UserUnknown(username=username)
    made = make_token(user, name=name, scopes=scopes, days=days, by=actor(), at=now())
    text = _("令牌 %(id)s（%(until)s 到期），只显示这一次，请收好：") % {
        "id": made.token.pk,
        "until": made.token.expires_at.date().isoformat(),
    }
    emit({**_told(made.token), "token": made.secret}, as_json=as_json, text=f"{text}\n{made.secret}")


@token.command("list")
@TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出令牌 · List the tokens there are, without their secrets."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.queries import tokens_of

    rows = [_told(one) for one in tokens_of(tenant_named(tenant))]
    lines = [
        f"{row['id']}  {row['username']}  {row['name']}  {row['expires_at']:%Y-%m-%d}  {'—' if row['revoked_at'] else '✓'}"
        for row in rows
    ]
    emit({"tokens": rows}, as_json=as_json, text="\n".join(lines) or _("还没有令牌。"))


@token.command()
@click.argument("key", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@TENANT
@command
def revoke(key: int, *, tenant: str | None, as_json: bool) -> None:
    """吊销令牌，立刻失效 · End a token at once."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import revoke_token

    ended = revoke_token(tenant_named(tenant), key, by=actor(), at=now())
    emit(_told(ended), as_json=as_json, text=_("令牌 %(id)s 已吊销。") % {"id": key})


def _told(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "username": one.user.username,
        "name": one.name,
        "scopes": one.scopes,
        "created": one.created,
        "expires_at": one.expires_at,
        "last_used_day": one.last_used_day,
        "revoked_at": one.revoked_at,
    }
