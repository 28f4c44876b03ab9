"""The only writers of stored files and uploads."""

from __future__ import annotations

from xiuhua.files.actions.looks import note_look
from xiuhua.files.actions.storing import store, store_photo
from xiuhua.files.actions.uploads import append, begin, drop, finish

__all__ = ["append", "begin", "drop", "finish", "note_look", "store", "store_photo"]
