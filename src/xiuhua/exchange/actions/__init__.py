"""The only writers of exchange: import and undo, take lists out, send files back, freeze again, rule again, settle what disagrees."""

from __future__ import annotations

from xiuhua.exchange.actions.asking import ask_apply, ask_check, ask_stop, keep_answers, keep_as_is, remap
from xiuhua.exchange.actions.attaching import attach_list, detach_list
from xiuhua.exchange.actions.exporting import export_list
from xiuhua.exchange.actions.freezing import refreeze
from xiuhua.exchange.actions.importing import import_cases
from xiuhua.exchange.actions.receiving import add_piece, begin_intake, discard, receive_file, sweep_intakes
from xiuhua.exchange.actions.remembering import remember_mapping
from xiuhua.exchange.actions.returning import return_batch
from xiuhua.exchange.actions.ruling import renew_rulings
from xiuhua.exchange.actions.settling import settle, settle_many, unsettle_many
from xiuhua.exchange.actions.undoing import undo_import

__all__ = [
    "add_piece",
    "ask_apply",
    "ask_check",
    "ask_stop",
    "attach_list",
    "begin_intake",
    "detach_list",
    "discard",
    "export_list",
    "import_cases",
    "keep_answers",
    "keep_as_is",
    "receive_file",
    "refreeze",
    "remap",
    "remember_mapping",
    "renew_rulings",
    "return_batch",
    "settle",
    "settle_many",
    "sweep_intakes",
    "undo_import",
    "unsettle_many",
]
