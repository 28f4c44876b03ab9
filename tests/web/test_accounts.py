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

from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    begin_second_factor,
    clear_accounts,
    confirm_second_factor,
    create_user,
    deactivate,
    invite,
    open_set_up,
    reset_link,
    secrets_of,
)
from xiuhua.responsibility.models import AccountLink, SecondFactor, User, UserSession
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


def _code(user: User) -> str:
    factor = SecondFactor.objects.get(user=user)
    return pyotp.TOTP(secrets_of(factor)[0]).now()


def _sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": "lin", "password": password, **more})


def _inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def _text(answer: Any) -> str:
    return str(answer.content.decode())


# in and out


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
    assert _text(answer).count("账号或密码不对，请再核对一遍。") == 2
    assert UserSession.objects.filter(user__isnull=False).count() == 0


def test_login_when_blocked_then_says_when_to_come_back(lin: User) -> None:
    for _i in range(LIMIT):
        _sign_in(Client(), "wrong")
    answer = _sign_in(Client())
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert _sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_login_when_right_then_the_session_has_a_new_key_and_the_ledger_a_line(lin: User, client: Client) -> None:
    client.get("/login/")
    planted = client.session
    planted["anything"] = 1
    planted.save()
    before = planted.session_key
    client.cookies["sessionid"] = before or ""
    assert _sign_in(client).status_code == 302
    assert client.cookies["sessionid"].value != before
    assert not UserSession.objects.filter(session_key=before).exists()
    line = LedgerLine.objects.get(verb="account.sign_in")
    assert (line.about, line.actor) == ("user:lin", "user:lin")
    assert line.facts == {"address": "127.0.0.1", "second": "", "device": "desk"}


def test_logout_when_done_then_the_old_cookie_opens_nothing(lin: User, client: Client) -> None:
    _sign_in(client)
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert _inside(stolen)
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not _inside(stolen)
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
    _sign_in(client)
    UserSession.objects.update(**{field: datetime.now(UTC) - ago, "device": device})
    assert _inside(client) is inside
    assert UserSession.objects.filter(user=lin).exists() is inside
    if not inside:
        assert "登录已过期，请重新登录。" in _text(client.get("/login/"))
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
    _sign_in(client)
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
        _sign_in(one)
    assert deactivate(street, "lin", by=ana, at=at) == 3
    assert [_inside(one) for one in browsers] == [False, False, False]
    assert _text(_sign_in(Client())).count("账号或密码不对") == 2


def test_sessions_when_listed_then_each_has_its_place_and_one_can_be_ended(lin: User, client: Client) -> None:
    other = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7")
    _sign_in(client)
    _sign_in(other)
    page = _text(client.get("/account/"))
    assert [word for word in ("Firefox · Windows", "192.0.2.7", "就是这里") if word not in page] == []
    assert UserSession.objects.get(address="192.0.2.7").session_key not in page
    handle = re.search(r'name="session" value="(\w+)"', page)
    assert handle
    assert client.post("/account/sessions/", {"session": handle[1]})["Location"] == "/account/"
    assert (_inside(client), _inside(other)) == (True, False)


def test_sessions_when_somebody_elses_is_named_then_it_goes_on(
    lin: User, street: Tenant, ana: Actor, at: datetime, client: Client
) -> None:
    other = Client()
    other.force_login(create_user("mei", NEW, name="", tenant=street, by=ana, at=at))
    _sign_in(client)
    handle = UserSession.objects.get(user__username="mei").handle
    client.post("/account/sessions/", {"session": handle})
    assert _inside(other)
    client.post("/account/sessions/", {})
    assert (_inside(other), _inside(client)) == (True, True)


def test_sessions_when_all_others_are_ended_then_only_this_one_is_left(lin: User, client: Client) -> None:
    others = [Client(), Client()]
    for one in (client, *others):
        _sign_in(one)
    client.post("/account/sessions/", {})
    assert [_inside(one) for one in (client, *others)] == [True, False, False]


# the password


