"""The only writers of people and bodies."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions.passwords import check_new_password
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.words import Role

#: What an account may be called.
USERNAME = re.compile(r"[\w.@-]{1,60}")
#: Length of a body's code in the database.
CODE_LENGTH = 60


class UserExists(Refusal):
    """An account of that name exists."""

    code = "user.exists"
    sentence = _("账号 %(username)s 已经有了。")


class UserMalformed(Refusal):
    """The name of the account holds what an account's name may not hold."""

    code = "user.malformed"
    sentence = _("账号“%(username)s”只能用字母、数字、点、@、横线和下划线，最多 60 个。")


def create_user(
    username: str, password: str, *, name: str, tenant: Tenant, by: Actor, at: datetime, role: Role = Role.STAFF
) -> User:
    """Create an account with a checked password and a post in the whole office; return it. Raises UserMalformed, UserExists, PasswordWeak."""
    return add_user(username, password, name=name, tenant=tenant, by=by, at=at, role=role)


def add_user(
    username: str,
    password: str | None,
    *,
    name: str,
    tenant: Tenant,
    by: Actor,
    at: datetime,
    role: Role | None,
    email: str = "",
) -> User:
    """Create an account, with a checked password or with none yet, and return it. Raises UserMalformed, UserExists, PasswordWeak.

    With `role` it gets a post in the whole office.
    """
    if not USERNAME.fullmatch(username):
        raise UserMalformed(username=username[:60])
    user = User(username=username, name=name.strip(), tenant=tenant, email=email)
    if password is None:
        user.set_unusable_password()
    else:
        check_new_password(user, password)
        user.set_password(password)
        user.password_set_at = at
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            if role:
                Post.objects.create(user=user, role=role)
            record("user.create", about=f"user:{username}", by=by, at=at, tenant=tenant, facts={"role": role})
    except IntegrityError as error:
        raise UserExists(username=username) from error
    return user


def observe_bodies(tenant: Tenant, names: Iterable[str]) -> dict[str, Body]:
    """Return a body for each name: the one whose name or alias it is, else a new one marked unconfirmed.

    The caller records the ledger line: bodies are observed as part of an import.
    """
    wanted = sorted(set(names))
    found = {body.name: body for body in Body.objects.filter(tenant=tenant, name__in=wanted).order_by("-pk")}
    if any(name not in found for name in wanted):
        found = _by_alias(tenant) | found
    found = {name: found[name] for name in wanted if name in found}
    missing = [name for name in wanted if name not in found]
    if missing:
        taken = set(Body.objects.filter(tenant=tenant).values_list("code", flat=True))
        codes: dict[str, str] = {}
        for name in missing:
            codes[name] = _free_code(name, taken)
            taken.add(codes[name])
        Body.objects.bulk_create(Body(tenant=tenant, code=codes[name], name=name, confirmed=False) for name in missing)
        found |= {body.name: body for body in Body.objects.filter(tenant=tenant, name__in=missing)}
    return found


def _by_alias(tenant: Tenant) -> dict[str, Body]:
    """Return the bodies by each alias that means one of them only."""
    bearers: dict[str, list[Body]] = {}
    for body in Body.objects.filter(tenant=tenant).exclude(aliases=[]).order_by("pk"):
        for alias in body.aliases:
            bearers.setdefault(alias, []).append(body)
    return {alias: bodies[0] for alias, bodies in bearers.items() if len(bodies) == 1}


def _free_code(name: str, taken: Container[str]) -> str:
    """Return a code for a body known by name only: its name, shortened and numbered where another has that code."""
    code, again = name[:CODE_LENGTH], 1
    while code in taken:
        again += 1
        tail = f"~{again}"
        code = name[: CODE_LENGTH - len(tail)] + tail
    return code
