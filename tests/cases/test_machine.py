"""Generated lives of cases: the code decides each step as the table of the docs does, 5,000 lives in the pure form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.life import ALL, FROM, TABLE, VERBS, House, Life, Shown

from xiuhua.cases.rules.deciding import decide
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import CaseNow, Flow, Given, OptionalStep, RequestKind, RequestState, Verb
from xiuhua.kernel.words import Refusal

#: Lives in the pure form; test_machine_database.py adds those through the database.
LIVES = 5_000
BEGIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RULED = BEGIN + timedelta(days=1)
PEOPLE = (11, 12, 13, 14, None)
FULL = {
    "body": 1,
    "person": 11,
    "condition": 7,
    "remedy": "清理",
    "reason": "other",
    "note": "看过",
    "finding": True,
    "photos": (5,),
    "until": date(2026, 12, 31),
    "target": "XH2",
    "demand": "尽快",
    "changes": {"title": "新"},
}
FIELDS = tuple(FULL)


def _flow(house: House) -> Flow:
    left_out = {OptionalStep.UNIT_REVIEW: house.review, OptionalStep.PRE_CLOSING_CHECK: house.check}
    return Flow(
        name="flow/test@1",
        skipped=frozenset(step for step, kept in left_out.items() if not kept),
        clock_starts=Verb.REPORT,
        refusals=house.refusals,
        arbitration=(),
        extensions=house.extensions,
        extension_reviewed=house.extension_reviewed,
        suspensions=house.suspensions,
        suspension_days=house.suspension_days,
        number_prefix="",
        number_digits=6,
        duplicate_metres=50,
        duplicate_hours=72,
        claim=timedelta(seconds=90),
        reasons={},
        replies={},
        photo_metres=300,
        photo_minutes=60,
        photo_likeness=6,
        dormant_days=7,
        warn_hours=(24, 2),
    )


def _now(life: Life) -> CaseNow:
    same = (
        *("body", "person", "condition", "remedy", "duty", "case_class", "placed", "refusals", "reworks", "reopened"),
        *("extensions", "suspensions", "arbitrated", "stage_before", "mirrored", "children_open", "parent"),
        *("supervised", "asked_by", "hands", "doers"),
    )
    return CaseNow(
        stage=Stage(life.stage),
        due_at=life.due,
        ruled_due=life.ruled,
        dispatched_at=life.dispatched,
        lost_seconds=life.lost,
        pending=RequestKind(life.pending) if life.pending else None,
        pending_state=RequestState(life.pending_state) if life.pending_state else None,
        **{name: getattr(life, name) for name in same},
    )


#: Field of the case ↔ how the model calls it.
NAMES = {
    "due_at": "due",
    "filed_at": "filed",
    "dispatched_at": "dispatched",
    "accepted_at": "accepted",
    "disposed_at": "disposed",
    "closed_at": "closed",
    "lost_seconds": "lost",
    "body_id": "body",
    "person_id": "person",
    "condition_id": "condition",
    "parent_id": "parent",
    "merged_into_id": "merged_into",
}
#: What follows only once a move is written: deadlines of arbiters, requests, hands, links (test_machine_database.py).
WRITTEN_LATER = frozenset(
    ["stage", "version", "pending", "pending_state", "asked_by", "suspensions", "supervised", "hands", "doers", "ruled"]
)


def _changed(before: Life, after: Life, told: dict[str, Any]) -> dict[str, Any]:
    """Return what decide must say: every field that the model changed, and nothing else that differs."""
    was, now = asdict(before), asdict(after)
    expected = {name: now[name] for name in was if was[name] != now[name] and name not in WRITTEN_LATER}
    said = {NAMES.get(name, name): value for name, value in told.items() if name != "arbitration_due_at"}
    extra = {name: value for name, value in said.items() if name not in expected}
    assert extra == {name: was[name] for name in extra}
    return {name: value for name, value in said.items() if name in expected} | {
        "_missing": sorted(set(expected) - set(said)),
        "_expected": expected,
    }


def _bytes(walk: bytes) -> Iterator[tuple[int, int, int, int]]:
    for at in range(0, len(walk) - 3, 4):
        yield walk[at], walk[at + 1], walk[at + 2], walk[at + 3]


def _step(life: Life, house: House, dice: tuple[int, int, int, int], at: datetime) -> str:
    verb_die, person_die, shown_die, other_die = dice
    # half of the time on towards the end, so that lives get long; then what the stage offers, sometimes anything
    offered = ONWARD.get(life.stage, VERBS) if verb_die < 128 else FROM[life.stage] if verb_die < 224 else VERBS
    verb = offered[verb_die % len(offered)]
    user = PEOPLE[person_die % len(PEOPLE)]
    told = dict(FULL) | {"body": 1 + other_die % 2, "person": PEOPLE[other_die % 4]}
    if shown_die > 160:
        lacking = FIELDS[shown_die % len(FIELDS)]
        told[lacking] = {"photos": (), "changes": {}, "finding": None}.get(
            lacking, "" if isinstance(FULL[lacking], str) else None
        )
    if shown_die % 16 == 7:
        told["until"] = at.date() + timedelta(days=(0, 1, 365, 366)[other_die % 4])
    shown = Shown(**told)
    expected = life.refusal(verb, shown, house, user, at, at.date())
    try:
        outcome = decide(Verb(verb), _now(life), Given(**told), _flow(house), user=user, at=at)
    except Refusal as refusal:
        assert (type(refusal).__name__, verb, life.stage) == (expected, verb, life.stage)  # noqa: PT017 - the model says which
        return ""
    assert (expected, verb, life.stage) == ("", verb, life.stage)
    before = life.copy()
    life.move(verb, shown, house, user, at)
    said = _changed(before, life, outcome.changes)
    wanted = said.pop("_expected")
    assert (str(outcome.stage), said.pop("_missing"), said) == (life.stage, [], wanted)
    assert life.version == before.version + 1
    if verb in {"pass_check", "fail_check", "rework", "close", "force_close", "void"}:
        assert user not in before.hands
    return verb


def _house(die: int) -> House:
    return House(
        review=bool(die & 1),
        check=bool(die & 2),
        refusals=(0, 1, 2, 3)[die >> 2 & 3],
        extensions=(0, 1, 2, 2)[die >> 4 & 3],
        extension_reviewed=bool(die & 64),
        suspensions=1 + (die >> 7),
    )


#: Stage → what takes a case further.
ONWARD = {
    "reported": ("file", "fix_on_spot", "request_check"),
    "pre_check": ("confirm",),
    "filed": ("dispatch",),
    "open": ("dispatch",),
    "returned": ("redispatch", "send_back"),
    "arbitration": ("arbitrate",),
    "dispatched": ("accept", "refuse", "accept", "request_extension"),
    "handling": ("rectify", "rectify", "request_suspension", "review_extension", "grant_extension", "grant_suspension"),
    "review": ("pass_review", "pass_review", "return_review"),
    "checking": ("pass_check", "fail_check"),
    "to_close": ("close", "rework"),
    "suspended": ("resume",),
    "closed": ("reopen",),
    "forced": ("reopen",),
    "merged": ("unmerge",),
}
REACHED: dict[str, int] = {}


@settings(max_examples=LIVES, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(house=st.integers(0, 255), kind=st.integers(0, 15), walk=st.binary(min_size=60, max_size=120))
def _live(house: int, kind: int, walk: bytes) -> None:
    life = Life(ruled=RULED if kind & 1 else None, duty=1 if kind & 2 else None, placed=bool(kind & 12))
    if kind & 12 == 12:  # another platform's open case
        life.stage, life.mirrored, life.version = "open", True, 0
    if kind & 13 == 9:
        life.case_class = None
    at = BEGIN
    for dice in _bytes(walk):
        at += timedelta(minutes=dice[3] % 64)
        life.children_open = 1 if dice[2] == 77 else 0
        if verb := _step(life, _house(house), dice, at):
            REACHED[verb] = REACHED.get(verb, 0) + 1


def test_five_thousand_lives_go_as_the_table_says() -> None:
    REACHED.clear()
    _live()
    assert sorted(set(VERBS) - set(REACHED) - {"detach"}) == []  # nothing attaches in the pure form


@pytest.mark.parametrize("stage", ALL.split())
def test_table_of_moves_allows_from_a_stage_what_the_docs_allow(stage: str) -> None:
    allowed = tuple(sorted(verb.value for verb, move in MOVES.items() if Stage(stage) in move.sources))
    assert allowed == tuple(sorted(FROM[stage]))


@pytest.mark.parametrize("verb", VERBS)
def test_row_of_the_table_is_that_of_the_docs(verb: str) -> None:
    move = MOVES[Verb(verb)]
    aloof = "" if move.aloof.value == "nobody" else move.aloof.value
    needs = " ".join(sorted(need.value for need in move.needs))
    _from, to, kept_off, shown, undoable = TABLE[verb]
    assert (move.to.value if move.to else "", aloof, needs, move.undoable) == (
        to,
        kept_off,
        " ".join(sorted(shown.split())),
        undoable,
    )
