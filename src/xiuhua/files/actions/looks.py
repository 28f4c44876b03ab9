"""Who looked at an original."""

from __future__ import annotations

from datetime import datetime

from xiuhua.files.models import StoredFile
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import Actor


def note_look(file: StoredFile, *, granted: bool, by: Actor, at: datetime) -> LedgerLine:
    """Write into the ledger that somebody was shown an original, or asked for it without the right to; returns the line."""
    verb = "file.look" if granted else "file.look_refused"
    return record(verb, about=f"file:{file.pk}", by=by, at=at, tenant=file.tenant, after=file.sha256)
