"""Where problems came back, and where they crowd: what the rules of recurrence and of hot spots found, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from xiuhua.analytics.words import Part, Where
from xiuhua.insight.rules.linking import DAY_US
from xiuhua.insight.rules.named import OFFICE, within
from xiuhua.insight.words import Holding, Place, Saying, Settings, Watch
from xiuhua.kernel.words import Fact

#: What came back in a month.
BACK = Where(measure="repeats")
#: No closings known of.
NOTHING: Mapping[str, Watch] = {}


class Crowd(Protocol):
    """What is said of a hot spot (`insight.queries.hotspots.HotSpot` is one)."""

    @property
    def cell(self) -> str:
        """Its key."""

    @property
    def name(self) -> str:
        """What it is called after, "" for nothing."""

    @property
    def cases(self) -> tuple[str, ...]:
        """The numbers of its cases."""

    @property
    def expected(self) -> float:
        """How many there would be if all were spread evenly."""


def recurrence_sayings(
    places: Sequence[Place],
    names: Mapping[str, str],
    watch: Mapping[str, Watch] = NOTHING,
    *,
    by: str,
    period: str,
    settings: Settings,
) -> Iterable[Saying]:
    """Yield how many cases of the month came back, at how many places, and what became of closings: the office, then each subject.

    What came back are all cases of a place's chain but the first (`insight.queries.recurrence.recurrent_places`): what the
    measure "repeats" keeps. A subject is told of its own cases, also at a place that lies half with its neighbour.
    """
    for code, name in ((OFFICE, ""), *names.items()):
        own = tuple(_place(one, count, code, by, period) for one in places if (count := one.back_in(code)))
        if own:
            count = sum(one.count or 0 for one in own)
            facts: dict[str, Fact] = {"name": name, "count": count, "places": len(own)}
            facts |= {"radius": settings.radius_m, "days": settings.days}
            yield Saying("recur.total", facts, code, within(BACK, by, code), count, period, own)
        if code in watch and watch[code].over:
            parts = tuple(_held(watch[code], by, code, period))
            yield Saying("recur.held", {"name": name, "days": settings.days}, code, None, None, period, parts)
            yield from _how_long(code, name, watch[code].holding, period, settings)


def _how_long(subject: str, name: str, held: Holding | None, period: str, settings: Settings) -> Iterable[Saying]:
    """Yield how long closings hold, where there are enough and some came back and some did not."""
    if held is None or held.limits is None or held.closings < settings.held_least:
        return
    low, high = (f"{100 * end:.1f}" for end in held.limits)
    facts: dict[str, Fact] = {"name": name, "days": settings.days, "closings": held.closings}
    facts |= {"share": f"{100 * held.share:.1f}", "low": low, "high": high, "mean": f"{held.mean / DAY_US:.1f}"}
    if held.half is None:
        yield Saying("recur.beyond", facts, subject, period=period)
    else:
        yield Saying("recur.half", facts | {"half": f"{held.half / DAY_US:.1f}"}, subject, period=period)


def _held(watch: Watch, by: str, subject: str, period: str) -> Iterable[Saying]:
    """Yield how many closings are judged since their time is over, how many of these came back, how many are not judged yet."""

    def told(code: str, where: Where, count: int, /, **facts: Fact) -> Saying:
        return Saying(code, facts, "", within(where, by, subject), count, period)

    yield told("recur.over", Where("recurred", Part.OF), watch.over, of=watch.over)
    yield told("recur.back", Where("recurred"), watch.back, count=watch.back, of=watch.over)
    if watch.running is not None:
        yield told("recur.running", Where("running"), watch.running, count=watch.running)


def _place(place: Place, count: int, subject: str, by: str, period: str) -> Saying:
    facts: dict[str, Fact] = {"where": place.where_text, "class": place.class_name, "first": place.cases[0]}
    where = within(replace(BACK, keys=place.back), by, subject)
    return Saying("recur.place", facts | {"count": count}, "", where, count, period)


def hot_sayings(crowds: Sequence[Crowd], *, period: str, settings: Settings) -> Iterable[Saying]:
    """Yield the hot spots in the order of their strength, with the share of false alarms that was allowed."""
    if not crowds:
        return
    alarms = settings.alpha * 100
    facts: dict[str, Fact] = {"spots": len(crowds), "alarms": str(float(alarms)).removesuffix(".0")}
    yield Saying("hot.spots", facts, period=period, parts=tuple(_crowd(one, period) for one in crowds))


def _crowd(one: Crowd, period: str) -> Saying:
    facts: dict[str, Fact] = {"where": one.name, "cell": one.cell, "count": len(one.cases)}
    facts["expected"] = f"{one.expected:.1f}"
    return Saying("hot.spot", facts, "", Where(measure="reported", keys=one.cases), len(one.cases), period)
