"""Doors through which lists, files and photos leave: what is on the page is in the file, and who may not see it gets nothing."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from openpyxl import load_workbook
from tests.exchange.conftest import bring, case, communities, mapping, table, take
from tests.files.pictures import encode, scene
from tests.living import Office, make_office
from tests.staged import STAGED, _asked_extension, _supervised

from xiuhua.analytics.models import Snapshot
from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.queries.queues import offered, queue_page, waiting
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.exchange.actions import receive_file
from xiuhua.exchange.actions.plans import run_plans
from xiuhua.exchange.models import ExportPlan, ExportRun, Intake
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import SYSTEM, Actor
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role

__all__ = ["bring", "case", "communities", "mapping", "table", "take"]

Rows = Callable[..., dict[str, str]]
pytestmark = pytest.mark.usefixtures("home")


def _client(office: Tenant, name: str, role: Role) -> Client:
    user = User.objects.create(username=name, tenant=office)
    Post.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def brought(bring: Callable[..., ImportReport], case: Rows) -> ImportReport:
    """Two cases, the second still open."""
    return bring(case("A-1"), case("A-2", 结案="", 经度="120.015"))


@pytest.fixture
def lin(communities: Tenant) -> Client:
    """Lin, of the staff, signed in."""
    return _client(communities, "lin", Role.STAFF)


def _bytes(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined,call-overload]


def _csv(answer: HttpResponseBase) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_bytes(answer).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/cases/table", 2),
        ("/cases/table?q=A-2", 1),
        ("/cases/exchange", 2),
        ("/suspended/table", 0),
        ("/supervised/table", 0),
        ("/requests/table", 0),
        ("/imports/table", 1),
        ("/people/table", 1),
        ("/units/list", 1),
        ("/sites/list", 0),
        ("/imports/{batch}/findings/table", 0),
        ("/imports/{batch}/records/table?what=created", 2),
    ],
)
def test_list_when_taken_along_then_as_many_rows_in_both_forms(
    address: str, rows: int, lin: Client, brought: ImportReport
) -> None:
    path, _mark, query = address.format(batch=brought.batch).partition("?")
    text = _csv(lin.get(f"{path}.csv?{query}"))
    page = load_workbook(io.BytesIO(_bytes(lin.get(f"{path}.xlsx?{query}")))).active
    assert (len(text) - 1, page.max_row - 1) == (rows, rows)
    assert lin.get(f"{path}.pdf").status_code == 404


def test_list_when_the_post_does_not_show_it_then_forbidden(communities: Tenant, brought: ImportReport) -> None:
    handler = _client(communities, "wu", Role.HANDLER)
    for address in ("/people/table.csv", "/imports/table.csv", f"/imports/{brought.batch}/filled/", "/units/list.csv"):
        assert handler.get(address).status_code == 403, address


def test_list_when_english_is_read_then_its_heads_are_english(lin: Client, brought: ImportReport) -> None:
    heads = _csv(lin.get("/cases/table.csv", headers={"accept-language": "en"}))[0]
    assert heads[:2] == ["Number", "Title"]
    assert _csv(lin.get("/cases/exchange.csv", headers={"accept-language": "en"}))[0][0] == "案号"


def test_batch_when_sent_back_then_the_file_itself_where_it_was_kept(
    lin: Client, communities: Tenant, table: Callable[..., Path], case: Rows, brought: ImportReport
) -> None:
    path = table(case("A-1"), case("A-2", 结案="", 经度="120.015"))
    assert load_workbook(io.BytesIO(_bytes(lin.get(f"/imports/{brought.batch}/filled/")))).sheetnames == [
        "案件",
        "改动",
    ]
    with path.open("rb") as file:
        sent = receive_file(
            communities, uuid4(), file, name=path.name, size=path.stat().st_size, by=SYSTEM, at=datetime.now(UTC)
        )
    Intake.objects.filter(pk=sent.pk).update(batch_id=brought.batch)
    answer = lin.get(f"/imports/{brought.batch}/filled/")
    assert _bytes(answer) == path.read_bytes()
    assert answer.headers["Content-Disposition"].endswith(".csv")


def _zip(**members: bytes) -> SimpleUploadedFile:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return SimpleUploadedFile("photos.zip", target.getvalue())


def test_photos_when_sent_in_an_archive_then_told_and_taken_out_again(lin: Client, brought: ImportReport) -> None:
    address = f"/imports/{brought.batch}/photos/"
    sent = {"A-1_整改后.jpg": encode(scene(1, (64, 48))), "B-9.jpg": b"x"}
    page = lin.post(address, {"file": _zip(**sent)}).content.decode()
    assert ("B-9.jpg" in page, Evidence.objects.count()) == (True, 1)
    with zipfile.ZipFile(io.BytesIO(_bytes(lin.get("/cases/photos.zip")))) as archive:
        assert archive.namelist() == ["A-1/整改后_1.jpeg"]
    assert LedgerLine.objects.filter(verb="export.take", facts__form="zip").count() == 1


@pytest.mark.parametrize("files", [{}, {"file": "x"}, {"file": b"no archive"}], ids=["none", "text", "no archive"])
def test_photos_when_no_archive_then_said_and_nothing_taken(
    files: dict[str, str | bytes], lin: Client, brought: ImportReport
) -> None:
    sent = {
        name: SimpleUploadedFile("a.zip", data) if isinstance(data, bytes) else data for name, data in files.items()
    }
    answer = lin.post(f"/imports/{brought.batch}/photos/", sent)
    assert answer.status_code == 422
    assert 'id="id_file"' in answer.content.decode()


def test_photos_when_who_may_not_import_then_forbidden(communities: Tenant, brought: ImportReport) -> None:
    leader = _client(communities, "gao", Role.LEADER)
    assert leader.get(f"/imports/{brought.batch}/photos/").status_code == 403
    assert leader.get(f"/imports/{brought.batch}/filled/").status_code == 200


def test_nightly_when_planned_from_a_narrowed_list_then_so_narrowed_written_and_taken(
    lin: Client, communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    form = lin.get("/exports/?what=cases&q=A-2").content.decode()
    assert 'name="q" value="A-2"' in form
    assert lin.post("/exports/", {"what": "cases", "q": "A-2", "form": "csv"}).status_code == 302
    plan = ExportPlan.objects.get()
    assert (plan.what, plan.given, plan.form) == ("cases", {"q": "A-2"}, "csv")
    run_plans(communities, at)
    run = ExportRun.objects.get()
    page = lin.get("/exports/").content.decode()
    assert f"/exports/{run.pk}/file/" in page
    assert [row[0] for row in _csv(lin.get(f"/exports/{run.pk}/file/"))[1:]] == ["A-2"]
    assert lin.post(f"/exports/{plan.pk}/switch/", {"on": "0"}).status_code == 302
    assert not ExportPlan.objects.get().on


def test_nightly_when_it_failed_then_the_page_says_why(
    lin: Client, communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    lin.post("/exports/", {"what": "people", "form": "xlsx"})
    Post.objects.filter(user__username="lin").delete()
    run_plans(communities, at)
    Post.objects.create(user=User.objects.get(username="lin"), role=Role.STAFF)
    page = lin.get("/exports/").content.decode()
    assert ("没有写成" in page, "您的岗位看不到“人员”" in page) == (True, True)


def test_nightly_when_another_office_asks_then_it_is_not_there(
    lin: Client, communities: Tenant, brought: ImportReport, at: datetime, street: Tenant
) -> None:
    lin.post("/exports/", {"what": "cases", "form": "csv"})
    run_plans(communities, at)
    other = _client(Tenant.objects.create(code="other", name="别处", zone="Asia/Shanghai"), "eli", Role.STAFF)
    assert other.get(f"/exports/{ExportRun.objects.get().pk}/file/").status_code == 404
    assert other.post(f"/exports/{ExportPlan.objects.get().pk}/switch/", {"on": "0"}).status_code == 404
    assert 'data-total="0"' in other.get("/exports/").content.decode()


def test_cases_when_counted_then_the_file_holds_what_the_page_counts(lin: Client, brought: ImportReport) -> None:
    assert Case.objects.count() == 2
    assert 'data-total="2"' in lin.get("/cases/").content.decode()
    assert len(_csv(lin.get("/cases/table.csv"))) == 3


def test_figure_when_its_list_is_taken_then_as_many_rows_as_the_page_counts(
    lin: Client, communities: Tenant, bring: Callable[..., ImportReport], case: Rows, ana: Actor, at: datetime
) -> None:
    bring(*(case(f"C-{number}") for number in range(60)))
    assess(communities, Period(2026, 10), scheme="basic", by_level="community", by=ana, at=at)
    query = f"snapshot={Snapshot.objects.latest('pk').digest}&measure=due&part=of"
    page = lin.get(f"/frozen/?{query}").content.decode()
    assert 'data-total="60"' in page
    assert f"/frozen/table.csv?{query}".replace("&", "&amp;") in page
    rows = _csv(lin.get(f"/frozen/table.csv?{query}"))
    assert sorted(row[0] for row in rows[1:]) == sorted(f"C-{number}" for number in range(60))
    book = load_workbook(io.BytesIO(_bytes(lin.get(f"/frozen/table.xlsx?{query}")))).active
    assert [cell.value for cell in book["A"]][: len(rows)] == [row[0] for row in rows]
    assert lin.get("/frozen/table.csv?snapshot=none").status_code == 404


@pytest.fixture
def office(db: None) -> Office:
    """An office at work, with a case in every stage, requests that wait and a supervision."""
    made = make_office()
    made.now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    for make in STAGED.values():
        make(made)
    _asked_extension(made)
    _supervised(made)
    return made


@pytest.mark.parametrize("name", ["cleo", "uma", "lea"])
def test_queues_when_taken_along_then_as_many_rows_as_the_desk_counts(office: Office, name: str) -> None:
    client = Client()
    client.force_login(office.users[name])
    actor, flow = office.actor(name), flow_of(office.tenant)
    for queue in offered(actor):
        shown = waiting(office.tenant, queue, actor, flow, datetime.now(UTC))
        wanted = [case.number for case in queue_page(shown, queue, size=100).rows]
        assert [row[0] for row in _csv(client.get(f"/desk/table.csv?queue={queue}"))[1:]] == wanted, queue
    assert len(_csv(client.get("/desk/table.csv?queue=none"))) == 1


@pytest.mark.parametrize("what", ["suspended", "supervised", "requests"])
def test_lists_above_cases_when_taken_along_then_the_rows_of_the_page(what: str, office: Office) -> None:
    client = Client()
    client.force_login(office.users["lea"])
    page = client.get(f"/{what}/").content.decode()
    rows = _csv(client.get(f"/{what}/table.csv"))
    found = re.search(r'data-total="(\d+)"', page)
    assert found is not None
    assert len(rows) - 1 == int(found[1]) > 0
    assert all(row[0] in page and row[2] in page for row in rows[1:])


def test_suspended_when_taken_along_then_reason_and_who_granted_it(office: Office) -> None:
    client = Client()
    client.force_login(office.users["lea"])
    row = _csv(client.get("/suspended/table.csv"))[1]
    assert (row[2], row[6]) == ("环卫所", "dan")
    assert row[3] != "season"
