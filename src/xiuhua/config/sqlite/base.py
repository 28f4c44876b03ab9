"""Django's SQLite with a queue: the threads of one process write one after the other, and wait without asking again.

SQLite itself lets the second writer sleep and try again, each time longer: under load most of the time goes by with
nobody writing, and who came first may come last. Between processes it stays so.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

#: File → whose turn it is.
_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
#: Seconds in the queue where the settings give none.
_PATIENCE = 20.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions wait for their turn, as long as SQLite would wait for its lock."""

    _held: threading.Lock | None = None
    _waits = True

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Wait for nobody meanwhile: a transaction that cannot begin at once is refused as locked."""
        with self.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            patience = int(cursor.fetchone()[0])
            cursor.execute("PRAGMA busy_timeout = 0")
            self._waits = False
            try:
                yield
            finally:
                self._waits = True
                cursor.execute(f"PRAGMA busy_timeout = {patience}")

    def _start_transaction_under_autocommit(self) -> None:
        turn = _TURNS[str(self.settings_dict["NAME"])]
        patience = float(self.settings_dict["OPTIONS"].get("timeout", _PATIENCE)) if self._waits else 0.0
        if not turn.acquire(timeout=patience):
            raise OperationalError("database is locked")
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
