"""Where a text may stand among what waits, by the index of words (cases.migrations._words): keys, without reading a case."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage
from xiuhua.kernel.models import Tenant

#: What may stand in more cases than this is rather read in the order of the queue: a page of it comes soon.
COMMON = 2000
#: What the index knows are pairs of characters.
SHORTEST = 2
_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def holding(tenant: Tenant, text: str, classes: Collection[int], stages: Collection[Stage]) -> list[int] | None:
    """Return the keys of all cases in some queues' stages that may hold a text, or are of some classes, and of others.

    None where the index cannot say, or says too many: a single character, and what stands in every other case. One query,
    one more where there are classes.
    """
    if len(text) < SHORTEST or "\0" in text:
        return None
    found = _words(text)
    if len(found) <= COMMON and classes:
        alike = Case.objects.filter(tenant=tenant, stage__in=stages, case_class__in=classes).order_by()
        found = [*{*found, *alike.values_list("pk", flat=True)[: COMMON + 1]}]
    return found if len(found) <= COMMON else None


def _words(text: str) -> list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            pairs = " AND ".join(
                sorted({text[n : n + 2].translate(_SMALL).encode().hex() for n in range(len(text) - 1)})
            )
            asked = f"({pairs}) OR long"  # LIKE knows small and capital letters of ASCII alone on SQLite
            cursor.execute("SELECT rowid FROM cases_words WHERE cases_words MATCH %s LIMIT %s", [asked, COMMON + 1])
        else:
            cursor.execute("SELECT cases_holding(%s, %s)", [text, COMMON + 1])
        return [key for (key,) in cursor.fetchall()]
