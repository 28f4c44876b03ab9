"""Who and what is overdue: cases due that were not closed on time, by unit, by class, by what explains them.

Overdue are late and overdue open together (docs/scoring.md 1.4). Named are the largest that make up the wanted share
(`pareto`) of all, ties by name; nothing is said of a subject with fewer overdue cases than the least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xiuhua.analytics.words import Where
from xiuhua.insight.rules.named import OFFICE, shortest, within
from xiuhua.insight.words import OVERDUE, OverdueCause, OverdueUnit, Saying, Settings, Tally
from xiuhua.kernel.words import Fact

#: What a cause column holds where both sides agree.
AGREED = "same"
#: Columns of the fact that say why a deadline, or a verdict, is not ours.
CAUSES = ("due_cause", "verdict_cause")
#: Measures of cases that nothing can judge.
APART = ("no_deadline", "undetermined")


def causes_of(matrix: Sequence[Tally], causes: Mapping[str, Mapping[str | None, int]]) -> tuple[OverdueCause, ...]:
    """Return how many overdue cases have each cause: by cause column, then by class, then what cannot be judged.

    `causes` holds {column: {value: overdue cases}}. Within a column the most come first, ties by value; a column's
    counts add up to all that are overdue.
    """
    of = sum(tally.overdue for tally in matrix)
    found = [cause for column in CAUSES for cause in _column(column, causes[column], of)]
    found += _column("sub_class", _by_class(matrix), of)
    for measure in APART:
        count = sum(getattr(tally, measure) for tally in matrix)
        found.append(OverdueCause(measure, None, count, None, Where(measure=measure)))
    return tuple(found)


def _column(column: str, counted: Mapping[str | None, int], of: int) -> list[OverdueCause]:
    made = [
        OverdueCause(column, value, count, of, within(OVERDUE, "", OFFICE, **{column: value}))
        for value, count in counted.items()
        if count
    ]
    return sorted(made, key=lambda one: (-one.count, one.value is None, one.value or ""))


def _by_class(matrix: Iterable[Tally]) -> dict[str | None, int]:
    counted: dict[str | None, int] = {}
    for tally in matrix:
        counted[tally.class_name] = counted.get(tally.class_name, 0) + tally.overdue
    return counted


def units_of(units: Iterable[OverdueUnit]) -> tuple[OverdueUnit, ...]:
    """Return the units that had cases due, the most overdue first, ties by name; nobody's cases come after equals."""
    due = (one for one in units if one.due)
    return tuple(sorted(due, key=lambda one: (-one.overdue, one.unit is None, one.name, one.unit or "")))


def subject_sayings(
    subject: str, tallies: Sequence[Tally], *, by: str, name: str, period: str, settings: Settings
) -> Iterable[Saying]:
    """Yield what is overdue in a subject and in which classes; nothing below the least."""
    due, open_, late = (sum(getattr(one, what) for one in tallies) for what in ("due", "overdue_open", "late"))
    overdue = open_ + late
    if overdue < settings.least_overdue:
        return
    counted = shortest(_by_class(tallies).items(), lambda one: one[1], lambda one: one[0], settings.pareto)
    facts = {"name": name, "count": overdue, "of": due, "open": open_, "late": late, "named": len(counted)}
    parts = tuple(
        Saying(
            "overdue.class",
            {"class": value, "count": count, "of": overdue},
            subject,
            within(OVERDUE, by, subject, sub_class=value),
            count,
            period,
        )
        for value, count in counted
    )
    yield Saying("overdue.total", facts, subject, within(OVERDUE, by, subject), overdue, period, parts)


def unit_sayings(units: Sequence[OverdueUnit], *, period: str, settings: Settings) -> Iterable[Saying]:
    """Yield which units have the share of what is overdue; nothing below the least."""
    of = sum(one.overdue for one in units)
    if of < settings.least_overdue:
        return
    named = shortest(units, lambda one: one.overdue, lambda one: one.name or None, settings.pareto)
    parts = tuple(
        Saying(
            "overdue.unit" if one.unit is not None else "overdue.nobody",
            {"unit": one.name, "count": one.overdue, "of": of, "due": one.due},
            where=of_unit(one.unit),
            count=one.overdue,
            period=period,
        )
        for one in named
    )
    covered = sum(one.overdue for one in named)
    facts = {"named": len(named), "units": sum(bool(one.overdue) for one in units), "count": covered, "of": of}
    yield Saying("overdue.units", facts, period=period, parts=parts)


def of_unit(unit: str | None) -> Where:
    """Return the overdue cases of a unit, None for those sent to nobody."""
    return Where(measure=OVERDUE.measure, part=OVERDUE.part, by="unit", subject=unit)


def cause_sayings(causes: Sequence[OverdueCause], *, period: str, settings: Settings) -> Iterable[Saying]:
    """Yield how many overdue cases have a deadline or a verdict that is not ours, and what nothing can judge."""
    for column in CAUSES:
        found = [one for one in causes if one.column == column and one.value not in {None, "", AGREED}]
        count = sum(one.count for one in found)
        if count < settings.least_overdue:
            continue
        values = tuple(sorted(one.value for one in found if one.value))
        where = Where(measure=OVERDUE.measure, part=OVERDUE.part, among={column: values})
        parts = tuple(_cause(one, count, period) for one in found)
        facts: dict[str, Fact] = {"count": count, "of": found[0].of}
        yield Saying(f"overdue.{column}", facts, where=where, count=count, period=period, parts=parts)
    for one in causes:
        if one.column in APART and one.count >= settings.least_overdue:
            told: dict[str, Fact] = {"count": one.count}
            yield Saying(f"overdue.{one.column}", told, where=one.where, count=one.count, period=period)


def _cause(one: OverdueCause, of: int, period: str) -> Saying:
    facts = {"cause": one.value, "count": one.count, "of": of}
    return Saying("overdue.cause", facts, where=one.where, count=one.count, period=period)
