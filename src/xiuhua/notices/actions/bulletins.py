"""Who hears that a bulletin moved on: whoever acts next, its authors when it is sent back, all who took part when it is issued."""

from __future__ import annotations

from datetime import datetime

from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.bulletins import Standing, standing_of
from xiuhua.kernel.models import OutboxEvent
from xiuhua.notices.actions.hearing import tell
from xiuhua.notices.models import Channel
from xiuhua.notices.queries.bulletins import bulletin_audience
from xiuhua.notices.rules.routing import ROUTES, asked
from xiuhua.notices.words import Audience


def hear_bulletin(event: OutboxEvent, now: datetime) -> int:
    """Tell who is meant of a bulletin's move, once however often the event comes; returns how many notices and messages.

    That a step waits is told only while it does. Channels hear of it where they name the event.
    """
    if event.name not in ROUTES:
        return 0
    bulletin = Bulletin.objects.filter(tenant=event.tenant, pk=event.facts["bulletin"]).first()
    if bulletin is None:
        return 0
    standing = standing_of(bulletin)
    if Audience.APPROVERS in ROUTES[event.name] and not _still_waits(standing, event):
        return 0
    titles = {step.code: step.title.zh for step in standing.steps}
    facts = {
        "title": bulletin.title,
        "step": titles.get(event.facts["step"], ""),
        "document": bulletin.number,
        "link": f"/bulletins/{bulletin.pk}/",
    }
    found = Channel.objects.filter(tenant=event.tenant, active=True).order_by("pk")
    channels = [one for one in found if asked(one.events, one.body_id, event.name)]
    return tell(event, facts, bulletin_audience(event, standing), channels, now)


def _still_waits(standing: Standing, event: OutboxEvent) -> bool:
    waits = standing.next.code if standing.next else ""
    return (standing.bulletin.round, waits) == (event.facts["round"], event.facts["step"])