def test_password_when_changed_then_one_stays_in_with_a_new_key_and_others_are_out(lin: User, client: Client) -> None:
    other = Client()
    _sign_in(client)
    _sign_in(other)
    before = client.cookies["sessionid"].value
    answer = client.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert answer["Location"] == "/account/"
    assert client.cookies["sessionid"].value != before
    assert "另外 1 处登录已退出" in _text(client.get("/account/"))
    assert (_inside(client), _inside(other)) == (True, False)
    assert (_sign_in(Client()).status_code, _sign_in(Client(), NEW).status_code) == (200, 302)


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
    _sign_in(client)
    html = _text(client.post("/account/password/", given))
    assert "<title>错误：换密码" in html
    assert html.count(sentence) == 2
    assert [value for name, value in given.items() if value and f'value="{value}"' in html] == []
    assert User.objects.get(username="lin").check_password(PASSWORD)


def test_password_when_the_present_one_is_guessed_at_then_it_is_throttled(lin: User, client: Client) -> None:
    _sign_in(client)
    given = {"current": "wrong", "password": NEW, "again": NEW}
    answers = [client.post("/account/password/", given).status_code for _i in range(LIMIT + 1)]
    assert answers == [200] * LIMIT + [429]


def test_password_when_the_new_one_is_refused_often_then_nobody_is_locked_out(lin: User, client: Client) -> None:
    _sign_in(client)
    for _i in range(2 * LIMIT):
        client.post("/account/password/", {"current": PASSWORD, "password": "short", "again": "short"})
    assert _sign_in(Client()).status_code == 302


def test_password_when_due_then_nothing_else_opens_until_it_is_changed(
    lin: User, client: Client, settings: Any
) -> None:
    settings.PASSWORD_PROFILE = "mlps3"  # noqa: S105 - a profile, not a password
    User.objects.update(password_set_at=datetime.now(UTC) - timedelta(days=91))
    _sign_in(client)
    assert [client.get(path)["Location"] for path in ("/", "/account/", "/cases/")] == ["/account/password/"] * 3
    assert client.get("/api/v1/openapi.json").status_code == 403
    client.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert _inside(client)


def test_password_when_typed_then_every_field_may_be_pasted_into_and_filled(lin: User, client: Client) -> None:
    _sign_in(client)
    html = _text(client.get("/account/password/"))
    assert html.count('autocomplete="new-password"') == 2
    assert html.count('autocomplete="current-password"') == 1
    assert "onpaste" not in html
    assert "maxlength" not in html


# the second step


def test_second_step_when_the_password_is_right_then_nobody_is_in_before_the_code(
    lin: User, codes: list[str], client: Client
) -> None:
    answer = _sign_in(client, next="/cases/")
    assert answer["Location"] == "/login/code/"
    assert not _inside(client)
    assert client.get("/api/v1/duty/who").status_code == 401
    answer = client.post("/login/code/", {"code": _code(lin)})
    assert answer["Location"] == "/cases/"
    assert _inside(client)
    assert LedgerLine.objects.get(verb="account.sign_in").facts["second"] == "totp"


def test_second_step_when_the_code_is_used_again_then_it_is_refused(lin: User, codes: list[str]) -> None:
    code = _code(lin)
    first, second = Client(), Client()
    for one in (first, second):
        _sign_in(one)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    assert _text(second.post("/login/code/", {"code": code})).count("验证码不对或已用过") == 2
    assert second.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert not Client().post("/login/code/", {"code": codes[1]})["Location"].startswith("/cases")


def test_second_step_when_guessed_at_then_it_is_throttled_from_everywhere(lin: User, codes: list[str]) -> None:
    answers = []
    for number in range(LIMIT + 1):
        one = Client(REMOTE_ADDR=f"192.0.2.{number}")
        _sign_in(one)
        answers.append(one.post("/login/code/", {"code": "000000"}).status_code)
    assert answers == [200] * LIMIT + [429]


@pytest.mark.parametrize("what", ["late", "password changed", "switched off"])
def test_second_step_when_too_late_or_changed_meanwhile_then_one_begins_again(
    lin: User, codes: list[str], street: Tenant, ana: Actor, at: datetime, client: Client, what: str
) -> None:
    _sign_in(client)
    if what == "late":
        session = client.session
        session["half"] = {**session["half"], "at": (datetime.now(UTC) - timedelta(minutes=11)).isoformat()}
        session.save()
    elif what == "switched off":
        deactivate(street, "lin", by=ana, at=at)
    else:
        lin.set_password(NEW)
        lin.save()
    assert client.post("/login/code/", {"code": codes[0]})["Location"] == "/login/"
    assert not _inside(client)


