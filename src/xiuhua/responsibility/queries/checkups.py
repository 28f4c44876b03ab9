"""The check of the whole space over days on which matrix or tree may change."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock

from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.queries.asking import Overlaps
from xiuhua.responsibility.queries.books import DutyBook, Epoch
from xiuhua.responsibility.rules.duty.checking import Checked, check, places_in
from xiuhua.responsibility.words import ANY, DutyRow, Idle
from xiuhua.territory.models import Site

#: Checks kept in memory, the least used forgotten first: a few offices, each with a day or two that people look at.
KEPT = 8
_kept: OrderedDict[tuple[int, date, date, str], Checkup] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Checkup:
    """The checks of all epochs of a span of days; every number is the sum of theirs."""

    first: date
    end: date
    parts: tuple[tuple[Epoch, Checked], ...]
    idle: tuple[tuple[DutyRow, Idle], ...]
    #: Schemes of classes that were checked.
    schemes: tuple[str, ...]
    #: Sites that lie in no known territory and so in no cell.
    homeless: int

    def total(self, name: str) -> int:
        """Return the sum of one number of cells: cells, by_row, by_fallback, gap_cells, conflict_cells, clear."""
        return sum(int(getattr(checked, name)) for _epoch, checked in self.parts)

    @property
    def sound(self) -> bool:
        """Whether every cell has exactly one unit."""
        return not self.total("gap_cells") and not self.total("conflict_cells")


def checkup(book: DutyBook, first: date, end: date, overlaps: Overlaps | None = None) -> Checkup:
    """Return the check of a book over the days from `first` to `end` (exclusive); no query.

    `overlaps` adds the places at which several sites lie over each other.

    A row is idle if it answers nowhere in any epoch in which its version speaks; its reason is that of the last one. So
    is a row whose place ended within these days while the row goes on: a new code, a merger or a split has left it behind.
    """
    parts = []
    homeless: set[str] = set()
    schemes: set[str] = set()
    used: set[str] = set()
    idle: dict[str, tuple[DutyRow, Idle]] = {}
    ended: dict[str, tuple[DutyRow, Idle]] = {}
    for epoch in book.epochs(first, end):
        known = epoch.matrix.ground.above
        sites = [(site.here, site.territory) for site in epoch.sites]
        homeless |= {site.code for site in epoch.sites if site.territory not in known}
        classes = book.finest_classes(epoch.matrix)
        schemes |= {key.partition(":")[0] for key in classes}
        places = places_in(epoch.matrix, sites, overlaps.on(epoch.first) if overlaps else ())
        found = check(epoch.matrix, places, classes, epoch.first, epoch.end)
        used |= {row for row, cells in found.answers.items() if cells}
        idle |= {row.id: (row, why) for row, why in found.idle}
        spoke = {row.id for row in epoch.matrix.rows}
        ended = {key: one for key, one in ended.items() if key not in spoke} | _ended(epoch)
        parts.append((epoch, found))
    left = {key: one for key, one in idle.items() if key not in used} | {
        key: one for key, one in ended.items() if key in used
    }
    never = sorted(left.values(), key=lambda one: (one[0].line, one[0].id))
    return Checkup(first, end, tuple(parts), tuple(never), tuple(sorted(schemes)), len(homeless))


def _ended(epoch: Epoch) -> dict[str, tuple[DutyRow, Idle]]:
    """Return the rows in force whose territory or site is not there in an epoch, by id."""
    above = epoch.matrix.ground.above
    sites = {site.code for site in epoch.sites}
    return {
        row.id: (row, Idle.PLACE_ENDED)
        for row in epoch.matrix.rows
        if ((row.territory != ANY and row.territory not in above) or (row.site != ANY and row.site not in sites))
        and (row.valid_to is None or row.valid_to > epoch.first)
    }


def kept_checkup(tenant: Tenant, book: DutyBook, first: date, end: date) -> Checkup:
    """Return the check of a book with the sites that lie over each other, from memory if nothing it reads has changed.

    What is compared is the content itself – rows, tree, classes, units, sites and their shapes – and no moment of a
    change, so a check is never older than what it speaks of. One query; two more where it has to be made anew.
    """
    key = (tenant.pk, first, end, _content(tenant, book))
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = checkup(book, first, end, Overlaps(tenant, book))
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _content(tenant: Tenant, book: DutyBook) -> str:
    """Return a digest of everything that a check reads. One query."""
    shapes = Site.objects.filter(tenant=tenant).order_by("pk")
    made = hashlib.sha256(book.content().encode())
    for key, reach, shape in shapes.values_list("pk", "reach_m", "geometry"):
        made.update(f"{key} {reach} {len(shape)} ".encode())
        made.update(shape)
    return made.hexdigest()
