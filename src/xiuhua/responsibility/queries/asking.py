"""Where a point lies, and the answers for many cases over versions of the matrix and of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked
from xiuhua.responsibility.queries.books import DutyBook, codes_of
from xiuhua.responsibility.rules.duty.many import Questions, resolve_many
from xiuhua.responsibility.rules.duty.space import NONE, Ints, Place
from xiuhua.responsibility.words import Question, SiteHere
from xiuhua.territory.models import Site, Territory
from xiuhua.territory.queries import Locator, SiteLocator, SiteUnknown, TerritoryUnknown

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


class ClassUnclear(Refusal):
    """No class, or several, are called so."""

    code = "duty.class_unclear"
    sentence = marked("“%(text)s”不是一个类别的编码或唯一的名称%(found)s。")


class PlaceMissing(Refusal):
    """The question names no place."""

    code = "duty.place_missing"
    sentence = marked("请说明在哪里：地域、点位或经纬度。")


class Places:
    """Turns what a person can say about a place into a territory and its sites; outlines are read when first needed."""

    def __init__(self, tenant: Tenant, book: DutyBook) -> None:
        self._tenant = tenant
        self._book = book
        self._locators: tuple[Locator, SiteLocator, dict[int, str]] | None = None
        self._sites = {site.code: site for site in book.office.sites}
        self._by_key = {site.key: site for site in book.office.sites}

    def question(
        self,
        case_class: str,
        day: date,
        *,
        territory: str = "",
        site: str = "",
        site_type: str = "",
        point: tuple[float, float] | None = None,
    ) -> Question:
        """Return the question about a place: named by territory, by site, or by a point (WGS-84 longitude, latitude).

        What is named goes before what the point says; a site brings its territory, a point all sites that hold it.
        Raises TerritoryUnknown, SiteUnknown, PlaceMissing.
        """
        if site and site not in self._sites:
            raise SiteUnknown(code=site)
        if territory and territory not in self._book.names.territories:
            raise TerritoryUnknown(code=territory)
        sites: list[SiteHere] = [self._sites[site].here] if site else []
        if site and not territory:
            territory = self._sites[site].territory
        if site_type:
            sites.append(SiteHere("", site_type))
        if point:
            found, held = self.at(*point, day)
            territory, sites = territory or found, [*sites, *held]
        elif not (territory or site):
            raise PlaceMissing
        return Question(territory, case_class, day, tuple(sorted(set(sites))))

    def at(self, lon: float, lat: float, day: date) -> tuple[str, tuple[SiteHere, ...]]:
        """Return the finest territory and the sites that hold a point on a day; ("", ()) outside everything."""
        if self._locators is None:
            codes = dict(Territory.objects.filter(tenant=self._tenant).values_list("pk", "code"))
            self._locators = (Locator.load(self._tenant), SiteLocator.load(self._tenant), codes)
        places, sites, codes = self._locators
        key = places.locate(lon, lat, day)
        held = (self._by_key[one].here for one in sites.near(lon, lat, day) if one in self._by_key)
        return codes.get(key, "") if key is not None else "", tuple(held)


@dataclass(frozen=True, slots=True)
class Asked:
    """Cases as columns: codes of territory and class ("" for none), day, and the point (NaN for none)."""

    territory: Sequence[str]
    case_class: Sequence[str]
    day: Days
    lon: Floats
    lat: Floats


@dataclass(frozen=True, slots=True)
class Answered:
    """For each case the unit ("" is nobody), the id of the row ("" for none) and whether rows were in conflict."""

    unit: list[str]
    row: list[str]
    conflict: list[bool]


def answer_many(book: DutyBook, asked: Asked, site_set: Ints, sets: Sequence[tuple[SiteHere, ...]]) -> Answered:
    """Return the answers for cases, each by the version of the matrix and the tree of its own day.

    `site_set` numbers each case's set of sites in `sets` (see `site_sets`).
    """
    total = len(asked.day)
    unit, row, conflict = np.full(total, "", object), np.full(total, "", object), np.zeros(total, bool)
    if not total:
        return Answered([], [], [])
    territories, territory = np.unique(np.asarray(asked.territory, object).astype(str), return_inverse=True)
    classes, case_class = np.unique(np.asarray(asked.case_class, object).astype(str), return_inverse=True)
    first, last = asked.day.min().item(), asked.day.max().item()
    for epoch in book.epochs(first, date.fromordinal(last.toordinal() + 1)):
        within = np.flatnonzero((asked.day >= np.datetime64(epoch.first)) & (asked.day < np.datetime64(epoch.end)))
        if not len(within):
            continue
        questions = Questions(
            territories=territories.tolist(),
            site_sets=sets,
            classes=classes.tolist(),
            territory=territory.ravel()[within],
            site_set=site_set[within],
            case_class=case_class.ravel()[within],
            day=asked.day[within],
        )
        found = resolve_many(epoch.matrix, questions)
        unit[within] = np.array(found.units, object)[found.unit]
        ids = np.array([*(one.id for one in epoch.matrix.rows), ""], object)
        row[within] = ids[np.where(found.row == NONE, len(ids) - 1, found.row)]
        conflict[within] = found.conflict
    return Answered(unit.tolist(), row.tolist(), conflict.tolist())


def site_sets(
    tenant: Tenant, book: DutyBook, asked: Asked, locator: SiteLocator | None = None
) -> tuple[Ints, list[tuple[SiteHere, ...]]]:
    """Return (number of each case's set of sites, the sets); the first set is empty. One query, none with a `locator`."""
    locator = locator or SiteLocator.load(tenant)
    by_key = {site.key: site.here for site in book.office.sites}
    here = [by_key.get(int(key)) for key in locator.keys]
    points, positions = locator.near_many(asked.lon, asked.lat, asked.day)
    number = np.zeros(len(asked.day), np.int64)
    sets: dict[tuple[int, ...], int] = {(): 0}
    starts = np.flatnonzero(np.diff(points, prepend=-1))
    for point, group in zip(points[starts], np.split(positions, starts[1:]) if len(starts) else (), strict=True):
        number[point] = sets.setdefault(tuple(group.tolist()), len(sets))
    return number, [tuple(sorted(one for place in found if (one := here[place]))) for found in sets]


class Overlaps:
    """At which sites several lie over each other, seen from a point of each site; geometries are read once."""

    def __init__(self, tenant: Tenant, book: DutyBook) -> None:
        self._locator = SiteLocator.load(tenant)
        rows = {site.key: site for site in book.office.sites}
        shapes = Site.objects.filter(tenant=tenant).order_by("code").values_list("pk", "geometry")
        points = [(key, shapely.point_on_surface(shapely.from_wkb(bytes(shape)))) for key, shape in shapes]
        self._sites = [rows[key] for key, _point in points]
        self._lon = np.array([point.x for _key, point in points], np.float64)
        self._lat = np.array([point.y for _key, point in points], np.float64)
        self._here = [rows[int(key)].here for key in self._locator.keys]

    def on(self, day: date) -> list[Place]:
        """Return the places on a day at which a site lies within another, by the territory of the inner one."""
        points, positions = self._locator.near_many(self._lon, self._lat, np.datetime64(day))
        held: dict[int, list[SiteHere]] = {}
        for point, position in zip(points.tolist(), positions.tolist(), strict=True):
            held.setdefault(point, []).append(self._here[position])
        return [
            Place(self._sites[point].territory, tuple(sorted(sites))) for point, sites in held.items() if len(sites) > 1
        ]


def class_of(book: DutyBook, text: str) -> str:
    """Return the class that a text means: a key, a code or a unique name. Raises ClassUnclear.

    Where several schemes have such a class, the one of a scheme that the matrix names is meant.
    """
    found = codes_of(book).classes.get(text, ())
    if len(found) > 1:
        named = {row.case_class.partition(":")[0] for version in book.versions for row in version.rows}
        found = tuple(key for key in found if key.partition(":")[0] in named) or found
    if len(found) != 1:
        raise ClassUnclear(text=text, found=f"（{'、'.join(found)}）" if found else "")
    return found[0]
