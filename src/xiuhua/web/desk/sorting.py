"""Tables of a month that their reader may put in another order: by a column's head, kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

Row = TypeVar("Row")
#: What a row is ordered by; None comes last either way.
Key = Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: the address that orders by it, and how the table stands ("" where by another)."""

    href: str
    sorted: str

    @property
    def arrow(self) -> str:
        """The direction as a sign."""
        return {"ascending": "↑", "descending": "↓"}.get(self.sorted, "")


@dataclass(frozen=True, slots=True)
class Order(Generic[Row]):
    """The order that an address asks for among the columns of a table."""

    keys: Mapping[str, Key[Row]]
    #: The column's name, with "-" in front for the largest first.
    asked: str

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows in this order; equals stay as they came."""
        key = self.keys[self.asked.removeprefix("-")]
        found = list(rows)
        known = [row for row in found if key(row) is not None]
        known.sort(key=key, reverse=self.asked.startswith("-"))
        return [*known, *(row for row in found if key(row) is None)]

    def heads(self, kept: Mapping[str, str], *, least_first: Iterable[str] = ()) -> dict[str, Head]:
        """Return the heads by column: the largest first at the first click, or the least of those named; then turned round."""
        return {name: self._head(name, kept, least=name in set(least_first)) for name in self.keys}

    def _head(self, name: str, kept: Mapping[str, str], *, least: bool) -> Head:
        here = self.asked.removeprefix("-") == name
        other = (name if least else f"-{name}") if not here else name if self.asked.startswith("-") else f"-{name}"
        said = ("descending" if self.asked.startswith("-") else "ascending") if here else ""
        return Head(f"?{urlencode({**kept, 'sort': other})}", said)


def order_in(request: HttpRequest, keys: Mapping[str, Key[Row]], first: str) -> Order[Row]:
    """Return the order in the address, `first` where it names none of the columns."""
    asked = request.GET.get("sort", first)
    return Order(keys, asked if asked.removeprefix("-") in keys else first)
