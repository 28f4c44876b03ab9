"""From the cases around a month to its facts of recurrence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from xiuhua.insight.rules.points import plane, shared
from xiuhua.insight.rules.recurrence import NEVER, NOBODY, Cases, clusters, follows
from xiuhua.insight.words import LeftOut, Settings

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: A day of D is twenty-four hours, whatever the clock does.
DAY_US = 86_400_000_000
_CENTIMETRES = 100


@dataclass(frozen=True, slots=True)
class Span:
    """Which instants count, in microseconds since 1970: the month from `a` to `b`, and the end of what is known."""

    a: int
    b: int
    end: int
    #: D.
    within: int

    @classmethod
    def of(cls, a: int, b: int, as_of: int, days: int) -> Span:
        """Return the span of a month as it stood at `as_of`, with D in days."""
        return cls(a, b, min(b, as_of), days * DAY_US)


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found, beside each case: positions of others, NOBODY for none."""

    left_out: NDArray[np.object_]
    closed: Ints
    follows: Ints
    followed_by: Ints
    #: First case and size of the cluster; NOBODY and 0 outside the month and where there are too few.
    cluster: Ints
    cluster_size: Ints
    #: Which cases belong to the month's facts.
    kept: Bools


def linked(table: pa.Table, span: Span, settings: Settings) -> Linked:
    """Return how the cases of `table` (docs: `insight.facts`) follow and stand beside one another.

    A case's `follows` is complete if it was reported in (a - D, end]: for others it is nobody.
    """
    opened = _ints(table["reported_us"], 0)
    closed = _ints(table["closed_us"], NEVER)
    closed = np.where(closed <= span.end, closed, NEVER)
    kind = _kinds(table)
    left_out, east, north = _places(table, kind, settings)
    own = np.flatnonzero(left_out == "")
    radius = settings.radius_m * _CENTIMETRES
    follow = np.full(len(opened), NOBODY, np.int64)
    cases = Cases(kind[own], east[own], north[own], opened[own], closed[own])
    found = follows(cases, radius_cm=radius, within_us=span.within)
    follow[own] = np.where(found == NOBODY, NOBODY, own[found])
    follow[(opened <= span.a - span.within) | (opened > span.end)] = NOBODY
    month = (opened >= span.a) & (opened < span.b) & (opened <= span.end)
    cluster, size = _clusters(np.flatnonzero(month & (left_out == "")), (kind, east, north), radius, settings)
    watched = (closed != NEVER) & (closed > span.a - span.within) & (closed <= span.end)
    return Linked(
        left_out=left_out,
        closed=closed,
        follows=follow,
        followed_by=_followers(follow, opened),
        cluster=cluster,
        cluster_size=size,
        kept=_kept(month, watched, follow),
    )


def _ints(column: pa.ChunkedArray, null: int) -> Ints:
    return np.asarray(pc.fill_null(column, null).to_numpy(), dtype=np.int64)


def _kinds(table: pa.Table) -> Ints:
    """Return a number for each class: its main and its sub-class together; NOBODY for a case without one."""
    both = pc.binary_join_element_wise(
        table["main_class"].cast(pa.string()), pc.fill_null(table["sub_class"].cast(pa.string()), ""), "\x1f"
    )
    return _ints(both.combine_chunks().dictionary_encode().indices, NOBODY)


def _places(table: pa.Table, kind: Ints, settings: Settings) -> tuple[NDArray[np.object_], Ints, Ints]:
    """Return why each case is left out ("" if it is not), and its place on the plane."""
    lon, lat = _ints(table["lon_e7"], 0), _ints(table["lat_e7"], 0)
    lacking = np.asarray(pc.or_(pc.is_null(table["lon_e7"]), pc.is_null(table["lat_e7"])).to_numpy())
    doubtful = np.asarray(pc.not_equal(table["undetermined"].cast(pa.string()), "").to_numpy())
    left_out = np.full(len(lon), "", object)
    pointed = np.flatnonzero(~lacking)
    crowd = shared(
        lon[pointed], lat[pointed], kind[pointed], least=settings.shared_least, kinds=settings.shared_classes
    )
    left_out[pointed[crowd]] = LeftOut.SHARED.value
    left_out[lacking] = LeftOut.NO_POINT.value
    left_out[kind == NOBODY] = LeftOut.NO_CLASS.value
    left_out[doubtful] = LeftOut.UNDETERMINED.value
    own = np.flatnonzero(left_out == "")
    east, north = np.zeros(len(lon), np.int64), np.zeros(len(lon), np.int64)
    east[own], north[own], far = plane(lon[own], lat[own])
    left_out[own[far]] = LeftOut.FAR.value
    return left_out, east, north


def _clusters(month: Ints, at: tuple[Ints, Ints, Ints], radius: int, settings: Settings) -> tuple[Ints, Ints]:
    cluster, size = np.full(len(at[0]), NOBODY, np.int64), np.zeros(len(at[0]), np.int64)
    kind, east, north = (column[month] for column in at)
    first, count = clusters(kind, east, north, radius_cm=radius)
    many = count >= settings.cluster_least
    cluster[month[many]], size[month[many]] = month[first[many]], count[many]
    return cluster, size


def _followers(follow: Ints, opened: Ints) -> Ints:
    """Return the first to follow each case: the one reported first, then the first in order."""
    answer = np.full(len(follow), NOBODY, np.int64)
    later = np.flatnonzero(follow != NOBODY)
    later = later[np.argsort(opened[later], kind="stable")]
    closing, at = np.unique(follow[later], return_index=True)
    answer[closing] = later[at]
    return answer


def _kept(month: Bools, watched: Bools, follow: Ints) -> Bools:
    """Return the cases of the month, the closings whose time of watching reaches into it, and who is linked with these."""
    kept: Any = month | watched
    later = np.flatnonzero(follow != NOBODY)
    linked = later[month[later] | watched[follow[later]]]
    kept[linked] = True
    kept[follow[linked]] = True
    answer: Bools = kept
    return answer
