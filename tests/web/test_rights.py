"""Who may come through which door, declared and run completely: person × address × method × whose thing it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook
from tests.files.pictures import encode, scene
from tests.living import Office, make_office
from tests.web.addresses import FORMS, OF_CASES, OF_OFFICES, Things, address, names

from xiuhua.analytics.actions import freeze
from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.disclosure.models import Bulletin, BulletinVersion, MeetingPack
from xiuhua.exchange.actions import ask_check, receive_file
from xiuhua.exchange.actions.taking import take_up
from xiuhua.exchange.models import Finding, ImportBatch, Intake, Source, SourceRecord
from xiuhua.exchange.words import ImportReport
from xiuhua.files.actions import store_photo
from xiuhua.files.queries import sign
from xiuhua.files.rules.addresses import audience_of
from xiuhua.files.words import Variant
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.rules import Period
from xiuhua.notices.models import Channel
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.rules.rights import OFFICE_WIDE
from xiuhua.responsibility.rules.roles import VERBS
from xiuhua.responsibility.words import Role
from xiuhua.territory.models import Redraw, Territory
from xiuhua.web.access import ACCESS, PUBLIC, SIGNED_IN

DONE, DENIED, HIDDEN, METHOD = "done", 403, 404, 405


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person as the test declares him: role, unit, territory. None for who holds no post."""

    role: Role | None
    unit: str = ""
    place: str = ""

    def has(self, right: str) -> bool:
        """Return whether his post has a right: office-wide ones only where nothing narrows it."""
        if self.role is None:
            return False
        held = VERBS[self.role]
        if right not in held and "*" not in held:
            return False
        return right not in OFFICE_WIDE or not (self.unit or self.place)

    def sees(self, unit: str, place: str) -> bool:
        """Return whether a case of a unit in a place is his to see."""
        return self.has("case.see") and self.unit in {"", unit} and self.place in {"", place}


#: One of each role, and narrow ones of roles that usually are not.
VISITORS: dict[str, Visitor] = {
    "stan": Visitor(Role.STAFF),
    "ina": Visitor(Role.INSPECTOR),
    "cleo": Visitor(Role.CLERK),
    "lea": Visitor(Role.SHIFT_LEAD),
    "dan": Visitor(Role.DISPATCHER),
    "uma": Visitor(Role.UNIT, "sweepers"),
    "hal": Visitor(Role.HANDLER, "sweepers"),
    "vera": Visitor(Role.VERIFIER),
    "sue": Visitor(Role.SUPERVISOR),
    "bo": Visitor(Role.LEADER),
    "ada": Visitor(Role.ADMIN),
    "sec": Visitor(Role.SECRETARY, "", "A"),
    "near": Visitor(Role.CLERK, "", "A"),
    "own": Visitor(Role.STAFF, "sweepers"),
    "both": Visitor(Role.VERIFIER, "sweepers", "A"),
    "nil": Visitor(None),
}
#: Who walks through every door. Which right a door takes hangs on no engine; what a narrow scope selects might.
WALKERS = [who for who, one in VISITORS.items() if "DATABASE_URL" not in os.environ or one.unit or one.place]
#: Whose the case is → (unit, territory).
CASES = {
    "own": ("sweepers", "A"),
    "another unit's": ("repairs", "A"),
    "another territory's": ("sweepers", "B"),
    "another of both": ("repairs", "B"),
    "nobody's": ("", "A"),
}
ELSEWHERE = "another office's"


