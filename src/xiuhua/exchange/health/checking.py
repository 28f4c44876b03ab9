"""Checking a received file before anything of it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from xiuhua.exchange.health.office import vanished
from xiuhua.exchange.health.private import masked
from xiuhua.exchange.health.walking import Progress, Seen, Walk
from xiuhua.exchange.rules.health.tally import Tally
from xiuhua.exchange.rules.health.texts import FREE
from xiuhua.exchange.shelf import checked_system
from xiuhua.exchange.words import Mapping
from xiuhua.exchange.words.health import Example, Health, Month
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period, digest
from xiuhua.tables.words import WORKBOOKS

#: What `tables` calls the encoding of a workbook.
_RECORD = ("record.changed", "record.vanished")
_RULED = ("verdict.differs", "deadline.differs")


def check_file(
    tenant: Tenant,
    path: Path,
    mapping: Mapping,
    *,
    at: datetime,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Health:
    """Return the health of a file as an import with this mapping at this moment would find it. Writes nothing.

    The file is read twice, a third time where numbers repeat. `progress` is told (rows done, rows in all); `cancelled`
    is asked every some thousand rows. Raises ColumnsMissing, CheckCancelled and the refusals of `tables`.
    """
    walk = Walk(tenant, path, mapping, at=at, progress=progress, cancelled=cancelled)
    tally = tally_of(walk)
    for chunk in walk.chunks():
        for seen in chunk:
            tally.row(seen.row, seen.cells, seen.marks)
    return finished(walk, tally, path.name)


def tally_of(walk: Walk) -> Tally:
    """Return an empty tally for a walk that knows which of its checks cannot run, and why."""
    mapping, free = walk.mapping, {name for field, name in walk.mapping.columns.items() if field in FREE}
    tally = Tally(walk.table.header, frozenset(mapping.columns.values()) - free, masked)
    tally.lacking(mapping.columns)
    for check, why in _resting(walk):
        tally.idle(check, why)
    return tally


def _resting(walk: Walk) -> list[tuple[str, str]]:
    """Return the checks for which the office, the mapping or the file lacks something, each with the code of the reason."""
    mapping, known = walk.mapping, walk.known
    resting: list[tuple[str, str]] = []

    def rest(lacks: bool, why: str, *checks: str) -> None:
        if lacks:
            resting.extend((check, f"check.why.{why}") for check in checks)

    rest(walk.source is None, "first_time", *_RECORD, "unknown.channel")
    rest(not known.closed, "no_closed", "missing.closed")
    rest(not mapping.opened, "no_open", "order.open_but_closed")
    rest(not known.stages, "no_stages", "unknown.stage")
    rest(not mapping.void, "no_void", "row.void")
    rest(not mapping.repeat_order, "no_order", "repeat.versions")
    rest(known.units is None, "no_units", "unknown.unit", "alias.unit")
    rest("name" not in mapping.place.order, "no_names", "unknown.community", "ambiguous.community", "alias.community")
    rest("point" not in mapping.place.order, "no_points", "place.outside", "place.pile", "coordinate.system")
    rest(walk.extent is None, "no_extent", "place.outside", "coordinate.system")
    rest(not walk.judge.conditions.scheme, "no_standard", "unknown.class")
    rest(walk.judge.book.clock is None, "no_calendar", *_RULED)
    rest(walk.judge.book.duty_book is None, "no_duty", "unit.differs")
    rest(walk.table.encoding not in WORKBOOKS, "no_workbook", "cells.formula", "cells.error", "rows.hidden")
    return resting


def finished(walk: Walk, tally: Tally, name: str) -> Health:
    """Return the report of a walk that has come to its end: with what only the whole file tells."""
    _vanished(walk, tally)
    _suspected(walk, tally)
    tally.set("cells.error", walk.table.error_cells)
    for check in ("cells.error", "cells.formula"):
        tally.out_of(check, walk.totals.rows * len(walk.table.header))
    hidden, left_out = _unseen(walk)
    tally.set("rows.hidden", len(hidden), [Example(row, "", "") for row in hidden])
    tally.set("rows.left_out", len(left_out), [Example(row, "", "") for row in left_out])
    totals = walk.totals
    return Health(
        file_name=name,
        file_digest=walk.table.digest,
        encoding=walk.table.encoding,
        columns=len(walk.table.header),
        mapping_code=walk.mapping.code,
        mapping_digest=digest(walk.mapping.text),
        at=walk.at,
        rows=totals.rows,
        bad=totals.bad,
        created=totals.created,
        updated=totals.updated,
        unchanged=totals.unchanged,
        repeated=totals.repeated,
        months=tuple(Month(month, n, month in walk.frozen) for month, n in sorted(totals.months.items())),
        checks=tally.found(totals.rows),
    )


def _unseen(walk: Walk) -> tuple[list[int], list[int]]:
    """Return the rows below the header that the sheet hides, and the last ones that are no records."""
    table = walk.table
    below = table.header_row + table.header_rows
    return [row for row in table.hidden_rows if row >= below], [one.row for one in table.left_out()]


def _vanished(walk: Walk, tally: Tally) -> None:
    totals = walk.totals
    if walk.source is None or totals.first is None or totals.last is None:
        return
    months = [Period.parse(one) for one in totals.months]
    numbers = np.unique(np.frombuffer(walk.numbers, dtype=np.int64))
    ours, gone = vanished(walk.source, months, (totals.first, totals.last), walk.zone, numbers)
    column = walk.mapping.columns["number"]
    tally.set("record.vanished", len(gone), [Example(None, column, one) for one in gone])
    tally.out_of("record.vanished", ours)


def _suspected(walk: Walk, tally: Tally) -> None:
    """Say under which other reading of the coordinates by far more of the points looked at lie in the territory."""
    if walk.extent is None:
        return
    day = walk.at.astimezone(walk.zone).date()
    found = checked_system(walk.tenant, walk.table, walk.mapping, day)
    if found is None:
        return
    tally.out_of("coordinate.system", found.points)
    better = [one for one in found.suspicions if one.share > found.share] if not found.fits else []
    if better:
        points = round((better[0].share - found.share) * found.points)
        tally.set("coordinate.system", points)
        tally.part("coordinate.system", better[0].facts.get("system", better[0].code.removeprefix("crs_")), points)


__all__ = ["Seen", "check_file", "finished", "tally_of"]
