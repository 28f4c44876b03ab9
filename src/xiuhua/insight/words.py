"""What analysis says: sentences that stand only where their rule and sample hold, each with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from xiuhua.analytics.words import Where
from xiuhua.kernel.words import Fact, marked


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of an analysis: its code (worded in `insight.phrases`), its facts, and the rows it is about.

    `subject` is the code of whom it is about, "" for the whole office; `count` is how many rows `where` holds, None
    where the sentence has no list.
    """

    code: str
    facts: Mapping[str, Fact]
    subject: str = ""
    where: Where | None = None
    count: int | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of analysis in force on a day, from a pack of kind `insight`."""

    code: str
    version: str
    #: First month ("YYYY-MM") for which they hold.
    effective_from: str
    #: A coordinate is nobody's own from so many cases of so many sub-classes at exactly it.
    shared_least: int
    shared_classes: int
    #: Recurrence: metres, days after closing; how many cases make a cluster.
    radius_m: int
    days: int
    cluster_least: int
    #: Hot spots: resolution of the H3 cells, false discovery rate, fewest cases to look at.
    resolution: int
    alpha: Fraction
    least_cases: int
    #: Changes: the share of the change that the named classes make up, and the fewest cases worth a sentence.
    pareto: Fraction
    least_change: int


class LeftOut(StrEnum):
    """Why a case says nothing about recurrence."""

    NO_POINT = "no_point"
    SHARED = "shared"
    FAR = "far"
    NO_CLASS = "no_class"
    UNDETERMINED = "undetermined"


#: Gettext messages, translated where they are shown.
LEFT_OUT = {
    LeftOut.NO_POINT: marked("没有坐标"),
    LeftOut.SHARED: marked("坐标是多案共用的"),
    LeftOut.FAR: marked("坐标远离本辖区"),
    LeftOut.NO_CLASS: marked("没有分类"),
    LeftOut.UNDETERMINED: marked("时间自相矛盾"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place where problems of one class came back in a month, named by what everybody may know.

    `times` is how often in that month; `cases` are the numbers of all cases of the chain, in the order of their reports, of
    which the first was closed before. The point is that of the last (degrees × 10⁷, WGS-84).
    """

    class_name: str
    subject: str | None
    times: int
    cases: tuple[str, ...]
    where_text: str
    lon_e7: int
    lat_e7: int
