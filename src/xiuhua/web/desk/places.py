"""Places behind an address: a hot spot, one coordinate, the cases that no place was found for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import Http404
from django.utils.translation import gettext as _

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Where
from xiuhua.cases.policies import sees_all
from xiuhua.insight.queries.hotspots import Apart, HotSpot, HotSpots, NamedBy, hotspots_of, last_day
from xiuhua.insight.queries.recurrence import recurrent_places
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.words import Place, Settings
from xiuhua.kernel.words import Actor

#: A grouping that every office has.
UNIT = "unit"
#: Longest number in an address: degrees × 10^7 with their sign.
LONGEST = 11


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The rows of an address narrowed to a place, and what the place is called ("" without one)."""

    where: Where
    called: str = ""


def settings_for(snapshot: Snapshot) -> Settings:
    """Return the parameters of analysis in force on the month's last day. Raises Refusal."""
    return settings_of(snapshot.tenant, last_day(snapshot))


def hot_of(snapshot: Snapshot) -> HotSpots:
    """Return the hot spots of a month as the office's parameters have them. Raises Refusal."""
    return hotspots_of(snapshot, snapshot.tenant, settings_for(snapshot))


def spot_name(spot: HotSpot) -> str:
    """Return what a hot spot is called in the reader's language."""
    if spot.named_by is NamedBy.SITE:
        return _("%(site)s一带") % {"site": spot.name}
    return spot.name or _("没有名字的地方")


def again_name(place: Place) -> str:
    """Return what a recurrent place is called: where, and what came back."""
    return f"{place.where_text or _('没有名字的地方')}：{place.class_name}"


def apart_names() -> dict[Apart, str]:
    """Return what is said of cases that were not looked at."""
    return {
        Apart.UNPLACED: _("没有坐标"),
        Apart.SHARED: _("在共用坐标上"),
        Apart.OUTSIDE: _("在边界以外"),
    }


def narrowed(snapshot: Snapshot, where: Where, given: Mapping[str, str], by: Actor) -> Narrowed:
    """Return `where` narrowed to the place that an address names: spot, again, apart or at. Raises Http404, Refusal.

    A coordinate is for those who see every case: it says more of one than its line in a list.
    """
    if cell := given.get("spot"):
        return _spot(snapshot, where, cell)
    if first := given.get("again"):
        return _again(snapshot, where, first)
    if (apart := given.get("apart")) in set(Apart):
        kind = Apart(apart)
        return Narrowed(replace(where, keys=hot_of(snapshot).apart[kind]), apart_names()[kind])
    if at := given.get("at"):
        lon, lat = _coordinate(at)
        if not sees_all(by):
            raise Http404
        return Narrowed(replace(where, equal={**where.equal, "lon_e7": lon, "lat_e7": lat}), _("同一坐标"))
    return Narrowed(where)


def _spot(snapshot: Snapshot, where: Where, cell: str) -> Narrowed:
    found = hot_of(snapshot).spot(cell)
    if found is None:
        raise Http404
    return Narrowed(replace(where, keys=found.cases), spot_name(found))


def _again(snapshot: Snapshot, where: Where, first: str) -> Narrowed:
    found = next((one for one in recurrent_places(snapshot, by=UNIT) if one.cases[0] == first), None)
    if found is None:
        raise Http404
    return Narrowed(replace(where, keys=found.back), again_name(found))


def _coordinate(text: str) -> tuple[int, int]:
    parts = text.split(",")
    if len(parts) != len(("lon", "lat")) or not all(_whole(part) for part in parts):
        raise Http404
    return int(parts[0]), int(parts[1])


def _whole(text: str) -> bool:
    return len(text) <= LONGEST and text.isascii() and text.removeprefix("-").isdigit()
