"""The page of the meeting: one button makes a pack, its files can be taken, and nobody outside the office sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.disclosure.shelf import packs_of
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.words import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leader(transactional_db: None, street: Tenant, home: Path, ana: Actor, at: datetime) -> Client:
    """Sign a leader in, whose October has been assessed by unit."""
    body = Body.objects.create(tenant=street, code="b1", name="市政队")
    due = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
    Case.objects.bulk_create(
        Case(tenant=street, number=f"N{n}", reported_at=due, due_at=due, closed_at=due if n else None, body=body)
        for n in range(12)
    )
    assess(street, Period(2026, 10), scheme="basic", by_level="unit", by=ana, at=at)
    user = User.objects.create(username="bo", name="薄", tenant=street)
    Post.objects.create(user=user, role=Role.LEADER)
    client = Client()
    client.force_login(user)
    return client


def test_button_makes_a_pack_whose_files_can_be_taken(leader: Client, street: Tenant) -> None:
    assert "还没有材料包" in leader.get("/meeting/").content.decode()
    answer = leader.post("/meeting/", {"month": "2026-10", "by": "unit", "lang": "zh"})
    if not packs_of(street):
        pytest.skip("no Chinese font on this machine")
    assert (answer.status_code, answer["Location"]) == (302, "/meeting/")
    page = leader.get("/meeting/").content.decode()
    links = re.findall(r'href="(/meeting/[^"]+)"', page)
    [(_name, manifest)] = packs_of(street)
    assert len(links) == len(manifest["files"]) + 1
    for link, listed in zip(links, manifest["files"], strict=False):
        taken = leader.get(link)
        assert taken.status_code == 200
        assert len(b"".join(taken.streaming_content)) == listed["bytes"]  # type: ignore[attr-defined]
        assert taken["Content-Disposition"].startswith("attachment; filename*=UTF-8''2026-10-")
    stranger = Client()
    assert stranger.get(links[0]).status_code == 302
    other = Tenant.objects.create(code="other", name="别处", zone="Asia/Shanghai")
    them = User.objects.create(username="them", tenant=other)
    Post.objects.create(user=them, role=Role.LEADER)
    stranger.force_login(them)
    assert stranger.get(links[0]).status_code == 404


def test_month_that_cannot_be_told_is_refused_and_the_choice_stays(leader: Client, street: Tenant) -> None:
    answer = leader.post("/meeting/", {"month": "1999-10", "by": "unit", "lang": "en"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "自 2000-01 起施行" in page
    assert re.search(r'<option value="en" selected', page)
    assert packs_of(street) == []
