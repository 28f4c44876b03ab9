"""What a move does beside its stage: deadlines by rule and by hand, what it puts away, what undo brings back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.living import START, Office, make_office

from xiuhua.cases.actions import report, undo
from xiuhua.cases.models import Case, Evidence, Request, Suspension
from xiuhua.cases.rules.deciding import Forbidden, MoveIncomplete
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Channel, EvidenceKind, Verb
from xiuhua.cases.words.reports import Told
from xiuhua.taxonomy.models import CaseClass

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_HAND = START + timedelta(days=3)


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _filed(office: Office, **given: Any) -> Case:
    case = office.report()
    office.move(case, Verb.FILE, "cleo", condition=office.condition.pk, remedy="清理干净", **given)
    office.dispatch(case)
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    return case


def _suspended(office: Office, case: Case, until: date) -> None:
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason=_reason(office, Verb.REQUEST_SUSPENSION), until=until)
    office.move(case, Verb.GRANT_SUSPENSION, "dan")


def _reason(office: Office, verb: Verb) -> str:
    from xiuhua.cases.queries.shelf import flow_of  # noqa: PLC0415 - needs the office's packs

    return next(iter(sorted(flow_of(office.tenant).reason_codes(verb))), "说明")


def _extended(office: Office, case: Case) -> None:
    office.move(case, Verb.REQUEST_EXTENSION, "uma", reason=_reason(office, Verb.REQUEST_EXTENSION))
    office.move(case, Verb.REVIEW_EXTENSION, "uma")
    office.move(case, Verb.GRANT_EXTENSION, "dan")


def test_extension_of_a_deadline_set_by_hand_adds_the_span_it_had(office: Office) -> None:
    case = _filed(office, due_at=BY_HAND, note="工程量大")
    _extended(office, case)
    assert case.due_at == BY_HAND + timedelta(days=3)
    _extended(office, case)
    assert case.due_at == BY_HAND + timedelta(days=6)


def test_suspension_of_a_deadline_set_by_hand_moves_it_by_the_pause(office: Office) -> None:
    case = _filed(office, due_at=BY_HAND, note="工程量大")
    _suspended(office, case, date(2026, 12, 1))
    pause = Suspension.objects.get(case=case)
    assert pause.until == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert case.due_at == BY_HAND + (pause.until - pause.since)
    office.later(hours=10)
    office.move(case, Verb.RESUME, "dan")
    pause.refresh_from_db()
    assert case.due_at == BY_HAND + (pause.ended_at - pause.since)  # type: ignore[operator]


def test_resuming_after_the_end_of_a_suspension_gives_no_more_time_than_was_granted(office: Office) -> None:
    case = _filed(office, due_at=BY_HAND, note="工程量大")
    _suspended(office, case, date(2026, 11, 25))
    due = case.due_at
    office.later(days=9)
    office.move(case, Verb.RESUME, "dan")
    pause = Suspension.objects.get(case=case)
    assert (case.due_at, pause.ended_at) == (due, pause.until)


def test_suspension_of_an_overdue_case_leaves_it_overdue(office: Office) -> None:
    case = _filed(office, due_at=BY_HAND, note="工程量大")
    office.later(days=5)
    _suspended(office, case, date(2026, 12, 20))
    assert case.due_at == BY_HAND
    office.move(case, Verb.RESUME, "dan")
    assert case.due_at == BY_HAND


def test_suspension_whose_day_has_come_before_it_is_granted_is_refused(office: Office) -> None:
    case = _filed(office)
    reason = _reason(office, Verb.REQUEST_SUSPENSION)
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason=reason, until=date(2026, 11, 25))
    office.later(days=2)
    with pytest.raises(Forbidden):
        office.move(case, Verb.GRANT_SUSPENSION, "dan")
    assert not Suspension.objects.filter(case=case).exists()


def test_suspension_until_today_is_refused_by_the_offices_calendar_not_by_that_of_utc(office: Office) -> None:
    case = _filed(office)
    office.now = datetime(2026, 11, 23, 20, 0, tzinfo=SHANGHAI) + timedelta(hours=5)  # 01:00 on the 24th
    with pytest.raises(MoveIncomplete) as refused:
        office.move(
            case,
            Verb.REQUEST_SUSPENSION,
            "uma",
            reason=_reason(office, Verb.REQUEST_SUSPENSION),
            until=date(2026, 11, 24),
        )
    assert [fault.code for fault in refused.value.faults] == ["case.until_far"]


def test_correcting_a_title_leaves_a_deadline_set_by_hand(office: Office) -> None:
    case = _filed(office, due_at=BY_HAND, note="工程量大")
    office.move(case, Verb.CORRECT, "cleo", changes={"title": "路口垃圾"}, note="补标题")
    assert (case.title, case.due_at) == ("路口垃圾", BY_HAND)


def test_correcting_the_class_brings_condition_and_deadline_of_the_new_class_and_undo_the_old(office: Office) -> None:
    case = _filed(office)
    was = (case.case_class_id, case.condition_id, case.due_at, case.filed_under, case.ruling.condition_id)
    other = CaseClass.objects.filter(tenant=office.tenant, kind="event", parent__isnull=False, scheme="demo-street")
    found = other.exclude(pk=case.case_class_id).exclude(parent=case.case_class.parent).order_by("pk").first()  # type: ignore[union-attr]
    assert found is not None
    done = office.move(case, Verb.CORRECT, "cleo", changes={"case_class": found.pk}, note="类别不对")
    case = Case.objects.get(pk=case.pk)
    assert (case.case_class_id, case.condition_id) == (found.pk, case.ruling.condition_id)
    undo(office.tenant, case.pk, done.move.pk, by=office.actor("cleo"), at=office.now)
    case = Case.objects.get(pk=case.pk)
    now = (case.case_class_id, case.condition_id, case.due_at, case.filed_under, case.ruling.condition_id)
    assert now == was


@pytest.mark.parametrize(
    "changes", [{"case_class": "x"}, {"territory": True}, {"point": ["a", 1]}, {"stage": "closed"}]
)
def test_correction_that_names_nothing_is_refused(office: Office, changes: dict[str, Any]) -> None:
    case = office.report()
    with pytest.raises(MoveIncomplete) as refused:
        office.move(case, Verb.CORRECT, "cleo", changes=changes, note="改")
    assert [fault.code for fault in refused.value.faults] == ["case.field_wrong"]


def test_undone_refusal_gives_the_unit_its_request_back(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.REQUEST_EXTENSION, "uma", reason=_reason(office, Verb.REQUEST_EXTENSION))
    office.move(case, Verb.REVIEW_EXTENSION, "uma")
    was = Request.objects.filter(case=case).values().get()
    done = office.move(case, Verb.REFUSE, "uma", reason="not_our_duty")
    assert Request.objects.get(case=case).state == "withdrawn"
    undo(office.tenant, case.pk, done.move.pk, by=office.actor("uma"), at=office.now)
    assert Request.objects.filter(case=case).values().get() == was


def test_undone_forced_closing_suspends_again(office: Office) -> None:
    case = _filed(office)
    _suspended(office, case, date(2026, 12, 20))
    due = case.due_at
    done = office.move(case, Verb.FORCE_CLOSE, "lea", reason="gone", note="已拆除")
    assert Suspension.objects.get(case=case).ended_at == office.now
    undo(office.tenant, case.pk, done.move.pk, by=office.actor("lea"), at=office.now)
    case.refresh_from_db()
    assert (case.stage, case.stage_before, case.due_at) == (Stage.SUSPENDED, "handling", due)
    assert Suspension.objects.get(case=case).ended_at is None


def test_photo_of_an_undone_move_belongs_to_the_move_that_shows_it_again(office: Office) -> None:
    case = _filed(office)
    photo = office.photo(case, "hal")
    done = office.move(case, Verb.RECTIFY, "hal", photos=(photo,))
    undo(office.tenant, case.pk, done.move.pk, by=office.actor("hal"), at=office.now)
    again = office.move(case, Verb.RECTIFY, "hal", photos=(photo,))
    assert Evidence.objects.get(pk=photo).move_id == again.move.pk


def test_remark_on_a_case_that_waits_for_an_arbiter_leaves_his_limit(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    office.move(case, Verb.REFUSE, "uma", reason="not_our_duty")
    office.move(case, Verb.REDISPATCH, "dan", body=office.bodies["repairs"].pk, reason="not_theirs")
    office.move(case, Verb.REFUSE, "uri", reason="not_our_duty")
    limit = case.arbitration_due_at
    assert (case.stage, limit is not None) == (Stage.ARBITRATION, True)
    office.later(days=1)
    office.move(case, Verb.COMMENT, "dan", note="今天裁定")
    assert case.arbitration_due_at == limit


def test_spot_fix_that_fails_its_check_waits_to_be_dispatched(office: Office) -> None:
    case = office.report()
    office.move(case, Verb.FIX_ON_SPOT, "ina", remedy="随手清理", photos=(office.photo(case, "ina"),))
    office.move(case, Verb.FAIL_CHECK, "vera", reason="not_done")
    assert (case.stage, case.reworks, case.body_id) == (Stage.FILED, 1, None)


def test_main_case_with_an_open_child_is_neither_voided_nor_merged(office: Office) -> None:
    main, child, third = (office.file(office.report()) for _ in range(3))
    office.move(child, Verb.ATTACH, "cleo", target=main.number)
    with pytest.raises(Forbidden):
        office.move(main, Verb.VOID, "lea", reason="mistaken")
    with pytest.raises(Forbidden):
        office.move(main, Verb.MERGE, "cleo", target=third.number)


def test_report_naming_a_class_or_place_of_another_office_is_refused(office: Office) -> None:
    other = make_office("other")
    told = Told(
        client_uuid=UUID(int=7),
        channel=Channel.INSPECTOR,
        text="垃圾",
        case_class=other.condition.case_class_id,
        territory=other.places["A"].pk,
    )
    with pytest.raises(MoveIncomplete) as refused:
        report(office.tenant, told, by=office.actor("cleo"), at=office.now)
    assert [fault.code for fault in refused.value.faults] == ["case.class_unknown", "case.place_unknown"]


def test_unmerged_case_is_what_it_was(office: Office) -> None:
    first, second = _filed(office), office.file(office.report())
    office.photo(first, "hal", EvidenceKind.BEFORE)
    was = Case.objects.filter(pk=first.pk).values().get()
    office.move(first, Verb.MERGE, "cleo", target=second.number)
    assert (first.stage, first.merged_into_id) == (Stage.MERGED, second.pk)
    office.move(first, Verb.UNMERGE, "cleo")
    now = Case.objects.filter(pk=first.pk).values().get()
    assert {name for name in was if was[name] != now[name]} == {"version", "moved_at"}
