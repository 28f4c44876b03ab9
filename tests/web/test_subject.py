"""A subject's own page: who is shown around it, what leads there, and that each loss opens the cases that cost it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.living import Office, make_office

from xiuhua.responsibility.models import Post
from xiuhua.responsibility.words import Role
from xiuhua.web.desk.subject import near


@pytest.mark.parametrize(
    ("count", "place", "expected"),
    [
        pytest.param(3, 2, [0, 1, 2], id="a short group whole"),
        pytest.param(14, 9, list(range(14)), id="still short"),
        pytest.param(40, 0, [0, 1, 2, 3, 39], id="the first"),
        pytest.param(40, 20, [0, 17, 18, 19, 20, 21, 22, 23, 39], id="in the middle"),
        pytest.param(40, 39, [0, 36, 37, 38, 39], id="the last"),
    ],
)
def test_comparison_when_a_group_is_long_then_its_ends_and_the_neighbours(
    count: int, place: int, expected: list[int]
) -> None:
    assert near(count, place) == expected


@pytest.fixture
def office(db: None) -> Office:
    """An office with its people."""
    return make_office("here")


def _goes(office: Office, name: str) -> str:
    client = Client()
    client.force_login(office.users[name])
    return str(client.get("/mine/")["Location"])


@pytest.mark.parametrize(
    ("role", "place", "unit", "expected"),
    [
        pytest.param(Role.SECRETARY, "A", "", "/ranking/{A}/?by=community", id="a secretary's community"),
        pytest.param(Role.UNIT, "", "sweepers", "/ranking/{sweepers}/?by=unit", id="a unit"),
        pytest.param(Role.SECRETARY, "A", "sweepers", "/ranking/{A}/?by=community", id="the community before the unit"),
        pytest.param(Role.CLERK, "A", "", "/ranking/", id="a clerk of a community answers for nothing"),
        pytest.param(Role.STAFF, "", "", "/ranking/", id="who is there for the whole office"),
    ],
)
def test_way_to_the_own_page_when_taken_then_leads_to_what_the_post_answers_for(
    office: Office, role: Role, place: str, unit: str, expected: str
) -> None:
    user = office.users["stan"]
    Post.objects.filter(user=user).delete()
    Post.objects.create(user=user, role=role, territory=office.places.get(place), body=office.bodies.get(unit))
    codes = {"A": office.places["A"].code, "sweepers": office.bodies["sweepers"].code}
    assert _goes(office, "stan") == expected.format(**codes)
