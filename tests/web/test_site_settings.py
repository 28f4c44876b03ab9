"""Where a site stands: its host, the proxies it believes, its settings and what Django's own check says of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, RequestFactory
from tests.web.test_safe_doors import PASSWORD, SRC, patterns

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user, open_set_up
from xiuhua.responsibility.actions.delivering import PATHS
from xiuhua.responsibility.models import User
from xiuhua.responsibility.words import LinkKind
from xiuhua.web.proxies import ProxyMiddleware


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> User:
    """Lin, of the street's staff."""
    return create_user("lin", PASSWORD, name="林", tenant=street, by=ana, at=at)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "evil.example:80", "a b", "testserver@evil"]
)
def test_host_when_not_ours_then_the_request_is_refused_generically(lin: User, client: Client, host: str) -> None:
    answer = client.get("/login/", headers={"host": host})
    assert answer.status_code == 400
    assert [word for word in ("evil", "Traceback", "Django", "ALLOWED_HOSTS") if word in answer.content.decode()] == []


SAID = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.50",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_FORWARDED": "for=203.0.113.50;proto=https",
}


def _seen(settings: Any, trusted: list[str], peer: str, **said: str) -> tuple[str, bool, str, list[str]]:
    """Return what the site takes for address, encrypted, host and what of the headers is left."""
    settings.TRUSTED_PROXIES, settings.ALLOWED_HOSTS = trusted, ["*"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **said)
    ProxyMiddleware(lambda _request: None)(request)  # type: ignore[arg-type,return-value]
    left = [name for name in request.META if "FORWARDED" in name]
    return request.META["REMOTE_ADDR"], request.is_secure(), request.get_host(), left


@pytest.mark.parametrize(
    ("trusted", "peer", "hops", "address"),
    [
        pytest.param([], "192.0.2.1", "203.0.113.50", "192.0.2.1", id="nobody is trusted"),
        pytest.param(["10.0.0.0/8"], "192.0.2.1", "203.0.113.50", "192.0.2.1", id="another is trusted"),
        pytest.param(["10.0.0.1"], "10.0.0.1", "203.0.113.50", "203.0.113.50", id="the peer is trusted"),
        pytest.param(
            ["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 203.0.113.50, 10.0.0.2", "203.0.113.50", id="two proxies and hearsay"
        ),
        pytest.param(["10.0.0.1"], "10.0.0.1", "no address", "10.0.0.1", id="no address"),
        pytest.param(["10.0.0.1"], "10.0.0.1", "", "10.0.0.1", id="nothing said"),
        pytest.param(["fd00::/8"], "fd00::1", "2001:db8::5", "2001:db8::5", id="IPv6"),
        pytest.param(["10.0.0.1"], "", "203.0.113.50", "", id="no peer"),
    ],
)
def test_forwarded_for_when_said_then_only_a_trusted_peer_is_believed(
    settings: Any, trusted: list[str], peer: str, hops: str, address: str
) -> None:
    assert _seen(settings, trusted, peer, HTTP_X_FORWARDED_FOR=hops)[0] == address


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        ([], ("192.0.2.1", False, "testserver", [])),
        (["192.0.2.1"], ("203.0.113.50", True, "evil.example", [])),
    ],
)
def test_forwarded_headers_when_said_then_all_or_none_of_them_count(
    settings: Any, trusted: list[str], seen: tuple[object, ...]
) -> None:
    assert _seen(settings, trusted, "192.0.2.1", **SAID) == seen


def test_throttle_when_the_address_is_made_up_then_it_counts_the_peers(lin: User) -> None:
    answers = []
    for number in range(6):
        given = {"username": "lin", "password": "wrong"}
        forged = {"x-forwarded-for": f"203.0.113.{number}"}
        answers.append(Client(headers=forged).post("/login/", given).status_code)
    assert answers == [200] * 5 + [429]


def _run(home: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in {"SECRET_KEY", "DATABASE_URL"}}
    return subprocess.run(
        [sys.executable, *command],
        env={**clean, "XIUHUA_HOME": str(home), "PYTHONPATH": str(SRC), **env},
        capture_output=True,
        text=True,
        check=False,
    )


ENCRYPTED = """
from xiuhua.config.setup import ready
ready()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
call_command("migrate", verbosity=0)
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
answer = Client().get("/login/")
print(answer.status_code, answer.headers.get("Location", ""))
client = Client()
answer = client.get("/login/", secure=True)
print(answer.headers["Strict-Transport-Security"])
client.post("/language/", {"language": "en"}, secure=True)
client.post("/look/", {"theme": "dark"}, secure=True)
for name, one in sorted(client.cookies.items()):
    print(name, bool(one["secure"]), bool(one["httponly"]), one["samesite"], one["path"], one["domain"] or "-")
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)
"""


def test_deployment_when_not_encrypted_then_djangos_own_check_says_so() -> None:
    with pytest.raises(SystemCheckError, match=r"security\.W004"):
        call_command("check", deploy=True, fail_level="WARNING")


def test_deployment_when_encrypted_then_the_check_is_clean_and_cookies_are_bound_to_this_host(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    made(tmp_path / "xiuhua.sqlite3")
    ran = _run(tmp_path, "-c", ENCRYPTED, XIUHUA_HTTPS="1")
    assert ran.stdout.splitlines() == [
        "System check identified no issues (0 silenced).",
        "301 https://testserver/login/",
        "max-age=31536000; includeSubDomains; preload",
        "__Host-csrftoken True True Lax / -",
        "__Host-django_language True True Lax / -",
        "__Host-xh_theme True True Lax / -",
        "__Host-sessionid True",
    ], ran.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PASSWORD_PROFILE", "none"), ("PASSWORD_DAYS", "-1"), ("XIUHUA_IDLE_MINUTES", "x")]
)
def test_setting_when_it_is_nonsense_then_nothing_starts(tmp_path: Path, name: str, value: str) -> None:
    ran = _run(tmp_path, "-c", "import xiuhua.config.settings", **{name: value})
    assert ran.returncode == 1
    assert name in ran.stderr


def test_set_up_when_addresses_are_written_then_the_site_has_their_doors(street: Tenant, ana: Actor) -> None:
    token = open_set_up(street, by=ana, at=datetime.now(UTC))
    doors = {pattern for _name, pattern in patterns()}
    assert {f"{path}/<str:token>/" for path in PATHS.values()} <= doors
    assert Client().get(f"/{PATHS[LinkKind.SET_UP]}/{token}/").status_code == 200
