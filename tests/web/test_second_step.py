"""Getting in beyond the password: the second step, recovery codes, the links of a first set-up, an invitation, a reset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client
from tests.web.test_accounts import NEW, PASSWORD, code_of, is_in, sign_in, text

from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    begin_second_factor,
    confirm_second_factor,
    create_user,
    deactivate,
    invite,
    open_set_up,
    reset_link,
    secrets_of,
)
from xiuhua.responsibility.models import AccountLink, SecondFactor, User
from xiuhua.responsibility.rules.throttling import LIMIT


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


def test_second_step_when_the_password_is_right_then_nobody_is_in_before_the_code(
    lin: User, codes: list[str], client: Client
) -> None:
    answer = sign_in(client, next="/cases/")
    assert answer["Location"] == "/login/code/"
    assert not is_in(client)
    assert client.get("/api/v1/duty/who").status_code == 401
    answer = client.post("/login/code/", {"code": code_of(lin)})
    assert answer["Location"] == "/cases/"
    assert is_in(client)
    assert LedgerLine.objects.get(verb="account.sign_in").facts["second"] == "totp"


def test_second_step_when_the_code_is_used_again_then_it_is_refused(lin: User, codes: list[str]) -> None:
    code = code_of(lin)
    first, second = Client(), Client()
    for one in (first, second):
        sign_in(one)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    assert text(second.post("/login/code/", {"code": code})).count("验证码不对或已用过") == 2
    assert second.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert not Client().post("/login/code/", {"code": codes[1]})["Location"].startswith("/cases")


def test_second_step_when_guessed_at_then_it_is_throttled_from_everywhere(lin: User, codes: list[str]) -> None:
    answers = []
    for number in range(LIMIT + 1):
        one = Client(REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(one)
        answers.append(one.post("/login/code/", {"code": "000000"}).status_code)
    assert answers == [200] * LIMIT + [429]


@pytest.mark.parametrize("what", ["late", "password changed", "switched off"])
def test_second_step_when_too_late_or_changed_meanwhile_then_one_begins_again(
    lin: User, codes: list[str], street: Tenant, ana: Actor, at: datetime, client: Client, what: str
) -> None:
    sign_in(client)
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
    assert not is_in(client)


def test_second_factor_when_taken_up_then_the_codes_are_shown_once_and_other_sessions_end(
    lin: User, client: Client
) -> None:
    other = Client()
    for one in (client, other):
        sign_in(one)
    assert SecondFactor.objects.count() == 0
    client.get("/account/second/")
    assert SecondFactor.objects.count() == 0  # looking at the page begins nothing
    assert "现在的密码不对" in text(client.post("/account/second/", {"current": "wrong"}))
    assert client.post("/account/second/", {"current": PASSWORD})["Location"] == "/account/second/"
    page = text(client.get("/account/second/"))
    assert 'src="data:image/svg+xml' in page
    secret = secrets_of(SecondFactor.objects.get())[0]
    assert " ".join(secret[i : i + 4] for i in range(0, 32, 4)) in page
    assert "验证码不对" in text(client.post("/account/second/", {"code": "000000"}))
    shown = text(client.post("/account/second/", {"code": code_of(lin)}))
    assert len(re.findall(r"<code>[2-9a-z]{5}-[2-9a-z]{5}</code>", shown)) == 10
    assert (is_in(client), is_in(other)) == (True, False)
    assert client.get("/account/second/")["Location"] == "/account/"
    assert not re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}</code>", text(client.get("/account/")))


def test_second_factor_when_given_up_then_it_takes_password_and_code(
    lin: User, codes: list[str], client: Client
) -> None:
    sign_in(client)
    client.post("/login/code/", {"code": codes[0]})
    for given in ({"current": PASSWORD, "code": "000000"}, {"current": "wrong", "code": codes[1]}):
        assert client.post("/account/second/off/", given).status_code == 200
    assert SecondFactor.objects.count() == 1
    assert client.post("/account/second/off/", {"current": PASSWORD, "code": codes[1]})["Location"] == "/account/"
    assert SecondFactor.objects.count() == 0
    later = Client()
    assert sign_in(later)["Location"] != "/login/code/"
    assert is_in(later)


def test_recovery_codes_when_renewed_then_the_old_ones_do_not_work(lin: User, codes: list[str], client: Client) -> None:
    sign_in(client)
    client.post("/login/code/", {"code": codes[0]})
    shown = text(client.post("/account/second/codes/", {"current": PASSWORD, "code": codes[1]}))
    fresh = re.findall(r"<code>([2-9a-z]{5}-[2-9a-z]{5})</code>", shown)
    later = Client()
    sign_in(later)
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
    sign_in(client)
    answers = [client.get(path) for path in ("/account/", "/units/", "/account/password/")]
    assert [answer.status_code for answer in answers] == [302 if wanted else 200] * 3
    assert client.get("/account/second/").status_code == 200
    if not wanted:
        return
    assert {answer["Location"] for answer in answers} == {"/account/second/"}
    problem = client.get("/api/v1/openapi.json")
    assert (problem.status_code, problem.json()["code"]) == (403, "account.second_wanted")
    client.post("/account/second/", {"current": PASSWORD})
    client.post("/account/second/", {"code": code_of(lin)})
    assert is_in(client)


def test_set_up_when_the_office_is_new_then_its_first_account_is_made_and_the_page_is_gone(
    street: Tenant, ana: Actor, client: Client
) -> None:
    address = f"/set-up/{open_set_up(street, by=ana, at=datetime.now(UTC))}/"
    assert "星河街道" in text(client.get(address))
    given = {"username": "xu", "name": "许", "password": "short", "again": "short"}
    html = text(client.post(address, given))
    assert ('value="xu"' in html, html.count("至少 12 个字符，现在是 5 个")) == (True, 2)
    assert client.post(address, {**given, "password": NEW, "again": NEW})["Location"] == "/login/"
    assert client.post("/login/", {"username": "xu", "password": NEW}).status_code == 302
    assert is_in(client)
    assert Client().get(address).status_code == 404


def test_set_up_when_there_is_an_account_then_no_address_of_it_opens(lin: User, client: Client) -> None:
    assert [client.get(f"/set-up/{token}/").status_code for token in ("x", "x.y", "admin")] == [404] * 3


def test_invitation_when_accepted_then_one_signs_in_with_ones_own_password(
    street: Tenant, ana: Actor, client: Client
) -> None:
    _user, token = invite(street, "mei", name="梅", by=ana, at=datetime.now(UTC))
    assert "mei" in text(client.get(f"/invitation/{token}/"))
    client.get(f"/invitation/{token}/")  # looking does not use it up
    assert client.post(f"/invitation/{token}/", {"password": NEW, "again": NEW})["Location"] == "/login/"
    assert client.post("/login/", {"username": "mei", "password": NEW}).status_code == 302
    again = Client().get(f"/invitation/{token}/")
    assert (again.status_code, "这个链接用过了或已过期" in text(again)) == (404, True)


def test_reset_when_used_then_the_second_step_is_still_asked_for(
    lin: User, codes: list[str], street: Tenant, ana: Actor, client: Client
) -> None:
    token = reset_link(street, "lin", by=ana, at=datetime.now(UTC))
    assert client.post(f"/reset/{token}/", {"password": NEW, "again": NEW})["Location"] == "/login/"
    assert not is_in(client)
    assert sign_in(client, NEW)["Location"] == "/login/code/"
    assert client.get(f"/reset/{token}/").status_code == 404


def test_forgot_when_asked_then_the_answer_does_not_say_whether_there_is_such_an_account(lin: User) -> None:
    User.objects.filter(username="lin").update(email="lin@example.org")
    told = []
    for name in ("lin", "nobody"):
        one = Client()
        answer = one.post("/forgot/", {"username": name})
        page = text(one.get("/login/"))
        told.append((answer.status_code, answer["Location"], re.sub(r'value="\w{64}"', "", page)))
    assert told[0] == told[1]
    assert "重设链接已寄出" in told[0][2]
    assert (AccountLink.objects.count(), OutboxEvent.objects.filter(name="account.reset").count()) == (2, 2)


def test_forgot_when_asked_too_often_then_it_is_refused(lin: User, client: Client) -> None:
    answers = [client.post("/forgot/", {"username": "lin"}).status_code for _i in range(LIMIT + 1)]
    assert answers == [302] * LIMIT + [429]
    assert AccountLink.objects.count() == LIMIT
