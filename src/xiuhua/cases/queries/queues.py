"""What waits for somebody: the queues of the desk, one page of each, and how many there are.

Constant numbers of statements, whatever the office holds: a page is two, the count of a narrowed queue one, of what is
overdue one for each stage, the counts of all queues together one; a word that is searched for three more. A stage's queue is read in the order of the index `case_queue` (or, for a unit's post,
`case_queue_of_unit`), that of a stage before filing by the deadline its ruling gives (`case_queue_unfiled`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateTimeField, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from xiuhua.cases.models import Case, Hand, Request, Supervision
from xiuhua.cases.policies import NOBODY, right, visible
from xiuhua.cases.queries.holding import holding
from xiuhua.cases.rules.moves import ALIVE
from xiuhua.cases.rules.queues import NEXT, SUPERVISING, TIMED, UNFILED, deciders, keeps_off, stage_of
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import PENDING, Aloof, Flow, RequestKind, RequestState, Verb
from xiuhua.cases.words.queues import Queue
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass

SIZES = (20, 50, 100)
#: How far a narrowed queue is counted, and how far where the texts of its cases have to be read for it.
COUNTED, READ = 100_000, 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What a row shows beside the case's own columns.
_BESIDE = ("case_class__parent", "body", "person", "claimed_by", "territory")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To what a queue is narrowed. Empty means not narrowed."""

    text: str = ""
    #: Keys of the territory asked for and everything below it.
    territories: frozenset[int] | None = None
    body: str = ""
    main_class: str = ""
    channel: str = ""

    @property
    def counted(self) -> int:
        """Return how far what is narrowed so is counted."""
        return READ if self.text else COUNTED

    @property
    def empty(self) -> bool:
        """Return whether nothing is narrowed: then the queue's count is the list's."""
        return self == Narrowed()


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a queue; each row carries `due`, the deadline it is sorted by."""

    rows: Sequence[Any]
    #: Where the next page starts; empty on the last one.
    after: str


def offered(actor: Actor) -> tuple[Queue, ...]:
    """Return the queues in which something may wait for the actor's posts, in the order of the work. No query."""
    return tuple(queue for queue in Queue if _offered(queue, actor))


def _offered(queue: Queue, actor: Actor) -> bool:
    stage = stage_of(queue)
    if stage is not None:
        return any(actor.may(right(verb)) for verb in NEXT[stage])
    if queue == Queue.REQUESTS:
        return any(actor.may(right(verb)) for verb in (Verb.REVIEW_EXTENSION, Verb.GRANT_EXTENSION))
    if queue == Queue.SUPERVISED:
        return any(actor.may(right(verb)) for verb in SUPERVISING)
    if queue == Queue.MINE:
        return actor.may(right(Verb.RECTIFY))
    return any(actor.may(right(verb)) for stage in TIMED for verb in NEXT[stage])


def waiting(tenant: Tenant, queue: Queue, actor: Actor, flow: Flow, at: datetime) -> QuerySet[Case]:
    """Return the cases of a queue: the one set behind its list and its count. What the actor may not see is in neither."""
    found = Case.objects.filter(tenant=tenant).filter(visible(actor))
    stage = stage_of(queue)
    if stage is not None:
        return found.filter(stage=stage).filter(_served(stage, actor))
    if queue == Queue.REQUESTS:
        return found.filter(_asked(actor, flow))
    if queue == Queue.SUPERVISED:
        open_ones = Supervision.objects.filter(settled_at__isnull=True).values("case")
        return found.filter(_any(actor, SUPERVISING), pk__in=open_ones)
    if queue == Queue.MINE:
        return found.filter(person=actor.user, stage__in=ALIVE) if actor.user is not None else found.none()
    return found.filter(_in_stages(TIMED - UNFILED, actor) & Q(due_at__lt=at) | _unfiled(actor, at))


