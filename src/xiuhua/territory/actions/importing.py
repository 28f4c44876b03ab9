"""The import of a file of territories: all of it or, with every fault named, none of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.actions.inserting import tell_planner
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest, merkle_root
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.territory.actions.reading import read_territories
from xiuhua.territory.actions.renumbering import renumber
from xiuhua.territory.actions.writing import end, write
from xiuhua.territory.models import Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.queries.siblings import absentees, shared_ground
from xiuhua.territory.queries.standing import TerritoryUnknown, histories, known_territories
from xiuhua.territory.rules.codes import coded
from xiuhua.territory.rules.identity import Register, claims, faults_of_rows
from xiuhua.territory.rules.shapes import Unfit, drawing, same_outline, wkb
from xiuhua.territory.rules.versions import step
from xiuhua.territory.words import CRS, Change, Claim, Drawing, FileContent, ImportReport, Order, Repair, Span

_LEVEL = re.compile(r"[a-z0-9_-]{1,40}")


class TerritoriesRefused(Refusal):
    """Something in the file is wrong, so nothing of it was imported; `faults` says what and where."""

    code = "territory.refused"
    sentence = _("文件有 %(count)s 处毛病，一个地域也没有导入。")


class LevelMalformed(Refusal):
    """The level is not a word of small Latin letters."""

    code = "territory.level_malformed"
    sentence = _("层级“%(level)s”请用小写字母、数字和连字符写，如 community。")


class SystemMalformed(Refusal):
    """The name of another system is not a word of small Latin letters, or is given twice."""

    code = "territory.system_malformed"
    sentence = _("外部系统“%(system)s”请用小写字母、数字和连字符写，每个系统只写一次。")


class CrsUnknown(Refusal):
    """The coordinate system is none of those we know."""

    code = "territory.crs_unknown"
    sentence = _("不认识坐标系“%(crs)s”；可用：%(known)s。")


class EndUndated(Refusal):
    """Siblings cannot end without a day."""

    code = "territory.end_undated"
    sentence = _("要让文件里没有的地域终止，须用 --effective 写明生效日。")


class RenumberedUnended(Refusal):
    """A new code can only be recognised where the old one ends."""

    code = "territory.renumbered_unended"
    sentence = _("要按名称认出改了的编码，须同时用 --end-absent 让旧编码终止。")


def import_territories(
    tenant: Tenant, data: bytes, order: Order, *, by: Actor, at: datetime, dry_run: bool = False
) -> ImportReport:
    """Import a file of territories in one transaction with one ledger line; return what was done.

    A territory that exists is recognised by its code, or without codes by its own name under its parent. The same
    content again changes nothing; a later effective day makes a new version; the same day corrects in place; an
    earlier one is refused. Invalid outlines are repaired and reported, as are overlaps and gaps (m²) of the siblings.
    `dry_run` does everything and rolls it back.

    Raises TerritoriesRefused with all faults, LevelMalformed, SystemMalformed, CrsUnknown, EndUndated,
    RenumberedUnended, TerritoryUnknown (the parent),
    and the refusals of actions.reading for a file that cannot be read at all.
    """
    _check(order)
    file, faults, reading = read_territories(data, order.reading)
    order = replace(order, reading=reading)
    rows, short = coded(file.rows, order)
    file, faults = replace(file, rows=rows), [*faults, *short]
    drawings, unfit = _drawings(file, order)
    with transaction.atomic():
        register = Register(known_territories(tenant))
        if order.parent and order.parent not in register.by_code:
            raise TerritoryUnknown(code=order.parent)
        made, unclear = claims(file.rows, order, register)
        history = histories(tenant, order.level)
        changes, early = _changes(made, drawings, order, register, history)
        faults = [*faults, *faults_of_rows(file.rows, order), *unfit, *unclear, *early]
        if faults:
            # by row; faults of one row stay in the order in which they were found
            raise TerritoriesRefused(sorted(faults, key=lambda fault: fault.row or 0), count=len(faults))
        done = write(tenant, order, changes, register, history)
        tell_planner(len(changes), Territory, TerritoryVersion, TerritoryName)
        report = _report(tenant, order, file, changes, done)
        _record(tenant, order, report, changes, by=by, at=at)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _check(order: Order) -> None:
    if not _LEVEL.fullmatch(order.level):
        raise LevelMalformed(level=order.level)
    systems = [system for system, _field in order.reading.externals]
    for system in systems:
        if not _LEVEL.fullmatch(system) or systems.count(system) > 1:
            raise SystemMalformed(system=system)
    if order.crs not in CRS:
        raise CrsUnknown(crs=order.crs, known="、".join(CRS))
    if order.end_absent and order.effective is None:
        raise EndUndated
    if order.renumbered and not order.end_absent:
        raise RenumberedUnended


def _drawings(file: FileContent, order: Order) -> tuple[dict[int, Drawing], list[Fault]]:
    """Return the outline of each row (by its number) and the faults of those that cannot be used."""
    found, faults = {}, []
    for row in file.rows if file.drawn else ():
        if row.geometry is None:
            faults.append(Fault("territory.geometry_missing", row=row.row))
            continue
        try:
            found[row.row] = drawing(row.geometry, order.crs)
        except Unfit as unfit:
            faults.append(Fault(unfit.code, row=row.row, facts=unfit.facts))
    return found, faults


def _changes(
    made: Sequence[Claim],
    drawings: Mapping[int, Drawing],
    order: Order,
    register: Register,
    history: Mapping[int, Sequence[TerritoryVersion]],
) -> tuple[list[Change], list[Fault]]:
    changes, faults = [], []
    for claim in made:
        drawn = drawings.get(claim.row.row)
        versions = history.get(claim.territory_id or 0, [])
        spans = [Span(one.valid_from, one.valid_to, _says_the_same(one, claim, drawn, order)) for one in versions]
        decided = step(spans, order.effective)
        if decided == "early":
            facts = {"code": claim.code, "from": str(versions[-1].valid_from)}
            faults.append(Fault("territory.effective_early", row=claim.row.row, facts=dict(facts)))
        newest = versions[-1] if versions else None
        before = _version_digest(register, newest) if newest else ""
        after = before if decided == "unchanged" else _claim_digest(register, claim, drawn, order, newest)
        changes.append(Change(claim, drawn, decided, before, after))
    return changes, faults


def _says_the_same(version: TerritoryVersion, claim: Claim, drawn: Drawing | None, order: Order) -> bool:
    if (version.name, version.parent_id) != (claim.row.name, claim.parent_id):
        return False
    if drawn is None:
        return True
    kept = bytes(version.outline) if version.outline else None
    return version.crs == order.crs and same_outline(kept, drawn.geometry)


def _version_digest(register: Register, version: TerritoryVersion) -> str:
    content = _content(register, version.name, version.parent_id, str(version.valid_from), version.crs)
    return _digest(register.by_id[version.territory_id].code, content, bytes(version.outline or b""))


def _claim_digest(
    register: Register, claim: Claim, drawn: Drawing | None, order: Order, newest: TerritoryVersion | None
) -> str:
    outline = bytes(newest.outline or b"") if newest else b""
    crs = newest.crs if newest else ""
    if drawn:
        outline, crs = wkb(drawn.geometry), order.crs
    content = _content(register, claim.row.name, claim.parent_id, str(order.effective), crs)
    return _digest(claim.code, content, outline)


def _content(register: Register, name: str, parent_id: int | None, day: str, crs: str) -> dict[str, str]:
    parent = register.by_id[parent_id].code if parent_id else ""
    return {"name": name, "parent": parent, "from": day, "crs": crs}


def _digest(code: str, content: dict[str, str], outline: bytes) -> str:
    return digest({"code": code, **content, "outline": hashlib.sha256(outline).hexdigest() if outline else ""})


def _report(
    tenant: Tenant, order: Order, file: FileContent, changes: Sequence[Change], done: tuple[int, int]
) -> ImportReport:
    created, updated = done
    parents = {change.claim.parent_id for change in changes}
    absent = absentees(tenant, order, parents, {change.claim.code for change in changes})
    ended = end(tenant, order, absent) if order.end_absent else ()
    begun = [change.claim.code for change in changes if change.step == "create"]
    renumbered = renumber(tenant, order, ended, begun) if order.renumbered else ()
    overlaps, gaps = shared_ground(tenant, order, parents) if file.drawn else ((), ())
    return ImportReport(
        level=order.level,
        created=created,
        updated=updated,
        unchanged=len(changes) - created - updated,
        skipped=file.skipped,
        repaired=tuple(_repairs(changes)),
        overlaps=overlaps,
        gaps=gaps,
        absent=absent,
        ended=ended,
        renumbered=renumbered,
    )


def _repairs(changes: Iterable[Change]) -> Iterable[Repair]:
    for change in changes:
        row, drawn = change.claim.row, change.drawing
        if drawn and drawn.reason:
            yield Repair(row.row, row.name, drawn.reason, drawn.before_m2, drawn.area_m2)


def _record(
    tenant: Tenant, order: Order, report: ImportReport, changes: Sequence[Change], *, by: Actor, at: datetime
) -> None:
    """Append the one ledger line: counts, and Merkle roots over the rows in their order, before and after."""
    record(
        "territory.import",
        about=f"territory-import:{order.level}",
        by=by,
        at=at,
        tenant=tenant,
        before=merkle_root(change.before for change in changes if change.before),
        after=merkle_root(change.after for change in changes),
        facts={
            "parent": order.parent,
            "crs": order.crs,
            "effective": str(order.effective) if order.effective else None,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "corrected": sum(change.step == "correct" for change in changes),
            "succeeded": sum(change.step == "succeed" for change in changes),
            "ended": list(report.ended),
            "renumbered": [list(pair) for pair in report.renumbered],
        },
    )
