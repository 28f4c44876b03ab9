"""One case from report to reopening, told move by move."""

from __future__ import annotations

import pytest
from tests.living import Office, make_office

from xiuhua.cases.actions import undo
from xiuhua.cases.models import Case
from xiuhua.cases.queries.story import history
from xiuhua.cases.rules.deciding import ConflictOfInterest, MoveIncomplete, MoveNotAllowed, NotYourPost
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import EvidenceKind, Verb
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def test_case_walks_from_report_to_reopening(office: Office) -> None:
    case = office.report()
    assert (case.stage, case.ruling.due_at is not None, case.due_at) == (Stage.REPORTED, True, None)
    office.file(case)
    assert case.due_at == case.ruling.due_at
    office.dispatch(case, "repairs")
    office.move(case, Verb.REFUSE, "uri", reason="not_our_duty")
    assert (case.stage, case.refusals, case.lost_seconds) == (Stage.RETURNED, 1, 60)
    office.move(case, Verb.REDISPATCH, "dan", body=office.bodies["sweepers"].pk, reason="not_theirs")
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    office.move(case, Verb.RECTIFY, "hal", photos=(office.photo(case, "hal"),))
    assert (case.stage, case.disposed_at) == (Stage.REVIEW, None)
    office.move(case, Verb.PASS_REVIEW, "uma")
    assert case.disposed_at == office.now
    office.move(case, Verb.FAIL_CHECK, "vera", reason="partly_done")
    assert (case.stage, case.reworks, case.disposed_at, case.person_id) == (Stage.HANDLING, 1, None, office.at("hal"))
    office.move(case, Verb.RECTIFY, "hal", photos=(office.photo(case, "hal"),))
    office.move(case, Verb.PASS_REVIEW, "uma")
    office.move(case, Verb.PASS_CHECK, "vera", note="看过了")
    office.move(case, Verb.CLOSE, "cleo")
    assert (case.stage, case.closed_at) == (Stage.CLOSED, office.now)
    office.move(case, Verb.REOPEN, "sue", body=office.bodies["sweepers"].pk, reason="came_back")
    assert (case.stage, case.closed_at, case.reopened) == (Stage.DISPATCHED, None, 1)
    verbs = (
        LedgerLine.objects.filter(about=f"case:{case.number}")
        .filter(verb__startswith="case.")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    events = OutboxEvent.objects.filter(about=f"case:{case.number}").order_by("pk").values_list("name", flat=True)
    assert list(verbs) == list(events)
    assert len(verbs) == case.version == 14


def test_nobody_closes_what_he_handled(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    office.users["hal"].posts.create(role="verifier")
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"))
    office.move(case, Verb.RECTIFY, "hal", photos=(office.photo(case, "hal"),))
    office.move(case, Verb.PASS_REVIEW, "uma")
    with pytest.raises(ConflictOfInterest):
        office.move(case, Verb.PASS_CHECK, "hal", note="好")


def test_filing_without_measure_is_refused_and_nothing_is_written(office: Office) -> None:
    case = office.report()
    with pytest.raises(MoveIncomplete) as refused:
        office.move(case, Verb.FILE, "cleo", condition=office.condition.pk)
    assert [fault.code for fault in refused.value.faults] == ["case.need_remedy"]
    case = Case.objects.get(pk=case.pk)
    assert (case.stage, case.version, case.condition_id) == (Stage.REPORTED, 1, None)


def test_move_the_table_does_not_have_is_refused(office: Office) -> None:
    with pytest.raises(MoveNotAllowed):
        office.move(office.report(), Verb.CLOSE, "cleo")


def test_unit_moves_nothing_of_another_unit(office: Office) -> None:
    case = office.dispatch(office.file(office.report()))
    with pytest.raises(NotYourPost):
        office.move(case, Verb.ACCEPT, "cleo", person=office.at("hal"))


def test_undo_gives_the_case_back_as_it_was(office: Office) -> None:
    case = office.file(office.report())
    was = {name: getattr(case, name) for name in ("stage", "body_id", "dispatched_at", "due_at")}
    done = office.move(case, Verb.DISPATCH, "dan", body=office.bodies["sweepers"].pk, note="")
    undo(office.tenant, case.pk, done.move.pk, by=office.actor("dan"), at=office.later(seconds=9))
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in was} == was
    assert OutboxEvent.objects.get(pk=done.move.event_id).state == "withdrawn"


def test_history_when_the_reporter_is_kept_back_then_report_first_photos_and_all_his_photos_name_nobody(
    office: Office,
) -> None:
    case = office.file(office.report(by="ina"))
    for name, kind in (("cleo", "before"), ("ina", "after"), ("cleo", "after")):
        office.photo(case, name, kind=EvidenceKind(kind))
    told = [(one.line.verb, one.actor, one.post != "") for one in history(case, reporters=False)]
    assert told == [
        ("case.report", None, False),
        ("case.file", "user:cleo@living", True),
        ("evidence.add", None, False),
        ("evidence.add", None, False),
        ("evidence.add", "user:cleo@living", True),
    ]
    assert None not in [one.actor for one in history(case, reporters=True)]


def test_history_when_another_office_has_a_case_of_the_same_number_then_its_lines_stay_there(office: Office) -> None:
    case = office.report()
    other = Tenant.objects.create(code="elsewhere", name="别处", zone="Asia/Shanghai")
    record("case.file", about=f"case:{case.number}", by=office.actor("cleo"), at=office.now, tenant=other)
    assert [one.line.verb for one in history(case, reporters=True)] == ["case.report"]