def counts(tenant: Tenant, actor: Actor, flow: Flow, at: datetime) -> dict[Queue, int]:
    """Return how many cases are in each queue that the actor is offered, exactly. One statement.

    What waits in a stage and how much of it is overdue is counted in one walk through the entries of one index; rows are
    not read. Stages waiting under different conditions are parts of their own: joined by OR they would keep every index out.
    """
    queues = offered(actor)
    stages = {stage for queue in queues if (stage := stage_of(queue)) is not None}
    found = Case.objects.filter(tenant=tenant).filter(visible(actor)).order_by()
    parts = [_by_stage(found, group, served, "ruled_due_at", at) for served, group in _alike(stages & UNFILED, actor)]
    parts += [_by_stage(found, group, served, "due_at", at) for served, group in _alike(stages - UNFILED, actor)]
    across = [queue for queue in (Queue.REQUESTS, Queue.SUPERVISED, Queue.MINE) if queue in queues]
    parts += [_number(waiting(tenant, queue, actor, flow, at).order_by(), queue) for queue in across]
    held = dict.fromkeys(queues, 0)
    if not parts:
        return held
    first, *rest = parts
    for name, number, late in first.union(*rest, all=True) if rest else first:
        held[Queue(name)] += number
        if name in TIMED:
            held[Queue.OVERDUE] += late
    return held


def _by_stage(cases: QuerySet[Case], stages: Iterable[Stage], served: Q, due: str, at: datetime) -> Any:
    """Return stage, number and number overdue of what waits in some stages under one condition."""
    found = cases.filter(served, stage__in=stages).values("stage")
    return found.annotate(n=Count("pk"), late=Count("pk", filter=Q(**{f"{due}__lt": at}))).values_list(
        "stage", "n", "late"
    )


def _number(cases: QuerySet[Case], queue: Queue) -> Any:
    named = cases.annotate(queue=Value(queue.value, output_field=CharField())).values("queue")
    return named.annotate(n=Count("pk"), late=Value(0)).values_list("queue", "n", "late")


def _any(actor: Actor, verbs: Iterable[Verb], *, through: str = "") -> Q:
    """Return the condition for cases in which the actor holds the post for one of the moves."""
    found = nobody = Q(**{f"{through}pk__in": ()})
    for verb in verbs:
        scope = visible(actor, right(verb), through=through)
        if scope == Q():
            return scope
        found = scope if found == nobody else found | scope
    return found


def _served(stage: Stage, actor: Actor) -> Q:
    """Return the condition under which a case of a stage waits for the actor: his post, and no hand of his in it."""
    first = NEXT[stage][0]
    scope, aloof = _any(actor, NEXT[stage]), keeps_off(first)
    if aloof == Aloof.NOBODY or actor.user is None:
        return scope
    hands = Hand.objects.filter(user=actor.user)
    hands = hands.filter(doing=True) if aloof == Aloof.DOERS else hands
    return scope & ~Q(pk__in=hands.values("case"))  # read once, not looked up for every case


def _alike(stages: Iterable[Stage], actor: Actor) -> list[tuple[Q, list[Stage]]]:
    """Return the conditions under which some stages wait for the actor, each with the stages that it is the same for."""
    alike: list[tuple[Q, list[Stage]]] = []
    for stage in sorted(stages):
        if not any(actor.may(right(verb)) for verb in NEXT[stage]):
            continue
        served = _served(stage, actor)
        known = next((group for condition, group in alike if condition == served), None)
        if known is None:
            alike.append((served, [stage]))
        else:
            known.append(stage)
    return alike


def _in_stages(stages: Iterable[Stage], actor: Actor) -> Q:
    """Return the condition for what waits in some stages; stages with one and the same condition are asked for together."""
    found = NOBODY
    for condition, group in _alike(stages, actor):
        one = Q(stage__in=group) & condition
        found = one if found == NOBODY else found | one
    return found


def _unfiled(actor: Actor, at: datetime) -> Q:
    """Return the condition for what waits unfiled beyond the deadline that the rules would give it."""
    return _in_stages(UNFILED, actor) & Q(ruled_due_at__lt=at)


