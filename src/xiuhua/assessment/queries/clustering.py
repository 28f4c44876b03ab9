"""How much cases clustered in the months before: dispersion, read from their frozen facts, or as a month was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import LevelUnknown, snapshots_at_ends, stretched, window_of
from xiuhua.analytics.rules import weeks_of
from xiuhua.analytics.words import DeadlineMonth
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.rules import dispersion, rates
from xiuhua.assessment.rules.reading import clustering_in
from xiuhua.assessment.words import Clustering, Scheme
from xiuhua.cases.facts import CASE
from xiuhua.insight.queries.settings import settings_of
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period

#: By measure, then by subject and week of the month: (kept, of).
Weekly = Mapping[str, Mapping[tuple[str, int], tuple[int, int]]]


def clustering_of(snapshot: Snapshot, scheme: Scheme, *, by_level: str, month_by: str) -> Clustering | None:
    """Return how the cases of each rate of a scheme clustered: what was written with this month, else what is measured now.

    A month that has been written keeps its dispersion, whatever has become of the months before it since; one that was
    written before dispersion was measured has none, which its readers take for 2. Two queries at most, and the frozen
    facts of the months before. Raises SettingsUnknown, SettingsFaulty.
    """
    body = _body_of(snapshot, scheme, by_level, month_by)
    return clustering_in(body) if body else measured_for(snapshot, scheme, by_level=by_level, month_by=month_by)


def _body_of(snapshot: Snapshot, scheme: Scheme, by_level: str, month_by: str) -> Mapping[str, Any] | None:
    """Return what was first written of these facts under this scheme, None if nothing was. One query."""
    found = Assessment.objects.filter(
        tenant=snapshot.tenant,
        snapshot=snapshot.digest,
        scheme=scheme.code,
        scheme_version=scheme.version,
        by=by_level,
        month_by=month_by,
    )
    for body in map(json.loads, found.order_by("assessed_at", "pk").values_list("body", flat=True)):
        if body["scheme"]["digest"] == scheme.digest:
            return dict(body)
    return None


def measured_for(snapshot: Snapshot, scheme: Scheme, *, by_level: str, month_by: str) -> Clustering:
    """Return the dispersion of each rate of a scheme, read from the weeks of the closed months before that of `snapshot`.

    Each month is read as it was frozen last at its own end. Unless all months that the parameters of analysis want are
    there with that level, φ is the usual value. One query, and the frozen tables of those months. Raises SettingsUnknown,
    SettingsFaulty.
    """
    period = Period.parse(snapshot.period)
    settings = settings_of(snapshot.tenant, period.start(zone_of(snapshot.tenant)).date())
    wanted, measures = settings.dispersion_months, rates(scheme)
    months = snapshots_at_ends(snapshot.tenant, [period.shift(-ago) for ago in range(wanted, 0, -1)])
    read: dict[str, Weekly] = {}
    if len(months) == wanted:
        asked = (_Asked(one.digest, by_level, month_by, scheme.deadline_month, measures, one) for one in months)
        read = {one.snapshot.period: weeks for one in asked if (weeks := _weekly(one)) is not None}
        months = [one for one in months if one.period in read]
    told = list(read.values()) if len(read) == wanted else []
    least, usual = settings.dispersion_least, settings.dispersion_usual
    return Clustering(
        by_measure={
            name: dispersion([month for weeks in told for month in unit_months(weeks[name])], least=least, usual=usual)
            for name in measures
        },
        months=tuple((one.period, one.digest) for one in months),
        wanted=wanted,
        least=least,
        usual=usual,
        pack=f"{settings.code} {settings.version}",
    )


def unit_months(weekly: Mapping[tuple[str, int], tuple[int, int]]) -> Iterable[Sequence[tuple[int, int]]]:
    """Return the weeks of each subject of a month."""
    found: dict[str, list[tuple[int, int]]] = {}
    for (subject, _week), pair in sorted(weekly.items()):
        found.setdefault(subject, []).append(pair)
    return found.values()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read of a month; the same digest gives the same, since snapshots never change."""

    digest: str
    by: str
    month_by: str
    deadline_month: DeadlineMonth
    measures: tuple[str, ...]
    snapshot: Snapshot = field(compare=False)


@lru_cache(maxsize=64)
def _weekly(asked: _Asked) -> Weekly | None:
    """Return the weekly counts of a month, None where it was frozen without that level."""
    snapshot = asked.snapshot
    window = window_of(snapshot, month_by=asked.month_by, deadline_month=asked.deadline_month)
    weeks = weeks_of(Period.parse(snapshot.period), zone_of(snapshot.tenant))
    try:
        return stretched(snapshot, fact=CASE.name, measures=asked.measures, by=asked.by, window=window, bounds=weeks)
    except LevelUnknown:
        return None
