"""What analysis found in a month, as the files of a pack print it; what gave no result says what its source lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Window
from xiuhua.assessment.queries.losses import losses
from xiuhua.assessment.words import AssessmentView
from xiuhua.disclosure.words import Lost, Missing, Recurrent, Spot
from xiuhua.insight.queries.analysis import Found, analysis_of
from xiuhua.insight.queries.hotspots import HotSpot, hotspots_of
from xiuhua.insight.queries.recurrence import frozen_with_recurrence, recurrent_places, watch_of
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.words import Place, Saying, Tally
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period

#: Digits that a probability is kept to.
FINE = 10**6


@dataclass(frozen=True, slots=True)
class Joined:
    """What analysis found, as it prints; None where it has no result, which `missing` explains."""

    recurrent: tuple[Recurrent, ...] | None
    hot: tuple[Spot, ...] | None
    sayings: tuple[Saying, ...]
    matrix: tuple[Tally, ...]
    missing: tuple[Missing, ...]


def joined_of(
    snapshot: Snapshot, tenant: Tenant, *, by: str, window: Window, others: tuple[Snapshot | None, Snapshot | None]
) -> Joined:
    """Return recurrent places, hot spots and the sentences of a month; `others` are last month and last year's.

    Hot spots are looked for within the office's outlines as they stood on the month's last day.
    """
    day = (Period.parse(snapshot.period).end(zone_of(tenant)) - timedelta(days=1)).date()
    missing = []
    places: tuple[Place, ...] = ()
    known = frozen_with_recurrence(snapshot)
    if known:
        places = recurrent_places(snapshot, by=by)
    else:
        lacks = _("重复发生的冻结数据（快照在有这项分析以前冻结，重新冻结即有）")
        missing.append(Missing(_("重复点位"), lacks, "recurrent"))
    crowds = hotspots_of(snapshot, tenant, settings_of(tenant, day))
    if crowds.silent is not None:
        lacks = _("足够多的有坐标案件（可用 %(used)s 件，共 %(total)s 件）")
        missing.append(Missing(_("热点"), lacks % {"used": crowds.used, "total": crowds.total}, "hot"))
    made = analysis_of(
        snapshot,
        by=by,
        window=window,
        previous=others[0],
        last_year=others[1],
        found=Found(places, crowds.spots, watch_of(snapshot, by)),
    )
    return Joined(
        tuple(map(_recurrent, places)) if known else None,
        tuple(map(_spot, crowds.spots)) if crowds.silent is None else None,
        made.sayings,
        made.matrix,
        tuple(missing),
    )


def _recurrent(place: Place) -> Recurrent:
    return Recurrent(
        place.class_name, place.subject or "", place.times, place.where_text, place.cases, place.lon_e7, place.lat_e7
    )


def _spot(one: HotSpot) -> Spot:
    return Spot(one.name, one.count, _fraction(one.expected), _fraction(one.q), _e7(one.lon), _e7(one.lat))


def _fraction(value: float) -> Fraction:
    return Fraction(round(value * FINE), FINE)


def _e7(degrees: float) -> int:
    return round(degrees * 10**7)


def lost_by(view: AssessmentView) -> Mapping[str, tuple[Lost, ...]] | Missing:
    """Return what cost each subject points, the dearest first, or why nobody can say. No query."""
    found = {
        subject.code: tuple(
            Lost(loss.line.title, loss.lost, loss.measure, loss.count) for loss in losses(view, subject.code)
        )
        for subject in view.subjects
    }
    if any(found.values()) or not any(_short(view, code) for code in found):
        return found
    return Missing(_("失分最多的项目"), _("考核时所用的方案版本（方案包里已没有）"), "losses")


def _short(view: AssessmentView, code: str) -> bool:
    """Return whether a subject has less than full marks."""
    subject = view.subject(code)
    if subject is None or subject.exact is None:
        return False
    return subject.exact < sum((Fraction(section.full) for section in subject.sections), Fraction(0))
