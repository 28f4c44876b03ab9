"""Which sites there are, and at which of them a point lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_noop as _
from numpy.typing import ArrayLike, NDArray

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.territory.models import Site
from xiuhua.territory.queries.trees import valid_on
from xiuhua.territory.rules.metres import degrees_of, scales
from xiuhua.territory.rules.versions import starts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
Bools = NDArray[np.bool_]

_POINTS = frozenset({"Point"})
_AREAS = frozenset({"Polygon", "MultiPolygon"})


class SiteUnknown(Refusal):
    """No site has this code."""

    code = "site.unknown"
    sentence = _("没有代码为 %(code)s 的点位。")


def sites_of(tenant: Tenant, day: date | None = None, *, type: str = "") -> list[Site]:  # noqa: A002 - the word of the field
    """Return the tenant's sites by code: those of one type if one is given, those valid on `day` if one is. One query."""
    found = Site.objects.filter(tenant=tenant).select_related("territory").order_by("code")
    if day is not None:
        found = found.filter(valid_on(day))
    return list(found.filter(type=type) if type else found)


def site_coded(tenant: Tenant, code: str) -> Site:
    """Return the site with this code. One query. Raises SiteUnknown."""
    found = Site.objects.filter(tenant=tenant, code=code).select_related("territory").first()
    if found is None:
        raise SiteUnknown(code=code)
    return found


@dataclass(frozen=True, slots=True)
class _Spot:
    """One site ready to be asked: its shape on its own plane in metres, and the box in degrees that can be at it."""

    shape: shapely.Geometry
    kind: str
    reach: float
    box: tuple[float, float, float, float]
    #: Origin of the plane (degrees) and metres per degree of longitude and latitude there.
    origin: tuple[float, float]
    scale: tuple[float, float]
    begins: np.datetime64
    ends: np.datetime64


class SiteLocator:
    """Answers at which sites a point lies, from geometries in memory; load it once per batch.

    A point is at an area if it lies inside or on its border, at a point or line if it is at most `reach_m` metres
    away. Metres are measured on a plane of each site's own (rules.metres), exact to half a per cent up to a kilometre and more.
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        #: Key and type of each site by its position in the answers.
        self.keys: Ints = np.array([site.pk for site in sites], dtype=np.int64)
        self.types: NDArray[np.object_] = np.array([site.type for site in sites], dtype=object)
        self._spots = [_spot(site) for site in sites]

    @classmethod
    def load(cls, tenant: Tenant) -> SiteLocator:
        """Return a locator for the tenant's sites of all days, in the order of their codes. One query."""
        return cls(sites_of(tenant))

    def near_many(self, lon: ArrayLike, lat: ArrayLike, days: ArrayLike) -> tuple[Ints, Ints]:
        """Return all pairs of a point and a site at which it lies, as (index of the point, position of the site).

        Points are WGS-84 degrees, `days` datetime64[D], one per point or one for all. Pairs are sorted by point, then
        by site; `keys[position]` and `types[position]` say which site it is. A point with NaN or a day NaT has none.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        on = np.broadcast_to(np.asarray(days, dtype="datetime64[D]"), lon.shape)
        usable = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & ~np.isnat(on))
        east = usable[np.argsort(lon[usable])]
        ordered = lon[east]
        points: list[Ints] = []
        for spot in self._spots:
            west, south, east_end, north = spot.box
            rows = east[np.searchsorted(ordered, west) : np.searchsorted(ordered, east_end, side="right")]
            rows = rows[(lat[rows] >= south) & (lat[rows] <= north)]
            rows = rows[(spot.begins <= on[rows]) & (on[rows] < spot.ends)]
            points.append(rows[_at(spot, lon[rows], lat[rows])] if len(rows) else rows)
        found = np.concatenate(points) if points else np.array([], dtype=np.int64)
        position = np.repeat(np.arange(len(points), dtype=np.int64), [len(rows) for rows in points])
        order = np.argsort(found, kind="stable")
        return found[order], position[order]

    def near(self, lon: float, lat: float, day: date) -> tuple[int, ...]:
        """Return the keys of the sites at which a point (WGS-84 degrees) lies on a day, in the order of their codes."""
        _points, position = self.near_many(np.array([lon]), np.array([lat]), np.array([day], dtype="datetime64[D]"))
        return tuple(int(key) for key in self.keys[position])


def _spot(site: Site) -> _Spot:
    shape = shapely.from_wkb(bytes(site.geometry))
    kind = shape.geom_type
    origin = (site.min_lon + site.max_lon) / 2, (site.min_lat + site.max_lat) / 2
    scale = scales(origin[1])
    area = kind in _AREAS
    reach = 0.0 if area else float(site.reach_m)
    east, north = (0.0, 0.0) if area else degrees_of(reach, origin[1])
    if not area:
        shape = shapely.transform(shape, lambda xy: (xy - np.array(origin)) * np.array(scale))
    shapely.prepare(shape)
    return _Spot(
        shape=shape,
        kind="area" if area else "point" if kind in _POINTS else "line",
        reach=reach,
        box=(site.min_lon - east, site.min_lat - north, site.max_lon + east, site.max_lat + north),
        origin=origin,
        scale=scale,
        begins=np.datetime64(starts(site.valid_from), "D"),
        ends=np.datetime64(site.valid_to or date.max, "D"),
    )


def _at(spot: _Spot, lon: Floats, lat: Floats) -> Bools:
    """Return for each point whether it lies at the site."""
    found: Any
    x, y = (lon - spot.origin[0]) * spot.scale[0], (lat - spot.origin[1]) * spot.scale[1]
    if spot.kind == "area":
        found = shapely.intersects_xy(spot.shape, lon, lat)
    elif spot.kind == "point":
        found = x * x + y * y <= spot.reach * spot.reach
    else:
        found = shapely.dwithin(spot.shape, shapely.points(x, y), spot.reach)
    return np.asarray(found, dtype=np.bool_)
