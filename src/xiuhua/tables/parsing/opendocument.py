"""What the sheets of an OpenDocument workbook say beside their values (OpenDocument 1.3, part 3, §9 and §19)."""

from __future__ import annotations

import re

from xiuhua.tables.parsing.seen import COLUMNS_MOST, Facts

#: The frame of a sheet: what stands between two of these belongs to the first.
_FRAME = re.compile(rb"<(/?)table:table(-row|-column)?(?=[\s/>])([^>]*)>")
_FIELD = re.compile(rb"""([\w:-]+)=["']([^"']*)["']""")
_UNSEEN = (b"collapse", b"filter")
_FORMULAS = (b' table:formula="', b" table:formula='")
_ERRORS = (b'calcext:value-type="error"', b"calcext:value-type='error'")
#: A cell with a value, or a remark in one.
_FILLED = (b"office:value-type", b"<text:p")
#: Rows a sheet can have.
_ROWS_MOST = 1_048_576
#: The longest tag that is put together over the border of two blocks.
_LONGEST_TAG = 64 * 1024


class OpenDocument:
    """Looks over content.xml block by block. A hidden row counts where it holds something: the empty rest does not."""

    def __init__(self) -> None:
        self._cut = b""
        self._sheets: list[Facts] = []
        #: Tables may stand in cells; sheets are the outermost.
        self._depth = 0
        self._row, self._column = 0, 0
        #: Hidden rows that are begun and in which nothing has been found yet: (from, to).
        self._waits: tuple[int, int] | None = None

    def take(self, block: bytes) -> None:
        """Look over the next block."""
        piece = self._cut + block
        end = piece.rfind(b"<")
        whole = len(piece) if end < 0 or b">" in piece[end:] else end
        self._cut = piece[whole:][-_LONGEST_TAG:]
        piece = piece[:whole]
        at = 0
        for tag in _FRAME.finditer(piece):
            self._between(piece, at, tag.start())
            self._frame(tag)
            at = tag.end()
        self._between(piece, at, len(piece))

    def finish(self) -> list[Facts]:
        """Return what each sheet says, in their order."""
        return self._sheets

    def _between(self, piece: bytes, begin: int, end: int) -> None:
        if not self._sheets or begin == end:
            return
        facts = self._sheets[-1]
        facts.formulas += sum(piece.count(sign, begin, end) for sign in _FORMULAS)
        facts.errors += sum(piece.count(sign, begin, end) for sign in _ERRORS)
        if self._waits and any(piece.find(sign, begin, end) >= 0 for sign in _FILLED):
            facts.hidden_rows += range(self._waits[0], self._waits[1] + 1)
            self._waits = None

    def _frame(self, tag: re.Match[bytes]) -> None:
        closing, what, text = bool(tag[1]), tag[2], tag[3]
        if what is None:
            self._table(opens=not closing and not text.endswith(b"/"), closes=closing)
        elif self._depth == 1 and not closing:
            fields = dict(_FIELD.findall(text))
            if what == b"-row":
                self._begin_row(fields)
            else:
                self._begin_column(fields)
        elif self._depth == 1 and what == b"-row":
            self._waits = None

    def _table(self, *, opens: bool, closes: bool) -> None:
        if opens and self._depth == 0:
            self._sheets.append(Facts())
            self._row = self._column = 0
        self._depth = max(self._depth + opens - closes, 0)

    def _begin_row(self, fields: dict[bytes, bytes]) -> None:
        first = self._row + 1
        self._row = min(self._row + _times(fields, b"table:number-rows-repeated"), _ROWS_MOST)
        self._waits = (first, self._row) if fields.get(b"table:visibility") in _UNSEEN else None

    def _begin_column(self, fields: dict[bytes, bytes]) -> None:
        first = self._column
        self._column = min(first + _times(fields, b"table:number-columns-repeated"), COLUMNS_MOST)
        if fields.get(b"table:visibility") in _UNSEEN:
            self._sheets[-1].hidden_columns += range(first, self._column)


def _times(fields: dict[bytes, bytes], name: bytes) -> int:
    said = fields.get(name, b"1")
    return int(said) if said.isdigit() and len(said) <= len(str(_ROWS_MOST)) else 1
