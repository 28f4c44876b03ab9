"""Words of the parser: cells, limits, and how it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

#: A cell is text as it stands in the file; only a workbook's own dates and times keep their kind.
Cell = str | datetime | date
Row = tuple[int, Sequence[Cell]]
#: (top, left, bottom, right) of merged cells: rows from 1, columns from 0.
Span = tuple[int, int, int, int]

MIB = 1024 * 1024
#: Members of a workbook's archive that are read whole after the checks.
MOST_SHEETS = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most. The defaults take a city's year and refuse a bomb."""

    #: Bytes on disk.
    file_bytes: int = 512 * MIB
    #: Bytes of text after decompression; text is streamed, so this bounds time, not memory.
    text_bytes: int = 4096 * MIB
    #: Bytes of a workbook after decompression; its reader holds the sheet in memory.
    workbook_bytes: int = 512 * MIB
    #: Decompressed to compressed; looked at once `ratio_floor` bytes have come out.
    ratio: int = 200
    ratio_floor: int = 16 * MIB
    #: Members of a workbook's archive.
    entries: int = 2000
    columns: int = 1000
    rows: int = 5_000_000
    #: Characters in a cell: what a spreadsheet can hold.
    cell_chars: int = 32_767
    #: Memory of the process that parses a workbook: this much, and so many times its content, at most `memory_most`.
    memory_floor: int = 256 * MIB
    memory_times: int = 6
    memory_most: int = 2048 * MIB
    #: Seconds of that process: the floor, and one for each `second_bytes` of content, at most `seconds_most`.
    seconds_floor: int = 5
    second_bytes: int = 2 * MIB
    seconds_most: int = 300

    def memory(self, content: int) -> int:
        """Return how many bytes of memory the parser of so many bytes of content may use."""
        return min(self.memory_floor + self.memory_times * content, self.memory_most)

    def seconds(self, content: int) -> int:
        """Return how many seconds the parser of so many bytes of content may run."""
        return min(self.seconds_floor + content // self.second_bytes, self.seconds_most)


LIMITS = Limits()


class Stop(Exception):
    """Why a workbook is not read: the code of a refusal in `tables.words`, with its facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts
