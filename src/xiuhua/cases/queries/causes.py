"""How our deadlines and verdicts stand beside the platform's, over all cases of an office."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count

from xiuhua.cases.models import Ruling
from xiuhua.kernel.models import Tenant


@dataclass(frozen=True, slots=True)
class CausesCounted:
    """Cases by cause of a difference: of deadlines (Cause.SAME among them), of verdicts; and those without a deadline."""

    ruled: int
    provisional: int
    deadlines: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    #: By the reason why there is none.
    unruled: dict[str, int] = field(default_factory=dict)


def causes_counted(tenant: Tenant) -> CausesCounted:
    """Return the counts; void cases too, since a deadline does not ask. Five queries."""
    found = Ruling.objects.filter(case__tenant=tenant)

    def by(name: str) -> dict[str, int]:
        counted = found.exclude(**{name: ""}).values_list(name).annotate(n=Count("pk")).order_by(name)
        return {str(code): int(n) for code, n in counted}

    return CausesCounted(
        ruled=found.filter(due_at__isnull=False).count(),
        provisional=found.filter(provisional=True).count(),
        deadlines=by("due_cause"),
        verdicts=by("verdict_cause"),
        unruled=by("unruled"),
    )
