"""What another matrix or another outline does to units, tried on cases that were reported: winners and losers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiuhua.cases.queries.placed import Placed, duty_of
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.queries import DutyBook
from xiuhua.responsibility.rules.duty.matrix import line_up
from xiuhua.responsibility.rules.duty.preview import moves
from xiuhua.responsibility.words import UnitMove
from xiuhua.territory.rules.moves import Outlines, holders, moved_points


@dataclass(frozen=True, slots=True)
class DutyEffect:
    """What a change does: how many cases were asked, the units with what they gain and lose, the keys of the cases."""

    cases: int
    #: Cases for which the rows that answer afterwards are in conflict.
    conflicts: int
    units: tuple[UnitMove, ...]
    #: Key of each case by its number.
    keys: Mapping[str, int]

    @property
    def moved(self) -> int:
        """How many cases get another unit."""
        return sum(len(one.gained) for one in self.units)


def duty_effect(
    tenant: Tenant, cases: Placed, before: DutyBook, after: DutyBook, territories: Sequence[str] | None = None
) -> DutyEffect:
    """Return what becomes of cases that are asked of another book, or (`territories`, one code per case) elsewhere.

    A case keeps its class, its day, its point and the sites at that point. Two queries.
    """
    old = duty_of(tenant, before, cases)
    new = duty_of(tenant, after, cases, territories)
    keys = dict(zip(cases.numbers, cases.keys, strict=True))
    return DutyEffect(len(cases.numbers), sum(new.conflict), moves(cases.numbers, old.unit, new.unit), keys)


def relocated(
    cases: Placed,
    before: Outlines,
    after: Outlines,
    *,
    above: Mapping[str, str | None],
    coarser: Sequence[Outlines] = (),
) -> list[str]:
    """Return the code of the territory in which each case would lie were the outlines of one level `after`; no query.

    A case moves if another outline holds its point and it was placed in the one that held it, or in something below
    that in the tree `above`: what is finer was not redrawn and says nothing about the other side. Where nobody holds the point any more, the
    nearest of the `coarser` levels (finest first) that does takes it. A case without a point stays where it is.
    """
    codes = list(cases.asked.territory)
    lon, lat = cases.asked.lon, cases.asked.lat
    for move in moved_points(before, after, lon, lat):
        places = [
            place
            for place in move.points
            if codes[place] == move.before or (codes[place] and move.before in line_up(codes[place], above))
        ]
        taken = [move.after] * len(places)
        for outlines in coarser:
            held = holders(outlines, lon[places], lat[places]).tolist()
            taken = [own or other for own, other in zip(taken, held, strict=True)]
        for place, code in zip(places, taken, strict=True):
            codes[place] = code
    return codes
