"""Writing what the rules say about cases. Part of the caller's transaction, which records the ledger line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.cases.models import Case, Ruling, Suspension
from xiuhua.cases.queries import RuleBook, Ruled, ToRule
from xiuhua.cases.rules.queues import UNFILED
from xiuhua.clock.words import Pause
from xiuhua.kernel.actions.inserting import insert_many

_ALL = tuple(one.name for one in fields(Ruled))
_FIELDS = tuple(name for name in _ALL if name != "case_id")
#: By which version was counted: no part of what is said about the case.
_COUNTED_BY = frozenset({"calendar", "calendar_digest"})
#: Why a case of our own was ruled on the first time.
OPENED = "opened"
_COLUMNS = (
    *("pk", "case_class_id", "case_class__kind", "case_class__parent__name", "case_class__name"),
    *("filed_under", "reported_at", "due_at", "closed_at", "extensions", "platform_verdict"),
    *("territory_id", "longitude", "latitude", "started_at", "filed_at"),
)


def rule_cases(book: RuleBook, keys: Sequence[int], *, at: datetime, reason: str) -> list[int]:
    """Rule on these cases and write what is new; return the keys of the cases whose ruling is new or has changed.

    What the rules say again is left as it stands, with its old reason and the calendar it was counted by: a new version
    that moves no deadline changes no case. Three queries and the writes.
    """
    if book.empty or not keys:
        return []
    found = book.rule(_asked(book, keys))
    before = {row["case_id"]: row for row in Ruling.objects.filter(case__in=keys).values("case_id", *_FIELDS)}
    changed = [one for one in found if _differs(before.get(one.case_id), _columns(one))]
    _write(changed, before, at=at, reason=reason)
    return [one.case_id for one in changed]


def rule_created(book: RuleBook, cases: Sequence[ToRule], *, at: datetime, reason: str) -> None:
    """Rule on cases that were created in this transaction and have no ruling yet, and write it. The statement that writes.

    The caller says what the rules need to know, so that nothing is read back.
    """
    if book.empty or not cases:
        return
    stamp = {"ruled_at": at, "reason": reason}
    insert_many(Ruling, [{**_columns(one), **stamp} for one in book.rule(cases)])


def _columns(one: Ruled) -> dict[str, Any]:
    """Return a ruling's fields by name. Not dataclasses.asdict, which copies them in depth: a quarter of an import's time."""
    return {name: getattr(one, name) for name in _ALL}


def open_case(book: RuleBook, case: Case, *, at: datetime) -> Case:
    """Save a new case of our own with what the rules say of it, and return it. Two statements, and one for sites."""
    found = None if book.empty else book.rule([_of_case(case, book.zone)])[0]
    case.ruled_due_at = found.due_at if found else None
    case.save(force_insert=True)
    if found:
        Ruling.objects.create(**_columns(found) | {"case_id": case.pk}, ruled_at=at, reason=OPENED)
    return case


def _of_case(case: Case, zone: ZoneInfo) -> ToRule:
    return ToRule(
        case_id=case.pk or 0,
        class_id=case.case_class_id,
        observed=None,
        filed_under=case.filed_under,
        day=case.reported_at.astimezone(zone).date(),
        reported_at=case.reported_at,
        due_at=case.due_at,
        closed_at=None,
        extensions=0,
        platform_verdict="",
        territory_id=case.territory_id,
        longitude=case.longitude,
        latitude=case.latitude,
    )


def _differs(before: dict[str, Any] | None, now: dict[str, Any]) -> bool:
    return before is None or any(before[name] != value for name, value in now.items() if name not in _COUNTED_BY)


def _pauses(keys: Sequence[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {}
    for case, since, until, ended in (
        Suspension.objects.filter(case__in=keys).order_by("since").values_list("case_id", "since", "until", "ended_at")
    ):
        found.setdefault(case, []).append(Pause(since, ended or until))
    return found


def _asked(book: RuleBook, keys: Sequence[int]) -> list[ToRule]:
    pauses = _pauses(keys)
    return [
        ToRule(
            case_id=pk,
            class_id=case_class,
            observed=((main or name, name if main else "") if case_class and not kind else None),
            filed_under=filed_under,
            day=reported.astimezone(book.zone).date(),
            reported_at=reported,
            due_at=None if filed else due,  # filed by us: it is no platform's deadline
            closed_at=closed,
            extensions=extensions,
            platform_verdict=theirs,
            territory_id=territory,
            longitude=lon,
            latitude=lat,
            started_at=started,
            pauses=tuple(pauses.get(pk, ())),
        )
        for pk, case_class, kind, main, name, filed_under, reported, due, closed, extensions, theirs, territory, lon, lat, started, filed in (
            Case.objects.filter(pk__in=keys).order_by("pk").values_list(*_COLUMNS)
        )
    ]


def _write(changed: Sequence[Ruled], before: dict[int, Any], *, at: datetime, reason: str) -> None:
    stamp = {"ruled_at": at, "reason": reason}
    insert_many(Ruling, [{**_columns(one), **stamp} for one in changed if one.case_id not in before])
    Ruling.objects.bulk_create(
        [Ruling(**_columns(one), **stamp) for one in changed if one.case_id in before],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=[name.removesuffix("_id") for name in (*_FIELDS, *stamp)],
    )
    said = {one.case_id: one.due_at for one in changed}
    unfiled = list(Case.objects.filter(pk__in=said, stage__in=UNFILED).only("pk"))
    for case in unfiled:
        case.ruled_due_at = said[case.pk]
    Case.objects.bulk_update(unfiled, ["ruled_due_at"], batch_size=500)
