"""The photos of a case."""

from __future__ import annotations

from xiuhua.cases.models import Case, Evidence


def pictures_of(case: Case) -> list[Evidence]:
    """Return the photos of a case with their files, oldest first. One query."""
    return list(Evidence.objects.filter(case=case).select_related("file", "case").order_by("at", "pk"))
