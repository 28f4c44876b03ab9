"""Looking through a file before anything is written: its size, its pile-ups, its repeated numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xiuhua.exchange.models import Source, SourceRecord
from xiuhua.exchange.rules.piles import pile_ups
from xiuhua.exchange.rules.repeats import courses, order_key
from xiuhua.exchange.rules.rows import Faulty, RowReader
from xiuhua.exchange.words import Coordinate, Course, Mapping, PileUp, Repeat
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.words import Table

#: Rows that are read, looked up and written together.
CHUNK = 2000


class ColumnsMissing(Refusal):
    """The file lacks columns that the mapping names."""

    code = "import.columns_missing"
    sentence = marked("文件缺少映射里写的栏：%(missing)s。文件里有：%(found)s。")


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the file has found; `repeated` are the hashes of numbers that may occur more than once."""

    rows: int
    piles: list[PileUp]
    repeated: frozenset[int]


def check_columns(table: Table, mapping: Mapping) -> None:
    """Refuse a file that lacks a column of the mapping. Raises ColumnsMissing, naming all of them."""
    missing = [name for name in mapping.needed if name not in table.header]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing), found=", ".join(table.header))


def survey_file(table: Table, reader: RowReader, mapping: Mapping) -> Survey:
    """Return what a pass over the whole file finds; takes 24 bytes of memory a row."""
    rows, numbers, spots = 0, array("q"), array("d")
    points = "point" in mapping.place.order
    for _row, cells in table.rows():
        rows += 1
        if number := reader.number(cells):
            numbers.append(hash(number))
        if points:
            lon, lat = reader.coordinate(cells)
            if lon == lon:  # noqa: PLR0124 - not NaN
                spots.extend((lon, lat))
    values, counts = np.unique(np.frombuffer(numbers, dtype=np.int64), return_counts=True)
    return Survey(
        rows=rows,
        piles=pile_ups(_counted(spots, min(mapping.place.pile_listed, mapping.place.pile_min)), rows, mapping.place),
        repeated=frozenset(int(one) for one in values[counts > 1]),
    )


def _counted(spots: array[float], floor: int) -> Iterator[tuple[Coordinate, int]]:
    """Yield the coordinates of at least `floor` rows, with how many."""
    pairs = np.frombuffer(spots, dtype=np.float64)
    values, counts = np.unique(pairs[0::2] + 1j * pairs[1::2], return_counts=True)
    for at in np.flatnonzero(counts >= floor):
        yield (float(values[at].real), float(values[at].imag)), int(counts[at])


def settle_repeats(
    table: Table, reader: RowReader, survey: Survey, source: Source, *, ordered: bool
) -> dict[int, Course]:
    """Return what becomes of each row that shares its number with another, by row; others are not in the answer."""
    if not survey.repeated:
        return {}
    groups: dict[str, list[Repeat]] = {}
    for row, cells in table.rows():
        number = reader.number(cells)
        if hash(number) not in survey.repeated:
            continue
        try:
            digest = reader.read(row, cells).digest
        except Faulty:
            continue
        order = order_key(reader.order(cells), reader.clock) if ordered else None
        groups.setdefault(number, []).append(Repeat(row, digest, order))
    groups = {number: rows for number, rows in groups.items() if len(rows) > 1}
    current = _current_digests(source, list(groups)) if ordered else {}
    settled: dict[int, Course] = {}
    for number, rows in groups.items():
        settled |= courses(rows, ordered=ordered, current=current.get(number, ""))
    return settled


def _current_digests(source: Source, numbers: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for begin in range(0, len(numbers), CHUNK):
        on_record = SourceRecord.objects.filter(source=source, current=True, number__in=numbers[begin : begin + CHUNK])
        found |= dict(on_record.values_list("number", "digest"))
    return found
