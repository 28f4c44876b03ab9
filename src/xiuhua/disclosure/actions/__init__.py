"""The only writers of bulletins: one function per verb, one transaction, one ledger line."""

from __future__ import annotations

from xiuhua.disclosure.actions.approving import approve, send_back, submit
from xiuhua.disclosure.actions.drafting import draft_bulletin
from xiuhua.disclosure.actions.issuing import correct, issue
from xiuhua.disclosure.actions.keeping import issued_file, take_draft
from xiuhua.disclosure.actions.writing import abandon, mask_findings, save_version, waive

__all__ = [
    "abandon",
    "approve",
    "correct",
    "draft_bulletin",
    "issue",
    "issued_file",
    "mask_findings",
    "save_version",
    "send_back",
    "submit",
    "take_draft",
    "waive",
]
