"""Which fact tables there are: the wiring registers them at start."""

from __future__ import annotations

from xiuhua.analytics.words import FactTable

_FACTS: dict[str, FactTable] = {}


def register(table: FactTable) -> None:
    """Make a fact table known under its name; doing it again replaces it."""
    _FACTS[table.name] = table


def fact(name: str) -> FactTable:
    """Return the fact table `name`; raises KeyError, since names come from code."""
    return _FACTS[name]


def facts() -> list[FactTable]:
    """Return all fact tables in the order of their names."""
    return [_FACTS[name] for name in sorted(_FACTS)]
