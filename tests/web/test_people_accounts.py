"""Other people's accounts at the desk: invited, linked, switched off and on, by who manages people and by nobody else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.living import Office, make_office

from xiuhua.kernel.models import LedgerLine
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role

pytestmark = pytest.mark.django_db
PASSWORD = "a long way to the harbour at dusk"  # noqa: S105 - made up


@pytest.fixture
def office() -> Office:
    """The office with its administrator."""
    return make_office()


@pytest.fixture
def ada(office: Office) -> Client:
    """The administrator at the desk."""
    client = Client()
    client.force_login(office.users["ada"])
    return client


def _link(page: str) -> str:
    found = re.search(r"https?://[^/\s]+(/[^\s<]+)", page)
    assert found
    return found[1]


def test_invitation_when_made_at_the_desk_then_its_owner_sets_the_password_and_has_the_post(ada: Client) -> None:
    answer = ada.post("/invite/", {"username": "nell", "name": "内尔", "role": "clerk"})
    assert (answer.status_code, answer["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    opened = Client().post(_link(answer.content.decode()), {"password": PASSWORD, "again": PASSWORD})
    nell = User.objects.get(username="nell")
    assert (opened.status_code, nell.check_password(PASSWORD)) == (302, True)
    assert list(Post.objects.filter(user=nell).values_list("role", "body", "territory")) == [(Role.CLERK, None, None)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "", "name": "甲"}, "id_username"),
        ({"username": "TAKEN", "name": "甲"}, "id_username"),
        ({"username": "x y", "name": "甲"}, "id_username"),
        ({"username": "nell", "name": "甲", "email": "nowhere"}, "id_email"),
    ],
    ids=["no name", "taken", "malformed", "bad mail"],
)
def test_invitation_when_something_is_wrong_then_says_where_and_makes_nobody(
    office: Office, ada: Client, given: dict[str, str], field: str
) -> None:
    given = {name: office.users["cleo"].username if text == "TAKEN" else text for name, text in given.items()}
    before = User.objects.count()
    answer = ada.post("/invite/", given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert User.objects.count() == before


def test_account_when_switched_off_and_on_then_its_doors_close_and_open(office: Office, ada: Client) -> None:
    cleo = Client()
    cleo.force_login(office.users["cleo"])
    assert cleo.get("/desk/").status_code == 200
    name = office.users["cleo"].username
    ada.post(reverse("desk:account-do", args=[name]), {"do": "off", "reason": "调离"})
    assert cleo.get("/desk/").status_code == 302
    assert LedgerLine.objects.get(verb="account.off").reason == "调离"
    ada.post(reverse("desk:account-do", args=[name]), {"do": "on"})
    assert User.objects.get(username=name).is_active


def test_link_when_asked_for_then_is_an_invitation_until_there_is_a_password(office: Office, ada: Client) -> None:
    cleo = office.users["cleo"]
    cleo.set_unusable_password()
    cleo.save()
    where = reverse("desk:account-do", args=[cleo.username])
    invited = ada.post(where, {"do": "link"}).content.decode()
    assert Client().post(_link(invited), {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    reset = ada.post(where, {"do": "link"}).content.decode()
    other = PASSWORD[::-1]
    assert Client().post(_link(reset), {"password": other, "again": other}).status_code == 302
    cleo.refresh_from_db()
    assert cleo.check_password(other)


def test_second_factor_when_there_is_none_then_says_so_and_stays(office: Office, ada: Client) -> None:
    name = office.users["cleo"].username
    answer = ada.post(reverse("desk:account-do", args=[name]), {"do": "second"}, follow=True)
    assert answer.status_code == 200
    assert not LedgerLine.objects.filter(verb="account.second_off").exists()


@pytest.mark.parametrize("who", ["cleo", "uma", "bo"])
def test_account_when_somebody_else_tries_then_nothing_happens(office: Office, who: str) -> None:
    client = Client()
    client.force_login(office.users[who])
    assert client.get("/invite/").status_code == 403
    name = office.users["dan"].username
    assert client.post(reverse("desk:account-do", args=[name]), {"do": "off"}).status_code == 403
    assert User.objects.get(username=name).is_active


@pytest.mark.parametrize("do", ["link", "off", "on", "second"])
def test_account_when_it_is_ones_own_then_nothing_passes_by_the_password(office: Office, ada: Client, do: str) -> None:
    me = office.users["ada"]
    lines = LedgerLine.objects.count()
    answer = ada.post(reverse("desk:account-do", args=[me.username]), {"do": do}, follow=True)
    assert "自己的账号请到" in answer.content.decode()
    assert (ada.get("/people/").status_code, LedgerLine.objects.count()) == (200, lines)
