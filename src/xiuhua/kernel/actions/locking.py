"""Letting two transactions about one thing come after each other, where no row is there yet that they could both hold."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until the end of the caller's. One statement at most.

    On SQLite nothing is to be done: writing transactions come after each other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
