"""What waits for whom: the queues follow from posts and moves, and each count is that of its list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.living import PEOPLE, Office, make_office

from xiuhua.cases.models import Case
from xiuhua.cases.queries.queues import Narrowed, counts, narrowed, number_of, offered, queue_page, waiting
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.queues import TIMED
from xiuhua.cases.words.moves import Verb
from xiuhua.cases.words.queues import Queue
from xiuhua.kernel.words import EVERY, Actor, Grant

EVERYBODY = Actor("user:e", "clerk", (Grant(EVERY),))


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _numbers(office: Office, name: str) -> dict[Queue, int]:
    return counts(office.tenant, office.actor(name), flow_of(office.tenant), office.now)


def _list(office: Office, actor: Actor, queue: Queue) -> list[Case]:
    cases = waiting(office.tenant, queue, actor, flow_of(office.tenant), office.now)
    return list(queue_page(cases, queue, size=100).rows)


def _full(office: Office) -> dict[str, Case]:
    """Put cases into every queue: by both units, late ones, requests, suspensions, supervision."""
    made = {name: office.report() for name in ("told", "checked")}
    office.move(made["checked"], Verb.REQUEST_CHECK, "cleo")
    made["filed"] = office.file(office.report())
    for unit, head, hand in (("sweepers", "uma", "hal"), ("repairs", "uri", "hank")):
        made[f"sent {unit}"] = office.dispatch(office.file(office.report()), unit)
        for stage in ("handling", "review", "checking", "to_close", "asked", "rested", "supervised"):
            case = made[f"{stage} {unit}"] = office.dispatch(office.file(office.report(place="B")), unit)
            office.move(case, Verb.ACCEPT, head, person=office.at(hand))
            _on(office, case, stage, head, hand)
    office.move(made["sent repairs"], Verb.REFUSE, "uri", reason="not_our_duty")
    return made


#: How far a case has gone → the moves that follow its acceptance, by head, hand or somebody of the office.
STEPS = {
    "review": (Verb.RECTIFY,),
    "checking": (Verb.RECTIFY, Verb.PASS_REVIEW),
    "to_close": (Verb.RECTIFY, Verb.PASS_REVIEW, Verb.PASS_CHECK),
    "asked": (Verb.REQUEST_EXTENSION,),
    "rested": (Verb.REQUEST_SUSPENSION, Verb.GRANT_SUSPENSION),
    "supervised": (Verb.SUPERVISE,),
}


def _on(office: Office, case: Case, stage: str, head: str, hand: str) -> None:
    for verb in STEPS.get(stage, ()):
        by = {Verb.RECTIFY: hand, Verb.REQUEST_EXTENSION: hand, Verb.PASS_CHECK: "vera"}.get(verb, head)
        by = {Verb.GRANT_SUSPENSION: "dan", Verb.SUPERVISE: "sue"}.get(verb, by)
        given: dict[str, object] = {"note": "看过", "demand": "请办结"}
        if verb == Verb.RECTIFY:
            given["photos"] = (office.photo(case, hand),)
        if verb in {Verb.REQUEST_EXTENSION, Verb.REQUEST_SUSPENSION}:
            given["reason"] = "weather" if verb == Verb.REQUEST_EXTENSION else "season"
            given["until"] = (office.now + timedelta(days=9)).date()
        office.move(case, verb, by, **given)


#: person → what waits for him in `_full`.
WAITING = {
    "cleo": {Queue.REPORTED: 1, Queue.PRE_CHECK: 1, Queue.TO_CLOSE: 2, Queue.OVERDUE: 0},
    "dan": {
        Queue.FILED: 1,
        Queue.RETURNED: 1,
        Queue.ARBITRATION: 0,
        Queue.REQUESTS: 0,
        Queue.SUSPENDED: 2,
        Queue.SUPERVISED: 2,
        Queue.OVERDUE: 0,
        Queue.OPEN: 0,
    },
    "uma": {
        Queue.DISPATCHED: 1,
        Queue.HANDLING: 3,
        Queue.REVIEW: 1,
        Queue.REQUESTS: 1,
        Queue.SUSPENDED: 1,
        Queue.SUPERVISED: 1,
        Queue.OVERDUE: 0,
        Queue.MINE: 0,
    },
    "hal": {Queue.HANDLING: 3, Queue.OVERDUE: 0, Queue.MINE: 7},
    "vera": {Queue.PRE_CHECK: 1, Queue.CHECKING: 2, Queue.OVERDUE: 0},
    "bo": {Queue.SUPERVISED: 2},
    "ada": {},
}


@pytest.mark.parametrize("name", WAITING)
def test_post_when_it_looks_then_its_own_work_waits(office: Office, name: str) -> None:
    _full(office)
    assert _numbers(office, name) == WAITING[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_count_when_its_list_is_opened_then_they_are_equal(office: Office, name: str) -> None:
    _full(office)
    office.later(days=30)
    for queue, number in _numbers(office, name).items():
        assert (queue, len(_list(office, office.actor(name), queue))) == (queue, number)


def test_count_when_posts_reach_less_or_over_each_other_then_it_is_still_that_of_its_list(office: Office) -> None:
    """Verbs held in one territory, by one unit, for one class, and twice over: what is counted is what is listed."""
    _full(office)
    office.later(days=30)
    place, body = office.places["A"].pk, office.bodies["sweepers"].pk
    kind = Case.objects.values_list("case_class", flat=True).first() or 0
    scopes = {
        "place": {"territories": frozenset({place})},
        "unit": {"body": body},
        "class": {"classes": frozenset({kind})},
    }
    users = {name: office.at(name) for name in ("hal", "uma")}
    for user in users.values():
        for held in ([], ["place"], ["unit"], ["class"], ["place", "unit"]):
            grants = (Grant(EVERY, **scopes[name]) for name in held)  # type: ignore[arg-type]
            actor = Actor("user:a", "clerk", (*grants, Grant("case.see")), user=user)
            actor = actor if held else Actor("user:a", "clerk", (Grant(EVERY),), user=user)
            numbers = counts(office.tenant, actor, flow_of(office.tenant), office.now)
            assert sum(numbers.values()) > 0
            assert numbers == {queue: len(_list(office, actor, queue)) for queue in offered(actor)}


def test_narrowed_queue_when_counted_then_it_is_as_long_as_its_list_or_longer_than_it_was_to_be_counted(
    office: Office,
) -> None:
    _full(office)
    office.later(days=30)
    wanted = Narrowed(territories=frozenset({office.places["B"].pk}), main_class="市容环境", channel="inspector")
    for queue in offered(EVERYBODY):
        cases = waiting(office.tenant, queue, EVERYBODY, flow_of(office.tenant), office.now)
        found = narrowed(office.tenant, cases, queue, wanted)
        rows = queue_page(found, queue, size=100).rows
        assert number_of(found, queue) == len(rows) == found.count()
        assert number_of(found, queue, most=2) == min(3, len(rows))


def test_unit_when_it_looks_then_nothing_of_another_unit_is_there(office: Office) -> None:
    _full(office)
    office.later(days=30)
    for queue in offered(office.actor("uma")):
        assert {case.body_id for case in _list(office, office.actor("uma"), queue)} <= {office.bodies["sweepers"].pk}


def test_post_of_a_territory_when_it_looks_then_only_that_is_there(office: Office) -> None:
    _full(office)
    scope = frozenset({office.places["A"].pk})
    actor = Actor("user:a", "clerk", tuple(Grant(verb, scope) for verb in ("case.see", "case.dispatch")))
    assert [case.territory_id for case in _list(office, actor, Queue.FILED)] == [office.places["A"].pk]
    elsewhere = Actor(
        "user:b", "clerk", (Grant("case.see"), Grant("case.dispatch", frozenset({office.places["B"].pk})))
    )
    assert counts(office.tenant, elsewhere, flow_of(office.tenant), office.now)[Queue.FILED] == 0


def test_verifier_when_he_handled_a_case_then_it_is_not_in_his_queue(office: Office) -> None:
    _full(office)
    office.users["hal"].posts.create(role="verifier")
    assert _numbers(office, "hal")[Queue.CHECKING] == 1
    assert _numbers(office, "vera")[Queue.CHECKING] == 2


def test_extension_when_reviewed_then_it_waits_for_the_dispatcher(office: Office) -> None:
    case = _full(office)["asked sweepers"]
    office.move(case, Verb.REVIEW_EXTENSION, "uma")
    assert (_numbers(office, "uma")[Queue.REQUESTS], _numbers(office, "dan")[Queue.REQUESTS]) == (0, 1)


def test_queue_when_listed_then_the_longest_overdue_comes_first_and_pages_meet(office: Office) -> None:
    for _n in range(7):
        office.report()
        office.later(minutes=7)
    office.later(days=1)
    actor = office.actor("cleo")
    cases = waiting(office.tenant, Queue.REPORTED, actor, flow_of(office.tenant), office.now)
    every = queue_page(cases, Queue.REPORTED, size=100)
    assert [one.due for one in every.rows] == sorted(one.ruling.due_at for one in Case.objects.all())
    found, after = [], ""
    while True:
        page = queue_page(cases, Queue.REPORTED, size=3, after=after)
        found += [one.pk for one in page.rows]
        after = page.after
        if not after:
            break
    assert found == [one.pk for one in every.rows]
    assert _numbers(office, "cleo")[Queue.OVERDUE] == 7


def test_overdue_when_read_by_pages_across_stages_then_they_meet_in_the_order_of_deadlines(office: Office) -> None:
    _full(office)
    for _n in range(3):
        office.report()
        office.later(minutes=7)
    office.later(days=30)
    cases = waiting(office.tenant, Queue.OVERDUE, EVERYBODY, flow_of(office.tenant), office.now)
    every = list(queue_page(cases, Queue.OVERDUE, size=100).rows)
    assert [(one.due, one.pk) for one in every] == sorted((one.due, one.pk) for one in every)
    assert len({one.stage for one in every}) > 3
    for size in (2, 5):
        found, after = [], ""
        while not found or after:
            page = queue_page(cases, Queue.OVERDUE, size=size, after=after)
            found, after = found + [one.pk for one in page.rows], page.after
        assert found == [one.pk for one in every]


@pytest.mark.parametrize("after", ["x", ".", "1.", ".1x", f"{'9' * 18}.1", "-5.2"])
def test_page_when_asked_for_nonsense_then_it_is_the_first(office: Office, after: str) -> None:
    office.report()
    cases = waiting(office.tenant, Queue.REPORTED, office.actor("cleo"), flow_of(office.tenant), office.now)
    assert len(queue_page(cases, Queue.REPORTED, size=20, after=after).rows) <= 1


@pytest.mark.parametrize("name", ["cleo", "dan", "uma", "stan"])
def test_desk_when_it_is_read_then_its_pages_and_counts_cost_what_they_say(office: Office, name: str) -> None:
    _full(office)
    actor, flow = office.actor(name), flow_of(office.tenant)
    with CaptureQueriesContext(connection) as asked:
        counts(office.tenant, actor, flow, office.now)
    assert len(asked) == 1
    for queue in offered(actor):
        with CaptureQueriesContext(connection) as asked:
            page = queue_page(waiting(office.tenant, queue, actor, flow, office.now), queue, size=50)
            shown = [(str(one.case_class), str(one.body), str(one.territory), str(one.person)) for one in page.rows]
        assert len(shown) == len(page.rows)
        found = len(TIMED) if queue == Queue.OVERDUE else 1
        assert len(asked) == found + bool(page.rows)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite goes about it without statistics")
def test_counts_when_a_post_has_the_whole_office_then_they_come_from_what_waits_in_an_index(office: Office) -> None:
    flow = flow_of(office.tenant)
    with CaptureQueriesContext(connection) as asked:
        counts(office.tenant, replace(EVERYBODY, user=office.at("dan")), flow, office.now)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
        steps = [step for *_keys, step in cursor.fetchall() if "cases_case" in step]
    assert steps
    assert {re.sub(r"INDEX \w+", "INDEX", step) for step in steps} <= {
        "SEARCH cases_case USING COVERING INDEX (tenant_id=? AND stage=?)",
        "SEARCH cases_case USING COVERING INDEX (tenant_id=? AND person_id=? AND stage=?)",
        "SEARCH cases_case USING COVERING INDEX (tenant_id=? AND rowid=?)",
    }


NARROWINGS = {
    "number": (Narrowed(text="XH2026"), True),
    "words": (Narrowed(text="一堆垃圾"), True),
    "class": (Narrowed(text="暴露"), True),
    "nothing": (Narrowed(text="没有的"), False),
    "unit": (Narrowed(body="sweepers"), False),
    "main class": (Narrowed(main_class="市容环境"), True),
    "channel": (Narrowed(channel="phone"), False),
    "no place": (Narrowed(territories=frozenset()), False),
}


@pytest.mark.parametrize(("wanted", "found"), NARROWINGS.values(), ids=NARROWINGS)
def test_queue_when_narrowed_then_only_what_matches_is_there(office: Office, wanted: Narrowed, found: bool) -> None:
    office.report()
    cases = waiting(office.tenant, Queue.REPORTED, office.actor("cleo"), flow_of(office.tenant), office.now)
    assert narrowed(office.tenant, cases, Queue.REPORTED, wanted).exists() is found
