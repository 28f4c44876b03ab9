"""The worker's round: at least once, pauses that grow, dead letters, jobs once per instant of their rhythm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.kernel import registry
from xiuhua.kernel.actions import drop, emit, retry, sweep, withdraw
from xiuhua.kernel.actions.outbox import claim, finish, spread
from xiuhua.kernel.actions.working import work
from xiuhua.kernel.models import Delivery, JobRun, LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.queries import deliveries, delivery_counts, job_states, waiting_events
from xiuhua.kernel.registry import Job, Subscriber, register_job, subscribe
from xiuhua.kernel.rules.retrying import FIRST_PAUSE, LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, pause, slot
from xiuhua.kernel.words import Actor, Daily, DeliveryState, EventState, Rhythm

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Crew:
    """A clock that is set by hand, a subscriber that writes down what it heard and fails as often as told."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.heard: list[str] = []
        self.failing = 0
        self.ran: list[datetime] = []

    def handle(self, event: OutboxEvent, _now: datetime) -> None:
        """Hear of an event."""
        if self.failing:
            self.failing -= 1
            raise ConnectionError("的电话 13800138000 打不通")
        self.heard.append(event.about)

    def run(self, _tenant: Tenant, at: datetime) -> None:
        """Be run as a job."""
        if self.failing:
            self.failing -= 1
            raise ConnectionError
        self.ran.append(at)

    def later(self, **span: float) -> None:
        """Set the clock on."""
        self.at += timedelta(**span)

    def work(self) -> tuple[int, int, int]:
        """Return what a round spread, delivered and failed to deliver."""
        done = work(lambda: self.at)
        return done.spread, done.delivered, done.failed


