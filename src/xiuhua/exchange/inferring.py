"""Limits inferred from another platform's target times: the file read, the clock's search, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from xiuhua.clock.queries import clocks_in
from xiuhua.clock.rules.inference import Inference, infer
from xiuhua.clock.rules.observed import Targets
from xiuhua.clock.rules.timeline import micros, moment
from xiuhua.exchange.targets import TargetRow, target_rows
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.words import Refusal, marked

#: Without a day to split at, the last third of the rows tests.
_FITTED = (2, 3)


class NothingToInfer(Refusal):
    """Too few rows have both times, on one side of the split or on both."""

    code = "infer.nothing"
    sentence = marked("%(rows)s 行有上报和到期时间，分在 %(split)s 前后，不够推断。")


@dataclass(frozen=True, slots=True)
class Inferred:
    """The outcome with what it was read from."""

    inference: Inference
    zone: str
    split: date
    read: int
    fit_rows: int
    test_rows: int
    skipped: int

    def facts(self) -> dict[str, Any]:
        """Return the facts of the file as JSON values."""
        return {
            "zone": self.zone,
            "split": self.split.isoformat(),
            "rows_with_target": self.read,
            "rows_without": self.skipped,
            "fit_rows": self.fit_rows,
            "test_rows": self.test_rows,
        }


def infer_limits(
    path: Path, mapping: Mapping, *, split: date | None, min_group: int, tolerance: int, packs: Path | None
) -> Inferred:
    """Return the limits that a file's target times follow, fitted before the day `split` and tested from it on.

    `packs` is a folder of packs whose calendars in the file's zone may apply; None tries none. A target is reproduced
    within `tolerance` seconds. Raises NothingToInfer, TargetColumns and refusals of `tables`.
    """
    zone = ZoneInfo(mapping.zone)
    rows, skipped = [], 0
    for row in target_rows(path, mapping):
        if row is None:
            skipped += 1
        else:
            rows.append(row)
    targets = _targets(rows)
    day = split or _third(targets, zone)
    border = micros(datetime(day.year, day.month, day.day, tzinfo=zone)) if day else 0
    fit, test = targets.starts < border, targets.starts >= border
    if day is None or not fit.any() or not test.any():
        raise NothingToInfer(rows=len(rows), split=day.isoformat() if day else "—")
    calendars = [clock.calendar for clock in clocks_in(packs, zone)] if packs else []
    found = infer(targets, fit, test, zone=zone, calendars=calendars, min_group=min_group, tolerance=tolerance)
    return Inferred(found, zone.key, day, len(rows), int(fit.sum()), int(test.sum()), skipped)


def _third(targets: Targets, zone: ZoneInfo) -> date | None:
    """Return the first day of the month in which the last third of the reports begins, so that months stay whole."""
    if not targets.starts.size:
        return None
    place = targets.starts.size * _FITTED[0] // _FITTED[1]
    local = moment(int(np.sort(targets.starts)[place])).astimezone(zone)
    first = date(local.year, local.month, 1)
    before = targets.starts < micros(datetime(first.year, first.month, 1, tzinfo=zone))
    return first if before.any() else local.date()


def _targets(rows: Sequence[TargetRow]) -> Targets:
    groups, group = _numbered([row.group for row in rows])
    kinds, kind = _numbered([row.kind for row in rows])
    return Targets(
        starts=np.array([micros(row.reported_at.astimezone(UTC)) for row in rows], dtype=np.int64),
        targets=np.array([micros(row.due_at.astimezone(UTC)) for row in rows], dtype=np.int64),
        group=group,
        kind=kind,
        groups=groups,
        kinds=kinds,
    )


def _numbered(values: Sequence[Any]) -> tuple[list[Any], np.ndarray[Any, np.dtype[np.int64]]]:
    names = sorted(set(values))
    number = {name: place for place, name in enumerate(names)}
    return names, np.array([number[value] for value in values], dtype=np.int64)
