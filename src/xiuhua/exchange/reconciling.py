"""Named reads of reconciliation: which disagreements stand, how many of each kind, and both sides of them in words.

Whether one stands is asked of the case itself, in the statement that reads the queue: what the desk does, or takes back,
is seen at once, and nobody has to remember to tell. An import only adds what it found and puts away what has gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from xiuhua.cases.models import Case, Request
from xiuhua.cases.policies import visible
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import PENDING, RequestKind
from xiuhua.exchange.models import Disagreement, Source
from xiuhua.exchange.rules.disagreements import STAGES, Offer, offers
from xiuhua.exchange.words import Kind, Settling
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import options

#: Kinds that compare a key: which column of the case stands against it.
KEYED = {Kind.UNIT: "body", Kind.CLASS: "case_class", Kind.TERRITORY: "territory"}
Value = int | datetime | str | None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """To what the queue is narrowed; empty means not narrowed."""

    source: str = ""
    body: str = ""
    main_class: str = ""
    #: Cases reported within, in UTC.
    since: datetime | None = None
    before: datetime | None = None
    batch: int | None = None
    case: int | None = None


def standing(tenant: Tenant, by: Actor) -> QuerySet[Disagreement]:
    """Return the disagreements that wait to be settled, of the cases that somebody may see."""
    found = Disagreement.objects.filter(visible(by, through="case__"), tenant=tenant)
    return found.filter(_unsettled(), _differing())


def _unsettled() -> Q:
    """Open, or settled by a move that was taken back."""
    return Q(state=Settling.OPEN) | Q(state=Settling.SETTLED, move__undone=True)


def _differing() -> Q:
    """What the pure rule says, asked of the case as it stands: it still stands in such a stage, and still says otherwise."""
    found = Q(pk__in=())
    for kind, stages in STAGES.items():
        still = Q(kind=kind, case__stage__in=stages)
        if kind != Kind.VANISHED:
            still &= Q(case__mirrored=False)
        if kind in KEYED:
            still &= ~Q(**{f"case__{KEYED[kind]}_id": F("their_key")})
        if kind == Kind.DEADLINE:
            still &= ~Q(case__due_at=F("their_at"))
        found |= still
    return found


def narrowed(found: QuerySet[Disagreement], by: Narrowing) -> QuerySet[Disagreement]:
    """Return those of one source, unit, main class, month of report, import or case."""
    wanted = {
        "source__code": by.source,
        "case__body__code": by.body,
        "case__reported_at__gte": by.since,
        "case__reported_at__lt": by.before,
        "batch": by.batch,
        "case": by.case,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value not in {None, ""}})
    if not by.main_class:
        return found
    return found.filter(Q(case__case_class__name=by.main_class) | Q(case__case_class__parent__name=by.main_class))


def counts(found: QuerySet[Disagreement]) -> dict[Kind, int]:
    """Return how many there are of each kind, in the order of the words; kinds without any are 0. One query."""
    told = dict(found.order_by().values_list("kind").annotate(n=Count("pk")))
    return {kind: told.get(kind.value, 0) for kind in Kind}


def listed(found: QuerySet[Disagreement], *, after: int | None = None, limit: int | None = None) -> list[Disagreement]:
    """Return disagreements with what a page says of them, in the order in which they were found. One query."""
    beside = (
        "case__body",
        "case__case_class__parent",
        "case__territory",
        "case__tenant",
        "source",
        "batch",
        "record__batch",
    )
    rows = found.select_related(*beside).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    return list(rows[:limit] if limit is not None else rows)


def sources(tenant: Tenant) -> list[tuple[str, str]]:
    """Return (code, name) of the platforms whose files have come in. One query."""
    return list(Source.objects.filter(tenant=tenant).order_by("name").values_list("code", "name"))


def value_of(one: Disagreement) -> Value:
    """Return what they say as a value. No query."""
    if one.kind == Kind.DEADLINE:
        return one.their_at
    return one.their_key if one.kind in KEYED else one.theirs


def ours_now(one: Disagreement) -> Value:
    """Return what our case says now in that respect. No query beyond the case."""
    if one.kind == Kind.DEADLINE:
        return one.case.due_at
    return getattr(one.case, f"{KEYED[Kind(one.kind)]}_id") if one.kind in KEYED else one.case.stage


def offers_for(rows: Sequence[Disagreement]) -> dict[int, tuple[Offer, ...]]:
    """Return with what each can be settled as its case stands now. One query at most."""
    due = [one.case_id for one in rows if one.kind == Kind.DEADLINE]
    asking = Request.objects.filter(case__in=due, kind=RequestKind.EXTENSION, state__in=PENDING)
    asked = set(asking.values_list("case_id", flat=True)) if due else set()
    return {one.pk: offers(Kind(one.kind), Stage(one.case.stage), later=_later(one, asked)) for one in rows}


def _later(one: Disagreement, asked: set[int]) -> bool:
    ours = one.case.due_at
    return one.case_id in asked and one.their_at is not None and (ours is None or one.their_at > ours)


def names_of(tenant: Tenant, rows: Iterable[Disagreement]) -> dict[tuple[Kind, int], str]:
    """Return what the keys on both sides of these rows are called, by kind and key. Four queries at most."""
    wanted: dict[Kind, set[int]] = {kind: set() for kind in KEYED}
    for one in rows:
        if one.kind in KEYED:
            wanted[Kind(one.kind)] |= {key for key in (one.their_key, ours_now(one)) if isinstance(key, int)}
    found: dict[tuple[Kind, int], str] = {}
    if wanted[Kind.UNIT]:
        bodies = Body.objects.filter(pk__in=wanted[Kind.UNIT]).values_list("pk", "name")
        found |= {(Kind.UNIT, key): name for key, name in bodies}
    for one_class in CaseClass.objects.filter(pk__in=wanted[Kind.CLASS]).select_related("parent"):
        parts = (str(part) for part in (one_class.parent, one_class) if part)
        found[Kind.CLASS, one_class.pk] = " / ".join(parts)
    if wanted[Kind.TERRITORY]:
        names = dict(options(tenant))
        codes = dict(Territory.objects.filter(pk__in=wanted[Kind.TERRITORY]).values_list("pk", "code"))
        found |= {(Kind.TERRITORY, key): names.get(code, code) for key, code in codes.items()}
    return found


def of_case(case: Case, by: Actor) -> list[Disagreement]:
    """Return what stands against a case. One query."""
    return listed(standing(case.tenant, by).filter(case=case))
