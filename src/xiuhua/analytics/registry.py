"""Which fact tables there are: the wiring registers them at start."""

from __future__ import annotations

from xiuhua.analytics.words import FactTable

_FACTS: dict[str, FactTable] = {}


def register(table: FactTable) -> None:
    """Make a fact table known under its name; doing it again replaces it.

    A measure's name says which table counts it: raises ValueError where another table has a measure of the same name.
    """
    for other in _FACTS.values():
        if other.name != table.name and (both := other.measures.keys() & table.measures.keys()):
            raise ValueError(sorted(both))
    _FACTS[table.name] = table


def fact(name: str) -> FactTable:
    """Return the fact table `name`; raises KeyError, since names come from code."""
    return _FACTS[name]


def fact_of(measure: str) -> FactTable:
    """Return the fact table that counts `measure`; raises KeyError where none does."""
    for table in facts():
        if measure in table.measures:
            return table
    raise KeyError(measure)


def facts() -> list[FactTable]:
    """Return all fact tables in the order of their names."""
    return [_FACTS[name] for name in sorted(_FACTS)]
