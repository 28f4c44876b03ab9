"""The only writers of exchange: import a file, undo an import, freeze a month with what came late, rule again, settle what disagrees."""

from __future__ import annotations

from xiuhua.exchange.actions.freezing import refreeze
from xiuhua.exchange.actions.importing import import_cases
from xiuhua.exchange.actions.remembering import remember_mapping
from xiuhua.exchange.actions.ruling import renew_rulings
from xiuhua.exchange.actions.settling import settle, settle_many, unsettle_many
from xiuhua.exchange.actions.undoing import undo_import

__all__ = [
    "import_cases",
    "refreeze",
    "remember_mapping",
    "renew_rulings",
    "settle",
    "settle_many",
    "undo_import",
    "unsettle_many",
]
