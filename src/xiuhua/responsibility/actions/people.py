"""The only writers of people and bodies."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.words import Role

#: Length of a body's code in the database.
CODE_LENGTH = 60


class UserExists(Refusal):
    """An account of that name exists."""

    code = "user.exists"
    sentence = _("账号 %(username)s 已经有了。")


class PasswordWeak(Refusal):
    """The password does not meet the profile."""

    code = "user.password_weak"
    sentence = _("密码不合要求：%(reason)s")


def create_user(
    username: str, password: str, *, name: str, tenant: Tenant, by: Actor, at: datetime, role: Role = Role.STAFF
) -> User:
    """Create an account with a checked password and a post in the whole office; return it. Raises UserExists, PasswordWeak."""
    user = User(username=username, name=name, tenant=tenant)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordWeak(reason=" ".join(error.messages)) from error
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
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