@dataclass(slots=True)
class Ground:
    """Two offices: the visitors' and another one."""

    office: Office
    clients: dict[str, Client]
    things: dict[str, Things]
    number_of: dict[str, str]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The offices, built once; whatever the tests of this file write is rolled back in the end."""
    home = tmp_path_factory.mktemp("rights")
    before = django_settings.HOME, django_settings.FILES
    django_settings.HOME, django_settings.FILES = home, home / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        yield _ground()
        transaction.set_rollback(True)
    django_settings.HOME, django_settings.FILES = before


def _ground() -> Ground:
    here, there = make_office("here"), make_office("there")
    for name in ("sec", "near", "own", "both", "nil"):
        here.users[name] = User.objects.create(username=f"{name}@here", name=name, tenant=here.tenant)
    for name, visitor in VISITORS.items():
        user, body = here.users[name], here.bodies.get(visitor.unit)
        Post.objects.filter(user=user).delete()
        if visitor.role is not None:
            Post.objects.create(user=user, role=visitor.role, body=body, territory=here.places.get(visitor.place))
    clients = {name: _client(here.users[name]) for name in VISITORS}
    things, numbers = {}, {}
    batch = _batch(here)
    digest = ""
    for row, (whose, (unit, place)) in enumerate(CASES.items(), start=1):
        case = _case(here, place, unit)
        numbers[whose] = case.number
        _record(batch, case, row)
    Finding.objects.create(
        batch=batch, severity="warning", code="name_unknown", row=1, number=numbers["own"], facts={"name": "甲"}
    )
    digest = freeze(
        here.tenant, Period(2026, 11), as_of=here.later(days=30), by=here.actor("stan"), at=here.later(days=1)
    ).digest
    for whose, number in numbers.items():
        things[whose] = _things(here, Case.objects.get(tenant=here.tenant, number=number), batch, digest)
    other = _case(there, "A", "sweepers")
    Territory.objects.filter(pk=there.places["A"].pk).update(code="Z")
    there.places["A"].refresh_from_db()
    theirs = _batch(there)
    _record(theirs, other, 1)
    Finding.objects.create(
        batch=theirs, severity="warning", code="name_unknown", row=1, number=other.number, facts={"name": "乙"}
    )
    far = freeze(
        there.tenant, Period(2026, 11), as_of=there.later(days=30), by=there.actor("stan"), at=there.later(days=1)
    )
    things[ELSEWHERE] = _things(there, other, theirs, far.digest)
    return Ground(here, clients, things, numbers)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _case(office: Office, place: str, unit: str) -> Case:
    case = office.report("stan", place)
    body = office.bodies.get(unit)
    Case.objects.filter(pk=case.pk).update(body=body, due_at=office.now + timedelta(days=1))
    case.refresh_from_db()
    return case


def _batch(office: Office) -> ImportBatch:
    source = Source.objects.create(tenant=office.tenant, code="src", name="平台", zone="Asia/Shanghai")
    counts = ImportReport(rows=len(CASES), created=len(CASES)).contract()
    return ImportBatch.objects.create(
        tenant=office.tenant, source=source, file_name="a.csv", actor="x", applied_at=office.now, counts=counts
    )


def _record(batch: ImportBatch, case: Case, row: int) -> None:
    SourceRecord.objects.create(
        source=batch.source, number=case.number, version=1, content="{}", batch=batch, row=row, case=case
    )


MAPPING = """
schema = 1
code = "sent"
name = "来件"
zone = "Asia/Shanghai"
date_order = "ymd"
columns = { number = "编号", reported_at = "上报" }
"""


def _intake(office: Office) -> int:
    """Return a file on its way in that was checked."""
    found = Intake.objects.filter(tenant=office.tenant).first()
    if found is not None:
        return found.pk
    data, by = "编号,上报\nN1,2026-11-02 08:00\n".encode(), office.actor("stan")
    sent = receive_file(office.tenant, uuid4(), BytesIO(data), name="a.csv", size=len(data), by=by, at=office.now)
    asked = ask_check(office.tenant, sent.pk, MAPPING, by=by, at=office.now)
    take_up(office.tenant, sent.pk, asked.attempt, now=office.now)
    return sent.pk


def _things(office: Office, case: Case, batch: ImportBatch, snapshot: str) -> Things:
    file = store_photo(office.tenant, encode(scene(case.pk)), name="", by=office.actor("stan"), at=office.now)
    evidence = add_evidence(
        office.tenant,
        file,
        client_uuid=case.reports.get().client_uuid,
        kind=EvidenceKind.BEFORE,
        by=office.actor("stan"),
        at=office.now,
        key=case.pk,
    )
    redraw = Redraw.objects.create(
        tenant=office.tenant, territory=office.places["A"], saved="", at=office.now, actor="x", undone_at=office.now
    )
    channel = Channel.objects.create(tenant=office.tenant, kind="webhook", name=f"c{case.pk}", address="https://x.test")
    until = datetime.now(UTC) + timedelta(hours=1)

    def photo(me: int) -> str:
        return sign(file, Variant.SCREEN, until, audience_of(me), f"evidence:{evidence.pk}")

    user = office.users["vera"]
    return Things(
        case=case.pk,
        number=case.number,
        report=case.reports.get().pk,
        photo=photo,
        batch=batch.pk,
        intake=_intake(office),
        territory=office.places["A"].code,
        redraw=redraw.pk,
        username=user.username,
        post=Post.objects.get(user=user).pk,
        channel=channel.pk,
        snapshot=snapshot,
        extra={"bulletin": _bulletin(office, snapshot), "pack": _pack(office)},
    )


def _bulletin(office: Office, snapshot: str) -> int:
    """Return a bulletin that somebody has begun."""
    found = Bulletin.objects.filter(tenant=office.tenant).first()
    if found is not None:
        return found.pk
    made = Bulletin.objects.create(
        tenant=office.tenant, period="2026-11", title="通报", snapshot=snapshot, sheet="0" * 64, made_at=office.now
    )
    blocks = [{"kind": "paragraph", "text": "一句话。"}]
    BulletinVersion.objects.create(bulletin=made, number=1, title="通报", blocks=blocks, digest="0", at=office.now)
    return made.pk


def _pack(office: Office) -> int:
    """Return a pack of the meeting that somebody has asked for."""
    choice = {"period": "2026-11", "scheme": "basic", "by": "unit", "month_by": "due", "language": "zh"}
    whose = {"tenant": office.tenant, **choice}
    return MeetingPack.objects.get_or_create(**whose, defaults={"changed_at": office.now})[0].pk


def _expected(name: str, method: str, visitor: Visitor, whose: str) -> object:
    wanted = ACCESS[name].wants(method)
    if wanted not in {PUBLIC, SIGNED_IN} and not any(visitor.has(one) for one in wanted.split("|")):
        return DENIED
    if name in OF_OFFICES and whose == ELSEWHERE:
        return HIDDEN
    if name in OF_CASES and (whose == ELSEWHERE or not visitor.sees(*CASES[whose])):
        return HIDDEN
    return DONE


def _outcome(status: int, expected: object) -> object:
    """Return what an answer amounts to; a door that does not know the method says nothing of its things."""
    if status == METHOD:
        return DONE if expected == DENIED else expected
    return status if status in {DENIED, HIDDEN} else DONE


#: Addresses whose view has nothing to say to an empty form, or a method that is not its own: 404 is its own answer.
SILENT = {
    ("desk:export-switch", "POST"),
    ("desk:export-file", "GET"),
    ("desk:meeting-file", "GET"),
    ("desk:meeting-zip", "GET"),
    ("desk:undo", "POST"),
    ("desk:duty-tests-table", "GET"),
    ("desk:token-revoke", "POST"),
}
#: Their things are in the form, not in the address: their own tests hold them (test_triage_doors, test_case_page,
#: test_reconcile_doors).
SILENT |= {
    (name, "POST")
    for name in (
        "desk:triage-act",
        "desk:triage-bulk",
        "desk:triage-undo",
        "desk:triage-release",
        "desk:reveal-reporter",
        *("desk:reconcile-settle", "desk:reconcile-many", "desk:reconcile-undo"),
    )
}
_HERE = [name for name in names() if name.startswith("desk:") and ACCESS[name].read != PUBLIC]


def _requests(name: str) -> list[str]:
    every = name in OF_CASES
    return [*(CASES if every else ("own",)), *((ELSEWHERE,) if every or name in OF_OFFICES else ())]


@pytest.mark.django_db  # one test has to ask for the database, so that there is one for the module's offices
def test_address_when_the_resolver_has_it_then_it_is_declared() -> None:
    assert sorted(set(names()) - ACCESS.keys()) == []


def test_address_when_it_takes_a_right_then_some_post_has_it() -> None:
    rights = {one for door in ACCESS.values() for text in (door.read, door.write) for one in text.split("|") if one}
    held = set().union(*VERBS.values())
    assert rights - held - {PUBLIC, SIGNED_IN} == set()


@pytest.mark.parametrize("who", WALKERS)
def test_matrix_when_run_completely_then_each_answer_is_the_declared_one(ground: Ground, who: str) -> None:
    visitor, client, me = VISITORS[who], ground.clients[who], ground.office.users[who].pk
    wrong, asked = [], 0
    for name in _HERE:
        for method in ("GET", "POST"):
            for whose in _requests(name):
                if (name, method) in SILENT:
                    continue
                asked += 1
                path = address(name, ground.things[whose], me)
                with transaction.atomic():
                    answer = client.get(path) if method == "GET" else client.post(path, FORMS.get(name, {}))
                    if answer.streaming:
                        b"".join(answer.streaming_content)  # read to its end; close() would take the connection along
                    transaction.set_rollback(True)
                expected = _expected(name, method, visitor, whose)
                if name == "desk:home" and expected == DENIED and visitor.has("case.see"):
                    expected = DONE  # sent on to where he may be
                if _outcome(answer.status_code, expected) != expected:
                    wrong.append((name, method, whose, answer.status_code, expected))
    assert wrong == []
    assert asked >= 2 * len(_HERE) - len(SILENT)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_stranger_when_at_any_door_that_is_not_open_then_is_shown_the_door(ground: Ground, method: str) -> None:
    answers = {name: Client().generic(method, address(name, ground.things["own"], 0)) for name in _HERE}
    astray = {name: one.status_code for name, one in answers.items() if "/login/" not in one.get("Location", "")}
    assert astray == {}


def _total(text: str) -> int:
    found = re.search(r'data-total="(\d+)"', text)
    assert found
    return int(found[1])


@pytest.mark.parametrize("who", [who for who, visitor in VISITORS.items() if visitor.has("case.see")])
def test_list_count_export_when_scope_is_narrow_then_all_hold_exactly_what_may_be_seen(
    ground: Ground, who: str
) -> None:
    visitor, client = VISITORS[who], ground.clients[who]
    seen = {ground.number_of[whose] for whose, case in CASES.items() if visitor.sees(*case)}
    page = client.get("/cases/").content.decode()
    assert (_total(page), {one for one in ground.number_of.values() if one in page}) == (len(seen), seen)
    sheet = load_workbook(BytesIO(client.get("/cases/table.xlsx").content)).active
    assert sheet is not None
    assert {str(row[0]) for row in sheet.iter_rows(values_only=True)} & set(ground.number_of.values()) == seen
    for query in ("q=", "stage=reported", "territory=A", "after=999999", f"after={ground.things[ELSEWHERE].case}"):
        assert _total(client.get(f"/cases/?{query}").content.decode()) <= len(seen)


@pytest.mark.parametrize("who", [who for who, visitor in VISITORS.items() if visitor.has("month.see")])
def test_frozen_list_when_scope_is_narrow_then_rows_are_all_there_and_links_only_within(
    ground: Ground, who: str
) -> None:
    visitor, client = VISITORS[who], ground.clients[who]
    seen = {ground.number_of[whose] for whose, case in CASES.items() if visitor.sees(*case)}
    page = client.get(f"/frozen/?snapshot={ground.things['own'].snapshot}").content.decode()
    linked = set(re.findall(r'<a href="/cases/\d+/">([^<]+)</a>', page))
    assert (_total(page), linked) == (len(CASES), seen)
    assert all(number in page for number in ground.number_of.values())
    assert ("在您的范围内" in page) == (len(seen) < len(CASES))


@pytest.mark.parametrize("who", [who for who, visitor in VISITORS.items() if visitor.has("import.see")])
def test_records_of_an_import_when_scope_is_narrow_then_only_those_within(ground: Ground, who: str) -> None:
    visitor, client = VISITORS[who], ground.clients[who]
    seen = {ground.number_of[whose] for whose, case in CASES.items() if visitor.sees(*case)}
    key = ground.things["own"].batch
    page = client.get(f"/imports/{key}/records/?what=created").content.decode()
    assert (_total(page), {one for one in ground.number_of.values() if one in page}) == (len(seen), seen)
    batch = client.get(f"/imports/{key}/").content.decode()
    assert ("records/?what=created" in batch) == (len(seen) == len(CASES))


def _denials() -> list[dict[str, Any]]:
    return list(LedgerLine.objects.filter(verb="access.denied").order_by("pk").values_list("facts", flat=True))


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/cases/{case}/", {"what": "object", "method": "GET"}),
        ("/cases/{case}/move/file/", {"what": "object", "method": "GET"}),
        ("/people/", {"what": "right", "method": "GET", "right": "people.see"}),
        ("/frozen/?snapshot={snapshot}", {"what": "object", "method": "GET"}),
    ],
)
def test_id_when_swapped_then_404_or_403_and_one_line_without_personal_data(
    ground: Ground, path: str, facts: Mapping[str, Any]
) -> None:
    things, before = ground.things[ELSEWHERE], len(_denials())
    ground.clients["uma"].get(path.format(case=things.case, snapshot=things.snapshot))
    added = _denials()[before:]
    assert [{key: one[key] for key in facts} for one in added] == [dict(facts)]
    assert set(added[0]) <= {"what", "method", "right", "key"}


@pytest.mark.parametrize(
    "form",
    [
        {"username": "vera@there"},
        {"username": "nobody"},
    ],
)
def test_handover_when_the_successor_is_of_another_office_then_nothing_moves(
    ground: Ground, form: dict[str, str]
) -> None:
    answer = ground.clients["ada"].post("/people/ina@here/handover/", form)
    assert (answer.status_code, User.objects.get(username="ina@here").is_active) == (422, True)


def test_post_when_it_names_another_offices_unit_then_it_is_refused(ground: Ground) -> None:
    answer = ground.clients["ada"].post("/people/ina@here/", {"role": "unit", "unit": "nowhere"})
    assert answer.status_code == 422
    things = ground.things[ELSEWHERE]
    swapped = f"/people/ina@here/posts/{things.post}/"
    assert ground.clients["ada"].post(swapped, {"do": "end", "last": "2026-11-30"}).status_code == HIDDEN


#: Fields that no form owns.
STRAY = {
    "status": "closed",
    "stage": "closed",
    "score": "100",
    "owner": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "tenant": "2",
    "tenant_id": "2",
    "is_active": "0",
    "password": "x",
    "user_id": "1",
    "deputy_of": "1",
}


def _rows() -> list[Any]:
    office = list(User.objects.order_by("pk").values("pk", "username", "tenant", "body", "is_active", "password"))
    return [office, list(Post.objects.order_by("pk").values()), list(Case.objects.order_by("pk").values())]


@pytest.mark.parametrize("who", WALKERS)
def test_stray_fields_when_posted_anywhere_by_anybody_then_nothing_changes(ground: Ground, who: str) -> None:
    before, me = _rows(), ground.office.users[who].pk
    for name in _HERE:
        ground.clients[who].post(
            address(name, ground.things["own"], me), {**STRAY, "version": "99", **FORMS.get(name, {})}
        )
    assert _rows() == before


def test_stray_fields_when_beside_those_of_a_form_then_only_the_form_counts(ground: Ground) -> None:
    with transaction.atomic():
        form = {**STRAY, "role": "verifier", "last": "2030-01-01"}
        answer = ground.clients["ada"].post("/people/nil@here/", form)
        user = User.objects.get(username="nil@here")
        made = Post.objects.get(user=user)
        transaction.set_rollback(True)
    assert (answer.status_code, made.role, made.deputy_of_id, user.is_active) == (302, "verifier", None, True)
    assert user.tenant_id == ground.office.tenant.pk


def test_items_of_the_roof_when_shown_then_each_leads_somewhere(ground: Ground) -> None:
    for who, client in ground.clients.items():
        page = client.get("/account/").content.decode()
        hrefs = set(re.findall(r'class="xh-bar[^>]*href="(/[^"]*)"', page)) | set(
            re.findall(r'<li><a href="(/[a-z/]*)"', page)
        )
        statuses = {href: client.get(href).status_code for href in hrefs - {"/"}}
        assert {href: one for href, one in statuses.items() if one not in {200, 302}} == {}, who
