"""How well what a column holds suits a field: 1 as it should be, 0 impossible."""

from __future__ import annotations

from collections.abc import Callable

from xiuhua.exchange.guesses import Reason
from xiuhua.exchange.rules.values import Traits
from xiuhua.territory.rules.projections import EDGE

Fit = tuple[float, Reason | None]

#: A column with nothing in it: its name is all there is to go by.
EMPTY = 0.7
MOST, SOME = 0.8, 0.3
#: Characters beyond which a text is no name of a class, a unit or a place; digits of a territory's code.
NAME_LENGTH, CODE_LENGTH = 60, 4
#: Distinct values of a verdict.
VERDICTS = 6
_LON, _LAT = 180.0, 90.0


def fit(which: str, seen: Traits) -> Fit:
    """Return how well a column suits the field `which`, and what of its values speaks for it."""
    return (EMPTY, None) if not seen.filled else _FITS[which](seen)


def _time(seen: Traits) -> Fit:
    return (1.0, Reason("values_time")) if seen.times >= MOST else (0.0, None)


def _reported(seen: Traits) -> Fit:
    """A report has its time in every row."""
    score, why = _time(seen)
    return score * (0.5 + 0.5 * seen.filled / seen.rows), why


def _coordinate(limit: float) -> Callable[[Traits], Fit]:
    def fits(seen: Traits) -> Fit:
        if seen.numbers < MOST or seen.times >= SOME:
            return 0.0, None
        if seen.low >= -_LON and seen.high <= _LON:
            axis = 1.0 if -limit <= seen.low and seen.high <= limit else 0.6
            return axis if seen.decimals >= SOME else 0.5, Reason("values_degrees", f"{seen.low:g} … {seen.high:g}")
        large = max(abs(seen.low), abs(seen.high)) <= 2.5 * EDGE
        return (0.9, Reason("values_metres", f"{seen.low:.0f} … {seen.high:.0f}")) if large else (0.0, None)

    return fits


def _number(seen: Traits) -> Fit:
    if seen.times >= SOME or seen.decimals >= SOME:
        return 0.0, None
    if not seen.unique:
        return max(0.2, 1 - 2 * seen.repeats), None
    return 1.0, Reason("values_code")


def _count(seen: Traits) -> Fit:
    return (1.0, Reason("values_count")) if seen.counts >= MOST else (0.0, None)


def _verdict(seen: Traits) -> Fit:
    if seen.flags >= MOST:
        return 1.0, Reason("values_flag")
    worded = seen.distinct <= VERDICTS and seen.numbers < SOME and seen.times < SOME
    return (0.8, Reason("values_few", str(seen.distinct))) if worded else (0.0, None)


def _stage(seen: Traits) -> Fit:
    if seen.times >= SOME or seen.length > NAME_LENGTH:
        return 0.0, None
    if seen.numbers >= MOST:
        return 0.5, None
    return (1.0, Reason("values_few", str(seen.distinct))) if seen.common else (0.4, None)


def _name(seen: Traits) -> Fit:
    if seen.times >= SOME or seen.length > NAME_LENGTH:
        return 0.0, None
    if seen.numbers >= MOST:
        return 0.35 if seen.decimals >= SOME else 0.6, None
    if seen.codes >= MOST:
        return 0.6, None
    return 1.0, Reason("values_repeat") if seen.repeats >= SOME else None


def _text(seen: Traits) -> Fit:
    if seen.times >= SOME or seen.pairs >= SOME:
        return 0.0, None
    if seen.numbers >= MOST or seen.flags >= MOST:
        return 0.1, None
    return 1 - 0.4 * seen.repeats, Reason("values_text")


def _address(seen: Traits) -> Fit:
    score, why = _text(seen)
    return (score if score > SOME else 0.0), why


def _code(seen: Traits) -> Fit:
    if seen.codes >= MOST and seen.length >= CODE_LENGTH and seen.decimals < SOME:
        return 1.0, Reason("values_code")
    return 0.0, None


def _condition(seen: Traits) -> Fit:
    return (0.0, None) if seen.times >= SOME or seen.length > NAME_LENGTH else (1.0, None)


_FITS: dict[str, Callable[[Traits], Fit]] = {
    "number": _number,
    "reported_at": _reported,
    "due_at": _time,
    "closed_at": _time,
    "title": _text,
    "description": _text,
    "address": _address,
    "channel": _name,
    "main_class": _name,
    "sub_class": _name,
    "body": _name,
    "territory_code": _code,
    "territory_name": _name,
    "longitude": _coordinate(_LON),
    "latitude": _coordinate(_LAT),
    "stage": _stage,
    "verdict": _verdict,
    "condition": _condition,
    "extensions": _count,
}
