"""The only writers of cases of our own and of what the rules say about cases."""

from __future__ import annotations

from xiuhua.cases.actions.evidence import add_evidence
from xiuhua.cases.actions.looking import ReporterHidden, look_at_reporter, reporters
from xiuhua.cases.actions.moving import GRACE, Moved, move
from xiuhua.cases.actions.reporting import Taken, UuidTaken, report
from xiuhua.cases.actions.ruling import rule_cases
from xiuhua.cases.actions.undoing import TooLate, undo

__all__ = [
    "GRACE",
    "Moved",
    "ReporterHidden",
    "Taken",
    "TooLate",
    "UuidTaken",
    "add_evidence",
    "look_at_reporter",
    "move",
    "report",
    "reporters",
    "rule_cases",
    "undo",
]
