"""The sites that inspectors know by name, spread over the grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.places import bank, inside, kerb, nearest_road, numeral, on_water
from xiuhua.demo.words import Grid, Plan, Site, SiteType, Spot

#: Types that stand at the water, and those that stand inside a block rather than on its edge.
AT_WATER = frozenset({"P12", "P17"})
INSIDE = frozenset({"P04", "P05", "P06", "P09", "P13", "P19"})


def sites(plan: Plan, grids: Sequence[Grid], types: Sequence[SiteType], draws: Draws) -> tuple[Site, ...]:
    """Return all sites, numbered by type; no two have the same name."""
    namer = _Namer(plan)
    found = []
    for kind in types:
        for number in range(1, kind.count + 1):
            grid = _home(kind, plan, grids, draws)
            spot = _placing(kind.code)(grid, plan, draws)
            name = namer.name(draws.pick(kind.names), grid, spot)
            found.append(Site(f"{kind.code}-{number:03d}", name, kind.code, grid.code, spot))
    return tuple(found)


def _home(kind: SiteType, plan: Plan, grids: Sequence[Grid], draws: Draws) -> Grid:
    """Return a grid for a site: any, but at the water what belongs there; larger blocks hold more."""
    fit = [grid for grid in grids if kind.code not in AT_WATER or on_water(grid, plan)]
    return draws.weighted(fit, [grid.rect.area for grid in fit])


def _placing(code: str) -> Callable[[Grid, Plan, Draws], Spot]:
    if code in AT_WATER:
        return bank
    return inside if code in INSIDE else kerb


class _Namer:
    """Gives names that are counted on within each community."""

    def __init__(self, plan: Plan) -> None:
        self._roads = plan.roads
        self._short = {community.code: community.short for community in plan.communities}
        self._used: Counter[tuple[str, str, str]] = Counter()

    def name(self, pattern: str, grid: Grid, spot: Spot) -> str:
        """Return the pattern filled in with the next free number."""
        near = nearest_road(spot, self._roads) if "{r}" in pattern else None
        road = near[0].name if near else "支路"
        key = (pattern, grid.community, road)
        self._used[key] += 1
        number = self._used[key]
        return pattern.format(c=self._short[grid.community], n=number, z=numeral(number), r=road)
