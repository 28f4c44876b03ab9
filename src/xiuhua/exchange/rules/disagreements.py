"""Where another platform's record and our own case disagree, and with which moves of the desk it can be settled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from xiuhua.cases.rules.moves import ALIVE, MOVES
from xiuhua.cases.words import NOT_COUNTED, Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.words import Kind

#: What is given as "how" where our side is kept.
KEEP = "keep"
#: The reason, by its code in the flow pack, of moves that only follow what the platform has done.
BY_RECORD = "platform"
#: Keeping our side puts a record in order: it takes the post that corrects.
KEEPING = Verb.CORRECT
Value = int | datetime | str | None

_COUNTED = frozenset(Stage) - NOT_COUNTED
#: In which of our stages a kind can stand. A merged case is counted where it was merged into: it contradicts nobody.
STAGES: Mapping[Kind, frozenset[Stage]] = {
    Kind.CLOSED_THERE: ALIVE,
    Kind.OPEN_THERE: frozenset({Stage.CLOSED, Stage.FORCED}),
    Kind.VOID_THERE: _COUNTED,
    Kind.VOID_HERE: frozenset({Stage.VOID, Stage.DECLINED}),
    Kind.UNIT: _COUNTED,
    Kind.CLASS: _COUNTED,
    Kind.DEADLINE: _COUNTED,
    Kind.TERRITORY: _COUNTED,
    Kind.VANISHED: _COUNTED,
}
#: Their stage → what it may contradict.
_BY_STAGE: Mapping[Stage, tuple[Kind, ...]] = {
    Stage.OPEN: (Kind.OPEN_THERE, Kind.VOID_HERE),
    Stage.CLOSED: (Kind.CLOSED_THERE, Kind.VOID_HERE),
    Stage.VOID: (Kind.VOID_THERE,),
}
#: Moves that bring our side to theirs, the fitting one first; of those that the stage allows, the first is offered.
_WAYS: Mapping[Kind, tuple[Verb, ...]] = {
    Kind.CLOSED_THERE: (Verb.CLOSE, Verb.FORCE_CLOSE),
    Kind.OPEN_THERE: (Verb.REOPEN,),
    Kind.VOID_THERE: (Verb.VOID, Verb.DECLINE),
    Kind.VOID_HERE: (),
    Kind.UNIT: (Verb.REDISPATCH, Verb.DISPATCH, Verb.ARBITRATE),
    Kind.CLASS: (Verb.CORRECT,),
    Kind.DEADLINE: (Verb.GRANT_EXTENSION,),
    Kind.TERRITORY: (Verb.CORRECT,),
    Kind.VANISHED: (Verb.VOID, Verb.DECLINE),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What their newest record says. None is no statement: who leaves a column empty contradicts nobody."""

    #: OPEN, CLOSED or VOID: other platforms keep no more.
    stage: Stage
    due_at: datetime | None = None
    case_class: int | None = None
    body: int | None = None
    territory: int | None = None


@dataclass(frozen=True, slots=True)
class Have:
    """Our own case as it stands."""

    stage: Stage
    mirrored: bool = False
    due_at: datetime | None = None
    case_class: int | None = None
    body: int | None = None
    territory: int | None = None
    #: Whether the unit has asked for more time and nobody has decided yet.
    extension_asked: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to settle, with the right that the post must hold. `how` is a verb of the desk, or KEEP."""

    how: str
    right: str


@dataclass(frozen=True, slots=True)
class Found:
    """One respect in which the two sides differ."""

    kind: Kind
    theirs: Value
    ours: Value
    offers: tuple[Offer, ...]


def disagreements(said: Said | None, have: Have, kept: Collection[tuple[Kind, str]] = ()) -> tuple[Found, ...]:
    """Return in what the sides disagree; `said` is None for a number that a complete file no longer has.

    A case that still follows its record has nothing of its own to disagree with: only its vanishing is told. `kept` are
    (kind, value as `written`) that were settled by keeping our side: they stay settled until they say something else.
    """
    pairs = _vanished(have) if said is None else () if have.mirrored else _differing(said, have)
    return tuple(
        Found(kind, theirs, ours, offers(kind, have.stage, later=_later(theirs, have)))
        for kind, theirs, ours in pairs
        if (kind, written(theirs)) not in kept
    )


def _vanished(have: Have) -> Iterator[tuple[Kind, Value, Value]]:
    if have.stage in STAGES[Kind.VANISHED]:
        yield Kind.VANISHED, None, have.stage.value


def _differing(said: Said, have: Have) -> Iterator[tuple[Kind, Value, Value]]:
    for kind in _BY_STAGE[said.stage]:
        if have.stage in STAGES[kind]:
            yield kind, said.stage.value, have.stage.value
    if said.stage == Stage.VOID:
        return
    beside: tuple[tuple[Kind, Value, Value], ...] = (
        (Kind.UNIT, said.body, have.body),
        (Kind.CLASS, said.case_class, have.case_class),
        (Kind.DEADLINE, said.due_at, have.due_at),
        (Kind.TERRITORY, said.territory, have.territory),
    )
    for kind, theirs, ours in beside:
        if theirs is not None and theirs != ours and have.stage in STAGES[kind]:
            yield kind, theirs, ours


def _later(theirs: Value, have: Have) -> bool:
    """Return whether granting what the unit asked for leads towards their deadline."""
    return have.extension_asked and isinstance(theirs, datetime) and (have.due_at is None or theirs > have.due_at)


def offers(kind: Kind, stage: Stage, *, later: bool = False) -> tuple[Offer, ...]:
    """Return how a disagreement can be settled from a stage: at most one move that takes theirs, then keeping ours.

    `later`: the unit has asked for more time and their deadline is the later one; without that no move sets theirs.
    """
    ways = [verb for verb in _WAYS[kind] if stage in MOVES[verb].sources]
    if kind == Kind.DEADLINE and not later:
        ways = []
    found = [Offer(verb.value, f"case.{verb.value}") for verb in ways[:1]]
    return (*found, Offer(KEEP, f"case.{KEEPING.value}"))


def ways(kind: Kind) -> tuple[Verb, ...]:
    """Return the moves that settle a kind, from whichever stage."""
    return _WAYS[kind]


def written(value: Value) -> str:
    """Return a value as it is kept: a key in digits, a moment in UTC, a stage by its name, "" for nothing."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
