"""The doors of accounts, through Django's own client: sessions, the second step, links, pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    begin_second_factor,
    clear_accounts,
    confirm_second_factor,
    create_user,
    deactivate,
    invite,
    secrets_of,
)
from xiuhua.responsibility.models import SecondFactor, User, UserSession
from xiuhua.responsibility.rules.throttling import LIMIT

PASSWORD, NEW = "quiet-canal-31", "stone-bridge-52"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> User:
    """Lin, of the street's staff, who is not the only one: the last manager of an office cannot be switched off."""
    create_user("manager", PASSWORD, name="", tenant=street, by=ana, at=at)
    return create_user("lin", PASSWORD, name="林", tenant=street, by=ana, at=at)


@pytest.fixture
def codes(lin: User, ana: Actor) -> list[str]:
    """The recovery codes of Lin, who has a second factor since an hour ago."""
    then = datetime.now(UTC) - timedelta(hours=1)
    totp = pyotp.TOTP(secrets_of(begin_second_factor(lin, at=then))[0])
    return confirm_second_factor(lin, totp.at(then), by=ana, at=then)


def code_of(user: User) -> str:
    factor = SecondFactor.objects.get(user=user)
    return pyotp.TOTP(secrets_of(factor)[0]).now()


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": "lin", "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("username", "password"),
    [("lin", "wrong"), ("nobody", "wrong"), ("off", PASSWORD), ("new", "wrong")],
    ids=["wrong password", "no such account", "switched off", "invited and without a password"],
)
def test_login_when_wrong_then_everybody_gets_the_same_answer_for_the_same_work(
    lin: User, street: Tenant, ana: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch, username: str, password: str
) -> None:
    create_user("off", PASSWORD, name="", tenant=street, by=ana, at=at)
    deactivate(street, "off", by=ana, at=at)
    invite(street, "new", name="", by=ana, at=at)
    hashed: list[str] = []
    encode = hashers.PBKDF2PasswordHasher.encode
    monkeypatch.setattr(
        hashers.PBKDF2PasswordHasher, "encode", lambda self, *given: hashed.append("") or encode(self, *given)
    )
    answer = Client().post("/login/", {"username": username, "password": password})
    assert (answer.status_code, len(hashed)) == (200, 1)
    assert text(answer).count("账号或密码不对，请再核对一遍。") == 2
    assert UserSession.objects.filter(user__isnull=False).count() == 0


def test_login_when_blocked_then_says_when_to_come_back(lin: User) -> None:
    for _i in range(LIMIT):
        sign_in(Client(), "wrong")
    answer = sign_in(Client())
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_login_when_right_then_the_session_has_a_new_key_and_the_ledger_a_line(lin: User, client: Client) -> None:
    client.get("/login/")
    planted = client.session
    planted["anything"] = 1
    planted.save()
    before = planted.session_key
    client.cookies["sessionid"] = before or ""
    assert sign_in(client).status_code == 302
    assert client.cookies["sessionid"].value != before
    assert not UserSession.objects.filter(session_key=before).exists()
    line = LedgerLine.objects.get(verb="account.sign_in")
    assert (line.about, line.actor) == ("user:lin", "user:lin")
    assert line.facts == {"address": "127.0.0.1", "second": "", "device": "desk"}


def test_logout_when_done_then_the_old_cookie_opens_nothing(lin: User, client: Client) -> None:
    sign_in(client)
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(stolen)
    assert list(LedgerLine.objects.filter(verb="account.sign_out").values_list("facts__why", flat=True)) == ["asked"]