def test_second_factor_when_taken_up_then_the_codes_are_shown_once_and_other_sessions_end(
    lin: User, client: Client
) -> None:
    other = Client()
    for one in (client, other):
        _sign_in(one)
    assert SecondFactor.objects.count() == 0
    client.get("/account/second/")
    assert SecondFactor.objects.count() == 0  # looking at the page begins nothing
    assert "现在的密码不对" in _text(client.post("/account/second/", {"current": "wrong"}))
    assert client.post("/account/second/", {"current": PASSWORD})["Location"] == "/account/second/"
    page = _text(client.get("/account/second/"))
    assert 'src="data:image/svg+xml' in page
    secret = secrets_of(SecondFactor.objects.get())[0]
    assert " ".join(secret[i : i + 4] for i in range(0, 32, 4)) in page
    assert "验证码不对" in _text(client.post("/account/second/", {"code": "000000"}))
    shown = _text(client.post("/account/second/", {"code": _code(lin)}))
    assert len(re.findall(r"<code>[2-9a-z]{5}-[2-9a-z]{5}</code>", shown)) == 10
    assert (_inside(client), _inside(other)) == (True, False)
    assert client.get("/account/second/")["Location"] == "/account/"
    assert not re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}</code>", _text(client.get("/account/")))


def test_second_factor_when_given_up_then_it_takes_password_and_code(
    lin: User, codes: list[str], client: Client
) -> None:
    _sign_in(client)
    client.post("/login/code/", {"code": codes[0]})
    for given in ({"current": PASSWORD, "code": "000000"}, {"current": "wrong", "code": codes[1]}):
        assert client.post("/account/second/off/", given).status_code == 200
    assert SecondFactor.objects.count() == 1
    assert client.post("/account/second/off/", {"current": PASSWORD, "code": codes[1]})["Location"] == "/account/"
    assert SecondFactor.objects.count() == 0
    later = Client()
    assert _sign_in(later)["Location"] != "/login/code/"
    assert _inside(later)


def test_recovery_codes_when_renewed_then_the_old_ones_do_not_work(lin: User, codes: list[str], client: Client) -> None:
    _sign_in(client)
    client.post("/login/code/", {"code": codes[0]})
    shown = _text(client.post("/account/second/codes/", {"current": PASSWORD, "code": codes[1]}))
    fresh = re.findall(r"<code>([2-9a-z]{5}-[2-9a-z]{5})</code>", shown)
    later = Client()
    _sign_in(later)
    assert later.post("/login/code/", {"code": codes[2]}).status_code == 200
    assert later.post("/login/code/", {"code": fresh[0]}).status_code == 302


@pytest.mark.parametrize(
    ("roles", "wanted"), [([], False), (["staff"], True), (["*"], True), (["admin", "clerk"], False)]
)
def test_second_factor_when_the_office_wants_it_of_a_role_then_only_its_page_opens(
    lin: User, street: Tenant, client: Client, roles: list[str], wanted: bool
) -> None:
    street.settings = {"second_factor": roles}
    street.save()
    _sign_in(client)
    answers = [client.get(path) for path in ("/account/", "/units/", "/account/password/")]
    assert [answer.status_code for answer in answers] == [302 if wanted else 200] * 3
    assert client.get("/account/second/").status_code == 200
    if not wanted:
        return
    assert {answer["Location"] for answer in answers} == {"/account/second/"}
    problem = client.get("/api/v1/openapi.json")
    assert (problem.status_code, problem.json()["code"]) == (403, "account.second_wanted")
    client.post("/account/second/", {"current": PASSWORD})
    client.post("/account/second/", {"code": _code(lin)})
    assert _inside(client)


# links


def test_set_up_when_the_office_is_new_then_its_first_account_is_made_and_the_page_is_gone(
    street: Tenant, ana: Actor, client: Client
) -> None:
    address = f"/set-up/{open_set_up(street, by=ana, at=datetime.now(UTC))}/"
    assert "星河街道" in _text(client.get(address))
    given = {"username": "xu", "name": "许", "password": "short", "again": "short"}
    html = _text(client.post(address, given))
    assert ('value="xu"' in html, html.count("至少 12 个字符，现在是 5 个")) == (True, 2)
    assert client.post(address, {**given, "password": NEW, "again": NEW})["Location"] == "/login/"
    assert client.post("/login/", {"username": "xu", "password": NEW}).status_code == 302
    assert _inside(client)
    assert Client().get(address).status_code == 404


