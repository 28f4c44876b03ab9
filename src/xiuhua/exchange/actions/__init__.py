"""The only writers of exchange: import a file, undo an import."""

from __future__ import annotations

from xiuhua.exchange.actions.importing import import_cases
from xiuhua.exchange.actions.undoing import undo_import

__all__ = ["import_cases", "undo_import"]
