"""Changes that touch a month already frozen: listed, never applied to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from xiuhua.analytics.models import Snapshot
from xiuhua.cases.models import Case
from xiuhua.cases.rules.standing import REWRITES
from xiuhua.exchange.models import ImportBatch, PendingCorrection
from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.rules import Period

#: Why a case waits: it was moved here.
MOVED = "moved"


def note_move(event: OutboxEvent, now: datetime) -> None:  # noqa: ARG001 - what every subscriber is told
    """Hear of a move of a case: one that says otherwise what it was waits for a new freeze of the months it is in.

    A case waits once for a month, however often it moves and the event is delivered.
    """
    if event.name.removeprefix("case.") not in REWRITES:
        return
    case = Case.objects.filter(pk=event.facts["case"]).first()
    if case is None:  # it went with the import that had brought it
        return
    waiting = PendingCorrection.objects.filter(tenant=event.tenant, number=case.number, kind=MOVED, absorbed_at=None)
    corrections = Corrections(event.tenant, None, known=frozenset(waiting.values_list("period", flat=True)))
    corrections.touch(case.number, MOVED, (case.reported_at, case.due_at))
    corrections.write()


class Corrections:
    """Collects the pending corrections of one change; costs nothing while no month is frozen."""

    def __init__(self, tenant: Tenant, batch: ImportBatch | None, *, known: frozenset[str] = frozenset()) -> None:
        """`batch` is the import that changes cases, None for anything else; months that are `known` wait already."""
        self._tenant, self._batch = tenant, batch
        frozen = Snapshot.objects.filter(tenant=tenant).values_list("period", flat=True).distinct()
        self._frozen = frozenset(frozen) - known
        self._zone = ZoneInfo(tenant.zone or "UTC")
        self._rows: list[PendingCorrection] = []
        self.counts: dict[str, int] = {}

    def touch(self, number: str, kind: str, moments: Iterable[datetime | None]) -> None:
        """Note that a case changed (`kind`: created, updated, undone, ruled, moved) whose reports or deadlines these moments are."""
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
