"""Photos of a case, and in which other cases the like of one was shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.words.moves import EvidenceKind, Flow
from xiuhua.files.queries import alike
from xiuhua.files.rules.hashes import WIDEST
from xiuhua.files.rules.warnings import copied, odd_place, odd_time
from xiuhua.files.words import Taken, Tolerances
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Fault


def evidence_of(case: Case) -> list[Evidence]:
    """Return the photos of a case, oldest first, each with its file and who brought it. One query."""
    found = Evidence.objects.filter(case=case).select_related("file", "user", "move")
    return list(found.order_by("at", "pk"))


def evidence_keyed(case: Case, keys: Sequence[int]) -> list[Evidence]:
    """Return these photos of a case in the order asked for; keys of other cases' photos name nothing. One query."""
    found = {one.pk: one for one in Evidence.objects.filter(case=case, pk__in=keys).select_related("file")}
    return [found[key] for key in keys if key in found]


def oddities(tenant: Tenant, flow: Flow, evidence: Evidence, case: Case | None) -> list[Fault]:
    """Return what looks odd about a photo by the office's tolerances: warnings, never verdicts. At most three queries.

    Its like in another case; a time away from our clock, or before the report that a remedy follows; a place far from the
    case's. A photo that waits for its case is compared with other photos only.
    """
    file = evidence.file
    near = {file.pk: 0} | {
        other.pk: bits for other, bits in alike(tenant, file, within=min(flow.photo_likeness, WIDEST))
    }
    others = Evidence.objects.filter(tenant=tenant, file__in=near).exclude(case=None).exclude(pk=evidence.pk)
    if case is not None:
        others = others.exclude(case=case)
    found = copied((number, near[key]) for number, key in others.values_list("case__number", "file_id"))
    if case is None:
        return found
    taken = Taken(evidence.at, file.taken_at, file.lon, file.lat)
    bounds = Tolerances(timedelta(minutes=flow.photo_minutes), flow.photo_metres, float("inf"))
    reported = case.reported_at if evidence.kind == EvidenceKind.AFTER else None
    found += odd_time(taken, bounds, zone_of(tenant), reported_at=reported)
    if case.longitude is not None and case.latitude is not None:
        found += odd_place(taken, case.longitude, case.latitude, bounds)
    return found
