"""The only writers of stored files and uploads."""

from __future__ import annotations

from xiuhua.files.actions.storing import store, store_photo

__all__ = ["store", "store_photo"]
