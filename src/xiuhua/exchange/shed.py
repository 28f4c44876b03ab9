"""The bytes of files on their way in, and what lies beside each.

FILES/intakes/<tenant>/<uuid>           what has arrived
FILES/intakes/<tenant>/<uuid>.sample    its header and first rows
FILES/intakes/<tenant>/<uuid>.progress  how far the job at hand has come (`files.progress`)
FILES/intakes/<tenant>/<uuid>.stop      somebody wants the job to stop
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from xiuhua.exchange.models import Intake
from xiuhua.files import progress, store


def place(intake: Intake) -> Path:
    """Return where the bytes of a file lie, or will."""
    return store.root() / "intakes" / str(intake.tenant_id) / str(intake.client_uuid)


def _mark(intake: Intake, kind: str) -> Path:
    return place(intake).with_suffix(f".{kind}")


def is_there(intake: Intake) -> bool:
    """Return whether all bytes of a file are on the disk."""
    path = place(intake)
    return path.is_file() and path.stat().st_size == intake.size


def digest_of(intake: Intake) -> str:
    """Return the SHA-256 of a file's bytes."""
    with place(intake).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear(intake: Intake) -> None:
    """Remove a file and its marks, those that are there."""
    for path in (place(intake), *(_mark(intake, kind) for kind in ("progress", "stop", "sample", "marks"))):
        store.remove(path)


def sample_kept(intake: Intake) -> str:
    """Return what was kept of a look at the file, "" where nothing was."""
    with suppress(FileNotFoundError):
        return _mark(intake, "sample").read_text(encoding="utf-8")
    return ""


def keep_sample(intake: Intake, text: str) -> None:
    """Keep what a look at the file has found, so that a large one is not opened again for every question about it."""
    store.put(_mark(intake, "sample"), text.encode())


def marks_place(intake: Intake) -> Path:
    """Return where the second list of a file lies, or would."""
    return _mark(intake, "marks")


def want_stop(intake: Intake) -> None:
    """Let the job at hand know that it should stop."""
    progress.want_stop(place(intake), intake.attempt)


def stop_wanted(intake: Intake) -> bool:
    """Return whether somebody wants this very attempt to stop."""
    return progress.stop_wanted(place(intake), intake.attempt)


def progress_of(intake: Intake) -> progress.Progress:
    """Return how far the job at hand has come, nothing done where it has not begun."""
    return progress.progress_of(place(intake), intake.attempt)


def metered(intake: Intake) -> AbstractContextManager[progress.Meter]:
    """Give a meter that beats by itself as long as the job runs, and leave no marks behind."""
    return progress.metered(place(intake), intake.attempt)
