"""Schemes from packs, and written months."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case as Switch
from django.db.models import OuterRef, Q, QuerySet, Subquery, When

from xiuhua.assessment import rules
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.rules.schemes import SchemeFaulty
from xiuhua.assessment.words import AssessmentView, IntervalView, Scheme, SubjectView
from xiuhua.cases.facts import MEASURES
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Fault, Refusal, marked
from xiuhua.territory.queries import levels

UNIT = "unit"
_SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("scheme.schema.json").read_text(encoding="utf-8"))


class SchemeUnknown(Refusal):
    """No pack holds a scheme of that name."""

    code = "scheme.unknown"
    sentence = marked("没有方案“%(scheme)s”；现有：%(known)s。")


class SchemeUnreadable(Refusal):
    """The scheme file is missing or no TOML."""

    code = "scheme.unreadable"
    sentence = marked("方案文件 %(path)s 读不了：%(reason)s")


class ByUndecided(Refusal):
    """Several levels could be assessed, and nobody has said which."""

    code = "assess.by_undecided"
    sentence = marked("要说明按哪一级考核（--by）；可以用：%(known)s。")


def schemes() -> list[str]:
    """Return the names of the schemes in the packs."""
    return sorted(path.stem for path in (Path(settings.PACKS) / "schemes").glob("*.toml"))


def scheme_named(name: str) -> Scheme:
    """Return the scheme `name` of the packs. Raises SchemeUnknown, SchemeUnreadable, SchemeFaulty."""
    known = schemes()
    if name not in known:  # never a path: a name may come from an address
        raise SchemeUnknown(scheme=name, known="、".join(known) or "—")
    return scheme_at(Path(settings.PACKS) / "schemes" / f"{name}.toml")


def scheme_at(path: Path) -> Scheme:
    """Return the scheme in a file. Raises SchemeUnreadable, SchemeFaulty with all faults."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SchemeUnreadable(path=path.name, reason=str(error)) from error
    return rules.scheme(document, schema=_SCHEMA, known=frozenset(MEASURES))


def scheme_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with a scheme's text, each at its field."""
    try:
        rules.scheme(tomllib.loads(text), schema=_SCHEMA, known=frozenset(MEASURES))
    except SchemeFaulty as refusal:
        return list(refusal.faults)
    except (ValueError, RecursionError) as error:
        return [Fault("pack.toml", facts={"reason": str(error)})]
    return []


def default_by(tenant: Tenant) -> str:
    """Return what the office assesses by: its setting, else its only level. Raises ByUndecided."""
    chosen = tenant.settings.get("by")
    present = levels(tenant)
    if chosen:
        return str(chosen)
    if len(present) != 1:
        raise ByUndecided(known="、".join([*present, UNIT]))
    return present[0]


def default_scheme(tenant: Tenant) -> str:
    """Return the name of the scheme the office is assessed by: its setting, else the plain one."""
    return str(tenant.settings.get("scheme", "basic"))


def read(assessment: Assessment) -> AssessmentView:
    """Return a written assessment as its readers see it."""
    return rules.view(assessment.body.encode())


def written(tenant: Tenant, digest: str) -> AssessmentView | None:
    """Return the written assessment with a digest, or None. One query."""
    found = Assessment.objects.filter(tenant=tenant, digest=digest).order_by("pk").first()
    return read(found) if found else None


def _written(tenant: Tenant, scheme: str, by: str, month_by: str) -> QuerySet[Assessment]:
    return Assessment.objects.filter(tenant=tenant, scheme=scheme, by=by, month_by=month_by)


def _preferred(tenant: Tenant, found: QuerySet[Assessment], periods: Iterable[str]) -> QuerySet[Assessment]:
    """Return assessments in the order in which they are preferred: as of their month's end, else by the latest cut-off."""
    zone = zone_of(tenant)
    ends = [When(period=period, as_of=Period.parse(period).end(zone), then=0) for period in periods]
    return found.order_by(Switch(*ends, default=1), "-as_of", "-assessed_at", "-pk")


def latest(
    tenant: Tenant,
    period: Period,
    scheme: str,
    by: str,
    month_by: str = "due",
    *,
    as_of: datetime | None = None,
) -> AssessmentView | None:
    """Return the newest written assessment of a month, or None.

    Without `as_of` the one as of the month's end is preferred; a running month has only others, of which the one with
    the latest cut-off is taken. One query.
    """
    wanted = Q(period=str(period)) & (Q(as_of=as_of) if as_of else Q())
    found = _preferred(tenant, _written(tenant, scheme, by, month_by).filter(wanted), [str(period)]).first()
    return read(found) if found else None


def latest_digest(tenant: Tenant, period: Period, scheme: str, by: str, month_by: str = "due") -> str:
    """Return the digest of what `latest` would return, "" where it would return None. One query, nothing is read."""
    found = _preferred(tenant, _written(tenant, scheme, by, month_by).filter(period=str(period)), [str(period)])
    return found.values_list("digest", flat=True).first() or ""


def history(
    tenant: Tenant, scheme: str, by: str, last: Period, months: int, *, month_by: str = "due"
) -> dict[str, AssessmentView | None]:
    """Return {"YYYY-MM": view or None} for the `months` that end with `last`, oldest first. One query.

    A month that ran was written every night: only the bodies of the chosen ones are read.
    """
    wanted = [str(last.shift(-ago)) for ago in range(months - 1, -1, -1)]
    mine = _written(tenant, scheme, by, month_by)
    best = _preferred(tenant, mine.filter(period=OuterRef("period")), wanted).values("pk")[:1]
    found = {one.period: one for one in mine.filter(period__in=wanted, pk=Subquery(best))}
    return {period: read(found[period]) if period in found else None for period in wanted}


def periods_with_assessments(tenant: Tenant) -> list[str]:
    """Return the months ("YYYY-MM") that have been assessed in any way, oldest first. One query."""
    found = Assessment.objects.filter(tenant=tenant).order_by("period").values_list("period", flat=True)
    return list(found.distinct())


def interval(subject: SubjectView, measure: str = "on_time") -> IntervalView | None:
    """Return the 95 % interval of a subject's rate `measure`, None without a base or where no line scores it."""
    return next((line.interval for line in subject.lines if line.measure == measure and line.interval), None)