@pytest.mark.parametrize(
    ("device", "field", "ago", "inside"),
    [
        pytest.param("desk", "seen_at", timedelta(minutes=29), True, id="desk, idle for less than half an hour"),
        pytest.param("desk", "seen_at", timedelta(minutes=31), False, id="desk, idle for longer"),
        pytest.param("desk", "began_at", timedelta(hours=23), True, id="desk, a day not over"),
        pytest.param("desk", "began_at", timedelta(hours=25), False, id="desk, a day over"),
        pytest.param("phone", "seen_at", timedelta(hours=11), True, id="phone, idle for less than twelve hours"),
        pytest.param("phone", "seen_at", timedelta(hours=13), False, id="phone, idle for longer"),
        pytest.param("phone", "began_at", timedelta(days=6), True, id="phone, a week not over"),
        pytest.param("phone", "began_at", timedelta(days=8), False, id="phone, a week over"),
    ],
)
def test_session_when_idle_or_old_then_it_is_over(
    lin: User, client: Client, device: str, field: str, ago: timedelta, inside: bool
) -> None:
    sign_in(client)
    UserSession.objects.update(**{field: datetime.now(UTC) - ago, "device": device})
    assert is_in(client) is inside
    assert UserSession.objects.filter(user=lin).exists() is inside
    if not inside:
        assert "登录已过期，请重新登录。" in text(client.get("/login/"))
        assert LedgerLine.objects.get(verb="account.sign_out").facts == {"why": "over"}


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/account/?a=1", "/login/?next=/account/%3Fa%3D1"),
        ("https://evil.example/account/", "/login/?next=/"),
        ("//evil.example/", "/login/?next=/"),
        ("", "/login/?next=/"),
    ],
)
def test_session_when_over_and_a_form_is_sent_then_one_comes_back_to_the_form(
    lin: User, client: Client, came: str, back: str
) -> None:
    assert client.post("/account/sessions/", {}, headers={"referer": came})["Location"] == back


def test_session_when_used_then_it_is_noted_at_most_once_a_minute(lin: User, client: Client) -> None:
    sign_in(client)
    then = datetime.now(UTC) - timedelta(minutes=5)
    UserSession.objects.update(seen_at=then)
    client.get("/account/")
    seen = UserSession.objects.get(user=lin).seen_at
    assert seen > then
    with CaptureQueriesContext(connection) as captured:
        client.get("/account/")
    assert [one["sql"] for one in captured.captured_queries if one["sql"].startswith("UPDATE")] == []
    assert UserSession.objects.get(user=lin).seen_at == seen


def test_session_when_the_account_is_switched_off_then_all_its_doors_close(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    browsers = [Client(), Client(), Client()]
    for one in browsers:
        sign_in(one)
    assert deactivate(street, "lin", by=ana, at=at) == 3
    assert [is_in(one) for one in browsers] == [False, False, False]
    assert text(sign_in(Client())).count("账号或密码不对") == 2


def test_sessions_when_listed_then_each_has_its_place_and_one_can_be_ended(lin: User, client: Client) -> None:
    other = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7")
    sign_in(client)
    sign_in(other)
    page = text(client.get("/account/"))
    assert [word for word in ("Firefox · Windows", "192.0.2.7", "就是这里") if word not in page] == []
    assert UserSession.objects.get(address="192.0.2.7").session_key not in page
    handle = re.search(r'name="session" value="(\w+)"', page)
    assert handle
    assert client.post("/account/sessions/", {"session": handle[1]})["Location"] == "/account/"
    assert (is_in(client), is_in(other)) == (True, False)


def test_sessions_when_somebody_elses_is_named_then_it_goes_on(
    lin: User, street: Tenant, ana: Actor, at: datetime, client: Client
) -> None:
    other = Client()
    other.force_login(create_user("mei", NEW, name="", tenant=street, by=ana, at=at))
    sign_in(client)
    handle = UserSession.objects.get(user__username="mei").handle
    client.post("/account/sessions/", {"session": handle})
    assert is_in(other)
    client.post("/account/sessions/", {})
    assert (is_in(other), is_in(client)) == (True, True)


def test_sessions_when_all_others_are_ended_then_only_this_one_is_left(lin: User, client: Client) -> None:
    others = [Client(), Client()]
    for one in (client, *others):
        sign_in(one)
    client.post("/account/sessions/", {})
    assert [is_in(one) for one in (client, *others)] == [True, False, False]


def test_password_when_changed_then_one_stays_in_with_a_new_key_and_others_are_out(lin: User, client: Client) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    before = client.cookies["sessionid"].value
    answer = client.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert answer["Location"] == "/account/"
    assert client.cookies["sessionid"].value != before
    assert "另外 1 处登录已退出" in text(client.get("/account/"))
    assert (is_in(client), is_in(other)) == (True, False)
    assert (sign_in(Client()).status_code, sign_in(Client(), NEW).status_code) == (200, 302)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"current": "", "password": NEW, "again": NEW}, "请填写“现在的密码”。"),
        ({"current": "wrong", "password": NEW, "again": NEW}, "现在的密码不对，请再核对一遍。"),
        ({"current": PASSWORD, "password": NEW, "again": "x"}, "两遍不一样，请再输一遍。"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "至少 12 个字符，现在是 5 个"),
        (
            {"current": PASSWORD, "password": "星河街道星河街道2026", "again": "星河街道星河街道2026"},
            "去掉大家都知道的“星河街道”",
        ),
    ],
)
def test_password_when_refused_then_says_what_lacks_twice_and_shows_no_password(
    lin: User, client: Client, given: dict[str, str], sentence: str
) -> None:
    sign_in(client)
    html = text(client.post("/account/password/", given))
    assert "<title>错误：换密码" in html
    assert html.count(sentence) == 2
    assert [value for name, value in given.items() if value and f'value="{value}"' in html] == []
    assert User.objects.get(username="lin").check_password(PASSWORD)


