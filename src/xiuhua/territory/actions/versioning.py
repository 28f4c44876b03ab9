"""Versions in a changeover: which one ends, how the next one begins, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.territory.models import Territory, TerritoryVersion
from xiuhua.territory.queries.standing import TerritoryUnknown
from xiuhua.territory.rules.identity import sound_texts
from xiuhua.territory.rules.shapes import wkb
from xiuhua.territory.rules.versions import in_force, starts
from xiuhua.territory.words import CODE_LENGTH, NAME_LENGTH, Changeover, Drawing, Span, SuccessionKind, Unit


class SuccessionMalformed(Refusal):
    """The change has not as many sides as its kind needs."""

    code = "territory.succession_malformed"
    sentence = _("%(kind)s需要的是：%(need)s。")


class UnitUnfit(Refusal):
    """A code or name of the change is too long, broken or was rewritten by a spreadsheet; or its basis is too long."""

    code = "territory.unit_unfit"
    sentence = _(
        "“%(code)s %(name)s”或依据写法不对：编码最多 %(codes)s 个字，名称 %(names)s 个，依据 %(basis)s 个，不能是表格软件改写过的数字。"
    )


class SuccessionEarly(Refusal):
    """A version of the territory begins on that day or later: the change would rewrite history."""

    code = "territory.succession_early"
    sentence = _("%(code)s 的版本自 %(since)s 起；变更日须晚于它，历史不改写。")


class PredecessorOver(Refusal):
    """The territory had ended before that day."""

    code = "territory.predecessor_over"
    sentence = _("%(code)s 已于 %(to)s 终止，不能在 %(day)s 再变更。")


class SuccessorOverlaps(Refusal):
    """The new code was in force before the day: two territories would have stood side by side under both codes."""

    code = "territory.successor_overlaps"
    sentence = _("%(code)s 在 %(day)s 之前就已生效，不能是 %(old)s 的新编码；若是并入它，请用合并。")


class SuccessorOver(Refusal):
    """The successor is not in force on the day."""

    code = "territory.successor_over"
    sentence = _("%(code)s 在 %(day)s 不在生效期内，不能承接别的地域。")


class SuccessionCircle(Refusal):
    """On one day the territories would pass into each other in a circle."""

    code = "territory.succession_circle"
    sentence = _("同一天内首尾相接：%(codes)s。")


class SuccessionRepeated(Refusal):
    """The link is on record already."""

    code = "territory.succession_repeated"
    sentence = _("%(code)s 到 %(new)s 在 %(day)s 的变更已经登记过。")


class ParentUndecided(Refusal):
    """The predecessors have no parent in common and none was named for the successor."""

    code = "territory.parent_undecided"
    sentence = _("请写明 %(code)s 的上级：原来的几处不在同一个上级之下。")


class NameUndecided(Refusal):
    """A new territory has no name, and it has several predecessors or several beside it."""

    code = "territory.name_undecided"
    sentence = _("请写明 %(code)s 的名称。")


class LevelsDiffer(Refusal):
    """Territories of different levels cannot become one another."""

    code = "territory.levels_differ"
    sentence = _("%(codes)s 不在同一层级。")


class ChildrenUndecided(Refusal):
    """Nothing tells which successor takes these children over."""

    code = "territory.children_undecided"
    sentence = _("不知道下级 %(codes)s 归哪一个新地域，请用 --adopt 写明。")


#: Length of a basis in the database.
BASIS_LENGTH = 300

#: Every refusal of a changeover: in a file of changes each is a fault of its row.
REFUSALS: tuple[type[Refusal], ...] = (
    *(
        UnitUnfit,
        TerritoryUnknown,
        SuccessionMalformed,
        SuccessionEarly,
        PredecessorOver,
        SuccessorOverlaps,
        SuccessorOver,
    ),
    *(SuccessionCircle, SuccessionRepeated, ParentUndecided, NameUndecided, LevelsDiffer, ChildrenUndecided),
)

#: What a change of territories is called.
KINDS = {
    SuccessionKind.CODE_CHANGE: gettext_lazy("编码变更"),
    SuccessionKind.MERGE: gettext_lazy("合并"),
    SuccessionKind.SPLIT: gettext_lazy("拆分"),
    SuccessionKind.RENAME: gettext_lazy("更名"),
    SuccessionKind.TRANSFER: gettext_lazy("划转"),
}

_NEEDS = {
    SuccessionKind.CODE_CHANGE: (_("一个旧编码和一个不同的新编码"), 1, 1),
    SuccessionKind.MERGE: (_("至少两个旧地域（或一个并入已有的）和一个新地域"), 0, 1),
    SuccessionKind.SPLIT: (_("一个旧地域和至少两个新地域"), 1, 0),
    SuccessionKind.RENAME: (_("一个地域和它的新名称"), 1, 1),
    SuccessionKind.TRANSFER: (_("一个地域和它的新上级"), 1, 1),
}


def check(change: Changeover) -> None:
    """Refuse a change that has not as many sides as its kind needs. Raises SuccessionMalformed, UnitUnfit."""
    for unit in change.successors:
        if not sound_texts(unit.code, unit.name) or len(change.basis) > BASIS_LENGTH:
            raise UnitUnfit(
                code=unit.code[:CODE_LENGTH],
                name=unit.name[:NAME_LENGTH],
                codes=CODE_LENGTH,
                names=NAME_LENGTH,
                basis=BASIS_LENGTH,
            )
    need, old, new = _NEEDS[change.kind]
    unit = change.successors[0] if change.successors else Unit("")
    codes = [one.code for one in change.successors]
    sound = (
        bool(change.predecessors and all(codes))
        and len(change.predecessors) == (old or len(set(change.predecessors)))
        and len(codes) == (new or len(set(codes)))
        and {
            SuccessionKind.CODE_CHANGE: unit.code not in change.predecessors,
            SuccessionKind.MERGE: set(change.predecessors) != set(codes),
            SuccessionKind.SPLIT: len(codes) > 1,
            SuccessionKind.RENAME: bool(unit.name) and (unit.code,) == change.predecessors,
            SuccessionKind.TRANSFER: bool(unit.parent) and (unit.code,) == change.predecessors,
        }[change.kind]
    )
    if not sound:
        raise SuccessionMalformed(kind=str(KINDS[change.kind]), need=gettext(need))


def versions_of(tenant: Tenant, code: str) -> list[TerritoryVersion]:
    """Return the versions of the territory `code`, oldest first; none if there is no such territory."""
    found = TerritoryVersion.objects.filter(territory__tenant=tenant, territory__code=code).select_related("territory")
    return sorted(found, key=lambda one: (starts(one.valid_from), one.pk))


def ending(tenant: Tenant, code: str, day: date) -> TerritoryVersion:
    """Return the version that is in force just before `day`. Raises TerritoryUnknown, SuccessionEarly, PredecessorOver."""
    versions = versions_of(tenant, code)
    if not versions:
        raise TerritoryUnknown(code=code)
    newest = versions[-1]
    if starts(newest.valid_from) >= day:
        raise SuccessionEarly(code=code, since=str(newest.valid_from))
    if newest.valid_to is not None and newest.valid_to < day:
        raise PredecessorOver(code=code, to=str(newest.valid_to), day=str(day))
    return newest


def outline_fields(drawn: Drawing) -> dict[str, Any]:
    """Return what a version keeps of an outline."""
    west, south, east, north = drawn.geometry.bounds
    fields: dict[str, Any] = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north, "crs": "wgs84"}
    return fields | {"outline": wkb(drawn.geometry), "area_m2": drawn.area_m2}


def parent_on(tenant: Tenant, code: str, day: date) -> int:
    """Return the key of a territory that is in force on `day`. Raises TerritoryUnknown, SuccessorOver."""
    versions = versions_of(tenant, code)
    if not versions:
        raise TerritoryUnknown(code=code)
    if not any(in_force(Span(one.valid_from, one.valid_to, same=True), day) for one in versions):
        raise SuccessorOver(code=code, day=str(day))
    return versions[-1].territory_id


def no_loop(tenant: Tenant, own: TerritoryVersion, parent: int | None, day: date) -> None:
    """Refuse a parent that lies below the territory itself. Raises SuccessionCircle."""
    line = [own.territory_id]
    while parent is not None:
        if parent in line:
            codes = {one.pk: one.code for one in Territory.objects.filter(tenant=tenant, pk__in=line)}
            raise SuccessionCircle(codes="→".join(codes[one] for one in line))
        line.append(parent)
        above = [
            one.parent_id
            for one in TerritoryVersion.objects.filter(territory_id=parent)
            if in_force(Span(one.valid_from, one.valid_to, same=True), day)
        ]
        parent = above[0] if above else None


#: What a new version takes over from the one before.
_COPIED = ("name", "parent_id", "outline", "min_lon", "min_lat", "max_lon", "max_lat", "area_m2", "crs")


def next_version(old: TerritoryVersion, day: date, changes: Mapping[str, Any]) -> TerritoryVersion:
    """Close a version on `day` and begin one with the changes; on its own first day it is corrected in place."""
    if starts(old.valid_from) == day:
        for name, value in changes.items():
            setattr(old, name, value)
        old.save()
        return old
    fields = {name: getattr(old, name) for name in _COPIED} | dict(changes)
    following = TerritoryVersion.objects.create(
        territory_id=old.territory_id, valid_from=day, valid_to=old.valid_to, **fields
    )
    old.valid_to = day
    old.save(update_fields=["valid_to"])
    return following
