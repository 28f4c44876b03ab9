"""The weekly digest: what falls due for a unit or a community this week, where it stands, and which cases help most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q

from xiuhua.assessment.queries import ByUndecided, default_by, default_scheme, lift_of, standing_of
from xiuhua.assessment.rules import plain
from xiuhua.assessment.words import Falling, Standing, WayUp
from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.notices.actions.hearing import tell
from xiuhua.notices.models import Channel, Reminded
from xiuhua.notices.queries.audience import holders
from xiuhua.notices.rules.routing import asked, wanted

WEEKLY = "standing.weekly"
UNIT = "unit"
#: The office's setting of the weekday, Monday 1 to Sunday 7; 0 is never.
SETTING, MONDAY = "digest_weekday", 1
WEEKDAYS = range(8)
#: A standing older than that is news to nobody: the nightly job has not run.
FRESH = timedelta(hours=36)
#: So many cases that help most are named.
NAMED = 3


class WeekdayUnknown(Refusal):
    """It is no day of the week, and not never."""

    code = "digest.weekday_unknown"
    sentence = marked("请在星期一到星期日里选一天，或选“不发”。")


def digest_weekday(tenant: Tenant) -> int:
    """Return on which weekday an office's digests go out, Monday 1 to Sunday 7; 0 is never. No query."""
    found = tenant.settings.get(SETTING, MONDAY)
    return found if isinstance(found, int) else MONDAY


def set_digest_weekday(tenant: Tenant, weekday: int, *, by: Actor, at: datetime) -> bool:
    """Set on which weekday an office's digests go out, Monday 1 to Sunday 7, 0 never; return whether that changed anything.

    Raises WeekdayUnknown. One ledger line.
    """
    if weekday not in WEEKDAYS:
        raise WeekdayUnknown
    with transaction.atomic():
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        before = digest_weekday(locked)
        if before == weekday:
            return False
        locked.settings = {**locked.settings, SETTING: weekday}
        locked.save(update_fields=["settings"])
        facts = {"before": before, "after": weekday}
        record("digest.weekday", about=f"tenant:{tenant.code}", by=by, at=at, tenant=tenant, facts=facts)
    tenant.settings = locked.settings
    return True


def weekly_digests(tenant: Tenant, at: datetime) -> int:
    """Emit a digest for each unit and community that has cases late or due within seven days; returns how many.

    On the office's weekday only, once a week for each, from the newest written standing: nothing is worked out afresh, and
    where none was written nothing is sent.
    """
    day = at.astimezone(zone_of(tenant)).date()
    if day.isoweekday() != digest_weekday(tenant):
        return 0
    year, week, _weekday = day.isocalendar()
    return sum(_once(tenant, f"{year}-{week}", facts, at) for facts in _due(tenant, at))


def _due(tenant: Tenant, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what the digest says for each for whom something is due."""
    for by in _levels(tenant):
        period = Period.of(at, zone_of(tenant))
        standing = standing_of(tenant, period, default_scheme(tenant), by, now=at)
        if standing is None or at - standing.as_of > FRESH:
            continue
        for one in standing.falling:
            if one.within_week or one.late_open:
                yield _facts(standing, one, lift_of(tenant, standing.view, one.code, now=at))


def _levels(tenant: Tenant) -> list[str]:
    try:
        return list(dict.fromkeys([default_by(tenant), UNIT]))
    except ByUndecided:
        return [UNIT]


def _facts(standing: Standing, one: Falling, way: WayUp) -> dict[str, Any]:
    """Return what a digest says, as JSON values: numbers of cases, no names or texts of people."""
    view, subject = standing.view, way.subject
    ranked = [other for other in view.subjects if other.group == subject.group and other.rank is not None]
    helping = [case.number for case in way.cases if case.chosen] or [case.number for case in way.cases]
    query = urlencode({"month": view.period, "by": view.by, "scheme": view.scheme})
    return {
        "subject": one.name,
        "by": view.by,
        "code": one.code,
        "as_of": view.as_of,
        "score": subject.score or "",
        "rank": plain(subject.rank) if subject.rank is not None else "",
        "ranked": len(ranked),
        "due_week": one.within_week,
        "late_open": one.late_open,
        "helps": "、".join(helping[:NAMED]),
        "link": f"/ranking/{one.code}/?{query}",
    }


def _once(tenant: Tenant, week: str, facts: dict[str, Any], at: datetime) -> bool:
    """Emit a digest unless this week's was; the key and the event are one transaction."""
    whom = f"{facts['by']}:{facts['code']}"
    with transaction.atomic():
        key = f"weekly:{week}:{whom}"[:160]
        _row, created = Reminded.objects.get_or_create(tenant=tenant, key=key, defaults={"at": at})
        if created:
            emit(WEEKLY, tenant=tenant, about=whom, at=at, facts=facts)
    return created


def hear_weekly(event: OutboxEvent, now: datetime) -> int:
    """Tell a unit's or a community's people their digest, once however often the event comes; returns how many heard.

    These are who holds a post of the unit or of its ground on that day, the unit's own channels, and those channels of the
    whole office that ask for it by name.
    """
    if event.name != WEEKLY:
        return 0
    by, code = event.facts["by"], event.facts["code"]
    scope = Q(body__code=code) if by == UNIT else Q(territory__code=code, territory__level=by)
    channels = Channel.objects.filter(tenant=event.tenant, active=True).select_related("body").order_by("pk")
    chosen = [
        one
        for one in channels
        if (
            wanted(one.events, WEEKLY)
            if by == UNIT and one.body and one.body.code == code
            else asked(one.events, one.body_id, WEEKLY)
        )
    ]
    return tell(event, event.facts, holders(event, scope), chosen, now)
