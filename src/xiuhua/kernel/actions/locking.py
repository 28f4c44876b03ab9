"""Letting two transactions about one thing come after each other, where no row is there yet that they could both hold."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError, connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until the end of the caller's. One statement at most.

    On SQLite nothing is to be done: writing transactions come after each other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def without_waiting(write: Callable[[], object]) -> bool:
    """Do a small write that may be left out; returns False where it was.

    On SQLite somebody else may hold the only pen for minutes (an import): what only notes that a page was read must not
    keep the reader waiting, nor fail him. Call it outside a transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        write()
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            write()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
        else:
            return True
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
