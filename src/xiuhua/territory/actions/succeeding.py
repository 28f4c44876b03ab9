"""What becomes of territories on a day: mergers, splits, new codes, new names, new parents. History stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions.naming import name_new
from xiuhua.territory.actions.redrawing import sound
from xiuhua.territory.actions.versioning import (
    ChildrenUndecided,
    LevelsDiffer,
    NameUndecided,
    ParentUndecided,
    SuccessionCircle,
    SuccessionRepeated,
    SuccessorOver,
    SuccessorOverlaps,
    check,
    ending,
    next_version,
    no_loop,
    outline_fields,
    parent_on,
    versions_of,
)
from xiuhua.territory.models import Succession, Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.queries.lineage import links
from xiuhua.territory.rules.lineage import circle
from xiuhua.territory.rules.names import fold
from xiuhua.territory.rules.shapes import area_m2, joined, polygons_of
from xiuhua.territory.rules.versions import in_force, starts
from xiuhua.territory.words import LINKING, Changeover, Drawing, Link, Span, Succeeded, SuccessionKind, Unit


@dataclass(slots=True)
class _Cast:
    """Everybody in a change: versions in force just before the day, and successors as they will stand."""

    old: dict[str, TerritoryVersion]
    #: Outlines of the old ones, None where nobody drew one.
    ground: dict[str, BaseGeometry | None]
    new: dict[str, TerritoryVersion] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)


def succeed(tenant: Tenant, change: Changeover, *, by: Actor, at: datetime) -> Succeeded:
    """Carry out a change of territories on its day, in one transaction with one ledger line; return what was done.

    Predecessors end on the day unless they are among the successors; successors that do not exist begin on it; children
    of those that ended go on, from that day, under the successor that has their ground or that `adopt` names. What was
    recorded of earlier days, and every case of them, stays where it was. A predecessor that has ended on that very day
    and a successor that begins on it (brought in by two lists) are only linked.

    Raises SuccessionMalformed, UnitUnfit, TerritoryUnknown, SuccessionEarly, PredecessorOver, SuccessorOverlaps, SuccessorOver,
    SuccessionCircle, SuccessionRepeated, ParentUndecided, NameUndecided, LevelsDiffer, ChildrenUndecided.
    """
    check(change)
    with transaction.atomic():
        old = {code: ending(tenant, code, change.day) for code in change.predecessors}
        cast = _Cast(old, {code: _shape(version) for code, version in old.items()})
        done = (_pass_on if change.kind in LINKING else _carry_on)(tenant, change, cast)
        record(
            "territory.succeed",
            about=f"territory:{change.predecessors[0]}",
            by=by,
            at=at,
            tenant=tenant,
            reason=change.basis,
            facts={
                "kind": str(change.kind),
                "day": change.day.isoformat(),
                "predecessors": list(change.predecessors),
                "successors": [unit.code for unit in change.successors],
                "ended": list(done.ended),
                "begun": list(done.begun),
                "adopted": done.adopted,
            },
        )
    return done


def _carry_on(tenant: Tenant, change: Changeover, cast: _Cast) -> Succeeded:
    """Rename or transfer: one territory, a new version."""
    (old,) = cast.old.values()
    unit = change.successors[0]
    parent = parent_on(tenant, unit.parent, change.day) if unit.parent else None
    changes: dict[str, Any] = {"name": unit.name or old.name}
    if parent is not None:
        changes["parent_id"] = parent
        no_loop(tenant, old, parent, change.day)
    next_version(old, change.day, changes)
    if unit.name:
        _also_called(old.territory, unit.name)
    return Succeeded(str(change.kind), change.day, (), (), 0, 0)


def _pass_on(tenant: Tenant, change: Changeover, cast: _Cast) -> Succeeded:
    _level(cast)
    kept = {unit.code for unit in change.successors} & set(cast.old)
    for unit in change.successors:
        _bring_on(tenant, change, unit, cast)
    made = _link(tenant, change, cast)
    ended = []
    for code, version in cast.old.items():
        if code not in kept:
            if version.valid_to is None or version.valid_to > change.day:
                version.valid_to = change.day
                version.save(update_fields=["valid_to"])
            ended.append(code)
    adopted = _adopt(change, cast, [code for code in cast.old if code not in kept or change.kind == "split"])
    return Succeeded(str(change.kind), change.day, tuple(ended), tuple(cast.begun), made, adopted)


def _level(cast: _Cast) -> str:
    found = {version.territory.level for version in cast.old.values()}
    if len(found) > 1:
        raise LevelsDiffer(codes="、".join(cast.old))
    return found.pop()


def _shape(version: TerritoryVersion) -> BaseGeometry | None:
    return shapely.from_wkb(bytes(version.outline)) if version.outline else None


def _bring_on(tenant: Tenant, change: Changeover, unit: Unit, cast: _Cast) -> None:
    """Find the successor as it stands on the day, or begin it."""
    versions = versions_of(tenant, unit.code)
    newest = versions[-1] if versions else None
    drawn = _drawn(change, unit, cast, newest)
    if newest is None:
        cast.new[unit.code] = _begin(tenant, change, unit, cast, drawn)
        cast.begun.append(unit.code)
        return
    if newest.territory.level != _level(cast):
        raise LevelsDiffer(codes="、".join([*cast.old, unit.code]))
    if not in_force(Span(newest.valid_from, newest.valid_to, same=True), change.day):
        raise SuccessorOver(code=unit.code, day=str(change.day))
    if change.kind == SuccessionKind.CODE_CHANGE and starts(newest.valid_from) < change.day:
        raise SuccessorOverlaps(code=unit.code, day=str(change.day), old=change.predecessors[0])
    changes = {"name": unit.name or newest.name} | (outline_fields(drawn) if drawn else {})
    same = all(getattr(newest, name) == value for name, value in changes.items() if name in {"name", "area_m2"})
    cast.new[unit.code] = newest if same else next_version(newest, change.day, changes)


def _drawn(change: Changeover, unit: Unit, cast: _Cast, standing: TerritoryVersion | None) -> Drawing | None:
    """Return the successor's ground: as given, else all its predecessors' where all of it is known."""
    if unit.geometry is not None:
        return sound(unit.geometry)
    if change.kind == SuccessionKind.SPLIT:
        return None
    shapes = dict(cast.ground)
    # one that begins on the day may get its ground now; one that stood before has its own, drawn or not
    if standing and unit.code not in cast.old and (standing.outline or starts(standing.valid_from) < change.day):
        shapes[unit.code] = _shape(standing)
    known = [shape for shape in shapes.values() if shape is not None]
    if len(known) < len(shapes):
        return None
    union = joined(polygons_of(shapely.union_all(known)))
    return Drawing(union, area_m2(union))


def _begin(tenant: Tenant, change: Changeover, unit: Unit, cast: _Cast, drawn: Drawing | None) -> TerritoryVersion:
    alone = len(cast.old) == len(change.successors) == 1
    name = unit.name or (next(iter(cast.old.values())).name if alone else "")
    if not name:
        raise NameUndecided(code=unit.code)
    parents = {version.parent_id for version in cast.old.values()}
    if not unit.parent and len(parents) > 1:
        raise ParentUndecided(code=unit.code)
    parent = parent_on(tenant, unit.parent, change.day) if unit.parent else parents.pop()
    made = Territory.objects.create(tenant=tenant, code=unit.code, level=_level(cast))
    version = TerritoryVersion.objects.create(
        territory=made,
        name=name,
        parent_id=parent,
        valid_from=change.day,
        **(outline_fields(drawn) if drawn else {}),
    )
    name_new([(made, name)])
    if change.kind == SuccessionKind.CODE_CHANGE:
        _same_names(next(iter(cast.old.values())).territory, made)
    return version


def _same_names(old: Territory, new: Territory) -> None:
    kept = set(TerritoryName.objects.filter(territory=new).values_list("folded", flat=True))
    TerritoryName.objects.bulk_create(
        TerritoryName(territory=new, name=one.name, folded=one.folded, alias=True)
        for one in TerritoryName.objects.filter(territory=old)
        if one.folded not in kept
    )


def _also_called(territory: Territory, name: str) -> None:
    """Make `name` the territory's own; its former one stays as an alias."""
    TerritoryName.objects.filter(territory=territory, alias=False).exclude(folded=fold(name)).update(alias=True)
    TerritoryName.objects.update_or_create(
        territory=territory, folded=fold(name), defaults={"name": name, "alias": False}
    )


