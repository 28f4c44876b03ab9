"""An analysis as text and back, so that it can be kept beside the facts it was made from.

Scalars stand for themselves and lists for tuples; what else there is stands as an object of one key that says what: a frozen
value with the name of its class and its fields in their order, a mapping, a member of an enumeration, a fraction. Only classes
listed here are read, so that a file can bring nothing to life that is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from xiuhua.analytics.words import Part, Where
from xiuhua.insight.rules.hotspots import Silent
from xiuhua.insight.words import (
    Against,
    Analysis,
    Changes,
    ChannelCount,
    ClassChange,
    Compared,
    Effort,
    Move,
    OverdueCause,
    OverdueUnit,
    Saying,
    Tally,
    Unsaid,
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """The measures of recurrence as (kept, of), by subject and in total, and the names of the subjects."""

    groups: Mapping[str | None, Mapping[str, tuple[int, int]]]
    total: Mapping[str, tuple[int, int]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """An analysis as it is kept, with the counts of recurrence.

    Of hot spots: why there are none, how many cases were looked at, and their cells.
    """

    analysis: Analysis
    recurring: Recurring
    silent: Silent | None
    used: int
    spots: tuple[str, ...]


_VALUES: dict[str, Any] = {
    one.__name__: one
    for one in (
        *(
            Analysis,
            Changes,
            ChannelCount,
            ClassChange,
            Effort,
            Kept,
            Move,
            OverdueCause,
            OverdueUnit,
            Recurring,
            Saying,
            Tally,
        ),
        Where,
    )
}
_NAMES: dict[str, type[StrEnum]] = {one.__name__: one for one in (Against, Compared, Part, Silent, Unsaid)}


def written(kept: Kept) -> str:
    """Return an analysis as text. Raises KeyError for a value of a class that is not listed here."""
    return json.dumps(_out(kept), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Kept:
    """Return the analysis of a text; what is none raises ValueError."""
    try:
        found = _in(json.loads(text))
    except (KeyError, TypeError, RecursionError, ZeroDivisionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, Kept):
        raise ValueError(type(found).__name__)  # noqa: TRY004 - what was read is wrong, not who asked
    return found


def _out(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return {"e": [_NAMES[type(value).__name__].__name__, value.value]}
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_out(one) for one in value]
    if isinstance(value, Fraction):
        return {"f": str(value)}
    if isinstance(value, Mapping):
        return {"m": [[_out(key), _out(one)] for key, one in value.items()]}
    if is_dataclass(value):
        name = _VALUES[type(value).__name__].__name__
        return {"d": [name, *(_out(getattr(value, field.name)) for field in fields(value))]}
    raise KeyError(type(value).__name__)


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return tuple([_in(one) for one in value])
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    match kind:
        case "d":
            return _VALUES[held[0]](*[_in(one) for one in held[1:]])
        case "m":
            return {_in(key): _in(one) for key, one in held}
        case "e":
            return _NAMES[held[0]](held[1])
        case _:
            return Fraction(held)
