"""The page of the meeting: one button makes a pack, its files can be taken, and nobody outside the office sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.disclosure.models import MeetingPack
from xiuhua.disclosure.packing import PackState
from xiuhua.disclosure.queries.packs import place_of
from xiuhua.files.progress import Meter
from xiuhua.kernel.actions.working import work
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


def worked() -> None:
    """Let the worker do what waits for it."""
    while work(lambda: datetime.now(UTC)).anything:
        pass


def test_button_when_pressed_then_the_page_watches_the_work_and_then_gives_the_files(
    leader: Client, street: Tenant
) -> None:
    assert "还没有材料包" in leader.get("/meeting/").content.decode()
    asked = {"month": "2026-10", "by": "unit", "lang": "zh"}
    answers = [leader.post("/meeting/", asked) for _press in range(2)]
    [pack] = MeetingPack.objects.all()
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, f"/meeting/#pack-{pack.pk}")}
    page = leader.get("/meeting/").content.decode()
    assert (f'data-poll="/meeting/{pack.pk}/state/"' in page, "在等后台" in page) == (True, True)
    state = leader.get(f"/meeting/{pack.pk}/state/").json()
    assert state == {"state": "making:1", "done": 0, "of": 0, "percent": None, "text": "在等后台", "odd": False}
    Meter(place_of(pack), 1).tell(2, 11, "3-投屏.pdf")
    MeetingPack.objects.update(begun_at=datetime.now(UTC))
    state = leader.get(f"/meeting/{pack.pk}/state/").json()
    assert (state["text"], state["percent"]) == ("第 3 / 11 个 · 投屏 PDF", 18)
    MeetingPack.objects.update(begun_at=None)
    worked()
    pack.refresh_from_db()
    if pack.failure.get("code") == "documents.font_missing":
        pytest.skip("no Chinese font on this machine")
    assert pack.state == PackState.MADE
    page = leader.get("/meeting/").content.decode()
    links = re.findall(r'href="(/meeting/[^"]+/files/[^"]+)"', page)
    assert len(links) == len(pack.manifest["files"]) + 1
    for link, listed in zip(links, pack.manifest["files"], strict=False):
        taken = leader.get(link)
        assert taken.status_code == 200
        assert len(b"".join(taken.streaming_content)) == listed["bytes"]  # type: ignore[attr-defined]
        assert taken["Content-Disposition"].startswith("attachment; filename*=UTF-8''2026-10-")
    whole = [leader.get(f"/meeting/{pack.pk}/all.zip") for _time in range(2)]
    first, second = (b"".join(one.streaming_content) for one in whole)  # type: ignore[attr-defined]
    assert (first == second, len(ZipFile(BytesIO(first)).namelist())) == (True, len(links))
    again = leader.post("/meeting/", asked, follow=True).content.decode()
    assert ("已经做好" in again, MeetingPack.objects.count()) == (True, 1)
    assert "旧的材料包" not in again
    MeetingPack.objects.update(source="0" * 64)  # as if the month had been assessed anew
    page = leader.get("/meeting/").content.decode()
    assert ("旧的材料包" in page, page.count(f"/meeting/{pack.pk}/all.zip")) == (True, 1)
    other = Tenant.objects.create(code="other", name="别处", zone="Asia/Shanghai")
    them = User.objects.create(username="them", tenant=other)
    Post.objects.create(user=them, role=Role.LEADER)
    stranger = Client()
    assert stranger.get(links[0]).status_code == 302
    stranger.force_login(them)
    for hidden in (links[0], f"/meeting/{pack.pk}/all.zip", f"/meeting/{pack.pk}/state/"):
        assert stranger.get(hidden).status_code == 404
    assert stranger.post(f"/meeting/{pack.pk}/do/", {"do": "stop"}).status_code == 404


def test_pack_when_it_was_not_made_then_the_page_says_why_and_lets_one_try_again(
    leader: Client, street: Tenant
) -> None:
    leader.post("/meeting/", {"month": "1999-10", "by": "unit", "lang": "en"})
    worked()
    page = leader.get("/meeting/").content.decode()
    assert ("没有做成" in page, "自 2000-01 起施行" in page, "再试一次" in page) == (True, True, True)
    [pack] = MeetingPack.objects.all()
    leader.post(f"/meeting/{pack.pk}/do/", {"do": "again"})
    pack.refresh_from_db()
    assert (pack.state, pack.attempt) == (PackState.MAKING, 2)
    page = leader.post(f"/meeting/{pack.pk}/do/", {"do": "stop"}, follow=True).content.decode()
    pack.refresh_from_db()
    assert ("已停下" in page, pack.state) == (True, PackState.STOPPED)


def test_month_when_it_is_none_then_it_is_refused_and_the_choice_stays(leader: Client) -> None:
    answer = leader.post("/meeting/", {"month": "10/2026", "by": "unit", "lang": "en"})
    assert answer.status_code == 200
    assert re.search(r'<option value="en" selected', answer.content.decode())
    assert MeetingPack.objects.count() == 0


def test_packs_when_there_are_many_then_the_newest_and_the_way_to_all(leader: Client, street: Tenant) -> None:
    made = datetime(2026, 11, 2, tzinfo=UTC)
    told = {"files": [], "missing": [], "made": made.isoformat(), "as_of": made.isoformat(), "snapshot": "0" * 64}
    choice = {"scheme": "basic", "by": "unit", "month_by": "due", "language": "zh", "state": PackState.MADE}
    MeetingPack.objects.bulk_create(
        MeetingPack(tenant=street, period=f"20{year}-01", manifest=told, made_at=made, changed_at=made, **choice)
        for year in range(10, 24)
    )
    pages = [leader.get(path).content.decode() for path in ("/meeting/", "/meeting/?all=1")]
    assert [(page.count("/all.zip"), "还有 2 份" in page) for page in pages] == [(12, True), (14, False)]
