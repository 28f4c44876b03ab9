"""Letting two transactions about one thing come after each other, where no row is there yet that they could both hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until the end of the caller's. One statement at most.

    On SQLite nothing is to be done: writing transactions come after each other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def without_waiting(write: Callable[[], T]) -> T | None:
    """Do a small write that may be left out and return what it returns; None where it was left out.

    On SQLite somebody else may hold the only pen for minutes (an import): what only notes that a page was read must not
    keep the reader waiting, nor fail him. Within a transaction, which has the pen already, it is simply done.
    """
    impatient = getattr(connection, "impatient", None)
    if impatient is None or connection.in_atomic_block:
        return write()
    with impatient():
        try:
            return write()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            return None
