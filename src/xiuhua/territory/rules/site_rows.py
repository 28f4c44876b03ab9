"""What a filled-in row of a table of sites means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.words import Fact, Fault
from xiuhua.tables.words import Filled, FormRow
from xiuhua.territory.rules.names import aliases_in, fold
from xiuhua.territory.rules.places import from_text, spot
from xiuhua.territory.rules.shapes import Unfit
from xiuhua.territory.words.sites import SiteRow, SiteType


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against: types, and what names, codes and points of territories mean.

    `named` answers with the key of the territory that a name or code means on a day, None for none or several.
    `located` answers with the finest territory that holds a geometry on a day; `above` with it and all above it.
    """

    types: Sequence[SiteType]
    crs: str
    named: Callable[[str, date | None], int | None]
    located: Callable[[BaseGeometry, date | None], int | None]
    above: Callable[[int, date | None], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Understood:
    """The sites that rows mean; `elsewhere` are codes of those that lie outside the territory that the file names."""

    rows: tuple[SiteRow, ...]
    elsewhere: tuple[str, ...]


_Answer = TypeVar("_Answer")


class _Wrong(Exception):
    def __init__(self, key: str, code: str, /, **facts: Fact) -> None:
        self.key, self.code, self.facts = key, code, facts
        super().__init__(code)


def understood(filled: Filled, known: Known, shapes: Mapping[int, BaseGeometry]) -> tuple[Understood, list[Fault]]:
    """Return what the rows mean and every fault of theirs; `shapes` are geometries by row where the file draws them."""
    types = {fold(name): one for one in known.types for name in (one.code, *one.title.values())}
    types |= {fold(f"{one.code} {title}"): one for one in known.types for title in one.title.values()}
    made, faults, elsewhere = [], list(_repeated(filled.rows, filled.headings)), []
    for row in filled.rows:
        parts, wrong = _parts(row, known, types, shapes)
        # a cell that cannot be read has its fault already
        faults += [_placed(row, filled.headings, one) for one in wrong if one.key not in row.bad]
        if parts:
            made.append(parts[0])
            elsewhere += [row["code"]] if parts[1] else []
    return Understood(tuple(made), tuple(elsewhere)), faults


def _parts(
    row: FormRow, known: Known, types: Mapping[str, SiteType], shapes: Mapping[int, BaseGeometry]
) -> tuple[tuple[SiteRow, bool] | None, list[_Wrong]]:
    """Return the site and whether it lies elsewhere than the file says, or None and everything that is wrong."""
    wrong: list[_Wrong] = []
    kind = _tried(wrong, lambda: _type(row, types))
    shape = _tried(wrong, lambda: shapes.get(row.row) or _shape(row, known.crs))
    days = _tried(wrong, lambda: _days(row))
    begins = days[0] if days else None
    claimed = _tried(wrong, lambda: (_claimed(row, known, begins),))
    if kind is None or shape is None or days is None or claimed is None:
        return None, wrong
    located = known.located(shape, begins)
    elsewhere = claimed[0] is not None and located is not None and claimed[0] not in known.above(located, begins)
    # a grid that is written down counts; a community only where no finer territory within it holds the point
    own = claimed[0] if row["grid"] or located is None or elsewhere else located
    site = SiteRow(
        row=row.row,
        code=row["code"],
        name=row["name"],
        type=kind.code,
        territory_id=own,
        geometry=shape,
        reach_m=int(row["reach"]) if row["reach"] else kind.reach_m,
        valid_from=begins,
        valid_to=days[1],
        aliases=tuple(dict.fromkeys(aliases_in(row["aliases"]))),
    )
    return (site, elsewhere), wrong


def _tried(wrong: list[_Wrong], answer: Callable[[], _Answer]) -> _Answer | None:
    try:
        return answer()
    except _Wrong as one:
        wrong.append(one)
        return None


def _type(row: FormRow, types: Mapping[str, SiteType]) -> SiteType:
    written = row["type_code"] or row["type"]
    if not written:
        raise _Wrong("type", "site.type_missing")
    found = types.get(fold(written))
    if found is None:
        raise _Wrong("type_code" if row["type_code"] else "type", "site.type_unknown", type=written)
    return found


def _shape(row: FormRow, crs: str) -> BaseGeometry:
    try:
        if row["shape"]:
            return from_text(row["shape"], crs)
        if not (row["lon"] and row["lat"]):
            missing = [key for key in ("lon", "lat") if not row[key]]
            raise _Wrong(next((key for key in missing if key in row.bad), missing[0]), "site.place_missing")
        return spot(float(row["lon"]), float(row["lat"]), crs)
    except Unfit as unfit:
        raise _Wrong("shape" if row["shape"] else "lon", unfit.code, **unfit.facts) from unfit


def _days(row: FormRow) -> tuple[date | None, date | None]:
    begins, ends = (date.fromisoformat(row[key]) if row[key] else None for key in ("begins", "ends"))
    if begins and ends and ends <= begins:
        raise _Wrong("ends", "site.days_crossed", begins=str(begins), ends=str(ends))
    return begins, ends


def _claimed(row: FormRow, known: Known, day: date | None) -> int | None:
    """Return the territory that the row names, its grid before its community."""
    for key in ("grid", "community"):
        if row[key]:
            found = known.named(row[key], day)
            if found is None:
                raise _Wrong(key, "site.territory_unknown", name=row[key])
            return found
    return None


def _repeated(rows: Iterable[FormRow], headings: Mapping[str, str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        code = row["code"]
        if code and first.setdefault(code, row.row) != row.row:
            yield _placed(row, headings, _Wrong("code", "site.code_repeated", code=code, first=first[code]))


def _placed(row: FormRow, headings: Mapping[str, str], wrong: _Wrong) -> Fault:
    return Fault(wrong.code, row=row.row, column=headings.get(wrong.key, ""), facts=wrong.facts)
