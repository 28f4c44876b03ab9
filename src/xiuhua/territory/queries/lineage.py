"""Predecessors and successors: what a territory became, what it came from, and which units can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import ExternalCode, Succession, Territory, TerritoryVersion
from xiuhua.territory.queries.standing import TerritoryUnknown
from xiuhua.territory.rules.lineage import alive, comparable, steps_back, steps_forward
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import ComparableArea, Kin, Link, Lived


@dataclass(frozen=True, slots=True)
class Story:
    """One territory through time: its versions, whom it came from and became directly, and who it is on a day."""

    code: str
    level: str
    confirmed: bool
    versions: tuple[dict[str, object], ...]
    came_from: tuple[Kin, ...]
    became: tuple[Kin, ...]
    today: tuple[Kin, ...]


class Lineage:
    """All territories of an office with their days and links; load it once per batch."""

    def __init__(self, lived: Iterable[Lived], links: Iterable[Link], others: Iterable[tuple[str, int]] = ()) -> None:
        """`others` are (another system's code, territory)."""
        self._lived = {one.territory_id: one for one in lived}
        self._links = tuple(links)
        self._codes = {one.code: one.territory_id for one in self._lived.values()}
        self._others: dict[str, set[int]] = {}
        for code, territory in others:
            self._others.setdefault(code, set()).add(territory)

    @classmethod
    def load(cls, tenant: Tenant, level: str = "") -> Lineage:
        """Return the office's territories, of one level if given, with their links. Three queries."""
        versions: dict[int, list[TerritoryVersion]] = {}
        found = TerritoryVersion.objects.filter(territory__tenant=tenant).select_related("territory").defer("outline")
        for version in found.filter(territory__level=level) if level else found:
            versions.setdefault(version.territory_id, []).append(version)
        lived = [_lived(own) for own in versions.values()]
        others = ExternalCode.objects.filter(territory__tenant=tenant).values_list("code", "territory_id")
        return cls(lived, links(tenant), ((code, pk) for code, pk in others if pk in versions))

    def key(self, code: str) -> int:
        """Return the key of a territory, by its own code or the only one another system knows so. Raises TerritoryUnknown."""
        others = self._others.get(code, set())
        found = self._codes.get(code) or (next(iter(others)) if len(others) == 1 else None)
        if found is None:
            raise TerritoryUnknown(code=code)
        return found

    def successors_of(self, code: str, day: date) -> tuple[Kin, ...]:
        """Return what the territory `code` is on `day`: itself while it lasts, else what it became. Raises TerritoryUnknown."""
        start = self.key(code)
        return self._kin(steps_forward(self._links, start, day, lambda one: self._on(one, day)))

    def ends(self, territory: int, day: date) -> tuple[int, ...]:
        """Return the keys of what a territory is on `day`: itself while it lasts, else what it became; empty for nothing."""
        if self._on(territory, day):
            return (territory,)
        return tuple(sorted(steps_forward(self._links, territory, day, lambda one: self._on(one, day))))

    def predecessors_of(self, code: str, day: date) -> tuple[Kin, ...]:
        """Return what stood on `day` where `code` came from: itself if it was there. Raises TerritoryUnknown."""
        start = self.key(code)
        return self._kin(steps_back(self._links, start, day, lambda one: self._on(one, day)))

    def comparable(self, before: date, after: date) -> tuple[ComparableArea, ...]:
        """Return the smallest grounds made of whole units on both days."""
        return comparable(sorted(self._lived.values(), key=lambda one: one.code), self._links, before, after)

    def direct(self, code: str, *, forward: bool) -> tuple[Kin, ...]:
        """Return the territories that `code` became (or came from) in one step, by day. Raises TerritoryUnknown."""
        start = self.key(code)
        mine = (link for link in self._links if start == (link.predecessor if forward else link.successor))
        found = [
            self._one(link.successor if forward else link.predecessor, [link])
            for link in mine
            if link.successor != link.predecessor
        ]
        return tuple(sorted(found, key=lambda kin: (kin.day, kin.code)))

    def _on(self, territory: int, day: date) -> bool:
        return territory in self._lived and alive(self._lived[territory], day)

    def _kin(self, found: dict[int, list[Link]]) -> tuple[Kin, ...]:
        return tuple(sorted((self._one(key, line) for key, line in found.items()), key=lambda kin: kin.code))

    def _one(self, key: int, line: list[Link]) -> Kin:
        own = self._lived[key]
        last = line[-1] if line else None
        day = last.day if last else starts(own.spans[0][0])
        return Kin(key, own.code, own.name, last.kind if last else "same", day, len(line))


def links(tenant: Tenant) -> list[Link]:
    """Return every link between territories of the office, by day. One query."""
    found = Succession.objects.filter(tenant=tenant).order_by("day", "pk")
    return [Link(one.predecessor_id, one.successor_id, one.day, one.kind, one.basis, one.shared_m2) for one in found]


def _lived(versions: list[TerritoryVersion]) -> Lived:
    ordered = sorted(versions, key=lambda one: (starts(one.valid_from), one.pk))
    newest = ordered[-1]
    spans = tuple((one.valid_from, one.valid_to) for one in ordered)
    return Lived(newest.territory_id, newest.territory.code, newest.name, newest.territory.level, spans)


def story(tenant: Tenant, code: str, day: date) -> Story:
    """Return one territory's versions and kin, and what it is on `day`. Six queries. Raises TerritoryUnknown."""
    lineage = Lineage.load(tenant)
    territory = Territory.objects.get(pk=lineage.key(code))
    versions = TerritoryVersion.objects.filter(territory=territory).select_related("parent").defer("outline")
    ordered = sorted(versions, key=lambda one: (starts(one.valid_from), one.pk))
    return Story(
        code=territory.code,
        level=territory.level,
        confirmed=territory.confirmed,
        versions=tuple(
            {
                "id": one.pk,
                "name": one.name,
                "parent": one.parent.code if one.parent else "",
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
                "area_m2": one.area_m2,
            }
            for one in ordered
        ),
        came_from=lineage.direct(code, forward=False),
        became=lineage.direct(code, forward=True),
        today=lineage.successors_of(code, day),
    )
