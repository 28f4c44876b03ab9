"""What the texts of a row say about it, before anything is looked up by number or place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from xiuhua.exchange.words import Mapping as HowRead
from xiuhua.exchange.words.health import Mark, said

#: Field whose emptiness a check counts → check.
_EMPTY = {"due_at": "missing.due", "body": "missing.unit", "address": "missing.address"}
_TOGETHER = {
    "missing.class": ("main_class", "sub_class"),
    "missing.community": ("territory_name", "territory_code"),
    "missing.coordinate": ("longitude", "latitude"),
}
#: Free texts: the fields in which people write about people.
FREE = ("title", "description", "address")
#: Of these, where personal data is looked for: an address says where the problem is, with the house it lies at.
TELLING = ("title", "description")


@dataclass(frozen=True, slots=True)
class Known:
    """What the office has on record; None where there is nothing to compare with."""

    #: Names of confirmed units; other names of them.
    units: frozenset[str] | None = None
    unit_aliases: frozenset[str] = frozenset()
    channels: frozenset[str] | None = None
    #: Whether a text has personal data in it.
    personal: Callable[[str], bool] = bool
    #: Stages of the mapping: all of them where it names them all; those that mean closed.
    stages: frozenset[str] = field(default=frozenset())
    closed: frozenset[str] = frozenset()


class TextChecks:
    """The checks of one file's texts: its mapping met with its header and with what is on record."""

    def __init__(self, mapping: HowRead, header: Sequence[str], known: Known) -> None:
        places = {name: at for at, name in enumerate(header)}
        self._column = dict(mapping.columns)
        self._at = {field: places[name] for field, name in mapping.columns.items()}
        self._mapping, self._known = mapping, known
        self._empty = [(self._at[one], self._column[one], check) for one, check in _EMPTY.items() if one in self._at]
        self._together = [
            ([self._at[one] for one in fields if one in self._at], self._first(fields), check)
            for check, fields in _TOGETHER.items()
            if any(one in self._at for one in fields)
        ]
        self._free = list({self._at[one]: self._column[one] for one in TELLING if one in self._at}.items())

    def _first(self, fields: Sequence[str]) -> str:
        return next((self._column[one] for one in fields if one in self._column), "")

    def marks(self, texts: Sequence[str]) -> Iterator[Mark]:
        """Yield what the trimmed texts of a whole row show."""
        for at, column, check in self._empty:
            if not texts[at]:
                yield said(check, column)
        for ats, column, check in self._together:
            if not any(texts[at] for at in ats):
                yield said(check, column)
        yield from self._stage(texts)
        yield from self._names(texts)
        for at, column in self._free:
            if texts[at] and self._known.personal(texts[at]):
                yield said("text.personal", column)

    def _stage(self, texts: Sequence[str]) -> Iterator[Mark]:
        if "stage" not in self._at:
            return
        stage, column = texts[self._at["stage"]], self._column["stage"]
        how, closed = self._mapping, self._text(texts, "closed_at")
        if stage in how.void:
            yield said("row.void", column)
        if stage in self._known.closed and not closed:
            yield said("missing.closed", self._column.get("closed_at", column))
        if stage in how.opened and closed and not how.closing:
            yield said("order.open_but_closed", column)
        if self._known.stages and stage not in self._known.stages:
            yield said("unknown.stage", column, text=stage)

    def _names(self, texts: Sequence[str]) -> Iterator[Mark]:
        known, unit, channel = self._known, self._text(texts, "body"), self._text(texts, "channel")
        if unit and known.units is not None and unit not in known.units:
            check = "alias.unit" if unit in known.unit_aliases else "unknown.unit"
            yield said(check, self._column["body"], text=unit)
        if channel and known.channels is not None and channel not in known.channels:
            yield said("unknown.channel", self._column["channel"], text=channel)

    def _text(self, texts: Sequence[str], field: str) -> str:
        at = self._at.get(field)
        return texts[at] if at is not None else ""
