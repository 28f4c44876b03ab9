"""Django's SQLite with a queue: the threads of one process write one after the other, and wait without asking again.

SQLite itself lets the second writer sleep and try again, each time longer: under load most of the time goes by with
nobody writing, and who came first may come last. Between processes it stays so.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

#: File → whose turn it is.
_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
#: Seconds in the queue; whoever waits longer goes to SQLite, which says when it is busy.
_PATIENCE = 20.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions wait for their turn."""

    _held: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        turn = _TURNS[str(self.settings_dict["NAME"])]
        if turn.acquire(timeout=_PATIENCE):
            self._held = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._leave()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None
