"""The accounts of the demo: made once, kept in a file that only its owner reads, and nowhere but in the demo."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.demo.queries import plan
from xiuhua.demo.words import Account, Person
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.words import Role
from xiuhua.territory.models import Territory

#: One account for each post of the street; nobody is named.
PEOPLE = (
    Person("leader", "街道领导（演示）", Role.LEADER),
    Person("clerk", "综合岗（演示）", Role.STAFF),
    Person("intake", "受理员（演示）", Role.CLERK),
    Person("shift", "值班长（演示）", Role.SHIFT_LEAD),
    Person("dispatch", "派遣员（演示）", Role.DISPATCHER),
    Person("inspector", "监督员（演示）", Role.INSPECTOR),
    Person("verifier", "核查员（演示）", Role.VERIFIER),
    Person("supervisor", "督查员（演示）", Role.SUPERVISOR),
    Person("admin", "管理员（演示）", Role.ADMIN),
    Person("sweep", "环卫所负责人（演示）", Role.UNIT, kind="sanitation"),
    Person("sweeper", "环卫所处置人员（演示）", Role.HANDLER, kind="sanitation"),
    Person("order", "城管中队负责人（演示）", Role.UNIT, kind="order"),
    Person("officer", "城管中队处置人员（演示）", Role.HANDLER, kind="order"),
    Person("secretary", "社区书记（演示）", Role.SECRETARY, kind="community", community=1),
)
#: Letters and digits that nobody confuses when typing them from a screen.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP = 3, 4


class AccountsLost(Refusal):
    """The accounts exist but the file with their passwords does not: passwords cannot be read back."""

    code = "demo.accounts_lost"
    sentence = _("演示账号已有，但记着密码的文件 %(path)s 不见了；请换一个空的 XIUHUA_HOME 重来。")


def ensure_accounts(tenant: Tenant, path: Path, *, by: Actor, at: datetime) -> tuple[Account, ...]:
    """Return the demo's accounts, made with random passwords and their posts if they are not there yet.

    People of units that do not exist are left out. The file is written before the accounts, so that an interrupted run
    can be taken up again. Raises AccountsLost.
    """
    people = {one.username: one for one in PEOPLE if not one.kind or _unit(tenant, one) is not None}
    existing = set(User.objects.filter(username__in=people).values_list("username", flat=True))
    if existing and not path.exists():
        raise AccountsLost(path=str(path))
    known = {one.username: one for one in (_kept(path) if path.exists() else ())}
    if len(known.keys() & people.keys()) < len(people):
        known = _written(path, {**{name: _made(one) for name, one in people.items()}, **known})
    for account in known.values():
        if account.username in people and account.username not in existing:
            _create(tenant, people[account.username], account, by=by, at=at)
    return tuple(known.values())


def _create(tenant: Tenant, person: Person, account: Account, *, by: Actor, at: datetime) -> None:
    """Make an account whose one post is bounded by its unit; a secretary's also by the community."""
    with transaction.atomic():
        role = Role(person.role)
        user = create_user(
            account.username, account.password, name=account.name, tenant=tenant, by=by, at=at, role=role
        )
        body = _unit(tenant, person)
        if body is not None:
            Post.objects.filter(user=user).update(body=body)
            User.objects.filter(pk=user.pk).update(body=body)


def _unit(tenant: Tenant, person: Person) -> Body | None:
    if not person.kind:
        return None
    units = Body.objects.filter(tenant=tenant, kind=person.kind).order_by("code")
    if person.community:
        code = plan().communities[person.community - 1].code
        units = units.filter(territory__in=Territory.objects.filter(tenant=tenant, code=code))
    return units.first()


def _kept(path: Path) -> tuple[Account, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Account(*line.split("\t")) for line in lines if line)


def _made(person: Person) -> Account:
    return Account(person.username, _password(), person.title)


def _written(path: Path, accounts: dict[str, Account]) -> dict[str, Account]:
    """Write the file anew beside the old one and put it in its place; return what it holds."""
    text = "".join(f"{one.username}\t{one.password}\t{one.name}\n" for one in accounts.values())
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
    return accounts


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _i in range(GROUP)) for _j in range(GROUPS))
