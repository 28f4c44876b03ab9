"""What analysis found in a month, as the files of a pack print it; what gave no result says what its source lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from xiuhua.analytics.models import Snapshot
from xiuhua.assessment.queries.losses import losses
from xiuhua.assessment.words import AssessmentView
from xiuhua.disclosure.words import Lost, Missing, Recurrent, Spot
from xiuhua.insight.queries.hotspots import hotspots_of
from xiuhua.insight.queries.recurrence import frozen_with_recurrence, recurrent_places
from xiuhua.insight.queries.settings import settings_of
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period

#: Digits that a probability is kept to.
FINE = 10**6


def recurrent_of(snapshot: Snapshot, *, by: str) -> tuple[Recurrent, ...] | Missing:
    """Return the places where problems came back, most often first, or why nobody knows. One opening of the snapshot."""
    if not frozen_with_recurrence(snapshot):
        return Missing(_("重复点位"), _("重复发生的冻结数据（快照在有这项分析以前冻结，重新冻结即有）"), "recurrent")
    return tuple(
        Recurrent(
            place.class_name,
            place.subject or "",
            place.times,
            place.where_text,
            place.cases,
            place.lon_e7,
            place.lat_e7,
        )
        for place in recurrent_places(snapshot, by=by)
    )


def hot_of(snapshot: Snapshot, tenant: Tenant) -> tuple[Spot, ...] | Missing:
    """Return the hot spots of a month, the most striking first, or why none could be looked for."""
    day = (Period.parse(snapshot.period).end(zone_of(tenant)) - timedelta(days=1)).date()
    found = hotspots_of(snapshot, tenant, settings_of(tenant, day))
    if found.silent is not None:
        given = {"used": found.used, "total": found.total}
        return Missing(_("热点"), _("足够多的有坐标案件（可用 %(used)s 件，共 %(total)s 件）") % given, "hot")
    return tuple(
        Spot(one.name, one.count, _fraction(one.expected), _fraction(one.q), _e7(one.lon), _e7(one.lat))
        for one in found.spots
    )


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
