"""What another outline would move: the last quarter's cases, ground, overlaps and gaps, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import shapely
from django.utils.translation import gettext as _

from xiuhua.cases.queries import DutyEffect, Spot, duty_effect, placed, relocated, spots
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, zone_of
from xiuhua.kernel.rules import Period
from xiuhua.responsibility.queries import DutyBook, Names
from xiuhua.territory.actions.redrawing import sound
from xiuhua.territory.models import Site
from xiuhua.territory.queries import levels
from xiuhua.territory.queries.drawings import level_outlines, newest_version
from xiuhua.territory.queries.sites import sites_of
from xiuhua.territory.queries.standing import listed
from xiuhua.territory.rules.moves import Outlines, moved_points, moves
from xiuhua.territory.rules.versions import in_force
from xiuhua.territory.words import GroundMove, Moves, PointMove, Span
from xiuhua.ui.formats import thousands
from xiuhua.web.desk.frames import level_name

#: Whole months before the present one whose cases are looked at.
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would move: cases (those looked at were reported since `since`), sites, ground; and what territories are called."""

    moves: Moves
    cases: tuple[Spot, ...]
    #: Sites in force on the day, and those of them whose middle would lie in another territory.
    sites: tuple[Site, ...]
    site_moves: tuple[PointMove, ...]
    since: date
    names: dict[str, str]
    #: What units gain and lose and what they are called; None without a duty matrix.
    duty: tuple[DutyEffect, Names] | None
    #: What the levels below are called that have outlines of their own, which this change leaves as they are.
    finer: tuple[str, ...]

    def numbers(self, move: PointMove) -> list[str]:
        """Return the numbers of the cases of one move."""
        return [self.cases[place].number for place in move.points]

    def site_codes(self, move: PointMove) -> list[str]:
        """Return the codes of the sites of one move."""
        return [self.sites[place].code for place in move.points]

    def called(self, code: str) -> str:
        """Return a territory's name; nobody is “没有地域”."""
        return self.names.get(code, code) or _("没有地域")

    def moved(self) -> int:
        """Return how many cases would move."""
        return sum(len(move.points) for move in self.moves.points)


def foreseen(tenant: Tenant, code: str, geometry: dict[str, Any], *, day: date, now: datetime) -> Foreseen:
    """Return what the outline `geometry` (GeoJSON, WGS-84) of the territory `code` from `day` on would move.

    Cases, sites and ground go from territory to territory, cases also from unit to unit by the duty matrix of their own
    day; sites stay where they are, so a case keeps the sites at its point. Looks at the cases reported from the first of the third month before this one. Raises TerritoryUnknown, OutlineUnfit,
    OutlineCrossing, ZoneUndecided.
    """
    version = newest_version(tenant, code)
    drawn = sound(geometry)
    zone = zone_of(tenant)
    since = Period.of(now, zone).shift(-MONTHS).start(zone)
    cases = tuple(spots(tenant, since, now))
    level = version.territory.level
    before = level_outlines(tenant, level, day)
    after = before | {code: drawn.geometry}
    found = moves(before, after, [case.longitude for case in cases], [case.latitude for case in cases])
    sites = tuple(one for one in sites_of(tenant) if in_force(Span(one.valid_from, one.valid_to, same=True), day))
    spots_of = [shapely.point_on_surface(shapely.from_wkb(bytes(one.geometry))) for one in sites]
    moved = moved_points(before, after, shapely.get_x(spots_of), shapely.get_y(spots_of))
    names = {one.code: one.name for one in listed(tenant, level)}
    order = levels(tenant)
    below = {one: level_outlines(tenant, one, day) for one in order}
    place = order.index(level) if level in order else 0
    coarser = [below[one] for one in reversed(order[:place])]
    finer = tuple(level_name(tenant, one) for one in order[place + 1 :] if below[one])
    span = (since.date(), now.astimezone(zone).date() + timedelta(1))
    duty = _duty(tenant, span, day, (before, after, coarser))
    return Foreseen(found, cases, sites, moved, since.date(), names, duty, finer)


def _duty(
    tenant: Tenant, span: tuple[date, date], day: date, drawn: tuple[Outlines, Outlines, Sequence[Outlines]]
) -> tuple[DutyEffect, Names] | None:
    """Return what units would gain and lose of the cases reported on the days of a span; None without a duty matrix.

    `drawn` are the outlines of the level before and after, and those of the coarser levels, finest first.
    """
    try:
        book = DutyBook.load(tenant)
    except PackUndecided:
        return None
    cases = placed(tenant, *span)
    before, after, coarser = drawn
    territories = relocated(cases, before, after, above=book.matrix_on(day).ground.above, coarser=coarser)
    return duty_effect(tenant, cases, book, book, territories), book.names


def ground_words(found: Foreseen, move: GroundMove) -> str:
    """Return a move of ground in words."""
    facts = {
        "m2": thousands(move.m2),
        "before": "、".join(found.called(code) for code in move.before) or _("没有地域"),
        "after": "、".join(found.called(code) for code in move.after) or _("没有地域"),
    }
    if not move.after:
        return _("%(m2)s 平方米原属 %(before)s，改后没有地域管：空隙。") % facts
    if len(move.after) > 1:
        return _("%(m2)s 平方米原属 %(before)s，改后同时属于 %(after)s：重叠。") % facts
    return _("%(m2)s 平方米从 %(before)s 划到 %(after)s。") % facts


def point_words(found: Foreseen, move: PointMove) -> str:
    """Return in words between which territories cases move; their count stands beside it as a number."""
    return _("从 %(before)s 到 %(after)s") % {"before": found.called(move.before), "after": found.called(move.after)}


def sentences(found: Foreseen) -> list[str]:
    """Return everything that would move, one sentence each."""
    return list(_sentences(found))


def _sentences(found: Foreseen) -> Iterator[str]:
    facts = {"n": thousands(len(found.cases)), "since": found.since.isoformat(), "moved": thousands(found.moved())}
    yield _("看了 %(since)s 以来有坐标的 %(n)s 件，会移动 %(moved)s 件。") % facts
    yield duty_words(found)
    if found.finer:
        yield finer_words(found)
    for point in found.moves.points:
        yield f"  {point_words(found, point)}：{len(point.points)}"
    for move in found.site_moves:
        named = "、".join(found.sites[place].name for place in move.points)
        yield "  " + _("点位 %(names)s：%(way)s") % {"names": named, "way": point_words(found, move)}
    for ground in found.moves.ground:
        yield "  " + ground_words(found, ground)
    if not found.moves.ground:
        yield _("没有地面易手。")


def duty_words(found: Foreseen) -> str:
    """Return how many cases would get another unit, or that nothing says whose they are."""
    if found.duty is None:
        return _("还没有责任矩阵，说不出哪些单位会多、哪些会少。")
    facts = {"n": thousands(found.duty[0].cases), "moved": thousands(found.duty[0].moved)}
    return _("按责任矩阵问了全部 %(n)s 件，会换单位的 %(moved)s 件。") % facts


def finer_words(found: Foreseen) -> str:
    """Return the warning that finer levels keep their outlines."""
    return _(
        "下面更细的 %(levels)s 也有自己的边界：请接着改，否则以后的案件仍按它们落图。这里是照改好以后算的，移动的案件按新的地域问。"
    ) % {"levels": "、".join(found.finer)}
