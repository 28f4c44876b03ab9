"""Words of imports of units and accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What an import of units did. `confirmed` of the updated had only been observed; `absent` are codes not named."""

    created: int
    updated: int
    unchanged: int
    confirmed: int = 0
    absent: tuple[str, ...] = ()
    examples: int = 0
    ignored: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class UserReport:
    """What an import of accounts did. `existing` accounts were left as they are; new ones have no password yet."""

    created: int
    existing: int
    examples: int = 0
    ignored: tuple[str, ...] = ()
    dry_run: bool = False
