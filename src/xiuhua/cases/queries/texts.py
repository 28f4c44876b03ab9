"""The free texts of a case, by the name of their field: what a clear look reads."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from xiuhua.cases.models import Case, CaseMove, Report, Request, Supervision

_OWN = ("title", "description", "address", "remedy")


def texts_of(case: Case) -> dict[str, str]:
    """Return the texts of a case that people typed, several of one field on lines of their own. Four queries."""
    supervisions = Supervision.objects.filter(case=case).values_list("demand", "reply")
    return {name: getattr(case, name) for name in _OWN} | {
        "notes": _lines(CaseMove.objects.filter(case=case).values_list("note", flat=True)),
        "requests": _lines(Request.objects.filter(case=case).values_list("note", flat=True)),
        "supervisions": _lines(text for pair in supervisions for text in pair),
        "reports": _lines(
            Report.objects.filter(Q(case=case) | Q(case__merged_into=case)).values_list("text", flat=True)
        ),
    }


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