def _asked(actor: Actor, flow: Flow) -> Q:
    """Return the condition for cases with a request that waits for the actor; the requests are asked for, then their cases."""
    found = NOBODY
    for kind in RequestKind:
        for state in sorted(PENDING):
            verbs = deciders(kind, RequestState(state), reviewed_first=flow.extension_reviewed)
            if verbs is None or not actor.may(right(verbs[0])):
                continue
            one = Q(kind=kind, state=state) & _any(actor, verbs[:1], through="case__")
            if verbs[0] != Verb.REVIEW_EXTENSION:  # nobody grants what he asked for himself
                one &= ~Q(asked_by=actor.user)
            found = one if found == NOBODY else found | one
    return found if found == NOBODY else Q(pk__in=Request.objects.filter(found).values("case"))


def narrowed(tenant: Tenant, cases: QuerySet[Case], queue: Queue, wanted: Narrowed) -> QuerySet[Case]:
    """Return the cases of a queue that match: the one set behind the narrowed list and its count. Text: four queries at most.

    A text that is the number of a case means that case, and nothing is read through for it.
    """
    if wanted.text and Case.objects.filter(tenant=tenant, number=wanted.text).exists():
        cases = cases.filter(number=wanted.text)
    elif wanted.text:
        cases = _told(tenant, cases, queue, wanted.text)
    if wanted.territories is not None:
        cases = cases.filter(territory_id__in=wanted.territories)
    if wanted.body:
        body = Body.objects.filter(tenant=tenant, code=wanted.body).values("pk")  # one value: an index can go by it
        cases = cases.filter(body=Subquery(body))
    if wanted.main_class:
        meant = CaseClass.objects.filter(Q(parent__name=wanted.main_class) | Q(name=wanted.main_class), tenant=tenant)
        cases = cases.filter(case_class__in=list(meant.values_list("pk", flat=True)))
    if wanted.channel:
        cases = cases.filter(channel=wanted.channel)
    return cases


def _told(tenant: Tenant, cases: QuerySet[Case], queue: Queue, text: str) -> QuerySet[Case]:
    """Return the cases in which a text stands, in their own texts or in the name of their class.

    Where it may stand is asked of the index of words; whether it does is read. What waits in a stage alone is in the index.
    """
    classes = list(CaseClass.objects.filter(holds("name", text), tenant=tenant).values_list("pk", flat=True))
    found = Q(case_class__in=classes) if classes else Q()
    for name in ("number", "address", "description", "title"):
        found |= holds(name, text)
    cases = cases.filter(found)
    stage = stage_of(queue)
    if stage is None and queue != Queue.OVERDUE:
        return cases
    keys = holding(tenant, text, classes, TIMED if stage is None else (stage,))
    return cases if keys is None else cases.filter(pk__in=keys)


def holds(field: str, text: str) -> Q:
    """Return the condition that a field holds a text, in capitals or not; where it has none, the cheaper question."""
    return Q(**{f"{field}__{'contains' if text.lower() == text.upper() else 'icontains'}": text})


def due_of(queue: Queue) -> Any:
    """Return what a queue is sorted by: the deadline, that of the ruling where a case is not filed yet."""
    if queue == Queue.ARBITRATION:
        return F("arbitration_due_at")
    stage = stage_of(queue)
    if stage is not None:
        return _dated(stage)
    return Coalesce("due_at", "ruled_due_at", output_field=DateTimeField())


def _dated(stage: Stage) -> F:
    return F("ruled_due_at" if stage in UNFILED else "due_at")


def queue_page(cases: QuerySet[Case], queue: Queue, *, size: int, after: str = "") -> QueuePage:
    """Return the page of a queue that follows the row named by `after`, the longest overdue first.

    Paging is by keyset; a row without a deadline comes last. Keys are found first, from the index of the queue alone, then
    their rows are read: two statements. What is overdue is looked for stage by stage, each in the order of its index, and
    merged: one statement for each stage and one for the page, however much is overdue.
    """
    if queue == Queue.OVERDUE:
        return _merged(cases, size=size, after=after)
    ordered: Any = _ordered(cases, due_of(queue), after)
    return _rows(list(ordered.values_list("due", "pk")[: size + 1]), size)


