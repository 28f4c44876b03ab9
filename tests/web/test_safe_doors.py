"""What holds for every door: no write without its token, no write by reading, no way out, no header believed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver
from tests.exchange.conftest import bring, case, communities, mapping, table, take

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.exchange.models import ImportBatch
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.models import User

__all__ = ["bring", "case", "communities", "mapping", "table", "take"]

PASSWORD = "quiet-canal-31"  # noqa: S105 - only in tests
UNSAFE = ("post", "put", "patch", "delete")
#: Tables that note that somebody was there: the visit itself, not what it did.
VISITS = {"responsibility_usersession"}
#: Lines of the ledger that tell of a visit: who was refused, who took a list or a file along.
NOTED = ("access.denied", "export.take", "export.return")
SRC = Path(__file__).parents[2] / "src"

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> User:
    """Lin, of the street's staff."""
    return create_user("lin", PASSWORD, name="林", tenant=street, by=ana, at=at)


@pytest.fixture
def filled(
    lin: User, bring: Callable[..., Any], case: Callable[..., Any], communities: Tenant, ana: Actor, at: datetime
) -> dict[str, str]:
    """An office with cases, an import and an assessed month; returns what stands for the parts of addresses."""
    bring(*(case(str(number)) for number in range(12)))
    assess(communities, Period(2026, 10), scheme="basic", by_level="community", by=ana, at=at)
    return {"key": str(Case.objects.earliest("pk").pk), "batch": str(ImportBatch.objects.get().pk)}


def patterns() -> Iterator[tuple[str, str]]:
    """Return (name, pattern) of every door of the desk, from the resolver."""
    for pattern in get_resolver().url_patterns[0].url_patterns:
        assert isinstance(pattern, URLPattern)
        yield pattern.name or "", str(pattern.pattern)


def _address(pattern: str, known: dict[str, str]) -> str:
    key = known["batch"] if pattern.startswith("imports/") else known["key"]
    return "/" + re.sub(r"<str:\w+>", "A", re.sub(r"<int:\w+>", key, pattern))


