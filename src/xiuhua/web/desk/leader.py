"""What the leader's month names: what is worst and whose it is, who is last, what they owe and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import Heap
from xiuhua.analytics.words import Where
from xiuhua.assessment.words import AssessmentView
from xiuhua.insight.queries.recurrence import frozen_with_recurrence, recurrent_places
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor
from xiuhua.ui.formats import day
from xiuhua.web.access import may_enter
from xiuhua.web.desk.chosen import UNIT, Chosen
from xiuhua.web.desk.figures import Row, behind, by_group

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: From how many cases on "mostly there" says something.
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Worst:
    """What is worst: a class with overdue open cases, or a place where problems come back; how many cases, and whose."""

    name: str
    told: str
    count: int
    late: str
    owner: str
    href: str


@dataclass(frozen=True, slots=True)
class Owing:
    """A subject at the end of its group, and what it owes: how many, and by when the oldest of it was due."""

    row: Row
    group: str
    owes: str


def heaps_of(choice: Chosen) -> list[Heap]:
    """Return the overdue open cases of the month by subject, sub-class and unit, with their earliest deadlines."""
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    if view is None or snapshot is None:
        return []
    window = frozen.window_of(snapshot, month_by=view.month_by, deadline_month=view.deadline_month)
    where = Where(measure="overdue_open")
    wanted = ("sub_class", "body")
    return frozen.spread(
        snapshot, fact="case", where=where, columns=wanted, by=choice.by, least="due_us", window=window
    )


def _counted(heaps: Iterable[Heap], key: int | None = None) -> Counter[str | None]:
    """Return how many rows the heaps have by subject, or by one of their values."""
    found: Counter[str | None] = Counter()
    for heap in heaps:
        found[heap.subject if key is None else heap.values[key]] += heap.rows
    return found


def worst_first(heaps: Sequence[Heap], most: int) -> list[tuple[str, list[Heap]]]:
    """Return up to `most` sub-classes with their heaps, the one with the most rows first, then by name."""
    named: dict[str, list[Heap]] = {}
    for heap in heaps:
        if heap.values[0]:
            named.setdefault(heap.values[0], []).append(heap)
    return sorted(named.items(), key=lambda one: (-sum(heap.rows for heap in one[1]), one[0]))[:most]


def worst_things(choice: Chosen, heaps: Sequence[Heap], most: int) -> list[Worst]:
    """Return up to `most` of the worst things: classes by what is overdue, places by what came back, most cases first.

    What is overdue goes before what came back where both are as many. All is counted in the month's own snapshot.
    """
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    if view is None or snapshot is None:
        return []
    bodies = frozen.names(snapshot, "body")
    found = [
        *_classes(choice, view, snapshot, worst_first(heaps, most), bodies),
        *_again(choice, snapshot, most, bodies),
    ]
    return sorted(found, key=lambda one: -one.count)[:most]


def _classes(
    choice: Chosen,
    view: AssessmentView,
    snapshot: Snapshot,
    found: Sequence[tuple[str, list[Heap]]],
    bodies: Mapping[str, str],
) -> list[Worst]:
    window = frozen.window_of(snapshot, month_by=view.month_by, deadline_month=view.deadline_month)
    due = frozen.grouped(snapshot, fact="case", measures=("due",), by="class", window=window) if found else {}
    places = {subject.code: subject.name for subject in view.subjects} if choice.by != UNIT else {}
    made = []
    for name, some in found:
        overdue, place = sum(heap.rows for heap in some), _place(_counted(some), places)
        told = _("应结 %(count)s 件") % {"count": due[name]["due"][0]}
        made.append(
            Worst(
                name=name,
                told=_("，").join(filter(None, (told, place))),
                count=overdue,
                late=_("%(count)s 件超期") % {"count": overdue},
                owner=_owner(_counted(some, 1), bodies),
                href=behind(choice, "overdue_open", by="class", subject=name),
            )
        )
    return made


def _again(choice: Chosen, snapshot: Snapshot, most: int, bodies: Mapping[str, str]) -> list[Worst]:
    """Return the places where the same came back more than once after it had been closed; none in older snapshots."""
    if not frozen_with_recurrence(snapshot):
        return []
    window = frozen.window_of(snapshot)
    made = []
    for place in [one for one in recurrent_places(snapshot, by=choice.by) if one.times >= SEVERAL][:most]:
        where = Where(keys=place.back)
        units = frozen.by_column(snapshot, fact="case", where=where, column="body", window=window)
        made.append(
            Worst(
                name=place.where_text.rpartition("，")[2] or place.class_name,  # the site, else its territory
                told=_("%(class)s，办结后又来") % {"class": place.class_name} if place.where_text else _("办结后又来"),
                count=place.times,
                late=_("%(count)s 件复发") % {"count": place.times},
                owner=_owner(Counter(units), bodies),
                href=behind(choice, "repeats", again=place.cases[0]),
            )
        )
    return made


def _place(counted: Counter[str | None], names: Mapping[str, str]) -> str:
    """Return where cases are, mostly: only where that can be said of them."""
    known = {code: rows for code, rows in counted.items() if code is not None and code in names}
    if not known or sum(known.values()) != counted.total():
        return ""
    code = max(sorted(known), key=lambda one: known[one])
    if len(known) == 1:
        return _("都在%(place)s") % {"place": names[code]}
    clear = known[code] >= SEVERAL and sum(rows == known[code] for rows in known.values()) == 1
    return _("多在%(place)s") % {"place": names[code]} if clear else _("分在 %(count)s 家") % {"count": len(known)}


def _owner(counted: Mapping[str | None, int] | Counter[str], names: Mapping[str, str]) -> str:
    """Return the unit that has most of some cases, and how many others have some."""
    units = {code: rows for code, rows in counted.items() if code}
    if not units:
        return _("未派单位")
    code = max(sorted(units), key=lambda one: units[one])
    name = names.get(code, code)
    return name if len(units) == 1 else _("%(unit)s等 %(count)s 家") % {"unit": name, "count": len(units)}


def last_places(choice: Chosen, rows: Sequence[Row], heaps: Sequence[Heap], most: int) -> list[Owing]:
    """Return up to `most` of the last places, like compared with like: the last of every group, then the last but one."""
    groups = by_group(choice, rows)
    found = [
        (place, number, Owing(row, group.title if len(groups) > 1 else "", _owes(choice, row, heaps)))
        for number, group in enumerate(groups)
        for place, row in enumerate(reversed([row for row in group.rows if row.rank is not None]))
    ]
    return [one for _place, _number, one in sorted(found, key=lambda one: one[:2])[:most]]


def _owes(choice: Chosen, row: Row, heaps: Iterable[Heap]) -> str:
    """Return what a subject owes and by when its oldest was due, on the office's clock."""
    least = [heap.least for heap in heaps if heap.subject == row.subject.code and heap.least is not None]
    if not least or choice.period is None:
        return _("不欠件")
    oldest = (EPOCH + timedelta(microseconds=min(least))).astimezone(zone_of(choice.tenant)).date()
    told = day(oldest, get_language(), this_year=choice.period.year)
    return _("欠 %(count)s 件，最早应于 %(day)s办结") % {"count": row.overdue, "day": told}


#: Pages that go deeper than the month, by the name that templates use; one that is not there is not offered.
DEEPER = {"pack": "desk:meeting", "analysis": "desk:analysis", "warning": "desk:warning"}


def deeper(choice: Chosen, actor: Actor) -> dict[str, str]:
    """Return the addresses of the pages that go deeper and that somebody may open, for the same month, scheme and level."""
    found = {}
    for key, name in DEEPER.items():
        if not may_enter(actor, name):
            continue
        try:
            # the warning is of the month that runs, whatever month is looked at
            found[key] = f"{reverse(name)}?{choice.query(month=None) if key == 'warning' else choice.query()}"
        except NoReverseMatch:
            continue
    return found
