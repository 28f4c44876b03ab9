"""A suspension: the clock stands still, is listed, ends on its day or earlier, and never longer than a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.living import Office, make_office

from xiuhua.cases.jobs import resume_due
from xiuhua.cases.models import Case
from xiuhua.cases.rules.deciding import Forbidden, MoveIncomplete, MoveNotAllowed
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _suspended(office: Office, until: date) -> Case:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="construction", until=until)
    office.move(case, Verb.GRANT_SUSPENSION, "dan")
    return case


def test_suspension_when_its_day_comes_then_the_case_goes_on_with_what_was_left(office: Office) -> None:
    case = office.report()
    due = case.ruling.due_at
    case = _suspended(office, date(2026, 11, 30))
    assert case.stage == Stage.SUSPENDED
    # a Monday to a Monday: the working time that was left is left still
    assert case.due_at is not None
    assert due is not None
    assert case.due_at.date() == date(2026, 11, 30)
    assert resume_due(office.tenant, office.now + timedelta(days=6)) == 0
    assert resume_due(office.tenant, case.suspensions.get().until) == 1
    case.refresh_from_db()
    assert (case.stage, case.stage_before) == (Stage.HANDLING, "")
    assert case.due_at.date() == date(2026, 11, 30)


def test_suspension_when_resumed_early_then_only_the_real_pause_counts(office: Office) -> None:
    case = _suspended(office, date(2026, 12, 28))
    begun = case.suspensions.get().since
    office.now = begun + timedelta(days=1)
    office.move(case, Verb.RESUME, "dan")
    pause = case.suspensions.get()
    assert pause.ended_at is not None
    assert pause.ended_at - begun == timedelta(days=1, minutes=1)
    assert case.due_at is not None
    assert case.due_at.date() == date(2026, 11, 24)


def test_suspension_when_running_then_nothing_is_handled(office: Office) -> None:
    case = _suspended(office, date(2026, 12, 28))
    with pytest.raises(MoveNotAllowed):
        office.move(case, Verb.RECTIFY, "hal", photos=())


def test_suspension_when_longer_than_the_flow_allows_then_refused(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    with pytest.raises(MoveIncomplete) as refused:
        office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="construction", until=date(2027, 11, 25))
    assert [fault.code for fault in refused.value.faults] == ["case.until_far"]


def test_suspension_when_granted_once_then_no_second(office: Office) -> None:
    case = _suspended(office, date(2026, 12, 28))
    office.move(case, Verb.RESUME, "dan")
    with pytest.raises(Forbidden):
        office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="season", until=date(2026, 12, 20))


def test_request_when_granted_by_who_made_it_then_refused(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.REQUEST_SUSPENSION, "stan", reason="season", until=date(2026, 12, 20))
    with pytest.raises(Forbidden):
        office.move(case, Verb.GRANT_SUSPENSION, "stan")


def test_extension_when_reviewed_and_granted_then_one_more_limit(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    before = case.due_at
    office.move(case, Verb.REQUEST_EXTENSION, "uma", reason="weather")
    with pytest.raises(Forbidden):
        office.move(case, Verb.GRANT_EXTENSION, "dan")
    office.move(case, Verb.REVIEW_EXTENSION, "uma")
    office.move(case, Verb.GRANT_EXTENSION, "dan")
    asked = case.requests.get()
    assert (case.extensions, asked.due_before, asked.due_after) == (1, before, case.due_at)
    # four working hours from Monday ten: due at 15:30 of the same day, then two and a half hours of that day and one and a half of the next
    assert before is not None
    assert case.due_at is not None
    assert (before.isoformat(), case.due_at.isoformat()) == ("2026-11-23T07:30:00+00:00", "2026-11-24T02:00:00+00:00")


def test_extension_when_the_time_is_up_then_refused(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    office.now = case.due_at or office.now
    with pytest.raises(Forbidden):
        office.move(case, Verb.REQUEST_EXTENSION, "uma", reason="weather")