def _database() -> dict[str, str]:
    """Return a digest of each table but those of visits, and of the ledger but the lines that say who was refused or took what."""
    found = {}
    for model in apps.get_models():
        if model._meta.db_table not in VISITS:
            kept = model._base_manager.exclude(verb__in=NOTED) if model is LedgerLine else model._base_manager
            rows = repr(list(kept.order_by("pk").values_list()))
            found[model._meta.db_table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def test_door_when_a_write_has_no_token_then_it_is_403_and_nothing_is_written(
    lin: User, filled: dict[str, str]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lin)
    before, answers = _database(), {}
    for name, pattern in patterns():
        for method in UNSAFE:
            answers[name, method] = getattr(strict, method)(_address(pattern, filled)).status_code
    assert {key: status for key, status in answers.items() if status != 403} == {}
    assert len(answers) == 4 * len(list(patterns()))
    assert _database() == before


def test_door_when_a_write_comes_from_another_site_then_it_is_403(lin: User) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    page = strict.get("/login/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    given = {"username": "lin", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert strict.post("/login/", given).status_code == 403
    assert strict.post("/login/", given, headers={"origin": "http://testserver"}).status_code == 302


def test_door_when_read_then_the_database_stays_as_it_is(lin: User, filled: dict[str, str], client: Client) -> None:
    client.force_login(lin)
    before, wrote = _database(), []
    for name, pattern in patterns():
        for method in ("get", "head", "options"):
            getattr(client, method)(_address(pattern, filled))
        if _database() != before:
            wrote.append(name)
            before = _database()
    assert wrote == []


def test_digest_when_anything_is_written_then_it_differs(lin: User) -> None:
    before = _database()
    User.objects.update(name="else")
    assert [table for table, digest in _database().items() if before[table] != digest] == ["responsibility_user"]


ELSEWHERE = [
    *("https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example"),
    *("/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "\\evil.example/x"),
    *(
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "http:\\\\evil.example",
        "HTTPS://EVIL.EXAMPLE",
    ),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "\r\n//evil.example"),
    *(
        "//evil.example\\@testserver",
        "//testserver@evil.example",
        "http://testserver@evil.example/",
        "http://testserver:x@evil.example",
    ),
    *(
        "//testserver.evil.example",
        "http://testserver.evil.example/",
        "//evil.example/testserver",
        "//evil.example?testserver",
    ),
    *(
        "//evil.example#testserver",
        "http://evil.example\\testserver",
        "http://[::1]/",
        "//[::ffff:1.2.3.4]/",
        "//0x7f000001/",
    ),
    *("//2130706433/", "//evil%2eexample", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)"),
    *(
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "ftp://evil.example/",
        "file:///etc/passwd",
        "mailto:x@evil.example",
    ),
    *("//evil。example", "//ⓔvil.example", "http://évil.example", "//evil.example:80", "//evil.example:testserver"),
    *(
        "\x00//evil.example",
        "\x0b//evil.example",
        "\u200b//evil.example",
        "http:///evil.example/%2f..",
        "/%09/../\\evil.example",
    ),
]


def _where(location: str) -> str:
    """Return the host to which a browser goes: it drops tabs and line ends and reads backslashes as slashes."""
    read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return urlsplit(urljoin("http://testserver/login/", read)).netloc


def test_payloads_when_counted_then_there_are_fifty() -> None:
    assert len(set(ELSEWHERE)) >= 50


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_next_when_it_leads_elsewhere_then_one_stays_here(lin: User, wanted: str) -> None:
    client = Client()
    doors = [
        ("/language/", {"language": "en"}),
        ("/look/", {"theme": "dark"}),
        ("/login/", {"username": "lin", "password": PASSWORD}),
    ]
    for door, given in doors:
        answer = client.post(door, {**given, "next": wanted})
        if answer.status_code == 400:  # no text may hold it
            continue
        assert (answer.status_code, _where(answer["Location"])) == (302, "testserver"), door
        assert "\n" not in answer["Location"]
    assert _where(client.get("/login/", {"next": wanted}).headers.get("Location", "/")) == "testserver"


def test_next_when_it_is_here_then_one_goes_there(lin: User, client: Client) -> None:
    answer = client.post("/login/", {"username": "lin", "password": PASSWORD, "next": "/cases/?q=a&b=%2F"})
    assert answer["Location"] == "/cases/?q=a&b=%2F"


def test_cookies_when_set_then_no_script_reads_them_and_other_sites_do_not_send_them(lin: User, client: Client) -> None:
    client.get("/login/")
    client.post("/login/", {"username": "lin", "password": PASSWORD})
    client.post("/language/", {"language": "en"})
    client.post("/look/", {"theme": "dark", "size": "elder"})
    client.post("/account/", {"name": "x", "email": ""})
    found = {
        name: (bool(one["httponly"]), one["samesite"], one["domain"], one["path"])
        for name, one in client.cookies.items()
    }
    assert found == dict.fromkeys(
        ("csrftoken", "sessionid", "django_language", "xh_theme", "xh_size", "messages"), (True, "Lax", "", "/")
    )


def test_pages_when_signed_in_then_no_cache_keeps_them(lin: User, filled: dict[str, str], client: Client) -> None:
    client.force_login(lin)
    kept = []
    for name, pattern in patterns():
        answer = client.get(_address(pattern, filled))
        if name != "stylesheet" and "no-store" not in answer.headers["Cache-Control"]:
            kept.append(name)
    assert kept == []


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing-here/", 404), ("/cases/999999999/", 404), ("/set-up/x/", 404), ("/reset/x/", 404)]
)
def test_error_page_when_shown_then_it_names_neither_software_nor_version(
    lin: User, client: Client, path: str, status: int
) -> None:
    client.force_login(lin)
    answer = client.get(path)
    text = answer.content.decode() + str(answer.headers)
    assert answer.status_code == status
    assert [word for word in ("Django", "Traceback", "Python", "xiuhua/", "DEBUG") if word in text] == []


def test_error_page_when_the_software_fails_then_it_is_generic(
    lin: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("secret-word")

    monkeypatch.setattr("xiuhua.web.desk.own.sessions_of", broken)
    client = Client(raise_request_exception=False)
    client.force_login(lin)
    answer = client.get("/account/")
    text = answer.content.decode()
    assert (answer.status_code, settings.DEBUG) == (500, False)
    assert [word for word in ("secret-word", "RuntimeError", "Traceback", "Django") if word in text] == []
