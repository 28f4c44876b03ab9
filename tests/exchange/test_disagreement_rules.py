"""In what a platform's record and our case disagree, and how it can be settled: the pure rule, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.rules.disagreements import KEEP, STAGES, Have, Said, disagreements, offers, ways, written
from xiuhua.exchange.words import Kind

DUE = datetime(2026, 10, 5, tzinfo=UTC)
LATER = DUE + timedelta(days=2)
#: Their stage, ours → kinds, each with the ways that are offered for it.
STAGED = {
    "both open": ("open", "handling", {}),
    "both closed": ("closed", "closed", {}),
    "closed there, ready to close here": ("closed", "to_close", {"closed_there": ("close", KEEP)}),
    "closed there, in hand here": ("closed", "handling", {"closed_there": ("force_close", KEEP)}),
    "closed there, suspended here": ("closed", "suspended", {"closed_there": ("force_close", KEEP)}),
    "closed there, open here": ("closed", "open", {"closed_there": ("force_close", KEEP)}),
    "closed there, not accepted here": ("closed", "reported", {"closed_there": (KEEP,)}),
    "open there, closed here": ("open", "closed", {"open_there": ("reopen", KEEP)}),
    "open there, forced here": ("open", "forced", {"open_there": ("reopen", KEEP)}),
    "void there, in hand here": ("void", "handling", {"void_there": ("void", KEEP)}),
    "void there, to check here": ("void", "pre_check", {"void_there": ("decline", KEEP)}),
    "void there, closed here": ("void", "closed", {"void_there": (KEEP,)}),
    "open there, void here": ("open", "void", {"void_here": (KEEP,)}),
    "closed there, declined here": ("closed", "declined", {"void_here": (KEEP,)}),
    "both void": ("void", "void", {}),
    "open there, merged here": ("open", "merged", {}),
    "void there, merged here": ("void", "merged", {}),
}


@pytest.mark.parametrize(("theirs", "ours", "expected"), STAGED.values(), ids=STAGED)
def test_stages_when_compared_then_these_kinds_with_these_ways(
    theirs: str, ours: str, expected: dict[str, tuple[str, ...]]
) -> None:
    found = disagreements(Said(Stage(theirs)), Have(Stage(ours)))
    assert {one.kind.value: tuple(way.how for way in one.offers) for one in found} == expected
    assert all((one.theirs, one.ours) == (theirs, ours) for one in found)


BESIDE = {
    "unit, in hand": (Said(Stage.OPEN, body=1), Have(Stage.HANDLING, body=2), Kind.UNIT, 1, 2, ("redispatch", KEEP)),
    "unit, to be dispatched": (Said(Stage.OPEN, body=1), Have(Stage.FILED), Kind.UNIT, 1, None, ("dispatch", KEEP)),
    "unit, in dispute": (Said(Stage.OPEN, body=1), Have(Stage.ARBITRATION), Kind.UNIT, 1, None, ("arbitrate", KEEP)),
    "unit, to check": (Said(Stage.OPEN, body=1), Have(Stage.CHECKING, body=2), Kind.UNIT, 1, 2, (KEEP,)),
    "class": (Said(Stage.OPEN, case_class=1), Have(Stage.FILED, case_class=2), Kind.CLASS, 1, 2, ("correct", KEEP)),
    "class, closed": (
        *(Said(Stage.CLOSED, case_class=1), Have(Stage.CLOSED, case_class=2), Kind.CLASS, 1, 2, (KEEP,)),
    ),
    "territory": (
        *(Said(Stage.OPEN, territory=1), Have(Stage.HANDLING, territory=2), Kind.TERRITORY, 1, 2, ("correct", KEEP)),
    ),
    "deadline": (Said(Stage.OPEN, LATER), Have(Stage.HANDLING, due_at=DUE), Kind.DEADLINE, LATER, DUE, (KEEP,)),
    "deadline, later, time asked for": (
        Said(Stage.OPEN, LATER),
        Have(Stage.HANDLING, due_at=DUE, extension_asked=True),
        *(Kind.DEADLINE, LATER, DUE, ("grant_extension", KEEP)),
    ),
    "deadline, earlier, time asked for": (
        Said(Stage.OPEN, DUE),
        Have(Stage.HANDLING, due_at=LATER, extension_asked=True),
        *(Kind.DEADLINE, DUE, LATER, (KEEP,)),
    ),
}


@pytest.mark.parametrize(("said", "have", "kind", "theirs", "ours", "how"), BESIDE.values(), ids=BESIDE)
def test_columns_when_different_then_one_disagreement_with_both_sides(
    said: Said, have: Have, kind: Kind, theirs: object, ours: object, how: tuple[str, ...]
) -> None:
    (found,) = disagreements(said, have)
    assert (found.kind, found.theirs, found.ours) == (kind, theirs, ours)
    assert tuple(one.how for one in found.offers) == how
    assert tuple(one.right for one in found.offers) == tuple(
        "case.correct" if one == KEEP else f"case.{one}" for one in how
    )


def test_columns_when_the_platform_leaves_them_empty_then_nothing_is_said_against_ours() -> None:
    assert disagreements(Said(Stage.OPEN), Have(Stage.HANDLING, due_at=DUE, case_class=1, body=2, territory=3)) == ()


def test_columns_when_one_side_is_void_then_only_that_is_told() -> None:
    said = Said(Stage.VOID, DUE, 1, 2, 3)
    assert [one.kind for one in disagreements(said, Have(Stage.HANDLING))] == [Kind.VOID_THERE]
    assert [one.kind for one in disagreements(Said(Stage.OPEN, DUE, 1, 2, 3), Have(Stage.VOID))] == [Kind.VOID_HERE]


@pytest.mark.parametrize("stage", Stage)
def test_case_when_it_still_follows_its_record_then_only_vanishing_is_told(stage: Stage) -> None:
    assert disagreements(Said(Stage.CLOSED, DUE, 1, 2, 3), Have(stage, mirrored=True)) == ()
    gone = disagreements(None, Have(stage, mirrored=True))
    counted = stage not in {Stage.VOID, Stage.DECLINED, Stage.MERGED}
    assert [(one.kind, one.theirs) for one in gone] == ([(Kind.VANISHED, None)] if counted else [])


_MOMENTS = st.sampled_from([None, DUE, LATER])
_KEYS = st.sampled_from([None, 1, 2])
_SAID = st.builds(
    Said, stage=st.sampled_from([Stage.OPEN, Stage.CLOSED, Stage.VOID]), due_at=_MOMENTS, case_class=_KEYS, body=_KEYS
)
_HAVE = st.builds(
    Have, stage=st.sampled_from(Stage), due_at=_MOMENTS, case_class=_KEYS, body=_KEYS, extension_asked=st.booleans()
)


@given(_SAID, _HAVE)
def test_disagreement_when_kept_then_settled_until_they_say_something_else(said: Said, have: Have) -> None:
    found = disagreements(said, have)
    kept = {(one.kind, written(one.theirs)) for one in found}
    assert disagreements(said, have, kept) == ()
    other = Said(said.stage, LATER + timedelta(days=1), said.case_class, 3 if said.body else None)
    again = {one.kind for one in disagreements(other, have, kept)}
    assert again <= {Kind.DEADLINE, Kind.UNIT}
    counted = have.stage in STAGES[Kind.UNIT] and said.stage != Stage.VOID
    assert (Kind.DEADLINE in again, Kind.UNIT in again) == (counted, counted and said.body is not None)


@given(_SAID, _HAVE)
def test_disagreement_when_found_then_every_way_is_a_move_of_that_stage_that_ends_it(said: Said, have: Have) -> None:
    for one in disagreements(said, have):
        *moves, keep = [offer.how for offer in one.offers]
        assert keep == KEEP
        for verb in map(Verb, moves):
            assert have.stage in MOVES[verb].sources
            after = MOVES[verb].to or have.stage
            taken = Have(
                after,
                due_at=have.due_at,
                case_class=said.case_class if verb == Verb.CORRECT else have.case_class,
                body=said.body if one.kind == Kind.UNIT else have.body,
            )
            left = {found.kind for found in disagreements(said, taken)}
            assert one.kind not in left or verb == Verb.GRANT_EXTENSION


@pytest.mark.parametrize("kind", Kind)
def test_offers_when_asked_of_any_stage_then_at_most_one_move_of_the_kinds_ways_before_keeping(kind: Kind) -> None:
    for stage in Stage:
        *moves, keep = [one.how for one in offers(kind, stage, later=True)]
        assert keep == KEEP
        assert moves == [one.value for one in ways(kind) if stage in MOVES[one].sources][:1]
