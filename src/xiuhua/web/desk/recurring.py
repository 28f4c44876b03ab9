"""What the lists behind numbers of recurrence say beside the case: what it followed, what followed it, with what it crowds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.words import Where
from xiuhua.exchange.lists.cases import local
from xiuhua.insight.words import LEFT_OUT, LeftOut
from xiuhua.tables.writing import Cell
from xiuhua.ui.formats import duration
from xiuhua.web.desk.listed import Listed, instant

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class More:
    """One more cell of a row: a case to open (its key where one may), an instant, or words."""

    text: str = ""
    case: int | None = None
    at: datetime | None = None

    def written(self, zone: ZoneInfo) -> Cell:
        """Return the cell as a file has it."""
        return local(self.at, zone) if self.at else self.text


@dataclass(frozen=True, slots=True)
class Beside:
    """A page of the list with what stands beside it: its columns, and the rows of the cases that these name."""

    columns: Sequence[_Column]
    rows: Mapping[str, Row]

    @property
    def named(self) -> tuple[str, ...]:
        """The numbers of the other cases."""
        return tuple(self.rows)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading, the column of the fact that names another case (""), and what a cell says.

    `said` gets the row and that of the other case, None where it names none.
    """

    heading: str
    names: str
    said: Callable[[Row, Row | None], More]

    @property
    def title(self) -> str:
        """The heading in the reader's language."""
        return _(self.heading)


def _number(_row: Row, other: Row | None) -> More:
    return More(str(other["number"])) if other else More()


def _closed(_row: Row, other: Row | None) -> More:
    return More(at=instant(other["closed_us"])) if other else More()


def _since(row: Row, other: Row | None) -> More:
    if other is None:
        return More()
    return More(duration(timedelta(microseconds=row["reported_us"] - other["closed_us"]), get_language()))


def _after(row: Row, other: Row | None) -> More:
    return _since(other, row) if other else More()


def _watched(row: Row, _other: Row | None) -> More:
    return More(at=instant(row["watched_us"]))


def _size(row: Row, _other: Row | None) -> More:
    return More(_("%(count)s 件") % {"count": row["cluster_size"]}) if row["cluster"] else More()


def _reason(row: Row, _other: Row | None) -> More:
    return More(_(LEFT_OUT[LeftOut(row["left_out"])])) if row["left_out"] else More()


_FOLLOWS = (
    _Column(noop("前一件"), "follows", _number),
    _Column(noop("前一件结案"), "follows", _closed),
    _Column(noop("隔了多久又来"), "follows", _since),
)
_FOLLOWED = (
    _Column(noop("观察到"), "", _watched),
    _Column(noop("又来的一件"), "followed_by", _number),
    _Column(noop("隔了多久又来"), "followed_by", _after),
)
_CLUSTER = (_Column(noop("扎堆的第一件"), "cluster", _number), _Column(noop("一堆有"), "", _size))
_LEFT_OUT = (_Column(noop("为什么不参与"), "", _reason),)
_COLUMNS: Mapping[str, Sequence[_Column]] = {
    "repeats": _FOLLOWS,
    "recurred": _FOLLOWED,
    "running": _FOLLOWED,
    "clustered": _CLUSTER,
    "left_out": _LEFT_OUT,
    "closings_left_out": _LEFT_OUT,
}


def columns_of(measure: str) -> Sequence[_Column]:
    """Return the columns that stand beside a case in the list behind a measure of recurrence."""
    return _COLUMNS[measure]


def beside_of(one: Listed, found: Sequence[Row]) -> Beside:
    """Return what stands beside a page of a list; nothing for the fact of cases. One read of the snapshot."""
    columns = _COLUMNS.get(one.where.measure, ())
    wanted = sorted({row[column.names] for column in columns if column.names for row in found if row[column.names]})
    if not wanted:
        return Beside(columns, {})
    where = Where(keys=tuple(wanted))
    rows = frozen.rows(one.snapshot, fact=one.fact.name, where=where, window=one.window, limit=len(wanted))
    return Beside(columns, {row["number"]: row for row in rows})


def filled(beside: Beside, row: Row, ids: Mapping[str, int]) -> list[More]:
    """Return the cells beside a row; `ids` are the cases that may be opened."""
    cells = []
    for column in beside.columns:
        other = beside.rows.get(row[column.names]) if column.names and row[column.names] else None
        cell = column.said(row, other)
        cells.append(More(cell.text, ids.get(cell.text), cell.at) if column.said is _number else cell)
    return cells
