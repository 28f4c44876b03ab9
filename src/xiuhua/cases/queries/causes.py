"""How our deadlines and verdicts stand beside the platform's, over all cases of an office."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet

from xiuhua.cases.models import Ruling
from xiuhua.kernel.models import Tenant


@dataclass(frozen=True, slots=True)
class CausesCounted:
    """Cases by cause of a difference: of deadlines (Cause.SAME among them), of verdicts; and those without a deadline."""

    ruled: int
    provisional: int
    #: Whose unit is not the one that the duty matrix names.
    elsewhere: int
    deadlines: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    #: By the reason why there is none.
    unruled: dict[str, int] = field(default_factory=dict)


def causes_counted(tenant: Tenant) -> CausesCounted:
    """Return the counts; void cases too, since a deadline does not ask. Six queries."""
    return causes_among(Ruling.objects.filter(case__tenant=tenant))


def causes_among(found: QuerySet[Ruling]) -> CausesCounted:
    """Return the counts over these rulings. Six queries."""

    def by(name: str) -> dict[str, int]:
        rows = found.exclude(**{name: ""}).values_list(name).annotate(n=Count("pk")).order_by(name)
        return {str(code): int(n) for code, n in rows}

    return CausesCounted(
        ruled=found.filter(due_at__isnull=False).count(),
        provisional=found.filter(provisional=True).count(),
        elsewhere=elsewhere(found).count(),
        deadlines=by("due_cause"),
        verdicts=by("verdict_cause"),
        unruled=by("unruled"),
    )


def elsewhere(found: QuerySet[Ruling]) -> QuerySet[Ruling]:
    """Return the rulings that name another unit than the one that has the case; both must be known."""
    return found.filter(body__isnull=False, case__body__isnull=False).exclude(body=F("case__body"))
