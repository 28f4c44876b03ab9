"""Who looked at an original."""

from __future__ import annotations

from datetime import datetime

from xiuhua.files.models import StoredFile
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import Actor


def note_look(file: StoredFile, *, granted: bool, by: Actor, at: datetime, about: str = "") -> LedgerLine:
    """Write into the ledger that somebody was shown an original, or asked for it without the right to; returns the line.

    `about` is what the original belongs to ("case:17-3"); without it the line is about the file.
    """
    verb = "file.look" if granted else "file.look_refused"
    named = about or f"file:{file.pk}"
    return record(verb, about=named, by=by, at=at, tenant=file.tenant, after=file.sha256, facts={"file": file.pk})
