"""Counting tries, deriving secrets, ending sessions: the pure rules of accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.responsibility.rules.derived import STEP, derive, matching_step, recovery_text, totp_secret
from xiuhua.responsibility.rules.sessions import Lifetime, family, over
from xiuhua.responsibility.rules.throttling import LIMIT, SPAN, neighbourhood, open_again

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes_ago", "opens_in"),
    [
        pytest.param([], None, id="none"),
        pytest.param([1, 2, 3, 4], None, id="four"),
        pytest.param([1, 2, 3, 4, 5], 10, id="five: until the oldest of them is a quarter of an hour old"),
        pytest.param([1, 2, 3, 4, 15], None, id="the fifth has just left the window"),
        pytest.param([1, 2, 3, 4, 14], 1, id="the fifth is about to"),
        pytest.param([0, 0, 0, 0, 0, 0, 0], 15, id="more at one moment"),
    ],
)
def test_lock_when_failures_are_recent_then_it_opens_by_itself(minutes_ago: list[int], opens_in: int | None) -> None:
    found = open_again([AT - one * MINUTE for one in minutes_ago], LIMIT, AT)
    assert found == (None if opens_in is None else AT + opens_in * MINUTE)


@given(st.lists(st.integers(min_value=0, max_value=3600), max_size=30))
def test_lock_when_waited_for_then_it_is_open(seconds_ago: list[int]) -> None:
    failures = [AT - timedelta(seconds=one) for one in seconds_ago]
    until = open_again(failures, LIMIT, AT)
    assert until is None or AT < until <= AT + SPAN
    assert until is None or open_again(failures, LIMIT, until) is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_place_when_an_address_is_one_subscribers_then_it_is_counted_once(address: str, place: str) -> None:
    assert neighbourhood(address) == place


def test_derive_when_compared_with_rfc_5869_then_it_is_its_first_block() -> None:
    # HKDF-Expand(PRK, info, 32) = HMAC(PRK, info | 0x01)
    import hashlib  # noqa: PLC0415 - the reference is computed beside the expectation
    import hmac  # noqa: PLC0415

    expected = hmac.new(b"key", b"xiuhua:totp:salt\x01", hashlib.sha256).digest()
    assert derive("key", "totp", "salt") == expected
    assert derive("key", "totp", "salt", 20) == expected[:20]
    assert len({derive(key, what, salt) for key in "ab" for what in "cd" for salt in "ef"}) == 8


@pytest.mark.parametrize(("early", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_when_a_step_early_or_late_then_it_is_taken_two_are_not(early: int, taken: bool) -> None:
    secret, step = totp_secret("key", "salt"), int(AT.timestamp()) // STEP
    code = pyotp.TOTP(secret).generate_otp(step + early)
    assert matching_step([secret], code, AT, after=0) == (step + early if taken else None)


def test_code_when_used_then_neither_it_nor_an_earlier_one_is_taken_again() -> None:
    secret, step = totp_secret("key", "salt"), int(AT.timestamp()) // STEP
    codes = [pyotp.TOTP(secret).generate_otp(step + early) for early in (-1, 0, 1)]
    assert [matching_step([secret], code, AT, after=step) for code in codes] == [None, None, step + 1]


def test_code_when_the_servers_key_has_changed_then_the_key_of_before_still_opens() -> None:
    old, new = totp_secret("old", "salt"), totp_secret("new", "salt")
    code = pyotp.TOTP(old).at(AT)
    assert matching_step([new], code, AT, after=0) is None
    assert matching_step([new, old], code, AT, after=0) == int(AT.timestamp()) // STEP


@given(st.text(max_size=40))
def test_code_when_it_is_any_text_then_it_is_refused_calmly(text: str) -> None:
    secret = totp_secret("key", "salt")
    right = {pyotp.TOTP(secret).at(AT + drift * timedelta(seconds=STEP)) for drift in (-1, 0, 1)}
    assert (matching_step([secret], text, AT, after=0) is not None) == ("".join(text.split()) in right)


def test_recovery_code_when_typed_from_paper_then_case_and_hyphens_do_not_matter() -> None:
    assert recovery_text(" ABcde-23456 ") == "abcde23456"


DAY = Lifetime(timedelta(minutes=30), timedelta(hours=24))


@pytest.mark.parametrize(
    ("began", "seen", "ended"),
    [
        pytest.param(timedelta(hours=1), timedelta(minutes=30), False, id="idle for just as long as it may"),
        pytest.param(timedelta(hours=1), timedelta(minutes=30, seconds=1), True, id="a second more"),
        pytest.param(timedelta(hours=24), timedelta(0), False, id="a day old"),
        pytest.param(timedelta(hours=24, seconds=1), timedelta(0), True, id="a second older"),
    ],
)
def test_session_when_idle_or_old_then_it_is_over(began: timedelta, seen: timedelta, ended: bool) -> None:
    assert over(DAY, AT - began, AT - seen, AT) is ended


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile MicroMessenger/8.0",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Linux"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_agent_when_named_then_only_its_family_is_kept(agent: str, named: str) -> None:
    assert family(agent) == named
