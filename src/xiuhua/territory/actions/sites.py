"""The only writers of sites: an import of a table or a drawing, all of it or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import shapely
from django.db import transaction
from django.utils.translation import gettext_noop as _
from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest, merkle_root
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.tables.forms import filled
from xiuhua.tables.reading.filled import read_filled
from xiuhua.tables.words import Filled
from xiuhua.territory.models import Site, TerritoryVersion
from xiuhua.territory.queries.books import CodeBook, NameBook
from xiuhua.territory.queries.forms import form
from xiuhua.territory.queries.locator import Locator
from xiuhua.territory.queries.site_types import site_types
from xiuhua.territory.queries.sites import sites_of
from xiuhua.territory.rules.files import drawn_records
from xiuhua.territory.rules.places import place
from xiuhua.territory.rules.shapes import Unfit, same_outline, wkb
from xiuhua.territory.rules.site_rows import Known, understood
from xiuhua.territory.rules.versions import in_force, starts
from xiuhua.territory.words import CRS, Span
from xiuhua.territory.words.sites import SiteOrder, SiteReport, SiteRow

#: Fields that a changed site is written with.
_BOX = ("min_lon", "min_lat", "max_lon", "max_lat")
_FIELDS = (
    "name",
    "type",
    "territory",
    "geometry",
    *_BOX,
    "reach_m",
    "valid_from",
    "valid_to",
    "confirmed",
    "crs",
    "aliases",
)


class SitesRefused(Refusal):
    """Something in the file is wrong, so nothing of it was imported; `faults` says what and where."""

    code = "site.refused"
    sentence = _("文件有 %(count)s 处毛病，一个点位也没有导入。")


class SiteEndUndated(Refusal):
    """Sites cannot end without a day."""

    code = "site.end_undated"
    sentence = _("要让文件里没有的点位停用，须用 --effective 写明停用日期。")


class SiteCrsUnknown(Refusal):
    """The coordinate system is none of those we know."""

    code = "site.crs_unknown"
    sentence = _("不认识坐标系“%(crs)s”；可用：%(known)s。")


def import_sites(
    tenant: Tenant, data: bytes, order: SiteOrder, *, by: Actor, at: datetime, dry_run: bool = False
) -> SiteReport:
    """Import sites from a table (CSV, XLSX) or GeoJSON in one transaction with one ledger line; return what was done.

    A site is recognised by its code. The same content again changes nothing and writes no ledger line; other content
    changes the site in place, with digests before and after in the ledger. `dry_run` does everything and rolls it
    back. Raises SitesRefused with all faults, SiteCrsUnknown, SiteEndUndated, PackUndecided (no types installed), and
    the refusals of tables.words and rules.files for a file that cannot be read at all.
    """
    if order.crs not in CRS:
        raise SiteCrsUnknown(crs=order.crs, known="、".join(CRS))
    if order.end_absent and order.effective is None:
        raise SiteEndUndated
    file, shapes, faults = _read(data, order.crs)
    with transaction.atomic():
        found, wrong = understood(file, _known(tenant, order.crs), shapes)
        faults += wrong
        if faults:
            raise SitesRefused(sorted(faults, key=lambda fault: fault.row or 0), count=len(faults))
        report = _write(tenant, order, found.rows, file, by=by, at=at, elsewhere=found.elsewhere, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _read(data: bytes, crs: str) -> tuple[Filled, dict[int, BaseGeometry], list[Fault]]:
    """Return the rows of a file and the geometries that it draws itself."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        file, faults = read_filled(data, form("site"))
        return file, {}, faults
    records, faults = drawn_records(data)
    header = list(dict.fromkeys(name for one in records for name in one.fields))
    rows = ((one.row, [one.fields.get(name, "") for name in header]) for one in records)
    file, wrong = filled(form("site"), header, rows, digest=hashlib.sha256(data).hexdigest())
    shapes: dict[int, BaseGeometry] = {}
    for one in records:
        try:
            if one.geometry:
                shapes[one.row] = place(one.geometry, crs)
        except Unfit as unfit:
            wrong.append(Fault(unfit.code, row=one.row, facts=unfit.facts))
    return file, shapes, [*faults, *wrong]


def _known(tenant: Tenant, crs: str) -> Known:
    names, codes, locator = NameBook.load(tenant), CodeBook.load(tenant), Locator.load(tenant)
    above: dict[int, list[TerritoryVersion]] = {}
    for version in TerritoryVersion.objects.filter(territory__tenant=tenant).defer("outline"):
        above.setdefault(version.territory_id, []).append(version)

    def named(text: str, day: date | None) -> int | None:
        return codes.find(text) or names.match(text, day).territory_id

    def located(shape: BaseGeometry, day: date | None) -> int | None:
        # an area or a line is where a point of its own lies, not where its middle happens to be
        inner = shapely.point_on_surface(shape)
        return locator.locate(inner.x, inner.y, day or _latest(above))

    def line(territory: int, day: date | None) -> frozenset[int]:
        found: set[int] = set()
        at: int | None = territory
        while at is not None and at not in found:
            found.add(at)
            at = _parent(above.get(at, []), day)
        return frozenset(found)

    return Known(site_types(tenant), crs, named, located, line)


