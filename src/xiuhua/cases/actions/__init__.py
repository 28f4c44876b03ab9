"""The only writers of cases of our own and of what the rules say about cases."""

from __future__ import annotations

from xiuhua.cases.actions.claiming import claim, release
from xiuhua.cases.actions.evidence import add_evidence
from xiuhua.cases.actions.handover import HandedOver, hand_over
from xiuhua.cases.actions.looking import ReporterHidden, look_at_reporter, look_at_reporters, look_at_texts
from xiuhua.cases.actions.moving import GRACE, Moved, move
from xiuhua.cases.actions.reporting import Taken, UuidTaken, report
from xiuhua.cases.actions.ruling import rule_cases, rule_created
from xiuhua.cases.actions.together import MOST, Many, Wanted, file_and_dispatch, move_many, undo_many
from xiuhua.cases.actions.undoing import TooLate, undo
from xiuhua.cases.actions.viewing import forget_view, keep_view

__all__ = [
    "GRACE",
    "MOST",
    "HandedOver",
    "Many",
    "Moved",
    "ReporterHidden",
    "Taken",
    "TooLate",
    "UuidTaken",
    "Wanted",
    "add_evidence",
    "claim",
    "file_and_dispatch",
    "forget_view",
    "hand_over",
    "keep_view",
    "look_at_reporter",
    "look_at_reporters",
    "look_at_texts",
    "move",
    "move_many",
    "release",
    "report",
    "reporters",
    "rule_cases",
    "rule_created",
    "undo",
    "undo_many",
]
