"""`xiuhua init` and `xiuhua user` as an administrator at a terminal uses them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from xiuhua.cli.main import main
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import begin_second_factor, create_user
from xiuhua.responsibility.models import SecondFactor, User
from xiuhua.responsibility.queries import link_opened
from xiuhua.responsibility.words import LinkKind

PASSWORD = "quiet-canal-31"  # noqa: S105 - only in tests
Run = Callable[..., Result]


@pytest.fixture
def run(street: Tenant, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command with --json on a site whose address is known."""
    settings.SITE_URL = "https://street.example.org"
    monkeypatch.setenv("XIUHUA_LANG", "zh")
    with translation.override("zh-hans"):
        yield lambda *args, **more: CliRunner().invoke(main, [*args, "--json"], **more)


@pytest.fixture
def now() -> datetime:
    """The present moment, which commands ask for themselves."""
    return datetime.now(UTC)


def _json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def _opens(kind: LinkKind, path: str, address: str, at: datetime) -> bool:
    head, token = address.rstrip("/").rsplit("/", 1)
    return head == f"https://street.example.org/{path}" and link_opened(kind, token, at) is not None


def test_init_when_the_office_has_no_account_then_it_names_the_address_of_the_set_up(run: Run, now: datetime) -> None:
    made = run("init", "--code", "street")
    assert made.exit_code == 0, made.output
    assert _opens(LinkKind.SET_UP, "set-up", _json(made)["set_up"], now)
    assert run("user", "create", "lin", "--password-stdin", input=f"{PASSWORD}\n").exit_code == 0
    assert _json(run("init", "--code", "street"))["set_up"] == ""
    assert not _opens(LinkKind.SET_UP, "set-up", _json(made)["set_up"], now)


def test_init_when_made_then_no_account_is_there(run: Run) -> None:
    run("init", "--code", "fresh")
    assert User.objects.count() == 0


def test_invite_when_run_then_the_link_opens_and_the_account_has_no_password(run: Run, now: datetime) -> None:
    made = _json(run("user", "invite", "mei", "--name", "梅", "--role", "clerk"))
    assert _opens(LinkKind.INVITE, "invitation", made["address"], now)
    user = User.objects.get()
    assert (user.has_usable_password(), user.posts.get().role) == (False, "clerk")
    again = _json(run("user", "invite-again", "mei"))
    assert _opens(LinkKind.INVITE, "invitation", again["address"], now)
    assert not _opens(LinkKind.INVITE, "invitation", made["address"], now)


def test_reset_link_when_run_then_it_opens(run: Run, street: Tenant, ana: Actor, at: datetime, now: datetime) -> None:
    create_user("lin", PASSWORD, name="", tenant=street, by=ana, at=at)
    assert _opens(LinkKind.RESET, "reset", _json(run("user", "reset-link", "lin"))["address"], now)


def test_standing_when_changed_then_it_says_so(run: Run, street: Tenant, ana: Actor, at: datetime) -> None:
    create_user("mei", PASSWORD, name="", tenant=street, by=ana, at=at)  # somebody else still manages people
    create_user("lin", PASSWORD, name="", tenant=street, by=ana, at=at)
    assert _json(run("user", "deactivate", "lin", "--reason", "left")) == {
        "username": "lin",
        "active": False,
        "sessions": 0,
    }
    assert not User.objects.get(username="lin").is_active
    assert _json(run("user", "reactivate", "lin")) == {"username": "lin", "active": True}
    assert User.objects.get(username="lin").is_active


def test_second_off_when_run_then_the_second_factor_is_gone(run: Run, street: Tenant, ana: Actor, at: datetime) -> None:
    begin_second_factor(create_user("lin", PASSWORD, name="", tenant=street, by=ana, at=at), at=at)
    assert run("user", "second-off", "lin").exit_code == 0
    assert SecondFactor.objects.count() == 0


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("user", "reset-link", "nobody"), "user.unknown"),
        (("user", "deactivate", "nobody"), "user.unknown"),
        (("user", "invite", "a b"), "user.malformed"),
        (("user", "invite", "mei", "--email", "x"), "user.email_malformed"),
        (("user", "invite-again", "lin"), "account.there"),
        (("user", "second-off", "lin"), "account.second_missing"),
    ],
)
def test_command_when_refused_then_it_says_why_with_exit_code_1(
    run: Run, street: Tenant, ana: Actor, at: datetime, args: tuple[str, ...], code: str
) -> None:
    create_user("lin", PASSWORD, name="", tenant=street, by=ana, at=at)
    answer = run(*args)
    assert (answer.exit_code, _json(answer)["refused"]) == (1, code)
