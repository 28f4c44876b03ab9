"""Changes that touch a month already frozen: listed, never applied to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from xiuhua.analytics.models import Snapshot
from xiuhua.exchange.models import ImportBatch, PendingCorrection
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period


class Corrections:
    """Collects the pending corrections of one change; costs nothing while no month is frozen."""

    def __init__(self, tenant: Tenant, batch: ImportBatch | None) -> None:
        """`batch` is the import that changes cases, None for a renewal of what the rules say."""
        self._tenant, self._batch = tenant, batch
        frozen = Snapshot.objects.filter(tenant=tenant).values_list("period", flat=True).distinct()
        self._frozen = frozenset(frozen)
        self._zone = ZoneInfo(tenant.zone or "UTC")
        self._rows: list[PendingCorrection] = []
        self.counts: dict[str, int] = {}

    def touch(self, number: str, kind: str, moments: Iterable[datetime | None]) -> None:
        """Note that a case changed (`kind`: created, updated, undone, ruled) whose reports or deadlines these moments are."""
        if not self._frozen:
            return
        months = {str(Period.of(moment, self._zone)) for moment in moments if moment is not None}
        for period in sorted(months & self._frozen):
            self.counts[period] = self.counts.get(period, 0) + 1
            self._rows.append(
                PendingCorrection(tenant=self._tenant, period=period, batch=self._batch, number=number, kind=kind)
            )

    def write(self) -> None:
        """Write what has been collected since the last call."""
        if self._rows:
            PendingCorrection.objects.bulk_create(self._rows)
            self._rows.clear()
