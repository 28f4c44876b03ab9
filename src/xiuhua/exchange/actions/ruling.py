"""Working out again what the rules say, because a calendar arrived, a standard or a matrix changed: a recorded action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.cases.actions import rule_cases
from xiuhua.cases.models import Case
from xiuhua.cases.queries import RuleBook
from xiuhua.exchange.actions.corrections import Corrections
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal

Progress = Callable[[int, int], None]
#: Cases that are read, ruled and written together.
CHUNK = 2000
_REASON_LENGTH = 200


class ReasonMissing(Refusal):
    """A deadline is worked out again only with a reason."""

    code = "ruling.reason_missing"
    sentence = _("重算期限要写明理由。")


class NothingToRuleBy(Refusal):
    """The office has installed neither a calendar nor a duty matrix."""

    code = "ruling.no_packs"
    sentence = _("本单位还没有装日历和责任清单，没有可以据以推算的规则。")


@dataclass(slots=True)
class Renewed:
    """What a renewal did: cases looked at, rulings that are new or changed, still provisional; pending by month."""

    cases: int = 0
    changed: int = 0
    provisional: int = 0
    corrections: dict[str, int] = field(default_factory=dict)


def renew_rulings(
    tenant: Tenant,
    *,
    reason: str,
    provisional: bool,
    by: Actor,
    at: datetime,
    progress: Progress | None = None,
) -> Renewed:
    """Rule again on all cases, or on those whose deadline is `provisional`, by the packs as they stand now.

    What comes out the same keeps its old reason. Months already frozen do not change: cases whose ruling changed are
    listed as their pending corrections. One transaction, one ledger line. Raises ReasonMissing, NothingToRuleBy.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        book = RuleBook.load(tenant)
        if book.empty:
            raise NothingToRuleBy
        done = _renew(tenant, book, reason[:_REASON_LENGTH], provisional=provisional, at=at, progress=progress)
        record(
            "ruling.renew",
            about=f"tenant:{tenant.code}",
            by=by,
            at=at,
            tenant=tenant,
            reason=reason,
            facts={
                "cases": done.cases,
                "changed": done.changed,
                "provisional": done.provisional,
                "calendar": book.clock.calendar.version if book.clock else "",
                "only_provisional": provisional,
            },
        )
    return done


def _renew(
    tenant: Tenant, book: RuleBook, reason: str, *, provisional: bool, at: datetime, progress: Progress | None
) -> Renewed:
    wanted = Case.objects.filter(tenant=tenant)
    wanted = wanted.filter(ruling__provisional=True) if provisional else wanted
    total = wanted.count()
    done, corrections = Renewed(), Corrections(tenant, None)
    for keys in _chunks(list(wanted.order_by("pk").values_list("pk", flat=True))):
        changed = rule_cases(book, keys, at=at, reason=reason)
        touched = Case.objects.filter(pk__in=changed).values_list("number", "due_at", "reported_at")
        for number, due, reported in touched.order_by("pk"):
            corrections.touch(number, "ruled", (due, reported))
        corrections.write()
        done.cases += len(keys)
        done.changed += len(changed)
        if progress:
            progress(done.cases, total)
    done.provisional = Case.objects.filter(tenant=tenant, ruling__provisional=True).count()
    done.corrections = dict(corrections.counts)
    return done


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(keys), CHUNK):
        yield keys[begin : begin + CHUNK]
