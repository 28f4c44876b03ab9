"""Counting what checks find on the rows of a file, with the first few rows of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from xiuhua.exchange.rules.health.catalogue import BY_ID, CHECKS, FIELDS, PARTS
from xiuhua.exchange.words.health import EXAMPLES, Check, Example, Found, Gravity, Mark
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell

#: Characters of a cell that an example shows.
SHOWN = 80
#: Parts that a check lists, the largest first.
LISTED = 20
_STOPPING = frozenset(one.id for one in CHECKS if one.gravity == Gravity.STOPS)


def stops(marks: Iterable[Mark]) -> bool:
    """Return whether any of a row's marks keeps it from being imported."""
    return any(mark.check in _STOPPING for mark in marks)


class Tally:
    """What checks have found so far. A row counts once in a check, however often that check finds something on it."""

    def __init__(self, header: Sequence[str], plain: Container[str], masked: Callable[[str], str]) -> None:
        """`masked` returns a cell's text as anybody may see it; cells of the columns `plain` hold nothing personal."""
        self._place = {name: at for at, name in enumerate(header)}
        self._plain, self._masked = plain, masked
        self._counts: Counter[str] = Counter()
        self._parts: dict[str, Counter[str]] = {}
        self._examples: dict[str, list[Example]] = {}
        self._idle: dict[str, str] = {}
        self._of: dict[str, int] = {}

    def row(self, row: int, cells: Sequence[Cell], marks: Sequence[Mark]) -> None:
        """Count the marks of one row."""
        seen: set[str] = set()
        for mark in marks:
            if fact := PARTS.get(mark.check):
                self.part(mark.check, str(mark.facts[fact]))
            if BY_ID[mark.check].counts == "rows" and mark.check in seen:
                continue
            seen.add(mark.check)
            self._counts[mark.check] += 1
            examples = self._examples.setdefault(mark.check, [])
            if len(examples) < EXAMPLES:
                examples.append(Example(row, mark.column, self._text(cells, mark.column)))

    def part(self, check: str, name: str, times: int = 1) -> None:
        """Count one of the things that a check tells apart."""
        self._parts.setdefault(check, Counter())[name] += times

    def set(self, check: str, count: int, examples: Iterable[Example] = ()) -> None:
        """Say what a check found that is not a matter of single rows."""
        self._counts[check] = count
        self._examples[check] = list(examples)[:EXAMPLES]

    def out_of(self, check: str, of: int) -> None:
        """Say of how many a check's count is, where it is not the rows of the file."""
        self._of[check] = of

    def idle(self, check: str, why: str) -> None:
        """Say that a check could not run; the first reason stays."""
        self._idle.setdefault(check, why)

    def lacking(self, columns: Mapping[str, str]) -> None:
        """Let the checks rest that need a field the mapping does not name."""
        for check, needed in FIELDS.items():
            if not all(any(field in columns for field in one.split("|")) for one in needed):
                self.idle(check, "check.why.no_column")

    def found(self, rows: int) -> tuple[Found, ...]:
        """Return the outcome of every check, in the order of the catalogue."""
        return tuple(self._found(check, rows) for check in CHECKS)

    def _found(self, check: Check, rows: int) -> Found:
        gravity = check.gravity.value
        if why := self._idle.get(check.id):
            return Found(check.id, gravity, check.counts, ran=False, why=why)
        return Found(
            id=check.id,
            gravity=gravity,
            counts=check.counts,
            count=self._counts[check.id],
            of=self._of.get(check.id, rows),
            parts=dict(
                sorted(self._parts.get(check.id, Counter()).items(), key=lambda one: (-one[1], one[0]))[:LISTED]
            ),
            examples=tuple(self._examples.get(check.id, ())),
        )

    def _text(self, cells: Sequence[Cell], column: str) -> str:
        at = self._place.get(column, len(cells))
        if at >= len(cells):
            return ""
        text = cell_text(cells[at]).strip()
        return (text if column in self._plain else self._masked(text))[:SHOWN]