def _rows(found: Sequence[tuple[datetime | None, int]], size: int) -> QueuePage:
    """Return the page of these deadlines and keys, of which one too many says that another follows. One statement."""
    dues = {key: due for due, key in found[:size]}
    rows: dict[int, Any] = {one.pk: one for one in Case.objects.filter(pk__in=dues).select_related(*_BESIDE)}
    for key, row in rows.items():
        row.due = dues[key]
    shown = [rows[key] for key in dues if key in rows]
    return QueuePage(shown, _token(*found[size - 1]) if len(found) > size else "")


def number_of(cases: QuerySet[Case], queue: Queue, *, most: int = COUNTED) -> int:
    """Return how many cases of a queue there are, exactly up to `most`; one more than that where there are more.

    One statement; what is overdue is counted as it is looked for, stage by stage.
    """
    number = 0
    for part in [cases.filter(stage=stage) for stage in sorted(TIMED)] if queue == Queue.OVERDUE else [cases]:
        number += part.order_by().values("pk")[: most + 1 - number].count()
        if number > most:
            break
    return number


def _ordered(cases: QuerySet[Case], due: Any, after: str) -> QuerySet[Case]:
    """Return what follows the row named by `after`, by deadline and key."""
    found = cases.annotate(due=due).order_by(F("due").asc(nulls_last=True), "pk")
    start = _read(after)
    if start is None:
        return found
    moment, key = start
    beyond = Q(due__isnull=True, pk__gt=key)
    if moment is not None:
        beyond = Q(due__gt=moment) | Q(due=moment, pk__gt=key) | Q(due__isnull=True)
    return found.filter(beyond)


def _merged(cases: QuerySet[Case], *, size: int, after: str) -> QueuePage:
    heads: list[tuple[datetime, int]] = []
    for stage in sorted(TIMED):
        ordered: Any = _ordered(cases.filter(stage=stage), _dated(stage), after)
        if len(heads) > size:  # the page is full: another stage matters only with what is earlier
            ordered = ordered.filter(due__lte=heads[-1][0])
        heads = sorted([*heads, *ordered.values_list("due", "pk")[: size + 1]])[: size + 1]
    return _rows(heads, size)


def _token(due: datetime | None, key: int) -> str:
    stamp = "" if due is None else str((due - _EPOCH) // timedelta(microseconds=1))
    return f"{stamp}.{key}"


def _read(after: str) -> tuple[datetime | None, int] | None:
    """Return deadline and key behind which the page starts; None where nothing sensible was asked for."""
    stamp, _dot, key = after.partition(".")
    longest = 18
    if not (key.isascii() and key.isdigit()) or len(key) > longest or len(stamp) > longest:
        return None
    if not stamp:
        return None, int(key)
    if not stamp.lstrip("-").isdigit() or not stamp.isascii():
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(stamp)), int(key)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a colleague's screen needs to know of a case: its version and stage, who has it open, until when."""

    key: int
    version: int
    stage: str
    claimed_by: int | None
    holder: str
    claimed_until: datetime | None


def standing_of(tenant: Tenant, actor: Actor, keys: Iterable[int]) -> dict[int, Standing]:
    """Return how the cases stand that the actor may see, by key. One statement."""
    fields = ("pk", "version", "stage", "claimed_by_id", "claimed_by__name", "claimed_by__username", "claimed_until")
    rows = Case.objects.filter(tenant=tenant, pk__in=list(keys)).filter(visible(actor)).values_list(*fields)
    return {
        pk: Standing(pk, version, stage, by, name or username or "", until)
        for pk, version, stage, by, name, username, until in rows
    }
