"""What a workbook's sheets say beside their values: formulas, errors, hidden rows and columns. XLSX is text in blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

_PREFIX = re.compile(rb"<(\w+:)worksheet[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_FIELD = re.compile(rb"""(\w+)=["']([^"']*)["']""")
_ERRORS = (b' t="e"', b" t='e'")
#: The longest tag that is put together over the border of two blocks.
_LONGEST_TAG = 64 * 1024
#: More than any name of a tag with its prefix.
_BORDER = 64
#: Columns a sheet can have: what is hidden beyond says nothing.
COLUMNS_MOST = 16_384


@dataclass(slots=True)
class Facts:
    """What a look over a sheet finds; rows from 1, columns from 0."""

    errors: int = 0
    formulas: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


class Look(Protocol):
    """Looks over a member of an archive, given block by block."""

    def take(self, block: bytes) -> None:
        """Look over the next block. What it cannot read says nothing: refusing is the parser's part."""

    def finish(self) -> list[Facts]:
        """Return what each sheet in it says, in their order."""


class SheetText:
    """Looks over the text of an XLSX sheet block by block, without copying it; what lies on the border of two is put together."""

    def __init__(self) -> None:
        #: The end of what has been looked over, from its last tag on.
        self._tail = b""
        self._formulas: tuple[bytes, ...] = ()
        self._facts = Facts()

    def take(self, block: bytes) -> None:
        """Look over the next block."""
        if not self._formulas:
            found = _PREFIX.search(block)
            tag = b"<" + (found[1] if found else b"") + b"f"
            self._formulas = (tag + b">", tag + b" ", tag + b"/>")
        facts = self._facts
        facts.errors += sum(self._count(block, sign) for sign in _ERRORS)
        tag = self._formulas[0][:-1]
        if tag in block or tag in self._tail[-_BORDER:] + block[:_BORDER]:
            facts.formulas += sum(self._count(block, sign) for sign in self._formulas)
        self._hide(block)
        last = block.rfind(b"<")
        self._tail = (block[last:] if last >= 0 else self._tail + block)[-_LONGEST_TAG:]

    def finish(self) -> list[Facts]:
        """Return what the sheet says."""
        return [self._facts]

    def _count(self, block: bytes, sign: bytes) -> int:
        over = len(sign) - 1
        return block.count(sign) + (self._tail[-over:] + block[:over]).count(sign)

    def _hide(self, block: bytes) -> None:
        """Find hidden rows and columns; a tag that the border cuts is looked at with the block in which it ends."""
        cut = b"" if b">" in self._tail else self._tail
        if b"hidden" not in block and b"hidden" not in cut + block[:_BORDER]:
            return
        piece = cut + block
        self._facts.hidden_rows += _hidden(_ROW, piece, b"r", b"r", 0)
        self._facts.hidden_columns += _hidden(_COLUMNS, piece, b"min", b"max", 1)


def _hidden(tags: re.Pattern[bytes], piece: bytes, first: bytes, last: bytes, base: int) -> Iterator[int]:
    """Yield the numbers of hidden rows or columns, less `base`."""
    for tag in tags.findall(piece):
        if b"hidden" not in tag:
            continue
        fields = dict(_FIELD.findall(tag))
        begin, end = fields.get(first, b""), fields.get(last, b"")
        if fields.get(b"hidden") in {b"1", b"true"} and begin.isdigit() and end.isdigit():
            yield from range(int(begin) - base, min(int(end), int(begin) + COLUMNS_MOST) - base + 1)