def test_set_up_when_there_is_an_account_then_no_address_of_it_opens(lin: User, client: Client) -> None:
    assert [client.get(f"/set-up/{token}/").status_code for token in ("x", "x.y", "admin")] == [404] * 3


def test_invitation_when_accepted_then_one_signs_in_with_ones_own_password(
    street: Tenant, ana: Actor, client: Client
) -> None:
    _user, token = invite(street, "mei", name="梅", by=ana, at=datetime.now(UTC))
    assert "mei" in _text(client.get(f"/invitation/{token}/"))
    client.get(f"/invitation/{token}/")  # looking does not use it up
    assert client.post(f"/invitation/{token}/", {"password": NEW, "again": NEW})["Location"] == "/login/"
    assert client.post("/login/", {"username": "mei", "password": NEW}).status_code == 302
    again = Client().get(f"/invitation/{token}/")
    assert (again.status_code, "这个链接用过了或已过期" in _text(again)) == (404, True)


def test_reset_when_used_then_the_second_step_is_still_asked_for(
    lin: User, codes: list[str], street: Tenant, ana: Actor, client: Client
) -> None:
    token = reset_link(street, "lin", by=ana, at=datetime.now(UTC))
    assert client.post(f"/reset/{token}/", {"password": NEW, "again": NEW})["Location"] == "/login/"
    assert not _inside(client)
    assert _sign_in(client, NEW)["Location"] == "/login/code/"
    assert client.get(f"/reset/{token}/").status_code == 404


def test_forgot_when_asked_then_the_answer_does_not_say_whether_there_is_such_an_account(lin: User) -> None:
    User.objects.filter(username="lin").update(email="lin@example.org")
    told = []
    for name in ("lin", "nobody"):
        one = Client()
        answer = one.post("/forgot/", {"username": name})
        page = _text(one.get("/login/"))
        told.append((answer.status_code, answer["Location"], re.sub(r'value="\w{64}"', "", page)))
    assert told[0] == told[1]
    assert "重设链接已寄出" in told[0][2]
    assert (AccountLink.objects.count(), OutboxEvent.objects.filter(name="account.reset").count()) == (2, 2)


def test_forgot_when_asked_too_often_then_it_is_refused(lin: User, client: Client) -> None:
    answers = [client.post("/forgot/", {"username": "lin"}).status_code for _i in range(LIMIT + 1)]
    assert answers == [302] * LIMIT + [429]
    assert AccountLink.objects.count() == LIMIT


# one's own page


def test_account_when_described_then_it_is_kept_and_the_ledger_does_not_repeat_it(lin: User, client: Client) -> None:
    _sign_in(client)
    assert client.post("/account/", {"name": "林秋", "email": "lin@example.org"})["Location"] == "/account/"
    user = User.objects.get(username="lin")
    assert (user.name, user.email) == ("林秋", "lin@example.org")
    assert LedgerLine.objects.get(verb="user.describe").facts == {"fields": "name,email"}
    html = _text(client.post("/account/", {"name": "林秋", "email": "nowhere"}))
    assert (html.count("“nowhere”不是邮箱地址。"), 'value="nowhere"' in html) == (2, True)


PAGES = ["/login/", "/forgot/", "/account/", "/account/password/", "/account/second/", "/reset/x/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_when_in_english_then_has_no_chinese_but_names(lin: User, client: Client, path: str) -> None:
    if path != "/login/":
        _sign_in(client)
    client.cookies["django_language"] = "en"
    html = _text(client.get(path))
    left = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<title>.*?</title>", "", html)))
    assert left <= {"绣", "中文", "星河街道", "林"}


def test_clearing_when_the_night_comes_then_sessions_that_are_over_are_gone(
    lin: User, street: Tenant, client: Client
) -> None:
    _sign_in(client)
    UserSession.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    assert clear_accounts(street, datetime.now(UTC)) == 1
    assert UserSession.objects.count() == 0
