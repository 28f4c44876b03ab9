"""What a guess at a file says: which column is what and why, what is left over, what has to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xiuhua.exchange.words import Mapping


class Reason(NamedTuple):
    """Why a column is proposed for a field: a code (`phrases` has its words) and what it is about.

    name_exact, name_filled, name_part (text: the alias); values_time, values_degrees, values_metres, values_code,
    values_count, values_flag, values_few, values_text, values_repeat, axes, chosen (by a person).
    """

    code: str
    text: str = ""


class Guess(NamedTuple):
    """One column proposed for one field; the confidence, 0 to 1, orders proposals and is no probability."""

    column: str
    confidence: float
    reasons: tuple[Reason, ...]


class Candidate(NamedTuple):
    """One possible answer, with why it is possible: a code of `phrases`."""

    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a file cannot say for certain and a person has to: crs, zone, date_order, day.

    `proposed` is the one answer that the values leave possible, if they do: shown with its evidence, never taken.
    """

    what: str
    columns: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    proposed: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed mapping of a file's columns."""

    fingerprint: str
    fields: dict[str, Guess]
    left: tuple[str, ...]
    questions: tuple[Question, ...]
    #: Values seen in the columns of stage and verdict, most frequent first, with how often, so that they can be ticked.
    values: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    #: What the file writes where it has nothing to say.
    missing: tuple[str, ...] = ()
    #: Columns left over that hold nothing but 0 and 1: flags, of a verdict perhaps.
    flags: tuple[str, ...] = ()
    #: Required fields that no column is proposed for.
    lacking: tuple[str, ...] = ()

    def contract(self) -> dict[str, Any]:
        """Return the proposal as JSON values."""
        return {
            "fingerprint": self.fingerprint,
            "fields": {
                name: {
                    "column": one.column,
                    "confidence": one.confidence,
                    "reasons": [{"code": reason.code, "text": reason.text} for reason in one.reasons],
                }
                for name, one in self.fields.items()
            },
            "left": list(self.left),
            "lacking": list(self.lacking),
            "missing": list(self.missing),
            "flags": list(self.flags),
            "questions": [
                {
                    "what": one.what,
                    "columns": list(one.columns),
                    "candidates": [{"value": each.value, "why": each.why} for each in one.candidates],
                    "proposed": one.proposed or None,
                    "evidence": one.evidence,
                }
                for one in self.questions
            ],
            "values": {name: [{"text": text, "rows": n} for text, n in seen] for name, seen in self.values.items()},
        }


class Ticked(NamedTuple):
    """Values of the stage and verdict columns that a reader has ticked."""

    void: tuple[str, ...] = ()
    on_time: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    #: Columns of flags that say a verdict.
    on_time_columns: tuple[str, ...] = ()
    overdue_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A mapping that is shipped, by its name; `ask` is what its user has to answer."""

    name: str
    title: str
    text: str
    ask: tuple[str, ...]
    columns: frozenset[str]


class Known(NamedTuple):
    """A mapping that was confirmed for a header before, and who did."""

    mapping: Mapping
    confirmed_by: str
    times_used: int
