"""The only writers of exchange: import a file, take lists out, undo an import, freeze a month with what came late, rule again."""

from __future__ import annotations

from xiuhua.exchange.actions.exporting import export_list
from xiuhua.exchange.actions.freezing import refreeze
from xiuhua.exchange.actions.importing import import_cases
from xiuhua.exchange.actions.remembering import remember_mapping
from xiuhua.exchange.actions.returning import return_batch
from xiuhua.exchange.actions.ruling import renew_rulings
from xiuhua.exchange.actions.undoing import undo_import

__all__ = [
    "export_list",
    "import_cases",
    "refreeze",
    "remember_mapping",
    "renew_rulings",
    "return_batch",
    "undo_import",
]
