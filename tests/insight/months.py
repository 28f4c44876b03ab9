"""Three made-up months in which every oddity of a case occurs, each in another mix, frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

from xiuhua.analytics.actions import freeze
from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.words import Cause, Stage, Undetermined
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

OCTOBER = Period(2026, 10)
MONTHS = {OCTOBER.shift(-12): 5, OCTOBER.shift(-1): 3, OCTOBER: 2}
CHANNELS = ("监督员上报", "市民上报", "", "领导批示")
#: Hours from report to deadline and to closing; None never.
COURSES = ((48, 20), (48, 60), (48, None), (None, 30), (720, None), (24, 24), (30, 900))
DAYS = 29
#: How many spots the cases of a month lie at.
SPOTS = 25


def write_months(street: Tenant, *, by: Actor, at: datetime) -> None:
    """Write and freeze the months of MONTHS."""
    main = CaseClass.objects.create(tenant=street, scheme="s", code="01", name="市容环境")
    classes = [
        CaseClass.objects.create(tenant=street, scheme="s", code=f"01{n}", name=name, parent=main)
        for n, name in enumerate(("暴露垃圾", "占道经营", "道路破损", "路灯不亮", "非法小广告"))
    ]
    bodies = [
        Body.objects.create(tenant=street, code=code, name=name) for code, name in (("U1", "环卫所"), ("U2", "中队"))
    ]
    places = [Territory.objects.create(tenant=street, code=code, level="community") for code in ("C1", "C2", "C3")]
    late = Territory.objects.create(tenant=street, code="C9", level="community")
    for place in places:
        TerritoryVersion.objects.create(territory=place, name=f"{place.code}社区")
    TerritoryVersion.objects.create(territory=late, name="新设社区", valid_from=date(2026, 10, 5))
    for period, step in MONTHS.items():
        _month(street, period, step, [*classes, main, None], [*bodies, None], [*places, late, None])
        freeze(street, period, by=by, at=at)


def _month(
    tenant: Tenant,
    period: Period,
    step: int,
    classes: list[CaseClass | None],
    bodies: list[Body | None],
    places: list[Territory | None],
) -> None:
    """Write cases by counting: which class, place, unit and course each has follows from its number and `step`."""
    a, b = (moment.astimezone(UTC) for moment in (period.start(zone_of(tenant)), period.end(zone_of(tenant))))
    cases, causes = [], list(Cause.values)
    for n, (day, course) in enumerate(product(range(DAYS), COURSES)):
        reported = a + timedelta(days=day, hours=n % 20)
        due, closed = (None if hours is None else reported + timedelta(hours=hours) for hours in course)
        # at the borders: due at the very end, due at the very beginning, closed at the cut-off
        due = {1: b, 2: a}.get(n, due)
        closed = {3: b}.get(n, closed)
        cases.append(
            Case(
                tenant=tenant,
                number=f"{period}-{n:03}",
                reported_at=reported,
                due_at=due,
                closed_at=closed,
                stage=Stage.VOID if n % 23 == 0 else Stage.CLOSED if closed else Stage.OPEN,
                undetermined=Undetermined.values[0] if n % 9 == 5 else "",
                case_class=classes[(n * n // step) % len(classes)],
                body=bodies[n // 3 % len(bodies)],
                territory=places[(n * step + n // 7) % len(places)],
                channel=CHANNELS[n // 2 % len(CHANNELS)],
                # a point of its own, a metre or so from the others of its spot; every thirteenth has none
                longitude=None if n % 13 == 7 else 120.3 + n % SPOTS * 0.002 + n * 1e-6,
                latitude=None if n % 13 == 7 else 31.5,
            )
        )
    made = Case.objects.bulk_create(cases)
    Ruling.objects.bulk_create(
        Ruling(
            case=case,
            due_cause=causes[n % len(causes)] if n % 4 else "",
            verdict_cause=causes[n % len(causes)] if n % 2 == 0 else "",
            ruled_at=b,
            reason="made up",
        )
        for n, case in enumerate(made)
        if n % 3
    )
