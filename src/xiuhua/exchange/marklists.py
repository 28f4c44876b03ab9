"""A second list of marks beside a platform's file: read, and laid beside the rows as one more column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xiuhua.exchange.rules.marks import Marked, marks_in_rows, marks_in_text
from xiuhua.exchange.words import MARKS, Mapping, Note
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.reading import open_grid
from xiuhua.tables.reading.texts import open_text
from xiuhua.tables.rules import cell_text, half_width
from xiuhua.tables.words import LIMITS, MAGIC, Cell, Row, Table


class MarksUnworded(Refusal):
    """The mapping does not say which words are marks."""

    code = "marks.words_missing"
    sentence = marked("要收标记清单，映射里要写明哪些字是标记：[marks] extension、rework、overdue。")


@dataclass(slots=True)
class Marks:
    """The marks of a list, and which of its numbers the rows have been found to have."""

    told: Marked
    met: set[str] = field(default_factory=set)

    def beside(self, table: Table, place: int) -> Table:
        """Return the table with one more column: the kinds that the list has for a row's number, which is at `place`."""
        width = len(table.header)

        def rows() -> Iterator[Row]:
            for row, cells in table.rows():
                yield row, self._marked(cells, place, width)

        return replace(table, header=(*table.header, MARKS), source=rows)

    def _marked(self, cells: Sequence[Cell], place: int, width: int) -> Sequence[Cell]:
        if len(cells) < width or any(cell_text(cell).strip() for cell in cells[width:]):
            return [*cells, "", ""] if len(cells) > width else cells  # refused as it would be without marks
        number = half_width(cell_text(cells[place])).strip()
        kinds = self.told.marks.get(number)
        if kinds:
            self.met.add(number)
        return [*cells[:width], " ".join(sorted(kinds)) if kinds else ""]

    def notes(self) -> Iterator[Note]:
        """Yield what could not be read in the list, then its numbers that no row had; to be asked after the rows."""
        for fault in self.told.faults:
            yield Note("mark_unread", fault.column or "", {"line": fault.row, "code": fault.code, **fault.facts})
        for number in sorted(self.told.marks.keys() - self.met):
            yield Note("mark_unmatched", "", {"number": number})


def read_marks(path: Path, mapping: Mapping) -> Marks:
    """Return the marks in a workbook, a CSV or a plain text. Raises MarksUnworded and refusals of `tables`.

    What is text may be either: it is read both ways, and the way in which more of it means something is taken.
    """
    if not mapping.marks:
        raise MarksUnworded
    with path.open("rb") as file:
        workbook = file.read(4) in MAGIC
    if workbook:
        return Marks(marks_in_rows(enumerate(open_grid(path).rows, start=1), mapping.marks))
    text = open_text(path, encoding="", delimiter="", limits=LIMITS)
    rows = list(text.records())
    lines = "\n".join(text.delimiter.join(map(cell_text, cells)) for _number, cells in rows)
    ways = (marks_in_rows(rows, mapping.marks), marks_in_text(lines, mapping.marks))
    return Marks(min(ways, key=lambda one: (len(one.faults), -len(one.marks))))