@pytest.fixture
def crew(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """A crew whose subscriber hears of cases; no other subscriber and no job."""
    monkeypatch.setattr(registry, "_SUBSCRIBERS", {})
    monkeypatch.setattr(registry, "_JOBS", {})
    made = Crew(at)
    subscribe("case.", Subscriber("crew", made.handle))
    return made


def _event(street: Tenant, at: datetime, about: str = "case:1", **after: float) -> OutboxEvent:
    return emit("case.dispatched", tenant=street, about=about, at=at, facts={}, after=timedelta(**after))


def test_work_when_an_event_is_due_then_it_is_delivered_once(street: Tenant, crew: Crew) -> None:
    _event(street, crew.at)
    assert [crew.work(), crew.work()] == [(1, 1, 0), (0, 0, 0)]
    assert crew.heard == ["case:1"]


def test_work_when_an_event_is_not_due_yet_then_nobody_hears_of_it(street: Tenant, crew: Crew) -> None:
    _event(street, crew.at, seconds=10)
    before = crew.work()
    crew.later(seconds=10)
    assert [before, crew.work()] == [(0, 0, 0), (1, 1, 0)]


def test_work_when_an_event_was_withdrawn_then_nobody_hears_of_it(street: Tenant, crew: Crew) -> None:
    withdraw(_event(street, crew.at, seconds=10))
    crew.later(minutes=1)
    assert crew.work() == (0, 0, 0)


def test_work_when_nobody_subscribes_then_the_event_is_done_with(street: Tenant, crew: Crew) -> None:
    emit("period.closed", tenant=street, about="period:2026-10", at=crew.at, facts={})
    assert crew.work() == (1, 0, 0)
    assert Delivery.objects.count() == 0


def test_work_when_one_subscriber_fails_then_the_other_hears_of_it_all_the_same(street: Tenant, crew: Crew) -> None:
    other = Crew(crew.at)
    subscribe("", Subscriber("other", other.handle))
    crew.failing = 1
    _event(street, crew.at)
    assert crew.work() == (1, 1, 1)
    assert (crew.heard, other.heard) == ([], ["case:1"])


def test_work_when_a_delivery_fails_then_it_is_tried_again_after_a_growing_pause(street: Tenant, crew: Crew) -> None:
    crew.failing = 3
    _event(street, crew.at)
    waited = []
    while not crew.heard:
        crew.work()
        row = Delivery.objects.get()
        if row.state == DeliveryState.WAITING:
            waited.append((row.next_at - crew.at).total_seconds())
            crew.at = row.next_at
    first = FIRST_PAUSE.total_seconds()
    assert [first * 2**n / 2 <= seconds <= first * 2**n for n, seconds in enumerate(waited)] == [True, True, True]


def test_work_when_a_delivery_fails_then_its_error_quotes_nobody(street: Tenant, crew: Crew) -> None:
    crew.failing = 1
    _event(street, crew.at)
    crew.work()
    assert Delivery.objects.get().error.startswith("ConnectionError at test_working.py:")
    assert "138" not in Delivery.objects.get().error


def _dead(street: Tenant, crew: Crew) -> Delivery:
    crew.failing = MOST_ATTEMPTS
    _event(street, crew.at)
    for _ in range(MOST_ATTEMPTS):
        crew.work()
        crew.later(hours=2)
    return Delivery.objects.get()


def test_work_when_all_attempts_fail_then_it_is_a_dead_letter(street: Tenant, crew: Crew) -> None:
    assert _dead(street, crew).state == DeliveryState.DEAD
    assert crew.work() == (0, 0, 0)
    assert delivery_counts(street) == {"dead": deliveries(street, DeliveryState.DEAD).count()} == {"dead": 1}


def test_retry_when_a_person_says_so_then_it_is_delivered_and_the_ledger_knows(
    street: Tenant, crew: Crew, ana: Actor
) -> None:
    dead = _dead(street, crew)
    assert retry(street, [dead.pk], by=ana, at=crew.at) == 1
    assert crew.work() == (0, 1, 0)
    line = LedgerLine.objects.get(verb="delivery.retry")
    assert (line.about, line.actor, line.facts["event"]) == (f"delivery:{dead.pk}", "user:ana", "case.dispatched")


def test_drop_when_a_person_says_so_then_it_is_never_tried_again(street: Tenant, crew: Crew, ana: Actor) -> None:
    dead = _dead(street, crew)
    decided = [drop(street, [dead.pk], by=ana, at=crew.at, reason="机器人已停用") for _ in range(2)]
    assert (decided, crew.work(), retry(street, [dead.pk], by=ana, at=crew.at)) == ([1, 0], (0, 0, 0), 0)
    assert LedgerLine.objects.get(verb="delivery.drop").reason == "机器人已停用"


def test_retry_when_the_letter_is_of_another_office_then_it_is_left_alone(
    street: Tenant, crew: Crew, ana: Actor
) -> None:
    dead = _dead(street, crew)
    other = Tenant.objects.create(code="other", name="别处")
    assert (retry(other, [dead.pk], by=ana, at=crew.at), crew.work()) == (0, (0, 0, 0))


def test_claim_when_another_worker_has_it_then_there_is_nothing_to_take(street: Tenant, crew: Crew) -> None:
    _event(street, crew.at)
    spread(crew.at)
    assert (claim(crew.at) is None, claim(crew.at) is None) == (False, True)


def test_claim_when_the_lease_ran_out_then_the_late_worker_changes_nothing(street: Tenant, crew: Crew) -> None:
    _event(street, crew.at)
    spread(crew.at)
    slow, quick = claim(crew.at), claim(crew.at + LEASE)
    assert slow is not None
    assert quick is not None
    assert (finish(slow, crew.at + LEASE), Delivery.objects.get().state) == (False, DeliveryState.WAITING)
    assert (finish(quick, crew.at + LEASE), Delivery.objects.get().state) == (True, DeliveryState.DONE)


def test_claim_when_it_never_came_back_as_often_as_allowed_then_it_is_a_dead_letter(street: Tenant, crew: Crew) -> None:
    _event(street, crew.at)
    spread(crew.at)
    taken = [claim(crew.at + n * LEASE) is not None for n in range(MOST_ATTEMPTS + 1)]
    assert taken == [True] * MOST_ATTEMPTS + [False]
    assert Delivery.objects.get().state == DeliveryState.DEAD


def test_sweep_when_old_then_what_is_done_goes_and_what_waits_or_is_dead_stays(street: Tenant, crew: Crew) -> None:
    _dead(street, crew)
    for n in range(3):
        _event(street, crew.at, about=f"case:done{n}")
    withdraw(_event(street, crew.at, about="case:withdrawn"))
    crew.work()
    _event(street, crew.at, about="case:waits")
    assert (sweep(street, before=crew.at), sweep(street, before=crew.at + timedelta(days=1))) == (0, 4)
    assert sorted(OutboxEvent.objects.values_list("about", flat=True)) == ["case:1", "case:waits"]
    assert [one.about for one in waiting_events(street)] == ["case:waits"]
    assert OutboxEvent.objects.get(about="case:1").state == EventState.SPREAD


def _job(crew: Crew, every: Rhythm) -> None:
    register_job(Job("crew.job", every, crew.run))


def test_job_when_daily_then_it_runs_once_a_day_at_its_hour_of_the_office(street: Tenant, crew: Crew) -> None:
    _job(crew, Daily(2))  # 02:00 in Shanghai is 18:00 UTC
    for _ in range(48):
        crew.work()
        crew.later(hours=1)
    assert crew.ran == [
        datetime(2026, 11, 23, 2, tzinfo=UTC),  # it never ran before: at once
        datetime(2026, 11, 23, 18, tzinfo=UTC),
        datetime(2026, 11, 24, 18, tzinfo=UTC),
    ]


def test_job_when_runs_were_missed_then_one_makes_them_good(street: Tenant, crew: Crew) -> None:
    _job(crew, timedelta(minutes=10))
    crew.work()
    crew.later(hours=5)
    crew.work()
    crew.work()
    assert len(crew.ran) == 2


def test_job_when_it_fails_then_it_is_tried_again_after_a_pause_and_its_error_is_shown(
    street: Tenant, crew: Crew
) -> None:
    _job(crew, Daily(2))
    crew.failing = 1
    crew.work()
    state = job_states(street)[0]
    assert (state.error.split(" ")[0], state.finished_at) == ("ConnectionError", None)
    crew.work()
    assert crew.ran == []
    crew.at = JobRun.objects.get().next_at or crew.at
    crew.work()
    assert (len(crew.ran), job_states(street)[0].error) == (1, "")


def test_job_when_daily_and_the_office_has_no_zone_then_it_waits_for_one(street: Tenant, crew: Crew) -> None:
    _job(crew, Daily(2))
    Tenant.objects.update(zone="")
    crew.work()
    assert crew.ran == []


@pytest.mark.parametrize(
    ("rhythm", "zone", "at", "expected"),
    [
        (timedelta(minutes=15), "UTC", "2026-11-23T02:14:59", "2026-11-23T02:00:00"),
        (timedelta(minutes=15), "UTC", "2026-11-23T02:15:00", "2026-11-23T02:15:00"),
        (Daily(2), "Asia/Shanghai", "2026-11-23T17:59:59", "2026-11-22T18:00:00"),
        (Daily(2), "Asia/Shanghai", "2026-11-23T18:00:00", "2026-11-23T18:00:00"),
        (Daily(0), "Asia/Shanghai", "2026-11-30T16:00:00", "2026-11-30T16:00:00"),
        # New York has no 02:00 on 2026-03-08 and two 01:00 on 2026-11-01
        (Daily(2), "America/New_York", "2026-03-08T07:00:00", "2026-03-08T07:00:00"),
        (Daily(1), "America/New_York", "2026-11-01T06:30:00", "2026-11-01T05:00:00"),
    ],
)
def test_slot_when_asked_then_it_is_the_latest_instant_of_the_rhythm(
    rhythm: Rhythm, zone: str, at: str, expected: str
) -> None:
    found = slot(rhythm, ZoneInfo(zone), datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert found.isoformat() == f"{expected}+00:00"


@given(st.integers(0, 23), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_slot_law_when_daily_then_it_is_within_the_day_before(hour: int, moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC)
    assert timedelta(0) <= at - slot(Daily(hour), SHANGHAI, at) < timedelta(days=1)


@given(st.integers(1, 200), st.text(max_size=10))
def test_pause_law_when_drawn_then_it_is_bounded_and_the_same_again(attempts: int, seed: str) -> None:
    drawn = pause(attempts, seed)
    assert FIRST_PAUSE / 2 <= drawn <= LONGEST_PAUSE
    assert drawn == pause(attempts, seed)
