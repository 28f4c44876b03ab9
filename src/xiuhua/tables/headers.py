"""Where a table's header stands, what its columns are called, and which last rows are no records: pure rules.

No word of any subject is needed to find a header: it is the first row that is about as full as the rows below, holds
words where they hold numbers and days, and follows rows of one or two cells (titles, "printed on …"). Files in any
language are read by the same rule; where nothing speaks for another row, the first that is not blank is the header.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from xiuhua.tables.parsing.words import Cell, Row, Span
from xiuhua.tables.rules import blank, cell_text, header_names

#: Rows of the sheet in which a header is looked for.
WINDOW = 60
#: Header rows that can be stated.
MOST_HEADER_ROWS = 5
#: What joins the name of a group of columns with a column's own where that alone is not unique.
JOINT = "/"
#: Rows at the end of a table among which totals and signatures stand.
LAST = 8
#: Characters of a column's name: longer texts are sentences.
_NAME_LENGTH = 80
_SHOWN_LENGTH = 200
#: A row is full where it fills more than this part of the usual; words are this part of a header at least.
_FULL, _WORDS, _FULLER = 0.5, 0.8, 0.8
_WIDE = 4
_VALUE = re.compile(
    r"[+-]?[\d.,:/\-%eE+]*\d[\d.,:/\-%eE+TZ ]*|\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?.*|\d{1,2}:\d{2}.*|[A-Za-z]{0,4}\d{5,}"
)
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总和|累计|本页小计|本页合计|全部合计|(grand|sub)?total(s)?|sum)([(:].*)?", re.IGNORECASE
)
_COUNTED = re.compile(r"(共|总共|合计|总计)\d+(条|件|行|项|宗|起|页)?.*|\d+(rows?|records?|items?)", re.IGNORECASE)
_FOOTER = re.compile(
    r"(制表|填表|填报|审核|复核|审批|负责|经办|统计|导出|打印|生成|数据来源|备注|说明|注\d?|"
    r"preparedby|exported|printed|generated|checkedby|approvedby|source|notes?|remarks?)[^:]{0,12}:.*",
    re.IGNORECASE | re.DOTALL,
)


class Header(NamedTuple):
    """A header: its first row in the file, how many rows it has, the names of the columns."""

    row: int
    rows: int
    names: tuple[str, ...]


class LeftOut(NamedTuple):
    """A last row that is no record: its row in the file, why (total, footer), and what its first cell says."""

    row: int
    why: str
    text: str


def find_header(first: Sequence[Row], spans: Sequence[Span] = (), *, row: int = 0, rows: int = 0) -> Header | None:
    """Return the header among a file's first rows (blank ones may be there or not), None where there is none.

    A stated `row` (from 1, the header's first) wins, as does a stated number of `rows`; 0 is found out. `spans` are the
    merged cells where the file's kind has them.
    """
    kept = [(number, _texts(cells)) for number, cells in first if not blank(cells)]
    if row:
        kept_at = next((at for at, (number, _cells) in enumerate(kept) if number == row), -1)
        if kept_at < 0:
            return None
        return _named(kept, spans, row, rows or 1)
    if not kept:
        return None
    begin, height = _found(kept, spans)
    if rows and rows != height:
        begin, height = max(begin + height - rows, 0), rows
    number = kept[begin][0]
    return _named(kept, spans, number, rows or kept[begin + height - 1][0] - number + 1)


def _texts(cells: Sequence[Cell]) -> list[str | None]:
    """Return the trimmed texts of a row; None stands for a date or a moment, which no name is."""
    return [" ".join(cell.split()) if isinstance(cell, str) else None for cell in cells]


_Kept = Sequence[tuple[int, list[str | None]]]


def _found(kept: _Kept, spans: Sequence[Span]) -> tuple[int, int]:
    """Return at which of the rows the header begins and how many it has."""
    usual = _usual([_fill(cells) for _number, cells in kept])
    at = next((at for at, (_number, cells) in enumerate(kept) if _fill(cells) > usual * _FULL), 0)
    for begin in range(at + 1):
        if _two_rows(kept, begin, spans, usual):
            return begin, 2
    at = _fuller(kept, at)
    if at and not _after_titles(kept, at, usual):
        return 0, 1
    if at and _repeats(kept[at][1]) and _groups(kept, at - 1, spans):
        return at - 1, 2
    return at, 1


def _usual(fills: Sequence[int]) -> int:
    """Return the lower median of how many cells the rows below the first fill."""
    below = sorted(fills[1:] or fills)
    return below[(len(below) - 1) // 2]


def _fill(cells: Sequence[str | None]) -> int:
    """Return how many cells say something; the same text in all of three or more is one: a title written across."""
    said = [cell for cell in cells if cell != ""]
    return 1 if len(said) > 2 and len(set(said)) == 1 else len(said)  # noqa: PLR2004 - three or more


def _word(cell: str | None) -> bool:
    """Return whether a cell can be a name: a text that is no number, day, time or code."""
    return (
        bool(cell) and len(str(cell)) <= _NAME_LENGTH and not _VALUE.fullmatch(unicodedata.normalize("NFKC", str(cell)))
    )


def _words(cells: Sequence[str | None]) -> bool:
    """Return whether a row's cells are names, nearly all."""
    said = [cell for cell in cells if cell != ""]
    return sum(map(_word, said)) >= _WORDS * len(said)


def _fuller(kept: _Kept, at: int) -> int:
    """Return a row below that is fuller and of names over numbers, where the one at hand is a line of remarks."""
    for later in range(at + 1, min(at + 4, len(kept) - 1)):
        cells = kept[later][1]
        if _fill(kept[at][1]) < _FULLER * _fill(cells) and _words(cells) and _over_values(kept, later):
            return later
    return at


def _over_values(kept: _Kept, at: int) -> bool:
    """Return whether some column has a name in this row and mostly numbers or days below it."""
    for place, cell in enumerate(kept[at][1]):
        below = [cells[place] for _number, cells in kept[at + 1 :] if place < len(cells) and cells[place] != ""]
        if _word(cell) and below and sum(not _word(one) for one in below) * 3 >= 2 * len(below):
            return True
    return False


def _after_titles(kept: _Kept, at: int, usual: int) -> bool:
    """Return whether a row can be a header below the rows before it."""
    before = [cells for _number, cells in kept[:at]]
    if not _words(kept[at][1]):
        return False
    if usual < _WIDE and any(not cells[0] for cells in before):
        return False  # a narrow table whose first column has no name
    return at < len(kept) - 1 or (usual > 2 and all(_fill(cells) == 1 for cells in before))  # noqa: PLR2004 - see above


def _repeats(cells: Sequence[str | None]) -> bool:
    said = [cell for cell in cells if cell]
    return len(set(said)) < len(said)


def _groups(kept: _Kept, at: int, spans: Sequence[Span]) -> bool:
    """Return whether a row names groups of columns that tell the repeated names below it apart."""
    if at < 0 or _fill(kept[at][1]) < 2 or kept[at + 1][0] != kept[at][0] + 1:  # noqa: PLR2004 - one group tells nothing apart
        return False
    paths = _paths([kept[at][1], kept[at + 1][1]], kept[at][0], spans)
    said = [path for path in paths if path]
    return len(set(said)) > len({path[-1] for path in said})


def _two_rows(kept: _Kept, at: int, spans: Sequence[Span], usual: int) -> bool:
    """Return whether a row and the next are one header: groups over columns, beside columns over both rows."""
    if at + 1 >= len(kept) or kept[at + 1][0] != kept[at][0] + 1:
        return False
    upper, lower = kept[at][1], kept[at + 1][1]
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    if not (_words(upper) and _words(lower)) or sum(1 for a, b in zip(upper, lower, strict=True) if a or b) < usual:
        return False
    number = kept[at][0]
    across = sum(top == bottom == number and right > left for top, left, bottom, right in spans)
    down = sum(top == number and bottom == number + 1 and right == left for top, left, bottom, right in spans)
    if across and down:
        return True
    return not spans and _interlocked(upper, lower)


def _interlocked(upper: Sequence[str | None], lower: Sequence[str | None]) -> bool:
    """Return whether two rows fill each other's gaps as a merged header does once its merging is lost.

    Every gap above belongs to the group on its left, filled below from its first column; every column that is no
    group's is empty below; there are both.
    """
    groups, singles, place = 0, 0, 0
    while place < len(upper):
        end = place + 1
        while end < len(upper) and not upper[end]:
            end += 1
        below = lower[place:end]
        if not upper[place]:
            return False
        if end - place == 1 and not below[0]:
            singles += 1
        elif end - place > 1 and all(below):
            groups += 1
        else:
            return False
        place = end
    return groups > 0 and singles > 0


def _named(kept: _Kept, spans: Sequence[Span], row: int, rows: int) -> Header:
    picked = [cells for number, cells in kept if row <= number < row + rows]
    if len(picked) == 1:
        return Header(row, rows, header_names([cell or "" for cell in picked[0]]))
    paths = _paths(picked, row, spans)
    often = Counter(path[-1] for path in paths if path)
    names = [path[-1] if path and often[path[-1]] == 1 else JOINT.join(path) for path in paths]
    return Header(row, rows, header_names(names))


def _paths(rows: Sequence[list[str | None]], first: int, spans: Sequence[Span]) -> list[tuple[str, ...]]:
    """Return each column's names from the top down, those of its groups first."""
    width = max(map(len, rows))
    spread = [[cell or "" for cell in row] + [""] * (width - len(row)) for row in rows]
    if spans:
        for top, left, bottom, right in spans:
            if first <= top < first + len(spread) and 0 <= left < width:
                _fill_across(spread[top - first], left, min(right, width - 1), down=bottom > top)
    else:
        for upper, lower in pairwise(spread):
            for place in range(1, width):
                if not upper[place] and lower[place] and lower[place - 1]:
                    upper[place] = upper[place - 1]
    columns = [tuple(row[place] for row in spread if row[place]) for place in range(width)]
    return [tuple(name for at, name in enumerate(path) if name not in path[:at]) for path in columns]


def _fill_across(row: list[str], left: int, right: int, *, down: bool) -> None:
    """Write a merged name over its columns; one that also goes down is the name of a column, not of a group."""
    if not down or right > left:
        row[left : right + 1] = [row[left]] * (right - left + 1)


def trailing(last: Sequence[Row], width: int) -> list[LeftOut]:
    """Return which of a table's last rows are totals, counts, signatures or remarks; `width` is the header's.

    Only rows behind the last record count, and only where their first text says so: a total in as many words, a
    remark ("制表人：…", "Printed: …") in a row that is mostly empty. White space and width do not count.
    """
    found: list[LeftOut] = []
    for number, cells in reversed(last[-LAST:]):
        said = [text for cell in cells if (text := cell_text(cell).strip())]
        why = _why(said, width)
        if not why:
            break
        found.append(LeftOut(number, why, said[0][:_NAME_LENGTH]))
    return found[::-1]


def _why(said: Sequence[str], width: int) -> str:
    plain = "".join(unicodedata.normalize("NFKC", said[0]).split()) if said else ""
    if _TOTAL.fullmatch(plain):
        return "total"
    sparse = len(said) <= max(width // 2, 1)
    return "footer" if sparse and (_COUNTED.fullmatch(plain) or _FOOTER.fullmatch(plain)) else ""


def shown(first: Sequence[Row], spans: Sequence[Span], rows: int) -> dict[str, Any]:
    """Return what a look at a sheet shows as JSON values: the proposed header, and the first `rows` rows as texts."""
    header = find_header(first, spans)
    return {
        "header_row": header.row if header else 0,
        "header_rows": header.rows if header else 0,
        "header": list(header.names) if header else [],
        "first": [[number, [cell_text(cell)[:_SHOWN_LENGTH] for cell in cells]] for number, cells in first[:rows]],
    }
