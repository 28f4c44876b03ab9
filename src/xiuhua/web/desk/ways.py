"""What helps a subject most, as its page and the early warning show it: the shortest way up with its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.assessment.phrases import assumption_sentences, idle_sentence, proof_sentence, score_text, way_sentence
from xiuhua.assessment.words import Closing, Idle, OpenCase, Rounding, WayUp
from xiuhua.ui.formats import duration
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
    """What telling a way takes beside it: the moment, how scores are rounded, names of units, cases one may open."""

    now: datetime
    rounding: Rounding
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
        said=way_sentence(way, told.rounding),
        reached=bool(lift and lift.reached),
        cases=chosen[:NAMED],
        folded=chosen[NAMED:],
        rest=[_doable(one, told) for one in way.cases if not one.chosen],
        before=score_text(lift.before, told.rounding) if lift else "",
        after=score_text(lift.after, told.rounding) if lift else "",
        rank_before=str(lift.rank_before) if lift and lift.rank_before is not None else "",
        rank_after=str(lift.rank_after) if lift and lift.rank_after is not None else "",
        proof=proof_sentence(lift, told.rounding),
        assumed=assumption_sentences(way),
        idle=[
            (idle_sentence(why), [_doable(one, told) for one in way.idle if one.idle is why])
            for why in Idle
            if any(one.idle is why for one in way.idle)
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


def days_left(now: datetime, end: datetime, zone: tzinfo) -> int:
    """Return how many days of a month are left after today, on the office's clock; `end` is its first moment no longer."""
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    return max((last - now.astimezone(zone).date()).days, 0)
