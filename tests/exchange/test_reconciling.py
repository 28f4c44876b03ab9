"""Reconciliation on the database: imports find, the desk's moves settle, everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.living import Office, make_office

from xiuhua.cases.actions import undo
from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.queries.now import Stale
from xiuhua.cases.queries.story import history
from xiuhua.cases.rules.deciding import NotYourPost
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.actions import import_cases, settle, settle_many, undo_import, unsettle_many
from xiuhua.exchange.actions.settling import (
    Answer,
    DisagreementUnknown,
    NothingLeft,
    NotOffered,
    ReasonMissing,
    Wished,
)
from xiuhua.exchange.models import Disagreement, Finding
from xiuhua.exchange.reconciling import Narrowing, counts, narrowed, of_case, standing
from xiuhua.exchange.rules.disagreements import KEEP
from xiuhua.exchange.rules.drafts import write_mapping
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import ImportReport, Kind, Settling
from xiuhua.kernel.models import LedgerLine

Row = dict[str, str]
Make = Callable[..., Row]


class Desk:
    """An office that gets files from a platform."""

    def __init__(self, office: Office, table: Callable[..., Path], text: str, make: Make) -> None:
        self.office, self._table, self._text, self._make = office, table, text, make

    def row(self, number: str, **changed: str) -> Row:
        """Return a row: open, with 环卫所, in community A."""
        usual = {"结案": "", "部门": "环卫所", "网格": "A", "经度": "", "纬度": "", "阶段": "", "超时": ""}
        return self._make(number, **(usual | changed))

    def bring(self, *rows: Row, complete: bool = False) -> ImportReport:
        """Import rows an hour later."""
        text = self._text.replace('crs = "wgs84"', 'crs = "wgs84"\ncomplete = "month"') if complete else self._text
        by, at = self.office.actor("cleo"), self.office.later(hours=1)
        return import_cases(self.office.tenant, self._table(*rows), parse_mapping(text), by=by, at=at)

    def case(self, number: str) -> Case:
        """Return a case by its number."""
        return Case.objects.get(tenant=self.office.tenant, number=number)

    def take_on(self, number: str, body: str = "sweepers") -> Case:
        """Dispatch a case: its first own move."""
        return self.office.dispatch(self.case(number), body)

    def waiting(self, by: str = "stan") -> list[tuple[str, str]]:
        """Return (number, kind) of what stands, as somebody sees it."""
        found = standing(self.office.tenant, self.office.actor(by)).order_by("case__number", "pk")
        return list(found.values_list("case__number", "kind"))

    def only(self) -> Disagreement:
        """Return the one that stands."""
        return standing(self.office.tenant, self.office.actor("stan")).select_related("case").get()

    def settle(self, how: str, by: str = "stan", **answer: str) -> Any:
        """Settle the one that stands, as somebody who has just seen it."""
        one, at = self.only(), self.office.later(minutes=1)
        who = self.office.actor(by)
        return settle(self.office.tenant, one.pk, how, Answer(**answer), by=who, at=at, version=one.case.version)


@pytest.fixture
def desk(db: None, table: Callable[..., Path], mapping_text: str, case: Make) -> Desk:
    """The office."""
    return Desk(make_office(), table, mapping_text, case)


def test_reimport_when_the_case_was_moved_and_they_say_closed_then_one_click_closes_it_with_its_line(
    desk: Desk,
) -> None:
    desk.bring(desk.row("1"), desk.row("2"))
    desk.take_on("1")
    assert desk.waiting() == []
    report = desk.bring(desk.row("1", 结案="2026-10-04 08:00"), desk.row("2", 结案="2026-10-04 08:00"))
    assert report.disagreements == {"closed_there": 1}
    assert report.contract()["disagreements"] == {"closed_there": 1}
    assert desk.waiting() == [("1", "closed_there")]
    assert desk.case("2").stage == Stage.CLOSED  # it follows
    made = desk.settle("force_close")
    one = desk.case("1")
    assert (one.stage, made.moved.move.reason, desk.waiting()) == (Stage.FORCED, "platform", [])
    line = LedgerLine.objects.get(verb="case.force_close")
    assert (line.about, line.reason) == ("case:1", "platform")
    told = history(one, reporters=True)[-1]
    assert (told.move, told.line) == (made.moved.move, line)
    assert "城运平台" in told.note
    row = Disagreement.objects.get()
    assert (row.state, row.how, row.move, row.settled_by) == (
        *(Settling.SETTLED, "force_close", made.moved.move, desk.office.actor("stan").id),
    )


#: Kind → what the file says after the case was dispatched, and the way that takes theirs.
CHANGED: dict[str, tuple[Row, str]] = {
    "closed_there": ({"结案": "2026-10-04 08:00"}, "force_close"),
    "void_there": ({"阶段": "[作废]"}, "void"),
    "unit": ({"部门": "市政队"}, "redispatch"),
    "class": ({"小类": "路面"}, "correct"),
    "territory": ({"网格": "B"}, "correct"),
}


@pytest.mark.parametrize(("kind", "how"), [(kind, how) for kind, (_row, how) in CHANGED.items()], ids=CHANGED)
def test_disagreement_when_theirs_is_taken_then_it_is_gone_and_stays_gone(desk: Desk, kind: str, how: str) -> None:
    changed = desk.row("1", **CHANGED[kind][0])
    desk.bring(desk.row("1"))
    desk.take_on("1")
    desk.bring(changed)
    assert desk.waiting() == [("1", kind)]
    desk.settle(how)
    assert desk.waiting() == []
    assert desk.bring(changed).disagreements == {}
    assert desk.waiting() == []


def test_case_when_closed_by_us_and_still_open_there_then_reopened_or_left(desk: Desk) -> None:
    desk.bring(desk.row("1"))
    desk.office.move(desk.take_on("1"), Verb.FORCE_CLOSE, "lea", reason="gone", note="已拆除")
    assert desk.waiting() == []  # their file is older than our move
    desk.bring(desk.row("1"))
    assert desk.waiting() == [("1", "open_there")]
    desk.settle("reopen")
    assert (desk.case("1").stage, desk.waiting()) == (Stage.DISPATCHED, [])


def test_deadline_when_different_then_the_asked_extension_is_granted_towards_it(desk: Desk) -> None:
    desk.bring(desk.row("1", 截止="2026-12-05 08:00"))
    desk.office.move(desk.take_on("1"), Verb.REQUEST_EXTENSION, "uma", reason="weather")
    desk.office.move(desk.case("1"), Verb.REVIEW_EXTENSION, "uma")
    desk.bring(desk.row("1", 截止="2026-12-08 08:00"))
    kinds = desk.waiting()
    assert kinds == [("1", "deadline")]
    before = desk.case("1").due_at
    made = desk.settle("grant_extension", by="dan")
    after = desk.case("1").due_at
    assert before is not None
    assert after is not None
    assert (after > before, made.row.state, desk.waiting()) == (True, Settling.SETTLED, [])


def test_ours_when_kept_then_quiet_until_their_record_changes_in_that_respect(desk: Desk) -> None:
    desk.bring(desk.row("1"))
    desk.take_on("1")
    desk.bring(desk.row("1", 部门="市政队"))
    with pytest.raises(ReasonMissing):
        desk.settle(KEEP)
    with pytest.raises(ReasonMissing):
        desk.settle(KEEP, reason="no such code")
    desk.settle(KEEP, reason="checked", note="已电话核对")
    line = LedgerLine.objects.get(verb="reconcile.keep")
    assert (line.about, line.reason, line.facts["note"]) == ("case:1", "checked", "已电话核对")
    assert line in [told.line for told in history(desk.case("1"), reporters=True)]
    desk.bring(desk.row("1", 部门="市政队", 标题="换个标题"))
    assert desk.waiting() == []
    desk.bring(desk.row("1", 部门="第三家"))
    assert desk.waiting() == [("1", "unit")]


def test_disagreement_when_the_desk_moves_the_case_itself_then_it_leaves_and_comes_back_with_the_undo(
    desk: Desk,
) -> None:
    desk.bring(desk.row("1"))
    desk.take_on("1")
    desk.bring(desk.row("1", 部门="市政队"))
    moved = desk.office.move(
        desk.case("1"), Verb.REDISPATCH, "dan", body=desk.office.bodies["repairs"].pk, reason="boundary"
    )
    assert desk.waiting() == []
    undo(desk.office.tenant, desk.case("1").pk, moved.move.pk, by=desk.office.actor("dan"), at=desk.office.now)
    assert desk.waiting() == [("1", "unit")]


@pytest.mark.parametrize("how", ["redispatch", KEEP])
def test_settled_when_taken_back_within_the_grace_then_it_stands_again_and_the_ledger_says_both(
    desk: Desk, how: str
) -> None:
    desk.bring(desk.row("1"))
    desk.take_on("1")
    desk.bring(desk.row("1", 部门="市政队"))
    before = desk.case("1")
    one = desk.settle(how, note="先这样").row
    by, at = desk.office.actor("stan"), desk.office.now
    late = unsettle_many(desk.office.tenant, [one.pk], by=by, at=at + timedelta(seconds=11))
    assert (late.settled, list(late.refused)) == ((), [one.pk])
    other = unsettle_many(desk.office.tenant, [one.pk], by=desk.office.actor("cleo"), at=at)
    assert isinstance(other.refused[one.pk], DisagreementUnknown)
    done = unsettle_many(desk.office.tenant, [one.pk], by=by, at=at + timedelta(seconds=5))
    assert (len(done.settled), done.refused, desk.waiting()) == (1, {}, [("1", "unit")])
    after = desk.case("1")
    assert (after.stage, after.body_id) == (before.stage, before.body_id)
    verbs = set(LedgerLine.objects.filter(about="case:1").values_list("verb", flat=True))
    assert {"reconcile.undo", "case.undo"} & verbs == {"reconcile.undo" if how == KEEP else "case.undo"}


def test_settle_when_it_cannot_be_then_refused_and_nothing_has_changed(desk: Desk) -> None:
    desk.bring(desk.row("1"))
    desk.take_on("1")
    desk.bring(desk.row("1", 结案="2026-10-04 08:00"))
    one = desk.only()
    for how, by, refusal in (
        ("reopen", "stan", NotOffered),
        ("merge", "stan", NotOffered),
        ("force_close", "cleo", NotYourPost),
        (KEEP, "uma", NotYourPost),
        ("force_close", "uri", DisagreementUnknown),
    ):
        with pytest.raises(refusal):
            desk.settle(how, by, note="x")
    with pytest.raises(Stale):
        settle(
            *(desk.office.tenant, one.pk, "force_close", Answer()),
            by=desk.office.actor("stan"),
            at=desk.office.now,
            version=one.case.version - 1,
        )
    assert (desk.waiting(), CaseMove.objects.filter(verb="force_close").count()) == ([("1", "closed_there")], 0)
    desk.settle("force_close")
    with pytest.raises(NothingLeft):
        settle(
            *(desk.office.tenant, one.pk, "force_close", Answer()),
            by=desk.office.actor("stan"),
            at=desk.office.now,
            version=None,
        )


def test_many_when_settled_then_each_has_its_line_and_one_refusal_stops_nobody(desk: Desk) -> None:
    rows = [str(number) for number in range(4)]
    desk.bring(*(desk.row(number) for number in rows))
    for number in rows:
        desk.take_on(number)
    desk.bring(*(desk.row(number, 结案="2026-10-04 08:00") for number in rows))
    waiting = list(standing(desk.office.tenant, desk.office.actor("lea")).select_related("case").order_by("pk"))
    wished = [Wished(one.pk, one.case.version + (one is waiting[2])) for one in waiting]
    by = desk.office.actor("lea")
    many = settle_many(
        desk.office.tenant, "force_close", wished, Answer(), by=by, clock=lambda: desk.office.later(seconds=1)
    )
    assert ([one.row.pk for one in many.settled], list(many.refused)) == (
        [waiting[0].pk, waiting[1].pk, waiting[3].pk],
        [waiting[2].pk],
    )
    assert LedgerLine.objects.filter(verb="case.force_close").count() == 3
    assert desk.waiting() == [("2", "closed_there")]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("stan", ["1", "2"]), ("cleo", ["1", "2"]), ("uma", ["1"]), ("uri", ["2"]), ("ada", [])],
)
def test_queue_when_asked_for_then_counts_and_list_are_of_what_the_post_sees(
    desk: Desk, who: str, sees: list[str]
) -> None:
    desk.bring(desk.row("1"), desk.row("2"))
    desk.take_on("1")
    desk.take_on("2", "repairs")
    desk.bring(*(desk.row(number, 结案="2026-10-04 08:00", 部门="") for number in "12"))
    found = standing(desk.office.tenant, desk.office.actor(who))
    assert [number for number, _kind in desk.waiting(who)] == sees
    assert counts(found)[Kind.CLOSED_THERE] == len(sees)


def test_queue_when_narrowed_then_by_source_unit_month_import_and_case(desk: Desk) -> None:
    desk.bring(desk.row("1"), desk.row("2", 上报="2026-11-01 08:00", 截止="2026-11-05 08:00"))
    desk.take_on("1")
    desk.take_on("2", "repairs")
    batch = desk.bring(
        desk.row("1", 网格="B", 部门=""), desk.row("2", 上报="2026-11-01 08:00", 网格="B", 部门="", 截止="")
    ).batch
    found = standing(desk.office.tenant, desk.office.actor("stan"))
    one = desk.case("1")
    for by, expected in (
        (Narrowing(source="platform"), ["1", "2"]),
        (Narrowing(source="other"), []),
        (Narrowing(body="repairs"), ["2"]),
        (Narrowing(main_class="公用设施"), ["1", "2"]),
        (Narrowing(since=one.reported_at, before=one.reported_at + timedelta(days=1)), ["1"]),
        (Narrowing(batch=batch), ["1", "2"]),
        (Narrowing(case=one.pk), ["1"]),
    ):
        assert list(narrowed(found, by).order_by("case__number").values_list("case__number", flat=True)) == expected
    assert [one.kind for one in of_case(one, desk.office.actor("stan"))] == [Kind.TERRITORY]


def test_batch_when_undone_then_its_finds_go_and_what_it_had_put_away_is_back(desk: Desk) -> None:
    first = desk.row("1")
    desk.bring(first, desk.row("2"))
    desk.take_on("1")
    desk.bring(desk.row("1", 部门="市政队"), desk.row("2"))
    assert desk.waiting() == [("1", "unit")]
    batch = desk.bring(desk.row("1", 结案="2026-10-04 08:00"), desk.row("2")).batch or 0
    assert desk.waiting() == [("1", "closed_there")]
    case = desk.case("1")
    undo_import(batch, by=desk.office.actor("cleo"), at=desk.office.later(minutes=5))
    assert desk.waiting() == [("1", "unit")]
    assert desk.case("1").version == case.version
    assert desk.only().record is not None


def test_batch_when_undone_then_what_was_answered_stays_answered_and_what_was_taken_back_does_not_stand(
    desk: Desk,
) -> None:
    desk.bring(desk.row("1"), desk.row("2"))
    desk.take_on("1")
    desk.take_on("2")
    changed = [desk.row(number, 部门="市政队") for number in "12"]
    batch = desk.bring(*changed).batch or 0
    stan = desk.office.actor("stan")
    first, second = standing(desk.office.tenant, stan).select_related("case").order_by("case__number")
    for one, how in ((first, KEEP), (second, "redispatch")):
        at = desk.office.later(seconds=1)
        made = settle(desk.office.tenant, one.pk, how, Answer(note="核对过"), by=stan, at=at, version=one.case.version)
    assert made.moved is not None
    undo(desk.office.tenant, second.case_id, made.moved.move.pk, by=stan, at=desk.office.now)
    assert desk.waiting() == [("2", "unit")]
    undo_import(batch, by=desk.office.actor("cleo"), at=desk.office.later(minutes=1))
    assert desk.waiting() == []
    desk.bring(*changed)
    assert desk.waiting() == [("2", "unit")]  # the other one was answered, and they say no more than then


def test_number_when_a_complete_file_lacks_it_then_vanished_until_it_is_back(desk: Desk) -> None:
    rows = [desk.row(number) for number in "1234"]
    other = desk.row("9", 上报="2026-09-03 08:00", 截止="2026-09-05 08:00")
    desk.bring(*rows, other)
    desk.take_on("2")
    desk.bring(*rows[2:])
    assert desk.waiting() == []  # nobody said that the file was complete
    report = desk.bring(rows[2], {**rows[3], "上报": "?"}, complete=True)
    assert (report.disagreements, desk.waiting()) == ({}, [])
    facts = {"month": "2026-10", "rows": 1, "known": 4}
    assert Finding.objects.get(code="month_partial").facts == facts
    report = desk.bring(rows[2], rows[3], complete=True)
    assert report.disagreements == {"vanished": 2}
    assert desk.waiting() == [("1", "vanished"), ("2", "vanished")]  # the one of another month is not
    assert desk.bring(rows[2], rows[3], complete=True).disagreements == {}
    batch = desk.bring(rows[0], rows[2], rows[3]).batch or 0
    assert desk.waiting() == [("2", "vanished")]
    undo_import(batch, by=desk.office.actor("cleo"), at=desk.office.later(minutes=1))
    assert desk.waiting() == [("1", "vanished"), ("2", "vanished")]


def test_mapping_when_it_calls_its_files_complete_then_written_and_read_back_so(mapping_text: str) -> None:
    told = parse_mapping(mapping_text.replace('crs = "wgs84"', 'crs = "wgs84"\ncomplete = "month"'))
    assert (told.complete, parse_mapping(mapping_text).complete) == ("month", "")
    assert parse_mapping(write_mapping(told)).complete == "month"


@pytest.mark.parametrize("number", ["1", "2"])
def test_vanished_when_voided_then_gone_and_when_kept_then_quiet(desk: Desk, number: str) -> None:
    rows = [desk.row(one) for one in "1234"]
    desk.bring(*rows)
    desk.take_on("2")
    left = [row for row in rows if row["编号"] != number]
    desk.bring(*left, complete=True)
    desk.settle(KEEP if number == "2" else "void", note="查过了")
    assert (desk.waiting(), desk.case(number).mirrored) == ([], False)
    assert desk.bring(*left, complete=True).disagreements == {}
    assert desk.case(number).stage == (Stage.DISPATCHED if number == "2" else Stage.VOID)


@pytest.mark.parametrize(("own", "more"), [(0, 1), (1, 6), (40, 6)], ids=["none", "one", "forty"])
def test_import_when_cases_have_a_life_of_their_own_then_a_constant_number_of_statements_more(
    desk: Desk, own: int, more: int
) -> None:
    rows = [desk.row(str(number)) for number in range(60)]
    desk.bring(*rows)
    Case.objects.filter(number__in=[str(number) for number in range(own)]).update(mirrored=False, stage=Stage.CLOSED)
    with CaptureQueriesContext(connection) as told:
        desk.bring(*rows)
    about = [one["sql"] for one in told.captured_queries if "exchange_disagreement" in one["sql"]]
    assert len(about) <= 2 + more
    assert standing(desk.office.tenant, desk.office.actor("stan")).count() == own
