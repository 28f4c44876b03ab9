"""The only writer of assessments."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import snapshot_of, tallied, window_of
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.queries import clustering_of, default_by, default_scheme, scheme_named
from xiuhua.assessment.rules import sheet_bytes, sheets
from xiuhua.assessment.rules.writing import digest_of
from xiuhua.assessment.words import Clustering, CutOff, Header, Scheme, Subject
from xiuhua.cases.facts import CASE, MEASURES
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, Refusal, marked


class SchemeNotYet(Refusal):
    """The scheme is not in force in the month."""

    code = "scheme.not_yet"
    sentence = marked("方案“%(scheme)s”自 %(effective_from)s 起施行，不能用于 %(period)s。")


class NoStanding(Refusal):
    """The running month has not been assessed yet as of any moment before its end."""

    code = "standing.none"
    sentence = marked("%(period)s 按方案“%(scheme)s”还没有月中的得分：加 --as-of now 现算一次，或等今夜的任务。")


def assess(
    tenant: Tenant,
    period: Period,
    *,
    scheme: Scheme | str,
    by_level: str,
    month_by: str = "due",
    as_of: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Assessment:
    """Write the score sheets of a month and return them; the same facts and scheme give the row there already is.

    `scheme` is a scheme or the name of one in the packs, `by_level` a level of the tree or "unit", `as_of` the cut-off
    (the month's end, if None). The newest snapshot of month and cut-off is read, and made if there is none. How wide the
    intervals are beside the points is measured on the months before and written with the sheets, once: see
    `queries.clustering`. Raises SchemeUnknown, SchemeFaulty, SchemeNotYet, LevelUnknown, AsOfAhead.
    """
    rules = scheme_named(scheme) if isinstance(scheme, str) else scheme
    if str(period) < rules.effective_from:
        raise SchemeNotYet(scheme=rules.code, effective_from=rules.effective_from, period=str(period))
    snapshot = snapshot_of(tenant, period, as_of) or freeze(tenant, period, as_of=as_of, by=by, at=at)
    clustering = clustering_of(snapshot, rules, by_level=by_level, month_by=month_by)
    written = sheets_of(snapshot, rules, by_level=by_level, month_by=month_by, clustering=clustering)
    return _write(tenant, snapshot, rules, written, by_level=by_level, month_by=month_by, by=by, at=at)


def run_today(
    tenant: Tenant,
    *,
    scheme: Scheme | str | None = None,
    by_level: str | None = None,
    month_by: str = "due",
    as_of: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Assessment:
    """Write where the month that runs at `as_of` (`at`, if None) stands by then, and return it.

    The facts are frozen as of that moment first; asking again for the same moment writes nothing new. Scheme and level
    are the office's own unless given. Raises what `assess` does, and ByUndecided.
    """
    cut_off = as_of or at
    return assess(
        tenant,
        Period.of(cut_off, zone_of(tenant)),
        scheme=scheme or default_scheme(tenant),
        by_level=by_level or default_by(tenant),
        month_by=month_by,
        as_of=cut_off,
        by=by,
        at=at,
    )


def sheets_of(
    snapshot: Snapshot, scheme: Scheme, *, by_level: str, month_by: str, clustering: Clustering | None = None
) -> bytes:
    """Return the canonical bytes of a snapshot's score sheets: a pure function of snapshot, scheme and clustering."""
    window = window_of(snapshot, month_by=month_by, deadline_month=scheme.deadline_month)
    counted = tallied(snapshot, fact=CASE.name, measures=MEASURES, by=by_level, window=window)
    placed = {code: counts for code, counts in counted.groups.items() if code is not None}
    header = Header(
        period=snapshot.period,
        by=by_level,
        month_by=month_by,
        as_of=snapshot.as_of.astimezone(UTC).isoformat(),
        cut_off=_cut_off(snapshot),
        snapshot=snapshot.digest,
        totals=counted.total,
        unplaced=counted.groups.get(None, {}).get("due", (0, 0))[0],
        clustering=clustering,
    )
    subjects = [Subject(code, name) for code, name in counted.names.items()]
    return sheet_bytes(header, scheme, sheets(scheme, placed, subjects, clustering))


def _cut_off(snapshot: Snapshot) -> CutOff:
    end = Period.parse(snapshot.period).end(zone_of(snapshot.tenant))
    if snapshot.as_of == end:
        return CutOff.END
    return CutOff.RUNNING if snapshot.as_of < end else CutOff.HINDSIGHT


def _write(
    tenant: Tenant,
    snapshot: Snapshot,
    scheme: Scheme,
    written: bytes,
    *,
    by_level: str,
    month_by: str,
    by: Actor,
    at: datetime,
) -> Assessment:
    digest = digest_of(written)
    with transaction.atomic():
        assessment, created = Assessment.objects.get_or_create(
            tenant=tenant,
            digest=digest,
            defaults={
                "period": snapshot.period,
                "scheme": scheme.code,
                "scheme_version": scheme.version,
                "by": by_level,
                "month_by": month_by,
                "as_of": snapshot.as_of,
                "snapshot": snapshot.digest,
                "body": written.decode(),
                "assessed_at": at,
            },
        )
        if created:
            facts = {
                "period": snapshot.period,
                "scheme": f"{scheme.code} {scheme.version}",
                "by": by_level,
                "month_by": month_by,
            }
            record(
                "assessment.write",
                about=f"period:{snapshot.period}",
                by=by,
                at=at,
                tenant=tenant,
                before=snapshot.digest,
                after=digest,
                facts=facts,
            )
    return assessment
