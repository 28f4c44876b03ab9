"""The accounts of the demo: made once, kept in a file that only its owner reads, and nowhere but in the demo."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_noop as _

from xiuhua.demo.words import Account
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.models import User

#: User name and what stands where a person's name would: nobody is named.
ROLES = (("leader", "街道领导（演示）"), ("clerk", "考核专员（演示）"))
#: Letters and digits that nobody confuses when typing them from a screen.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP = 3, 4


class AccountsLost(Refusal):
    """The accounts exist but the file with their passwords does not: passwords cannot be read back."""

    code = "demo.accounts_lost"
    sentence = _("演示账号已有，但记着密码的文件 %(path)s 不见了；请换一个空的 XIUHUA_HOME 重来。")


def ensure_accounts(tenant: Tenant, path: Path, *, by: Actor, at: datetime) -> tuple[Account, ...]:
    """Return the demo's accounts, made with random passwords if they are not there yet.

    The file is written before the accounts, so that an interrupted run can be taken up again. Raises AccountsLost.
    """
    existing = set(
        User.objects.filter(username__in=[name for name, _title in ROLES]).values_list("username", flat=True)
    )
    if existing and not path.exists():
        raise AccountsLost(path=str(path))
    known = _kept(path) if path.exists() else _made(path)
    for account in known:
        if account.username not in existing:
            create_user(account.username, account.password, name=account.name, tenant=tenant, by=by, at=at)
    return known


def _kept(path: Path) -> tuple[Account, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Account(*line.split("\t")) for line in lines if line)


def _made(path: Path) -> tuple[Account, ...]:
    made = tuple(Account(username, _password(), title) for username, title in ROLES)
    text = "".join(f"{account.username}\t{account.password}\t{account.name}\n" for account in made)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return made


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _i in range(GROUP)) for _j in range(GROUPS))
