"""Texts that came back from a form masked, as they were: who corrects a word does not wipe out a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import Given
from xiuhua.privacy.rules import restore

#: Texts of a case that forms show and take back.
_TEXTS = frozenset({"title", "description", "address"})


def restored(given: Given, case: Case) -> Given:
    """Return what was given with the masked places of its texts filled from the case."""
    changes = {name: _restored(name, value, case) for name, value in given.changes.items()}
    return replace(given, remedy=restore(given.remedy, case.remedy), changes=changes)


def _restored(name: str, value: Any, case: Case) -> Any:
    return restore(value, getattr(case, name)) if name in _TEXTS and isinstance(value, str) else value
