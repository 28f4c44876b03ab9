"""Writers of one thing, one after the other, where there is no row yet that they could lock."""

from __future__ import annotations

import hashlib

from django.db import connection


def queue_up(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until the end of this one.

    One statement on PostgreSQL; none on SQLite, where one transaction writes at a time anyway.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
