"""What helps a subject most, as its page and the early warning show it: the shortest way up with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import measure_title, unranked_sentence
from xiuhua.assessment.words import Closing, Goal, Idle, Lift, NoGoal, OpenCase, Others, WayUp
from xiuhua.ui.formats import decimal, duration
from xiuhua.web.desk.timing import due_words

#: Cases that are named before the rest is folded away.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Doable:
    """An open case to close: what it is, whose, how much time is left, and what stands against it."""

    number: str
    href: str
    class_name: str
    unit: str
    due: Mapping[str, Any]
    late: bool
    short: str
    closed_since: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way up in words: what to do, which cases, from where to where, why nothing shorter does, what may wait."""

    said: str
    reached: bool
    cases: Sequence[Doable]
    folded: Sequence[Doable]
    rest: Sequence[Doable]
    before: str
    after: str
    rank_before: str
    rank_after: str
    proof: str
    assumed: Sequence[str]
    idle: Sequence[tuple[str, Sequence[Doable]]]
    idle_more: int
    as_of: datetime

    @property
    def count(self) -> int:
        """How many cases there are to close."""
        return len(self.cases) + len(self.folded)

    @property
    def late(self) -> int:
        """How many of them are late already."""
        return sum(one.late for one in (*self.cases, *self.folded))

    @property
    def short(self) -> int:
        """How many of them have less time left than such cases usually take."""
        return sum(bool(one.short) for one in (*self.cases, *self.folded))


@dataclass(frozen=True, slots=True)
class Told:
    """What telling a way takes beside it: the moment, the decimals of a score, names of units, cases one may open."""

    now: datetime
    digits: int
    units: Mapping[str, str]
    openable: Mapping[str, int]


def numbers(way: WayUp) -> list[str]:
    """Return the numbers of all cases that a way names."""
    return [one.number for one in (*way.cases, *way.idle)]


def way_told(way: WayUp, told: Told) -> Way:
    """Return a way up in the reader's language."""
    chosen = [_doable(one, told) for one in way.cases if one.chosen]
    lift = way.lift
    return Way(
        said=said(way, told.digits),
        reached=bool(lift and lift.reached),
        cases=chosen[:NAMED],
        folded=chosen[NAMED:],
        rest=[_doable(one, told) for one in way.cases if not one.chosen],
        before=decimal(lift.before, told.digits) if lift else "",
        after=decimal(lift.after, told.digits) if lift else "",
        rank_before=str(lift.rank_before) if lift and lift.rank_before is not None else "",
        rank_after=str(lift.rank_after) if lift and lift.rank_after is not None else "",
        proof=proof(lift, told.digits),
        assumed=list(assumed(way)),
        idle=[
            (_IDLE_SAID[why](), [_doable(one, told) for one in way.idle if one.idle is why])
            for why in Idle
            if why in _IDLE_SAID and any(one.idle is why for one in way.idle)
        ],
        idle_more=way.idle_more,
        as_of=way.as_of,
    )


def _doable(one: OpenCase, told: Told) -> Doable:
    key = told.openable.get(one.number)
    usual = timedelta(seconds=one.usual_seconds) if one.usual_seconds is not None else None
    short = _("这类案件最快的一成也用了 %(span)s") % {"span": duration(usual, get_language())} if usual else ""
    return Doable(
        number=one.number,
        href=reverse("desk:case", args=[key]) if key else "",
        class_name=one.class_name,
        unit=told.units.get(one.unit, one.unit) or _("未派单位"),
        due=due_words(one.due, None, told.now),
        late=one.kind is Closing.LATE,
        short=short if one.short else "",
        closed_since=one.closed_since,
    )


_IDLE_SAID = {
    Idle.AFTER: lambda: _("期限在本月以后，早办晚办不影响本月"),
    Idle.NO_DEADLINE: lambda: _("没有期限，不进本月的成绩"),
    Idle.LIFTS_NOTHING: lambda: _("办结不改变本月的分数"),
}
_NO_GOAL = {
    NoGoal.FIRST: lambda: _("照今天的成绩已经是第一位。"),
    NoGoal.NOT_LISTED: lambda: _("照今天的成绩不在黑榜上。"),
}


def said(way: WayUp, digits: int) -> str:
    """Return what is to be done, or why there is nothing."""
    if way.none is NoGoal.UNRANKED:
        return unranked_sentence(way.unranked) + _("。")
    if way.none in _NO_GOAL:
        return _NO_GOAL[way.none]()
    if way.lift is None:
        return ""
    return _reached(way, way.lift) if way.lift.reached else _out_of_reach(way, way.lift, digits)


def _reached(way: WayUp, lift: Lift) -> str:
    late = any(item.kind is Closing.LATE for item in lift.items)
    do = _("办好") if late else _("按期办好")
    facts = {"do": do, "count": len(lift.items), "rank": lift.rank_after, "name": way.ahead.name if way.ahead else ""}
    if way.goal is Goal.OFF_BLACK:
        return _("%(do)s下面 %(count)s 件，就够离开黑榜。") % facts
    if lift.rank_after is None:
        return _("%(do)s下面 %(count)s 件，就够超过%(name)s。") % facts
    return _("%(do)s下面 %(count)s 件，就够升到第 %(rank)s 位，超过%(name)s。") % facts


def _out_of_reach(way: WayUp, lift: Lift, digits: int) -> str:
    if not lift.items:
        return _("眼下没有办结了能加分的案件。")
    facts = {"possible": lift.possible, "count": len(lift.items), "after": decimal(lift.after, digits)}
    if way.goal is Goal.OFF_BLACK:
        return _("能办的 %(possible)s 件全办好也离不开黑榜；办好下面 %(count)s 件，最多到 %(after)s 分。") % facts
    return _("能办的 %(possible)s 件全办好也升不了位；办好下面 %(count)s 件，最多到 %(after)s 分。") % facts


def proof(lift: Lift | None, digits: int) -> str:
    """Return why no shorter way leads there; empty where there is none to compare."""
    if lift is None or not lift.items or not lift.reached:
        return ""
    if len(lift.items) == 1:
        return _("由系统重算得出，一件就够。")
    facts = {"fewer": len(lift.items) - 1, "cheaper": decimal(lift.cheaper, digits)}
    return _("由系统重算得出：任选 %(fewer)s 件最多到 %(cheaper)s 分，不够，没有更少的办法。") % facts


def assumed(way: WayUp) -> Iterator[str]:
    """Yield what the way takes for given."""
    if way.lift is None:
        return
    yield _("假定别家把能办的都办好。") if way.others is Others.ALL else _("假定别家停在今天的分数。")
    if way.usual_new:
        yield _("往常这时到月底还有约 %(count)s 件新上报的会到期，没有算进去。") % {"count": way.usual_new}
    if way.held:
        yield _("这些指标按不变算：%(names)s。") % {"names": _("、").join(map(measure_title, way.held))}


def days_left(now: datetime, end: datetime, zone: tzinfo) -> int:
    """Return how many days of a month are left after today, on the office's clock; `end` is its first moment no longer."""
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    return max((last - now.astimezone(zone).date()).days, 0)
