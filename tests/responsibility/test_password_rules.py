"""What a password has to be under either profile (ASVS 5.0 §6.2; GB/T 22239-2019 §8.1.4.1 a)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.kernel.words import Fault
from xiuhua.responsibility.phrases import password_reason
from xiuhua.responsibility.queries.accounts import common_passwords
from xiuhua.responsibility.rules.passwords import MAXIMUM, PROFILES, missing_kinds, password_faults, profile_of

COMMON = frozenset({"password", "correcthorse", "iloveyou1234"})
LOCAL = ("星河街道", "xinghe-street", "lin", "顾若川", "linqiao")


def _codes(password: str, profile: str) -> list[str]:
    return [fault.code for fault in password_faults(password, PROFILES[profile], common=COMMON, local=LOCAL)]


@pytest.mark.parametrize(
    ("password", "asvs", "mlps3"),
    [
        pytest.param("quiet-canal-31", [], [], id="three kinds"),
        pytest.param("quiet canal under the bridge", [], ["password.kinds"], id="a phrase of small letters"),
        pytest.param("竹影扫阶尘不动月轮穿沼水", [], ["password.kinds"], id="a line of verse"),
        pytest.param("Tq7!mzKd2", ["password.short"], ["password.short"], id="nine characters"),
        pytest.param("Tq7!mzKd2x", ["password.short"], [], id="ten characters"),
        pytest.param("tq7!mzkd2xab", [], [], id="twelve characters"),
        pytest.param("correcthorse", ["password.common"], ["password.kinds", "password.common"], id="well known"),
        pytest.param("CorrectHorse1!", ["password.common"], ["password.common"], id="well known with a tail"),
        pytest.param("Password-1234", [], [], id="too much around it to be the well-known one"),
        pytest.param("aaaabbbbccccdddd", ["password.pattern"], ["password.kinds", "password.pattern"], id="a pattern"),
        pytest.param("01234567890123", ["password.common"], ["password.kinds", "password.common"], id="counted"),
        pytest.param(
            "星河街道2026年7月",
            ["password.short", "password.local"],
            ["password.kinds", "password.local"],
            id="the office",
        ),
        pytest.param("Xinghe-Street-31", ["password.local"], ["password.local"], id="the office's code"),
        pytest.param("Linqiao-2026!", ["password.local"], ["password.local"], id="one's own name"),
        pytest.param("13800138000@Ab", ["password.phone"], ["password.phone"], id="a phone number"),
        pytest.param("Lamp-13800138000-river", [], [], id="a phone number among more"),
        pytest.param("x1Y!" * 16, ["password.pattern"], ["password.pattern"], id="sixty-four but four different"),
        pytest.param("Ab1!cd2?" * 8, [], [], id="sixty-four"),
        pytest.param("Ab1!cd2?" * 32, [], [], id="the longest"),
        pytest.param("Ab1!cd2?" * 32 + "x", ["password.long"], ["password.long"], id="one more"),
    ],
)
def test_password_when_chosen_then_each_profile_says_what_it_lacks(
    password: str, asvs: list[str], mlps3: list[str]
) -> None:
    assert (_codes(password, "asvs"), _codes(password, "mlps3")) == (asvs, mlps3)


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("abcdefghijk", ["upper", "digit", "other"]),
        ("ABC-DEF-GHI", ["lower", "digit"]),
        ("Abc1", []),
        ("abc1-", []),
        ("桥边红药1", ["lower", "upper"]),
    ],
)
def test_kinds_when_fewer_than_three_then_the_missing_are_named(password: str, missing: list[str]) -> None:
    assert missing_kinds(password, 3) == missing


def test_reason_when_several_things_lack_then_all_are_told() -> None:
    faults = [
        Fault("password.short", facts={"minimum": 10, "given": 3}),
        Fault("password.kinds", facts={"wanted": 3, "missing": "upper,digit"}),
    ]
    assert password_reason(faults) == "至少 10 个字符，现在是 3 个；至少要有 3 类字符，还缺：大写字母、数字"


def test_profile_when_the_settings_say_days_and_history_then_they_hold() -> None:
    assert (PROFILES["mlps3"].days, PROFILES["mlps3"].history) == (90, 5)
    changed = profile_of("mlps3", days=180, history=3)
    assert (changed.days, changed.history, changed.kinds) == (180, 3, 3)


@pytest.mark.parametrize("password", ["password", "qwertyuiop", "1q2w3e4r5t", "woaini1314"])
def test_common_passwords_when_looked_up_then_the_known_ones_are_there(password: str) -> None:
    assert password in common_passwords()


@given(st.text(min_size=12, max_size=MAXIMUM))
def test_password_when_long_and_of_any_characters_then_asvs_never_asks_for_kinds(password: str) -> None:
    assert {"password.kinds", "password.short", "password.long"}.isdisjoint(_codes(password, "asvs"))


@given(st.text(max_size=MAXIMUM), st.text(max_size=20))
def test_password_when_made_longer_then_it_is_never_too_short(password: str, more: str) -> None:
    before, after = _codes(password, "mlps3"), _codes(password + more, "mlps3")
    assert "password.short" in before or "password.short" not in after
