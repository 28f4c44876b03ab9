"""`xiuhua post`: who holds which post, and from when to when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.columns import aligned
from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.tables import TENANT

if TYPE_CHECKING:
    from xiuhua.responsibility.models import Post

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def post() -> None:
    """岗位 · Posts: a role within a unit, a territory, some classes, for a time."""


@post.command()
@click.argument("username")
@click.option("--role", required=True, help="岗位代码 / role, see xiuhua post roles")
@click.option("--unit", default="", help="单位代码 / code of the unit")
@click.option("--territory", default="", help="地域代码 / code of the territory")
@click.option("--class", "classes", multiple=True, help="类别，体系:编码，可重复 / class as scheme:code, repeatable")
@click.option("--first", type=DAY, default=None, help="第一天 / first day")
@click.option("--last", type=DAY, default=None, help="最后一天 / last day")
@TENANT
@command
def give(username: str, *, first: datetime | None, last: datetime | None, as_json: bool, **asked: Any) -> None:
    """派岗位 · Give somebody a post."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import give_post
    from xiuhua.responsibility.words import PostAsked

    wanted = PostAsked(
        asked["role"],
        asked["unit"],
        asked["territory"],
        tuple(asked["classes"]),
        first.date() if first else None,
        last.date() + timedelta(1) if last else None,
    )
    made = give_post(tenant_named(asked["tenant"]), username, wanted, by=actor(), at=now())
    emit(_row(made), as_json=as_json, text=_("已派岗位 %(post)s。") % {"post": made.pk})


@post.command()
@click.argument("key", metavar="POST", type=int)
@click.option(
    "--last", type=DAY, default=None, help="最后一天，默认昨天：今天起不再担任 / last day; default: yesterday"
)
@TENANT
@command
def end(key: int, last: datetime | None, tenant: str | None, *, as_json: bool) -> None:
    """岗位到期，代它的也到期 · End a post, and those that stand in for it."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import end_post
    from xiuhua.responsibility.actions.posts import office_day

    office, at = tenant_named(tenant), now()
    day = last.date() + timedelta(1) if last else office_day(office, at)
    made = end_post(office, key, day, by=actor(), at=at)
    said = _("岗位 %(post)s 到 %(last)s 为止。") % {"post": made.pk, "last": day - timedelta(1)}
    emit(_row(made), as_json=as_json, text=said)


@post.command()
@click.argument("key", metavar="POST", type=int)
@click.argument("username")
@click.option("--first", type=DAY, required=True, help="第一天 / first day")
@click.option("--last", type=DAY, required=True, help="最后一天 / last day")
@TENANT
@command
def deputise(key: int, username: str, *, first: datetime, last: datetime, tenant: str | None, as_json: bool) -> None:
    """让人代岗 · Let somebody stand in for a post."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions import deputise as stand_in

    until = last.date() + timedelta(1)
    office = tenant_named(tenant)
    made = stand_in(office, key, username, first=first.date(), end=until, by=actor(), at=now())
    emit(_row(made), as_json=as_json, text=_("%(who)s 代岗位 %(post)s。") % {"who": username, "post": key})


@post.command()
@click.argument("leaving")
@click.argument("successor")
@click.option("--reason", default="", help="缘由，记进台账 / reason, kept in the ledger")
@TENANT
@command
def handover(leaving: str, successor: str, reason: str, tenant: str | None, *, as_json: bool) -> None:
    """离任移交 · Hand all posts, open cases and requests to a successor; the account is switched off."""
    from dataclasses import asdict

    from django.utils.translation import gettext as _

    from xiuhua.cases.actions import hand_over
    from xiuhua.kernel.queries import tenant_named

    done = hand_over(tenant_named(tenant), leaving, successor, by=actor(), at=now(), reason=reason)
    said = _("已移交：岗位 %(posts)s 个、案件 %(cases)s 件、申请 %(requests)s 件；账号已停用。") % asdict(done)
    emit({"leaving": leaving, "successor": successor, **asdict(done)}, as_json=as_json, text=said)


@post.command("list")
@click.option("--user", "username", default="", help="只看一个账号 / one account only")
@TENANT
@command
def list_(username: str, tenant: str | None, *, as_json: bool) -> None:
    """列出今天在任的岗位 · List the posts held today."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.responsibility.actions.posts import office_day
    from xiuhua.responsibility.phrases import period_words, post_words
    from xiuhua.responsibility.queries import posts_on
    from xiuhua.territory.queries import options

    office = tenant_named(tenant)
    names = dict(options(office))
    found = [one for one in posts_on(office, office_day(office, now())) if username in {"", one.user.username}]
    lines = [
        (str(one.pk), one.user.username, post_words(one, names), period_words(one.valid_from, one.valid_to))
        for one in found
    ]
    emit({"posts": [_row(one) for one in found]}, as_json=as_json, text=aligned(lines))


@post.command()
@command
def roles(*, as_json: bool) -> None:
    """列出岗位代码和各自的权 · List the roles and the rights of each."""
    from xiuhua.responsibility.rules.roles import VERBS

    rows = {str(role): sorted(verbs) for role, verbs in VERBS.items()}
    text = aligned([(str(role), str(role.label)) for role in VERBS])
    emit({"roles": rows}, as_json=as_json, text=text)


def _row(one: Post) -> dict[str, Any]:
    from xiuhua.responsibility.actions.posts import post_facts

    return {"username": one.user.username, **post_facts(one)}
