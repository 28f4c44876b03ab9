"""Words of change: who became whom, on which day, and how names are shortened in speech."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class SuccessionKind(StrEnum):
    """What became of a territory on a day; values are what files of changes and commands write."""

    CODE_CHANGE = "code_change"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    TRANSFER = "transfer"


#: Kinds that link two territories; the others are new versions of one.
LINKING = frozenset({SuccessionKind.CODE_CHANGE, SuccessionKind.MERGE, SuccessionKind.SPLIT})


@dataclass(frozen=True, slots=True)
class Unit:
    """A territory that begins with a change, or takes part in it: its code, and what is said about it."""

    code: str
    #: Empty: the name of its only predecessor.
    name: str = ""
    #: Code of its parent; empty: the one its predecessors have in common.
    parent: str = ""
    #: GeoJSON in WGS-84; None: the predecessors' ground for a merger or a change of code, else nothing.
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Changeover:
    """What is to become of territories on a day: who ends, who begins, and who takes over the children."""

    kind: SuccessionKind
    day: date
    predecessors: tuple[str, ...]
    successors: tuple[Unit, ...]
    #: (code of a child, code of the successor that takes it over); needed where outlines do not tell.
    adopt: tuple[tuple[str, str], ...] = ()
    #: The document or decision behind the change.
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """What a changeover did: codes that ended, that began, and how many children were taken over."""

    kind: str
    day: date
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    links: int
    adopted: int


@dataclass(frozen=True, slots=True)
class Lived:
    """The days of one territory, from its first version to its last; `spans` are (first day, day after the last)."""

    territory_id: int
    code: str
    name: str
    level: str
    spans: tuple[tuple[date | None, date | None], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One territory (by key) passed into another on a day."""

    predecessor: int
    successor: int
    day: date
    kind: str
    basis: str = ""
    #: Square metres that both have in common, where both were drawn.
    shared_m2: int | None = None


@dataclass(frozen=True, slots=True)
class Kin:
    """A territory that another one became, or came from: `kind` and `day` of the last step between them."""

    territory_id: int
    code: str
    name: str
    kind: str
    day: date
    #: Steps between the two.
    steps: int


@dataclass(frozen=True, slots=True)
class ComparableArea:
    """The smallest ground that is made of whole units on both days: codes on the one and on the other."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    #: same, code_change, merge, split, regrouped; gone or new where no link is known.
    how: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may have taken over a territory that ended, with what speaks for it: (reason, number)."""

    code: str
    name: str
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Vanished:
    """A territory that ended and has no successor on record: candidates, best first; to be confirmed, never guessed."""

    code: str
    name: str
    day: date
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Contraction:
    """How a name is shortened in speech: endings go, common nouns may go, the N-th is N.

    Two names mean the same place if their core and their number are equal and one of them says no noun or unit that
    the other does not say in the same spot.
    """

    id: str
    suffixes: tuple[str, ...]
    #: Common nouns that may be left out (estate, road).
    words: tuple[str, ...]
    #: Units that may follow a number and be left out (phase, village).
    units: tuple[str, ...] = ()
    #: Sign of an ordinal, in front of its number.
    ordinal: str = ""
    #: A core shorter than this is too little to recognise anything by.
    shortest: int = 2


@dataclass(frozen=True, slots=True)
class Contracted:
    """A name taken apart: core, number (None without one), and the nouns before it, the unit and nouns after it."""

    core: str
    number: int | None
    before: str = ""
    unit: str = ""
    after: str = ""
