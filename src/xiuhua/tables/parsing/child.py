"""The process that parses a workbook: one request on its input, JSON lines as its answer, nothing else.

Run by `xiuhua.tables.reading.guard` as `python -m xiuhua.tables.parsing.child` with its standard output a file. A hostile
workbook can bring this process down, but not the one that asked.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from xiuhua.tables.headers import WINDOW, shown
from xiuhua.tables.parsing.archives import counts_from_1904, unanswered
from xiuhua.tables.parsing.frames import frames
from xiuhua.tables.parsing.grids import grid
from xiuhua.tables.parsing.words import MIB, MOST_SHEETS, Cell, Limits, Stop
from xiuhua.tables.parsing.workbooks import Book, open_book, parsed, records, sheet_of, spans_of
from xiuhua.tables.rules import cell_text

if sys.platform != "win32":
    import resource

#: What an answer may weigh on the disk, as a multiple of a workbook's content.
_ANSWER_TIMES = 8


def main() -> None:
    """Answer the request on standard input."""
    gc.disable()  # nothing here goes round in circles, and the process is soon gone
    request = json.load(sys.stdin)
    try:
        limits = Limits(**request["limits"])
        for line in _ANSWERS[request["do"]](Path(request["path"]), limits, request):
            _say(line)
    except Stop as stop:
        _instead({"stop": stop.code, "facts": stop.facts})
    except MemoryError:
        _instead({"stop": "table.too_costly", "facts": {}})
    except BaseException as error:  # noqa: BLE001 - the parser's panics are no ordinary exceptions
        _instead({"stop": "table.file_broken", "facts": {"reason": f"{type(error).__name__}: {error}"[:200]}})


def _say(line: object) -> None:
    sys.stdout.buffer.write(_ENCODER.encode(line).encode() + b"\n")


def _instead(line: object) -> None:
    """Say this alone: nothing of a workbook that stopped half-way is taken for its content."""
    sys.stdout.buffer.flush()
    sys.stdout.buffer.truncate(0)
    sys.stdout.buffer.seek(0)
    _say(line)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _open(path: Path, limits: Limits) -> Book:
    """Return the workbook, this process bound to what such a one may cost."""
    book = open_book(path, limits)
    if sys.platform != "win32":
        _bind(limits.memory(book.content), limits.seconds(book.content), _ANSWER_TIMES * book.content + 64 * MIB)
    book.check()
    return book


def _bind(memory: int, seconds: int, answer: int) -> None:
    spent = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime) + 1
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: spent + seconds,
        resource.RLIMIT_FSIZE: answer,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, hard))


def _table(path: Path, limits: Limits, request: dict[str, Any]) -> Iterator[object]:
    book = _open(path, limits)
    with parsed(book) as opened:
        sheet, place = sheet_of(opened, request["sheet"])
        facts = book.facts(place)
        left = (sheet.start or (0, 0))[1]
        yield {
            "kind": book.kind,
            "errors": book.errors,
            "formulas": facts.formulas,
            "hidden_rows": facts.hidden_rows,
            "hidden_columns": [one - left for one in facts.hidden_columns if one >= left],
            "spans": [(t, a - left, b, z - left) for t, a, b, z in spans_of(sheet) if t <= WINDOW],
            "left": left,
            "place": place,
        }
        yield from frames(sheet, limits)
    yield {"end": True}


def _look(path: Path, limits: Limits, request: dict[str, Any]) -> Iterator[object]:
    book = _open(path, limits)
    with parsed(book) as opened:
        yield {
            "kind": book.kind,
            "date_1904": book.kind == "xlsx" and counts_from_1904(path),
            "errors": book.errors,
            "sheets": [
                _sheet(book, opened, place, limits, request["rows"])
                for place in range(min(len(opened.sheet_names), MOST_SHEETS))
            ],
        }


def _sheet(book: Book, opened: CalamineWorkbook, place: int, limits: Limits, rows: int) -> dict[str, Any]:
    sheet: CalamineSheet = opened.get_sheet_by_index(place)
    facts = book.facts(place)
    visible = opened.sheets_metadata[place].visible
    first = list(islice(records(sheet, limits), WINDOW))
    spans = [one for one in spans_of(sheet) if one[0] <= WINDOW]
    return {
        "name": sheet.name,
        "hidden": visible != SheetVisibleEnum.Visible,
        "rows": (sheet.end or (-1, 0))[0] + 1,
        "columns": sheet.width,
        "formulas": facts.formulas,
        "hidden_rows": len(facts.hidden_rows),
        "hidden_columns": len(facts.hidden_columns),
        **shown(first, spans, rows),
    }


def _grid(path: Path, limits: Limits, request: dict[str, Any]) -> Iterator[object]:
    book = _open(path, limits)
    with parsed(book) as opened:
        rows, numbers = grid(sheet_of(opened, request["sheet"])[0])
        texts, moments = [list(map(cell_text, cells)) for cells in rows], _marks(rows)
        yield {"rows": texts, "moments": moments, "numbers": sorted(numbers), "errors": book.errors}


def _marks(rows: list[list[Cell]]) -> list[tuple[int, int]]:
    """Return where dates and moments stand."""
    return [(at, place) for at, row in enumerate(rows) for place, cell in enumerate(row) if not isinstance(cell, str)]


def _unanswered(path: Path, limits: Limits, request: dict[str, Any]) -> Iterator[object]:
    book = _open(path, limits)
    yield list(unanswered(path, request["place"])) if book.kind == "xlsx" and book.errors >= 0 else []


_ANSWERS: dict[str, Callable[[Path, Limits, dict[str, Any]], Iterable[object]]] = {
    "table": _table,
    "look": _look,
    "grid": _grid,
    "unanswered": _unanswered,
}

if __name__ == "__main__":
    main()
