"""What the rules say about cases, worked out by hand: our deadline, and why the platform's is another.

The calendar is the made-up street's: 8:30–12:00 and 13:30–18:00, holidays of the State Council. National Day 2026 is off from
1 to 7 October; Saturday 10 October is worked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from xiuhua.cases.actions import rule_cases
from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.queries import RuleBook
from xiuhua.cases.words import Cause, Unruled
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.actions import observe_classes
from xiuhua.taxonomy.models import FilingCondition

SHANGHAI = ZoneInfo("Asia/Shanghai")
LITTER = ("市容环境", "暴露垃圾")  # 4 working hours
ROAD = ("市容环境", "道路不洁")  # 2 working hours; slippery: 1 urgent hour
RUBBLE = ("市容环境", "积存垃圾渣土")  # 5 working days; on the carriageway: 4 urgent hours
PARKED = ("街面秩序", "机动车乱停放")  # 2 urgent hours


def moment(text: str) -> datetime | None:
    """Return a wall-clock time of Shanghai, None for nothing."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None


@pytest.fixture
def office(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """The street with calendar, holidays and filing standard."""
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(street, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    return street


def ruled(
    office: Tenant, names: tuple[str, str], reported: str, due: str = "", closed: str = "", **more: object
) -> Ruling:
    """Return what the rules say about one case."""
    held = observe_classes(office, "platform", [names])[names]
    case = Case.objects.create(
        tenant=office,
        number=f"A{Case.objects.count()}",
        reported_at=moment(reported),
        due_at=moment(due),
        closed_at=moment(closed),
        case_class=held,
        **more,
    )
    rule_cases(RuleBook.load(office), [case.pk], at=datetime(2026, 11, 23, tzinfo=UTC), reason="test")
    return Ruling.objects.get(case=case)


@pytest.mark.parametrize(
    ("names", "reported", "more", "due"),
    [
        pytest.param(LITTER, "2026-10-08 09:00", {}, "2026-10-08 14:30", id="over lunch"),
        pytest.param(LITTER, "2026-09-30 16:30", {}, "2026-10-08 11:00", id="over National Day"),
        pytest.param(LITTER, "2026-10-09 17:00", {}, "2026-10-10 11:30", id="into a make-up Saturday"),
        pytest.param(RUBBLE, "2026-09-28 10:00", {}, "2026-10-10 10:00", id="five working days over National Day"),
        pytest.param(
            RUBBLE, "2026-09-28 10:00", {"extensions": 1}, "2026-10-16 10:00", id="one extension, another five days"
        ),
        pytest.param(PARKED, "2026-10-03 23:30", {}, "2026-10-04 01:30", id="urgent hours run on a holiday night"),
        pytest.param(ROAD, "2026-10-08 09:00", {"filed_under": "2"}, "2026-10-08 10:00", id="filed under condition 2"),
    ],
)
def test_deadline_is_the_conditions_limit_on_the_offices_calendar(
    office: Tenant, names: tuple[str, str], reported: str, more: dict[str, object], due: str
) -> None:
    ruling = ruled(office, names, reported, **more)
    assert (ruling.due_at, ruling.unruled, ruling.provisional) == (moment(due), "", False)
    assert ruling.calendar == "calendar/demo-street@2026-1 + holidays/cn@2026-1"


@pytest.mark.parametrize(
    ("names", "reported", "due", "more", "cause", "facts"),
    [
        pytest.param(LITTER, "2026-10-08 09:00", "2026-10-08 14:30:59", {}, Cause.SAME, {}, id="cut to the minute"),
        pytest.param(LITTER, "2026-09-30 16:30", "2026-10-01 11:00", {}, Cause.HOLIDAY, {}, id="knows no holidays"),
        pytest.param(
            RUBBLE,
            "2026-10-12 10:00",
            "2026-10-26 10:00",
            {},
            Cause.EXTENSION,
            {"extensions": 1},
            id="extended without saying so",
        ),
        pytest.param(
            RUBBLE,
            "2026-09-28 10:00",
            "2026-10-12 10:00",
            {},
            Cause.SEVERAL,
            {"extensions": 1},
            id="extended, and no holidays",
        ),
        pytest.param(
            ROAD,
            "2026-10-08 09:00",
            "2026-10-08 10:00",
            {},
            Cause.CONDITION,
            {"condition": "2", "limit": [{"amount": "1", "unit": "urgent_hour", "title": ""}]},
            id="the other condition of the class",
        ),
        pytest.param(
            ROAD,
            "2026-10-08 09:00",
            "2026-10-09 09:00",
            {},
            Cause.LIMIT,
            {"limit": [{"amount": "1", "unit": "work_day", "title": ""}]},
            id="another limit of the standard",
        ),
        pytest.param(LITTER, "2026-10-08 09:00", "2026-10-08 23:59:59", {}, Cause.DAY, {}, id="only a date"),
        pytest.param(LITTER, "2026-10-08 09:00", "2026-10-08 15:07", {}, Cause.OTHER, {}, id="nothing explains it"),
        pytest.param(LITTER, "2026-10-08 09:00", "", {}, "", {}, id="no deadline to compare"),
    ],
)
def test_difference_of_deadlines_has_one_cause(
    office: Tenant,
    names: tuple[str, str],
    reported: str,
    due: str,
    more: dict[str, object],
    cause: str,
    facts: dict[str, object],
) -> None:
    ruling = ruled(office, names, reported, due, **more)
    assert (ruling.due_cause, ruling.due_facts) == (cause, facts)


@pytest.mark.parametrize(
    ("due", "closed", "platform", "cause"),
    [
        pytest.param("2026-10-01 11:00", "2026-10-08 10:00", "overdue", Cause.HOLIDAY, id="late only without holidays"),
        pytest.param("2026-10-01 11:00", "2026-10-08 10:00", "on_time", "", id="both say on time"),
        pytest.param("2026-10-01 11:00", "2026-10-01 10:00", "overdue", Cause.STATEMENT, id="against its own times"),
        pytest.param("2026-10-08 11:00", "2026-10-08 11:30", "on_time", Cause.STATEMENT, id="forgiven on appeal"),
        pytest.param("2026-10-01 11:00", "", "overdue", "", id="still open: not yet decided for us"),
        pytest.param("2026-10-01 11:00", "2026-10-08 10:00", "", "", id="the platform says nothing"),
    ],
)
def test_difference_of_verdicts_has_one_cause(office: Tenant, due: str, closed: str, platform: str, cause: str) -> None:
    ruling = ruled(office, LITTER, "2026-09-30 16:30", due, closed, platform_verdict=platform)
    assert ruling.verdict_cause == cause


def test_case_of_a_class_outside_the_standard_has_no_deadline_and_says_why(office: Tenant) -> None:
    ruling = ruled(office, ("市容环境", "天上掉馅饼"), "2026-10-08 09:00", "2026-10-08 14:30")
    assert (ruling.due_at, ruling.unruled, ruling.due_cause) == (None, Unruled.NO_CONDITION, "")


def test_deadline_in_a_year_without_announced_holidays_is_provisional(office: Tenant) -> None:
    ruling = ruled(office, RUBBLE, "2027-02-01 10:00")
    assert ruling.provisional
    assert not ruled(office, PARKED, "2027-02-01 10:00").provisional


def test_ruling_said_again_stands_with_its_old_reason(office: Tenant) -> None:
    first = ruled(office, LITTER, "2026-10-08 09:00")
    later = first.ruled_at + timedelta(days=1)
    assert rule_cases(RuleBook.load(office), [first.case_id], at=later, reason="again") == []
    first.refresh_from_db()
    assert (first.reason, first.ruled_at) == ("test", later - timedelta(days=1))


def test_ruling_that_changes_is_written_with_its_new_reason(office: Tenant) -> None:
    first = ruled(office, LITTER, "2026-10-08 09:00")
    Case.objects.filter(pk=first.case_id).update(reported_at=moment("2026-10-08 10:00"))
    later = first.ruled_at + timedelta(days=1)
    assert rule_cases(RuleBook.load(office), [first.case_id], at=later, reason="corrected") == [first.case_id]
    first.refresh_from_db()
    assert (first.due_at, first.reason, first.ruled_at) == (moment("2026-10-08 15:30"), "corrected", later)


def test_office_without_packs_rules_nothing(street: Tenant) -> None:
    case = Case.objects.create(tenant=street, number="A1", reported_at=moment("2026-10-08 09:00"))
    assert rule_cases(RuleBook.load(street), [case.pk], at=datetime(2026, 11, 23, tzinfo=UTC), reason="test") == []
    assert not Ruling.objects.exists()


def test_limit_of_centuries_in_a_standard_stops_nobodys_import(office: Tenant) -> None:
    stage = {"amount": "9999", "unit": "work_day", "title": ""}
    FilingCondition.objects.filter(case_class__name=LITTER[1]).update(limits=[stage] * 8)
    absurd = ruled(office, LITTER, "2026-10-08 09:00", "2026-10-08 14:30")
    assert (absurd.due_at, absurd.unruled) == (None, Unruled.NO_LIMIT)
    beside = ruled(office, RUBBLE, "2026-10-12 10:00", "2026-10-13 03:33")
    assert (beside.due_at, beside.due_cause) == (moment("2026-10-19 10:00"), Cause.OTHER)


@pytest.mark.django_db
def test_office_without_a_zone_counts_the_day_of_a_report_by_its_calendar(ana: Actor, at: datetime) -> None:
    nowhere = create_tenant("nowhere", "没写时区", by=ana, at=at)
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(nowhere, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    # in force from 1 January 2024: 00:30 in Shanghai is the day before in UTC
    first = ruled(nowhere, PARKED, "2024-01-01 00:30")
    assert first.due_at == moment("2024-01-01 02:30")
