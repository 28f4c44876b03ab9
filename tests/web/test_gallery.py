"""The gallery, the door and the choice of the look, through Django's own client."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.rules.throttling import LIMIT
from xiuhua.ui import rendering
from xiuhua.ui.stylesheet import stylesheet

PASSWORD = "canal bridge 42"  # noqa: S105 - only in tests
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> Client:
    """A browser in front of an office with one account."""
    create_user("lin", PASSWORD, name="顾若川", tenant=street, by=ana, at=at)
    return Client()


def _sign_in(client: Client, password: str = PASSWORD, **more: str) -> object:
    return client.post("/login/", {"username": "lin", "password": password, **more})


@pytest.mark.parametrize("query", ["", "?theme=dark", "?theme=field", "?size=elder", "?theme=nonsense"])
def test_gallery_when_signed_in_then_shows_every_component(lin: Client, query: str) -> None:
    _sign_in(lin)
    html = lin.get(f"/gallery/{query}").content.decode()
    assert [name for name in rendering.names() if f'id="g-{name}"' not in html] == []
    assert INLINE.findall(html) == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted({key for key in ids if ids.count(key) > 1}) == []


def test_gallery_when_not_signed_in_then_shows_the_door(lin: Client) -> None:
    answer = lin.get("/gallery/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/gallery/")


def test_gallery_when_a_theme_is_asked_for_then_the_page_has_it(lin: Client) -> None:
    _sign_in(lin)
    assert 'data-theme="dark" data-size="elder"' in lin.get("/gallery/?theme=dark&size=elder").content.decode()


def test_login_when_right_then_goes_where_one_was_going(lin: Client) -> None:
    answer = _sign_in(lin, next="/gallery/")
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/")  # type: ignore[attr-defined]


def test_login_when_next_is_elsewhere_then_stays_here(lin: Client) -> None:
    assert _sign_in(lin, next="https://example.org/")["Location"] == "/desk/"  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        pytest.param({"username": "", "password": ""}, ["请填写账号。", "请填写密码。"], id="nothing"),
        pytest.param({"username": "lin", "password": ""}, ["请填写密码。"], id="no password"),
        pytest.param({"username": "lin", "password": "wrong"}, ["账号或密码不对，请再核对一遍。"], id="wrong password"),
        pytest.param(
            {"username": "eli", "password": "wrong"}, ["账号或密码不对，请再核对一遍。"], id="no such account"
        ),
    ],
)
def test_login_when_wrong_then_says_so_twice_and_keeps_the_name(
    lin: Client, given: dict[str, str], sentences: list[str]
) -> None:
    html = lin.post("/login/", given).content.decode()
    assert "<title>错误：登录" in html
    assert [html.count(sentence) for sentence in sentences] == [2] * len(sentences)
    assert (f'value="{given["username"]}"' in html) == bool(given["username"])
    assert "wrong" not in html


def test_login_when_tried_five_times_then_refuses_even_the_right_password(lin: Client) -> None:
    for _try in range(LIMIT):
        assert _sign_in(lin, "wrong").status_code == 200  # type: ignore[attr-defined]
    answer = _sign_in(lin)
    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert "请过 15 分钟再试" in answer.content.decode()  # type: ignore[attr-defined]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert _sign_in(other).status_code == 302  # type: ignore[attr-defined]


def test_logout_when_posted_then_the_door_is_shown(lin: Client) -> None:
    _sign_in(lin)
    assert lin.post("/logout/")["Location"] == "/login/"
    assert lin.get("/gallery/").status_code == 302


@pytest.mark.parametrize(
    ("address", "field", "value", "shown"),
    [
        pytest.param("/look/", "theme", "dark", 'data-theme="dark"', id="theme"),
        pytest.param("/look/", "theme", "pink", 'data-theme="auto"', id="unknown theme"),
        pytest.param("/look/", "size", "elder", 'data-size="elder"', id="size"),
        pytest.param("/language/", "language", "en", '<html lang="en"', id="language"),
        pytest.param("/language/", "language", "xx", '<html lang="zh-Hans"', id="unknown language"),
    ],
)
def test_look_when_chosen_then_is_remembered(lin: Client, address: str, field: str, value: str, shown: str) -> None:
    answer = lin.post(address, {field: value, "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert shown in lin.get("/login/").content.decode()


def test_login_when_in_english_then_has_no_chinese_but_the_names(lin: Client) -> None:
    lin.post("/language/", {"language": "en"})
    html = lin.get("/login/").content.decode()
    left = set(re.findall(r"[\u4e00-\u9fff]+", html.replace("星河街道", "")))
    assert left <= {"绣", "中文"}


def test_stylesheet_when_named_by_its_digest_then_is_kept(lin: Client) -> None:
    digest = stylesheet().digest
    named, bare = lin.get(f"/ui.css?v={digest}"), lin.get("/ui.css")
    assert (named["Content-Type"], named.content.decode()) == ("text/css; charset=utf-8", stylesheet().text)
    assert "immutable" in named["Cache-Control"]
    assert bare["Cache-Control"] == "no-cache"
    assert f"/ui.css?v={digest}" in lin.get("/login/").content.decode()


def test_banner_when_the_office_is_made_up_then_stands_on_every_page(lin: Client, street: Tenant) -> None:
    street.settings = {"made_up": True}
    street.save()
    door = lin.get("/login/").content.decode()
    assert "本页数据为虚构样例" in door
    assert "xiuhua demo" in door
    _sign_in(lin)
    assert "本页数据为虚构样例" in lin.get("/gallery/").content.decode()