def test_password_when_the_present_one_is_guessed_at_then_it_is_throttled(lin: User, client: Client) -> None:
    sign_in(client)
    given = {"current": "wrong", "password": NEW, "again": NEW}
    answers = [client.post("/account/password/", given).status_code for _i in range(LIMIT + 1)]
    assert answers == [200] * LIMIT + [429]


def test_password_when_the_new_one_is_refused_often_then_nobody_is_locked_out(lin: User, client: Client) -> None:
    sign_in(client)
    for _i in range(2 * LIMIT):
        client.post("/account/password/", {"current": PASSWORD, "password": "short", "again": "short"})
    assert sign_in(Client()).status_code == 302


def test_password_when_due_then_nothing_else_opens_until_it_is_changed(
    lin: User, client: Client, settings: Any
) -> None:
    settings.PASSWORD_PROFILE = "mlps3"  # noqa: S105 - a profile, not a password
    User.objects.update(password_set_at=datetime.now(UTC) - timedelta(days=91))
    sign_in(client)
    assert [client.get(path)["Location"] for path in ("/", "/account/", "/cases/")] == ["/account/password/"] * 3
    assert client.get("/api/v1/openapi.json").status_code == 403
    client.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert is_in(client)


def test_password_when_typed_then_every_field_may_be_pasted_into_and_filled(lin: User, client: Client) -> None:
    sign_in(client)
    html = text(client.get("/account/password/"))
    assert html.count('autocomplete="new-password"') == 2
    assert html.count('autocomplete="current-password"') == 1
    assert "onpaste" not in html
    assert "maxlength" not in html


def test_account_when_described_then_it_is_kept_and_the_ledger_does_not_repeat_it(lin: User, client: Client) -> None:
    sign_in(client)
    assert client.post("/account/", {"name": "林秋", "email": "lin@example.org"})["Location"] == "/account/"
    user = User.objects.get(username="lin")
    assert (user.name, user.email) == ("林秋", "lin@example.org")
    assert LedgerLine.objects.get(verb="user.describe").facts == {"fields": "name,email"}
    html = text(client.post("/account/", {"name": "林秋", "email": "nowhere"}))
    assert (html.count("“nowhere”不是邮箱地址。"), 'value="nowhere"' in html) == (2, True)


PAGES = ["/login/", "/forgot/", "/account/", "/account/password/", "/account/second/", "/reset/x/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_when_in_english_then_has_no_chinese_but_names(lin: User, client: Client, path: str) -> None:
    if path != "/login/":
        sign_in(client)
    client.cookies["django_language"] = "en"
    html = text(client.get(path))
    left = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<title>.*?</title>", "", html)))
    assert left <= {"绣", "中文", "星河街道", "林"}


def test_clearing_when_the_night_comes_then_sessions_that_are_over_are_gone(
    lin: User, street: Tenant, client: Client
) -> None:
    sign_in(client)
    UserSession.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    assert clear_accounts(street, datetime.now(UTC)) == 1
    assert UserSession.objects.count() == 0