def _latest(versions: Mapping[int, Sequence[TerritoryVersion]]) -> date:
    """Return the day of the newest map: a site that was always there is looked up on it."""
    return max((starts(one.valid_from) for found in versions.values() for one in found), default=date.min)


def _parent(versions: Sequence[TerritoryVersion], day: date | None) -> int | None:
    if day:
        living = [one for one in versions if in_force(Span(one.valid_from, one.valid_to, same=True), day)]
        return living[0].parent_id if living else None
    return max(versions, key=lambda one: (starts(one.valid_from), one.pk)).parent_id if versions else None


def _write(
    tenant: Tenant,
    order: SiteOrder,
    rows: Iterable[SiteRow],
    file: Filled,
    *,
    by: Actor,
    at: datetime,
    elsewhere: tuple[str, ...],
    dry_run: bool,
) -> SiteReport:
    known = {site.code: site for site in sites_of(tenant)}
    wanted = {row.code: row for row in rows}
    fresh = [_site(Site(tenant=tenant, code=row.code), row, order) for row in wanted.values() if row.code not in known]
    differ = [known[code] for code, row in wanted.items() if code in known and not _same(known[code], row)]
    absent = [
        site for code, site in known.items() if code not in wanted and _stands(site, order.effective or at.date())
    ]
    ending = [one for one in absent if order.end_absent and starts(one.valid_from) < (order.effective or date.min)]
    before = merkle_root(_digest(site) for site in (*differ, *ending))
    changed = [_site(site, wanted[site.code], order) for site in differ]
    for site in ending:
        site.valid_to = order.effective
    Site.objects.bulk_create(fresh, batch_size=500)
    Site.objects.bulk_update([*changed, *ending], _FIELDS, batch_size=200)
    report = SiteReport(
        created=len(fresh),
        updated=len(changed),
        unchanged=len(wanted) - len(fresh) - len(changed),
        unplaced=tuple(row.code for row in wanted.values() if row.territory_id is None),
        elsewhere=elsewhere,
        absent=tuple(site.code for site in absent),
        ended=tuple(site.code for site in ending),
        examples=file.examples,
        ignored=file.ignored,
        dry_run=dry_run,
    )
    if fresh or changed or ending:
        after = merkle_root(_digest(site) for site in (*fresh, *changed, *ending))
        _record(tenant, order, report, (before if differ or ending else "", after, file.digest), by=by, at=at)
    return report


def _record(
    tenant: Tenant, order: SiteOrder, report: SiteReport, digests: tuple[str, str, str], *, by: Actor, at: datetime
) -> None:
    before, after, file = digests
    facts = {"crs": order.crs, "file": file, "created": report.created, "updated": report.updated}
    facts |= {"unchanged": report.unchanged, "ended": list(report.ended)}
    record("site.import", about="site-import", by=by, at=at, tenant=tenant, before=before, after=after, facts=facts)


def _stands(site: Site, day: date) -> bool:
    """Return whether a site has not ended by a day."""
    return site.valid_to is None or site.valid_to > day


def _same(site: Site, row: SiteRow) -> bool:
    """Return whether a site already says what the row says; how its coordinates came in does not matter."""
    kept = (site.name, site.type, site.territory_id, site.reach_m, site.valid_from, site.valid_to, tuple(site.aliases))
    said = (row.name, row.type, row.territory_id, row.reach_m, row.valid_from, row.valid_to, row.aliases)
    return site.confirmed and kept == said and same_outline(bytes(site.geometry), row.geometry)


def _site(site: Site, row: SiteRow, order: SiteOrder) -> Site:
    """Return a site that says what the row says."""
    site.name, site.type, site.territory_id = row.name, row.type, row.territory_id
    site.geometry = wkb(row.geometry)
    site.min_lon, site.min_lat, site.max_lon, site.max_lat = row.geometry.bounds
    site.reach_m, site.valid_from, site.valid_to = row.reach_m, row.valid_from, row.valid_to
    site.crs, site.aliases, site.confirmed = order.crs, list(row.aliases), True
    return site


def _digest(site: Site) -> str:
    fields = (site.code, site.name, site.type, site.territory_id, site.reach_m, str(site.valid_from))
    return digest([*fields, str(site.valid_to), site.aliases, hashlib.sha256(bytes(site.geometry)).hexdigest()])
