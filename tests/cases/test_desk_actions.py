"""What the desk does with cases: filing and dispatching at once, many at a time, taking back, saying who is on it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.living import Office, make_office

from xiuhua.cases.actions import (
    GRACE,
    TooLate,
    Wanted,
    claim,
    file_and_dispatch,
    forget_view,
    keep_view,
    move_many,
    release,
    undo,
    undo_many,
)
from xiuhua.cases.actions.viewing import ViewNameless
from xiuhua.cases.models import Case, SavedView
from xiuhua.cases.queries.changes import steps_since
from xiuhua.cases.queries.nearby import near, suggested
from xiuhua.cases.queries.now import Stale
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import MoveIncomplete, NotYourPost
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Given, Verb
from xiuhua.kernel.models import LedgerLine, OutboxEvent

NUMBER = UUID("00000000-0000-0000-0000-0000000000d1")


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _both(office: Office, case: Case, **more: object) -> list[int]:
    made = file_and_dispatch(
        office.tenant,
        case.pk,
        Given(condition=office.condition.pk, remedy="清理干净"),
        Given(body=office.bodies["sweepers"].pk),
        by=office.actor("stan"),
        at=office.now,
        version=case.version,
        **more,  # type: ignore[arg-type]
    )
    case.refresh_from_db()
    return [one.move.pk for one in made]


def _lines(case: Case) -> list[str]:
    return list(LedgerLine.objects.filter(about=f"case:{case.number}").order_by("pk").values_list("verb", flat=True))


def test_case_when_filed_and_dispatched_at_once_then_both_are_told_and_both_are_taken_back(office: Office) -> None:
    case = office.report()
    was = (case.stage, case.body_id, case.due_at, case.remedy, case.filed_at)
    keys = _both(office, case, client_uuid=NUMBER)
    assert (case.stage, case.version) == (Stage.DISPATCHED, 3)
    assert _both(office, case, client_uuid=NUMBER) == keys
    many = undo_many(office.tenant, [(case.pk, key) for key in keys], by=office.actor("stan"), at=office.now + GRACE)
    case.refresh_from_db()
    assert [one.move.verb for one in many.moved] == [Verb.DISPATCH, Verb.FILE]
    assert (case.stage, case.body_id, case.due_at, case.remedy, case.filed_at) == was
    assert _lines(case) == ["case.report", "case.file", "case.dispatch", "case.undo", "case.undo"]
    assert list(OutboxEvent.objects.filter(state="withdrawn").order_by("pk").values_list("name", flat=True)) == [
        "case.file",
        "case.dispatch",
    ]


def test_case_when_the_dispatch_is_refused_then_it_is_not_filed_either(office: Office) -> None:
    case = office.report()
    with pytest.raises(MoveIncomplete):
        file_and_dispatch(
            office.tenant,
            case.pk,
            Given(condition=office.condition.pk, remedy="清理干净"),
            Given(),
            by=office.actor("stan"),
            at=office.now,
            version=case.version,
        )
    case.refresh_from_db()
    assert (case.stage, case.version, _lines(case)) == (Stage.REPORTED, 1, ["case.report"])


def test_first_of_two_moves_when_the_second_stands_then_it_cannot_be_taken_back(office: Office) -> None:
    case = office.report()
    filed, _sent = _both(office, case)
    with pytest.raises(Stale):
        undo(office.tenant, case.pk, filed, by=office.actor("stan"), at=office.now)


def test_many_when_one_has_moved_on_then_it_is_named_and_the_others_are_done(office: Office) -> None:
    cases = [office.file(office.report()) for _n in range(4)]
    office.dispatch(cases[2])
    given = Given(body=office.bodies["sweepers"].pk)
    wanted = [Wanted(one.pk, 2, given) for one in cases]
    many = move_many(office.tenant, Verb.DISPATCH, wanted, by=office.actor("dan"), clock=lambda: office.now)
    assert [one.case.pk for one in many.moved] == [cases[n].pk for n in (0, 1, 3)]
    assert {key: why.code for key, why in many.refused.items()} == {cases[2].pk: "case.stale"}
    made = [(one.case.pk, one.move.pk) for one in many.moved]
    back = undo_many(office.tenant, made, by=office.actor("dan"), at=office.now + GRACE)
    assert len(back.moved) == 3
    assert set(Case.objects.filter(pk__in=[case for case, _move in made]).values_list("stage", flat=True)) == {"filed"}


def test_many_when_the_post_does_not_allow_it_then_all_are_refused(office: Office) -> None:
    case = office.file(office.report())
    many = move_many(
        office.tenant, Verb.DISPATCH, [Wanted(case.pk, 2, Given())], by=office.actor("vera"), clock=lambda: office.now
    )
    assert [type(why) for why in many.refused.values()] == [NotYourPost]


def test_undo_when_the_seconds_are_over_then_it_is_too_late(office: Office) -> None:
    case = office.report()
    keys = _both(office, case)
    late = office.now + GRACE + timedelta(milliseconds=1)
    many = undo_many(office.tenant, [(case.pk, key) for key in keys], by=office.actor("stan"), at=late)
    assert [type(why) for why in many.refused.values()] == [TooLate]
    assert many.moved == ()


def test_claim_when_two_want_it_then_the_first_has_it_until_he_lets_go_or_time_runs_out(office: Office) -> None:
    case, flow = office.report(), flow_of(office.tenant)
    cleo, stan = office.actor("cleo"), office.actor("stan")
    assert claim(office.tenant, case.pk, by=cleo, at=office.now)
    assert not claim(office.tenant, case.pk, by=stan, at=office.now)
    assert claim(office.tenant, case.pk, by=cleo, at=office.later(seconds=60))
    assert not claim(office.tenant, case.pk, by=stan, at=office.now + flow.claim - timedelta(seconds=1))
    assert claim(office.tenant, case.pk, by=stan, at=office.now + flow.claim)
    assert not release(office.tenant, case.pk, by=cleo)
    assert release(office.tenant, case.pk, by=stan)
    assert claim(office.tenant, case.pk, by=cleo, at=office.now)
    case.refresh_from_db()
    assert (case.version, _lines(case)) == (1, ["case.report"])


def test_claim_when_the_case_is_another_units_then_there_is_none(office: Office) -> None:
    case = office.dispatch(office.file(office.report()), "repairs")
    assert not claim(office.tenant, case.pk, by=office.actor("uma"), at=office.now)


def test_meanwhile_when_others_moved_then_each_says_what_it_changed_by_name(office: Office) -> None:
    case = office.report()
    office.dispatch(office.file(case))
    filed, sent = steps_since(case, 1)
    assert [(one.verb, one.who) for one in (filed, sent)] == [("file", "cleo"), ("dispatch", "dan")]
    assert [(one.field, one.before, one.after) for one in filed.changes if one.field != "due_at"] == [
        ("stage", "待受理", "待派遣"),
        ("condition", "", office.condition.text),
        ("remedy", "", "清理干净"),
    ]
    assert [(one.field, one.before, one.after) for one in sent.changes] == [
        ("stage", "待派遣", "待接单"),
        ("body", "", "环卫所"),
    ]


#: metres north, hours later, same class → suggested.
PAIRS = {
    "the same corner": (5, 0, True, True),
    "as far as the flow says": (49, 0, True, True),
    "a little farther": (52, 0, True, False),
    "as late as the flow says": (5, 71, True, True),
    "later": (5, 73, True, False),
    "something else": (5, 0, False, False),
}


@pytest.mark.parametrize(("metres", "hours", "alike", "found"), PAIRS.values(), ids=PAIRS)
def test_duplicate_when_near_in_place_time_and_kind_then_it_is_suggested(
    office: Office, metres: int, hours: int, alike: bool, found: bool
) -> None:
    first = _at(office, 31.0)
    office.later(hours=hours)
    second = _at(office, 31.0 + metres / 110_900)
    if not alike:
        other = (
            type(office.condition.case_class)
            .objects.filter(tenant=office.tenant, parent__isnull=False, kind="event")
            .exclude(parent=office.condition.case_class.parent)
        )
        Case.objects.filter(pk=first.pk).update(case_class=other[0])
    around = near(office.tenant, office.actor("cleo"), second, flow_of(office.tenant), reach=200)
    assert [one.case.pk for one in around] == [first.pk]
    assert [one.case.pk for one in suggested(around)] == ([first.pk] if found else [])


def _at(office: Office, lat: float) -> Case:
    case = office.report()
    Case.objects.filter(pk=case.pk).update(longitude=121.0, latitude=lat)
    case.refresh_from_db()
    return case


def test_view_when_kept_again_then_there_is_one_of_that_name_and_only_its_owner_forgets_it(office: Office) -> None:
    cleo = office.actor("cleo")
    keep_view(" 我的 ", "queue=filed", by=cleo)
    kept = keep_view("我的", "queue=reported", by=cleo)
    assert list(SavedView.objects.values_list("name", "query")) == [("我的", "queue=reported")]
    assert not forget_view(kept.pk, by=office.actor("dan"))
    assert forget_view(kept.pk, by=cleo)
    with pytest.raises(ViewNameless):
        keep_view("  ", "", by=cleo)
