"""What an office has on record, as the check of a received file needs it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from xiuhua.analytics.models import Snapshot
from xiuhua.cases.models import Case
from xiuhua.exchange.health.private import personal
from xiuhua.exchange.models import Source, SourceRecord
from xiuhua.exchange.rules.health.texts import Known
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass

#: Numbers asked for in one query.
CHUNK = 2000


def source_of(tenant: Tenant, mapping: Mapping) -> Source | None:
    """Return the source a mapping speaks of, None before its first import. One query."""
    return Source.objects.filter(tenant=tenant, code=mapping.code).first()


def known(tenant: Tenant, mapping: Mapping, *, seen: bool) -> Known:
    """Return the names on record that a file's texts are compared with. Three queries.

    Channels are compared only where the source has been imported before (`seen`): nobody keeps a list of them.
    """
    units: set[str] = set()
    aliases: set[str] = set()
    for name, others in Body.objects.filter(tenant=tenant, confirmed=True).values_list("name", "aliases"):
        units.add(name)
        aliases.update(others)
    closed: frozenset[str] = mapping.closed | mapping.closing
    channels = None
    if seen:
        told = Case.objects.filter(tenant=tenant, source_records__source__code=mapping.code).exclude(channel="")
        channels = frozenset(told.values_list("channel", flat=True).order_by().distinct())
    return Known(
        units=frozenset(units) if units else None,
        unit_aliases=frozenset(aliases),
        channels=channels,
        personal=personal,
        stages=mapping.void | closed | mapping.opened if closed and mapping.opened else frozenset(),
        closed=closed,
    )


def unit_keys(tenant: Tenant) -> dict[str, int]:
    """Return the keys of all units by name, and by those other names that mean one of them only. One query."""
    found: dict[str, int] = {}
    bearers: dict[str, list[int]] = {}
    for key, name, others in Body.objects.filter(tenant=tenant).order_by("-pk").values_list("pk", "name", "aliases"):
        found[name] = key
        for other in others:
            bearers.setdefault(other, []).append(key)
    return {name: keys[0] for name, keys in bearers.items() if len(keys) == 1} | found


def class_keys(tenant: Tenant, scheme: str) -> dict[tuple[str, str], int]:
    """Return the keys of the classes that imports of a source have observed, by names of main and sub-class. One query."""
    rows = CaseClass.objects.filter(tenant=tenant, scheme=scheme)
    return {
        (main or name, name if main else ""): key for key, main, name in rows.values_list("pk", "parent__name", "name")
    }


def frozen_months(tenant: Tenant) -> frozenset[str]:
    """Return the months of which there is a snapshot. One query."""
    return frozenset(Snapshot.objects.filter(tenant=tenant).values_list("period", flat=True).distinct())


class OnFile(NamedTuple):
    """The version in force under a number, and its case: whether it still follows the source, and its times."""

    digest: str
    follows: bool
    due_at: datetime | None
    reported_at: datetime


def on_record(source: Source, numbers: Sequence[str]) -> dict[str, OnFile]:
    """Return what is on record under these numbers. One query."""
    found = SourceRecord.objects.filter(source=source, current=True, number__in=numbers)
    columns = found.values_list("number", "digest", "case__mirrored", "case__due_at", "case__reported_at")
    return {
        number: OnFile(digest, mirrored and source.mirror, due, reported)
        for number, digest, mirrored, due, reported in columns
    }


def taken(tenant: Tenant, mapping: Mapping, numbers: Sequence[str]) -> frozenset[str]:
    """Return those of new numbers that other cases have, with and without the source in front. One query."""
    wanted = [*numbers, *(f"{mapping.code}:{one}" for one in numbers)]
    held = set(Case.objects.filter(tenant=tenant, number__in=wanted).values_list("number", flat=True))
    return frozenset(one for one in numbers if one in held and f"{mapping.code}:{one}" in held)


def vanished(
    source: Source,
    months: Sequence[Period],
    reports: tuple[datetime, datetime],
    zone: ZoneInfo,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> tuple[int, list[str]]:
    """Return how many records fall into what a file covers, and those of their numbers that it does not have.

    Covered are its months by the month rule (deadline, else report), and of these only what was reported between the
    file's first and last report: the end of an export is no disappearance. `numbers` are the sorted hashes of the
    file's numbers. Void cases and records of cases that no longer follow count too. One query.
    """
    if not months:
        return 0, []
    found = _counting_in(SourceRecord.objects.filter(source=source, current=True), months, zone)
    found = found.filter(case__reported_at__gte=reports[0], case__reported_at__lte=reports[1])
    ours = list(found.order_by("number").values_list("number", flat=True))
    hashes = np.array([hash(one) for one in ours], dtype=np.int64)
    there = np.isin(hashes, numbers)
    return len(ours), [one for one, held in zip(ours, there.tolist(), strict=True) if not held]


def _counting_in(found: QuerySet[SourceRecord], months: Sequence[Period], zone: ZoneInfo) -> QuerySet[SourceRecord]:
    found = found.annotate(counts_at=Coalesce("case__due_at", "case__reported_at"))
    within = Q()
    for first, last in _runs(sorted(months)):
        within |= Q(counts_at__gte=first.start(zone), counts_at__lt=last.end(zone))
    return found.filter(within)


def _runs(months: Sequence[Period]) -> list[tuple[Period, Period]]:
    """Return first and last of each run of months without a gap."""
    breaks = [at for at, (one, other) in enumerate(pairwise(months), start=1) if one.shift(1) != other]
    edges = [0, *breaks, len(months)]
    return [(months[begin], months[end - 1]) for begin, end in pairwise(edges)]
