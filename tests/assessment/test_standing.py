"""A running month: where it stands, what falls due, and what would lift whom – checked by closing the cases in earnest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from tests.assessment.conftest import DAY, HOUR
from tests.assessment.trial_schemes import SCHEMA, document, indicator

from xiuhua.analytics.models import Snapshot
from xiuhua.assessment.actions import assess, run_today
from xiuhua.assessment.jobs import JOBS
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.phrases import assumption_sentences, idle_sentence, no_chances_sentence, way_sentence
from xiuhua.assessment.queries import (
    FactsGone,
    MonthOver,
    SchemeChanged,
    SchemeUnknown,
    SubjectUnknown,
    lift_of,
    outlook_of,
    read,
    scheme_named,
    standing_of,
)
from xiuhua.assessment.queries.lift import closables
from xiuhua.assessment.rules import scheme as checked
from xiuhua.assessment.rules.lift import closed, ranked_score
from xiuhua.assessment.words import AssessmentView, Closing, CutOff, Goal, Idle, NoGoal, Others, Scheme, Unranked, WayUp
from xiuhua.cases.facts import MEASURES
from xiuhua.cases.models import Case, Ruling
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor

F = Fraction
NOVEMBER = Period(2026, 11)
# on PostgreSQL a freeze reads through a connection of its own, which sees only what is committed
pytestmark = pytest.mark.django_db(transaction=True)


def today(november: Tenant, ana: Actor, at: datetime) -> AssessmentView:
    """Return the month as it stands at `at`."""
    return read(run_today(november, by=ana, at=at))


def numbers(way: WayUp) -> list[tuple[str, Closing | None, bool, bool]]:
    """Return the cases of a way up as tuples."""
    return [(one.number, one.kind, one.chosen, one.short) for one in way.cases]


def test_way_up_when_a_place_is_near_names_the_fewest_and_holds_when_they_are_closed(
    november: Tenant, ana: Actor, at: datetime
) -> None:
    way = lift_of(november, today(november, ana, at), "05", now=at)
    assert (way.none, way.ahead and way.ahead.code, way.subject.score) == (NoGoal.NO, "04", "70.00")
    # the earliest deadline that can be kept first, late ones last; two days are usual, so one hour is short
    assert numbers(way) == [
        ("05-11", Closing.ON_TIME, True, True),
        ("05-12", Closing.ON_TIME, True, False),
        ("05-13", Closing.ON_TIME, True, False),
        ("05-14", Closing.ON_TIME, True, False),
        ("05-08", Closing.LATE, True, False),
        ("05-09", Closing.LATE, False, False),
        ("05-10", Closing.LATE, False, False),
    ]
    assert {one.usual_seconds for one in way.cases} == {2 * 24 * 3600}
    assert [(one.number, one.idle) for one in way.idle] == [("05-15", Idle.AFTER), ("05-16", Idle.NO_DEADLINE)]
    assert (way.idle_more, way.usual_new, way.held) == (0, 2, ())
    assert assumption_sentences(way) == [
        "假定除此之外不再办结，也没有别的案件到期。",
        "假定别家停在今天的分数。",
        "往常这时到月底还有约 2 件新上报的会到期，没有算进去。",
        "作废、延期、挂账、并案、申诉都不算办法；返工还没有指标，没有列入。",
    ]
    assert [idle_sentence(one.idle) for one in way.idle] == [
        "期限在本月以后，早办晚办不影响本月",
        "没有期限，不进本月的成绩",
    ]
    lift = way.lift
    assert lift is not None
    assert (lift.before, lift.after, lift.cheaper) == (F(50), F("81.43"), F("78.57"))
    assert (lift.rank_before, lift.rank_after, lift.possible, lift.reached) == (6, 4, 7, True)
    assert lift.moved == {"closed": (7, 12), "on_time": (7, 11)}
    # in earnest: close exactly these, and write the month when it is over
    Case.objects.filter(number__in=[one.number for one in way.cases if one.chosen]).update(closed_at=at + HOUR / 2)
    written = read(
        assess(
            november, NOVEMBER, scheme="basic", by_level="community", by=ana, at=datetime(2026, 12, 1, 1, tzinfo=UTC)
        )
    )
    done = written.subject("05")
    assert done is not None
    assert done.ranked_on == lift.after
    again = lift_of(november, today(november, ana, at), "05", now=at + HOUR)
    assert [one.number for one in again.cases if one.closed_since] == [one.number for one in way.cases if one.chosen]


def all_read(*indicators: dict[str, Any]) -> Scheme:
    """Return a scheme of these lines, over the measures there are."""
    return checked(document((1, list(indicators))), schema=SCHEMA, known=frozenset(MEASURES))


def test_effects_when_every_open_case_is_closed_are_what_the_engine_counts_at_the_months_end(
    november: Tenant, ana: Actor, at: datetime
) -> None:
    lines = [indicator(name) for name in ("closed", "on_time", "own_on_time")]
    lines += [indicator(name, "complement") for name in ("late", "overdue_open", "verdict_differs")]
    scheme = all_read(*lines)
    # our own deadline is a day earlier than the platform's, and of one case there is none
    for case in Case.objects.exclude(due_at=None).exclude(number="05-13"):
        assert case.due_at is not None
        Ruling.objects.create(case=case, due_at=case.due_at - DAY, ruled_at=at)
    view = read(run_today(november, scheme=scheme, by=ana, at=at))
    way = lift_of(november, view, "05", now=at, scheme=scheme)
    outlook = outlook_of(november, view, scheme)
    promised = closed(outlook.counts["05"], closables(outlook, "05", at))
    Case.objects.filter(number__in=[one.number for one in way.cases]).update(closed_at=at)
    over = datetime(2026, 12, 1, 1, tzinfo=UTC)
    done = read(assess(november, NOVEMBER, scheme=scheme, by_level="community", by=ana, at=over)).subject("05")
    assert done is not None
    assert {name: done.counts[name] for name in promised} == promised
    assert promised["own_on_time"] == (2, 13)  # none before; of the open ones those due in three days and in eight
    assert way.held == ("verdict_differs",)


def test_way_up_when_a_scheme_reads_only_what_is_on_time_calls_late_cases_idle(
    november: Tenant, ana: Actor, at: datetime
) -> None:
    scheme = all_read(indicator("on_time"))
    view = read(run_today(november, scheme=scheme, by=ana, at=at))
    way = lift_of(november, view, "05", now=at, scheme=scheme)
    assert [one.number for one in way.idle if one.idle is Idle.LIFTS_NOTHING] == ["05-08", "05-09", "05-10"]
    assert {one.kind for one in way.cases} == {Closing.ON_TIME}
    with pytest.raises(SchemeUnknown):
        lift_of(november, view, "05", now=at)
    with pytest.raises(SchemeChanged):
        lift_of(november, view, "05", now=at, scheme=replace(scheme, version="2"))
    Snapshot.objects.all().delete()
    with pytest.raises(FactsGone):
        lift_of(november, view, "05", now=at, scheme=scheme)


def test_way_up_when_a_deadline_passes_before_now_can_only_be_late(november: Tenant, ana: Actor, at: datetime) -> None:
    way = lift_of(november, today(november, ana, at), "05", now=at + 2 * HOUR)
    assert [one.kind for one in way.cases if one.number == "05-11"] == [Closing.LATE]
    assert way.lift is not None
    # 7 of 14, then three on time and three late: 50 + 3·100/14 + 3·40/14, as much as the next one up has
    assert (way.lift.reached, way.lift.after, way.lift.rank_after, len(way.lift.items)) == (True, F(80), 4, 6)


def test_way_up_when_nothing_reaches_gives_the_best_there_is(november: Tenant, ana: Actor, at: datetime) -> None:
    way = lift_of(november, today(november, ana, at), "07", now=at, goal=Goal.OFF_BLACK)
    assert way.lift is not None
    # 50 and five late closings of four points; off the list begins above the fourth from below, 80.00
    assert (way.lift.reached, way.lift.after, len(way.lift.items)) == (False, F(70), 5)
    assert way.lift.target.value == F("80.01")


def test_way_up_when_others_close_what_they_can_is_further(november: Tenant, ana: Actor, at: datetime) -> None:
    view = today(november, ana, at)
    now, later = (lift_of(november, view, "06", now=at, others=others).lift for others in Others)
    assert now is not None
    assert later is not None
    # 05 stands at 70 today and can end with 11 of 14 on time and all closed: 60·11/14 + 40
    assert (now.target.value, now.reached) == (F(70), True)
    # 06 itself at best with 8 of 12: 60·8/12 + 40
    assert (later.target.value, later.reached, later.after) == (F("87.14"), False, F(80))


@pytest.mark.parametrize(
    ("code", "goal", "none", "said"),
    [
        pytest.param("01", Goal.NEXT_PLACE, NoGoal.FIRST, "照今天的成绩已经是第一位。", id="first"),
        pytest.param("01", Goal.OFF_BLACK, NoGoal.NOT_LISTED, "照今天的成绩不在黑榜上。", id="not-listed"),
        pytest.param("08", Goal.NEXT_PLACE, NoGoal.UNRANKED, "样本不足，不排名。", id="unranked"),
    ],
)
def test_way_up_when_there_is_nothing_to_reach_says_why(
    november: Tenant, ana: Actor, at: datetime, code: str, goal: Goal, none: NoGoal, said: str
) -> None:
    view = today(november, ana, at)
    way = lift_of(november, view, code, now=at, goal=goal)
    assert (way.none, way.lift, way_sentence(way, view.rounding)) == (none, None, said)
    assert way.unranked == (Unranked.SMALL_SAMPLE if code == "08" else Unranked.NO)


def test_standing_when_asked_shows_what_was_written_and_writes_nothing(
    november: Tenant, ana: Actor, at: datetime
) -> None:
    assert standing_of(november, NOVEMBER, "basic", "community", now=at) is None
    view = today(november, ana, at)
    assert today(november, ana, at) == view
    found = standing_of(november, NOVEMBER, "basic", "community", now=at + HOUR)
    assert found is not None
    assert (found.view, found.as_of, Assessment.objects.count()) == (view, at, 1)
    assert view.cut_off is CutOff.RUNNING
    assert [(one.code, one.falling_due, one.within_week, one.late_open) for one in found.falling] == [
        ("05", 4, 3, 3),
        ("06", 2, 2, 4),
        ("07", 0, 0, 5),
        ("04", 0, 0, 2),
        *((code, 0, 0, 0) for code in ("01", "02", "03", "08")),
    ]
    # the numbers of the list are those of the sheets
    for one in found.falling:
        sheet = view.subject(one.code)
        assert sheet is not None
        assert (one.falling_due, one.late_open) == (sheet.counts["open_not_due"][0], sheet.counts["overdue_open"][0])
    assert [one.code for one in found.would_be.black] == ["07", "06", "05"]
    assert [one.code for one in found.would_be.red] == ["01", "02", "03"]
    reached = {code: way.lift and way.lift.reached for code, way in found.ways.items()}
    assert reached == {"07": False, "06": False, "05": True}
    assert (found.months_closed, found.months_needed) == (0, 6)
    assert no_chances_sentence(found) == "概率要先用至少 6 个过完的月份校准，现在有 0 个，所以不报。"
    assert no_chances_sentence(replace(found, months_closed=6)) == (
        "过完的月份有 6 个，够校准了，但预测还没有校准过；没有校准的概率不报。"
    )


def test_standing_when_the_month_is_over_is_none_and_nothing_can_be_lifted(
    november: Tenant, ana: Actor, at: datetime
) -> None:
    october = Period(2026, 10)
    written = read(assess(november, october, scheme="basic", by_level="community", by=ana, at=at))
    assert standing_of(november, october, "basic", "community", now=at) is None
    with pytest.raises(MonthOver) as refused:
        lift_of(november, written, "05", now=at)
    assert refused.value.facts == {"period": "2026-10"}
    with pytest.raises(SubjectUnknown):
        lift_of(november, written, "99", now=at)


def test_job_at_night_freezes_the_running_month_and_writes_where_it_stands(november: Tenant, at: datetime) -> None:
    (job,) = JOBS
    job.run(november, at)
    job.run(november, at)
    assert [(one.period, one.by, one.as_of) for one in Assessment.objects.all()] == [("2026-11", "community", at)]
    written = read(Assessment.objects.get())
    scores = {one.code: one.ranked_on for one in written.subjects if one.ranked_on is not None}
    scheme = scheme_named("basic")
    assert scores == {one.code: ranked_score(scheme, one.counts) for one in written.subjects if one.rank is not None}