def _link(tenant: Tenant, change: Changeover, cast: _Cast) -> int:
    standing = links(tenant)
    known = {(one.predecessor, one.successor, one.day) for one in standing}
    made = []
    for code, old in cast.old.items():
        for unit in change.successors:
            new = cast.new[unit.code]
            if (old.territory_id, new.territory_id, change.day) in known:
                raise SuccessionRepeated(code=code, new=unit.code, day=str(change.day))
            shared = _shared(cast.ground[code], _shape(new))
            made.append(
                Succession(
                    tenant=tenant,
                    predecessor_id=old.territory_id,
                    successor_id=new.territory_id,
                    day=change.day,
                    kind=str(change.kind),
                    basis=change.basis,
                    shared_m2=shared,
                )
            )
    ring = circle([*standing, *(Link(one.predecessor_id, one.successor_id, one.day, one.kind) for one in made)])
    if ring:
        codes = dict(Territory.objects.filter(pk__in=ring).values_list("pk", "code"))
        raise SuccessionCircle(codes="→".join(codes[one] for one in ring))
    Succession.objects.bulk_create(made)
    return len(made)


def _shared(old: BaseGeometry | None, new: BaseGeometry | None) -> int | None:
    if old is None or new is None:
        return None
    parts = polygons_of(shapely.intersection(old, new))
    return area_m2(joined(parts)) if parts else 0


def _adopt(change: Changeover, cast: _Cast, codes: Sequence[str]) -> int:
    """Let children of the territories that passed on go on under a successor, from the day. Raises ChildrenUndecided."""
    keys = {cast.old[code].territory_id for code in codes}
    children = [
        one
        for one in TerritoryVersion.objects.filter(parent_id__in=keys).select_related("territory")
        if (one.valid_to is None or one.valid_to > change.day)
    ]
    told = dict(change.adopt)
    lost, adopted = [], 0
    for child in sorted(children, key=lambda one: one.territory.code):
        heir = told.get(child.territory.code) or _heir(child, cast, change)
        if heir not in cast.new:
            lost.append(child.territory.code)
            continue
        parent = cast.new[heir].territory_id
        if parent != child.parent_id:
            next_version(child, max(change.day, starts(child.valid_from)), {"parent_id": parent})
            adopted += 1
    if lost:
        raise ChildrenUndecided(codes="、".join(lost))
    return adopted


def _heir(child: TerritoryVersion, cast: _Cast, change: Changeover) -> str:
    """Return the successor that takes a child over: the only one, else the one that has most of its ground."""
    if len(change.successors) == 1:
        return change.successors[0].code
    own = _shape(child)
    shares = [(_shared(own, _shape(version)) or 0, code) for code, version in cast.new.items()]
    best = max(shares, default=(0, ""))
    return best[1] if best[0] > 0 else ""
