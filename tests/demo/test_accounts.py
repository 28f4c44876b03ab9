"""The accounts of the demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from xiuhua.demo.actions.accounts import AccountsLost, ensure_accounts
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Post, User

pytestmark = pytest.mark.once


def test_accounts_can_sign_in_with_the_passwords_printed(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    made = ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
    signed_in = [User.objects.get(username=one.username).check_password(one.password) for one in made]
    assert signed_in == [True] * 9


def test_accounts_are_the_same_when_asked_for_again(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    first = ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
    lines = LedgerLine.objects.count()
    assert ensure_accounts(street, home / "accounts.txt", by=ana, at=at) == first
    assert LedgerLine.objects.count() == lines


def test_accounts_are_made_up_for_when_an_earlier_run_stopped_halfway(
    street: Tenant, ana: Actor, at: datetime, home: Path
) -> None:
    first = ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
    Post.objects.filter(user__username=first[1].username).delete()
    User.objects.filter(username=first[1].username).delete()
    assert ensure_accounts(street, home / "accounts.txt", by=ana, at=at) == first
    assert User.objects.count() == 9


def test_accounts_file_is_readable_by_its_owner_only(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
    assert oct((home / "accounts.txt").stat().st_mode & 0o777) == "0o600"


def test_accounts_are_refused_when_their_file_is_gone(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
    (home / "accounts.txt").unlink()
    with pytest.raises(AccountsLost):
        ensure_accounts(street, home / "accounts.txt", by=ana, at=at)
