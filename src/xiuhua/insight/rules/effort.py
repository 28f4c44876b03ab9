"""How much was looked for beside how much was found: counts alone punish those who look (docs/scoring.md 3.3).

In a simulation of 25 communities, one that doubled its patrols fell 2.0 places on a list by count; no score uses the total of
found problems. What stands here is therefore no score and no rank: who found what, in one subject at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiuhua.analytics.words import Where
from xiuhua.insight.rules.named import within
from xiuhua.insight.words import ChannelCount, Effort, Saying, Settings
from xiuhua.kernel.words import Fact

OWN, CITIZENS, OTHER = "own", "citizens", "other"
#: No channel was written.
NO_CHANNEL = frozenset({None, ""})


def kind_of(channel: str | None, settings: Settings) -> str:
    """Return to which side the parameters count a channel: own, citizens, other."""
    if channel in settings.own_channels:
        return OWN
    return CITIZENS if channel in settings.citizen_channels else OTHER


def effort_of(subject: str, channels: Mapping[str | None, int], settings: Settings) -> Effort:
    """Return who found what: channels by size, ties by name, and the sums of either side."""
    counted = [ChannelCount(name, kind_of(name, settings), count) for name, count in channels.items() if count]
    sums = {side: sum(one.count for one in counted if one.kind == side) for side in (OWN, CITIZENS)}
    ordered = sorted(counted, key=lambda one: (-one.count, one.channel is None, one.channel or ""))
    return Effort(subject, sum(one.count for one in counted), sums[OWN], sums[CITIZENS], tuple(ordered))


def effort_sayings(effort: Effort, *, by: str, name: str, period: str, settings: Settings) -> Iterable[Saying]:
    """Yield who found what in a subject; nothing where fewer were reported than the least, or no channel is known."""
    if effort.reported < settings.least_reported or not effort.own + effort.citizens:
        return
    facts: dict[str, Fact] = {"name": name, "count": effort.reported, "own": effort.own, "citizens": effort.citizens}
    where = within(Where(measure="reported"), by, effort.subject)
    parts = tuple(_side(side, effort, by, period) for side in (OWN, CITIZENS, OTHER) if _channels(effort, side))
    yield Saying("effort.sides", facts, effort.subject, where, effort.reported, period, parts)


def side_where(effort: Effort, side: str, by: str) -> Where:
    """Return the cases of a subject that came through the channels of one side."""
    names = tuple(sorted(one.channel or "" for one in _channels(effort, side)))
    return within(Where(measure="reported", among={"channel": names}), by, effort.subject)


def _channels(effort: Effort, side: str) -> list[ChannelCount]:
    return [one for one in effort.channels if one.kind == side]


def _side(side: str, effort: Effort, by: str, period: str) -> Saying:
    count = sum(one.count for one in _channels(effort, side))
    facts: dict[str, Fact] = {"count": count, "of": effort.reported}
    return Saying(f"effort.{side}", facts, effort.subject, side_where(effort, side, by), count, period)


def note(efforts: Iterable[Effort], *, period: str) -> Iterable[Saying]:
    """Yield the warning that stands beside counts of reports wherever there are any."""
    if any(effort.reported for effort in efforts):
        yield Saying("effort.note", {}, period=period)
