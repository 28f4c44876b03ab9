"""Every number that more than one file of a pack prints, as the frozen month has it: what `reading` must find in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import override

from xiuhua.assessment.phrases import title
from xiuhua.assessment.words import AssessmentView, SubjectView
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.rules.losing import lost_lines
from xiuhua.disclosure.words import Tallied, Told
from xiuhua.insight.phrases import sentence
from xiuhua.kernel.rules import Period
from xiuhua.ui.formats import day

#: Kind of number, then what it is of.
Key = tuple[str, ...]
Found = list[tuple[Key, str]]
TOTALS = ("reported", "due", "closed", "on_time", "overdue_open")
CELLS = ("due", "overdue", "late")


def squeezed(text: str) -> str:
    """Return a text without white space: lines break elsewhere in every file."""
    return "".join(text.split())


def expected(told: Told) -> dict[Key, str]:
    """Return every shared number of a month by its key, printed in the one way."""
    with override(told.language):
        every = [*_totals(told), *_subjects(told), *_classes(told), *_places(told), *_tasks(told), *_sayings(told)]
    found = dict(every)
    assert len(found) == len(every)
    return found


def _totals(told: Told) -> Iterator[tuple[Key, str]]:
    totals = told.view.totals
    for measure in TOTALS:
        yield ("total", measure), printing.kept(totals, measure)
    for measure in ("on_time", "closed"):
        yield ("total.rate", measure), printing.rate(*totals.get(measure, (0, 0)))
    before = told.previous.totals if told.previous else {}
    if before.get("on_time", (0, 0))[1] and totals.get("on_time", (0, 0))[1]:
        now, then = (Fraction(printing.rate(*one["on_time"]).removesuffix("%")) for one in (totals, before))
        yield ("total.moved", "on_time"), printing.change(now - then, 1)
    if "overdue_open" in totals and "overdue_open" in before:
        moved = totals["overdue_open"][0] - before["overdue_open"][0]
        yield ("total.moved", "overdue_open"), printing.change(Fraction(moved), 0)
    ranked = [one for one in told.view.subjects if one.ranked_on is not None]
    yield ("assessed",), str(len(told.view.subjects))
    yield ("ranked",), str(len(ranked))
    if told.view.unplaced:
        yield ("unplaced",), str(told.view.unplaced)
    for name, full in told.weights:
        yield ("full", title(name)), full


def _subjects(told: Told) -> Iterator[tuple[Key, str]]:
    digits = told.view.rounding.digits
    for one in told.view.subjects:
        yield ("rank", one.code), printing.place(one.rank)
        yield ("score", one.code), printing.score(one)
        yield ("rate", one.code), printing.rate(*one.counts.get("on_time", (0, 0)))
        for measure in TOTALS:
            yield ("count", measure, one.code), printing.kept(one.counts, measure)
        change = told.changes[one.code]
        yield ("points.moved", one.code), printing.change(change.points, digits)
        yield ("places.moved", one.code), printing.change(change.places, 0)
        for lost in lost_lines(told, one.code):
            yield ("lost", one.code, title(lost.line.title)), printing.points(lost.points, digits)
    for one in told.pledges:
        group = [other for other in told.view.subjects if other.group == one.group and other.rank is not None]
        yield ("ranked.with", one.code), str(len(group))


def _classes(told: Told) -> Iterator[tuple[Key, str]]:
    for one in told.classes:
        yield from ((("class", measure, one.class_name), str(getattr(one, measure))) for measure in CELLS)
    pairs = {(one.class_name, one.subject): one for one in told.matrix}
    for name in dict.fromkeys(one.class_name for one in (*told.classes, *told.matrix)):
        for subject in told.view.subjects:
            found = pairs.get((name, subject.code))
            for measure in CELLS:
                yield ("cell", measure, name, subject.code), str(getattr(found, measure) if found else 0)


def _places(told: Told) -> Iterator[tuple[Key, str]]:
    if told.recurrent:
        yield ("again.all",), str(len(told.recurrent))
    for number, place in enumerate(told.recurrent or ()):
        yield ("again", str(number)), str(place.times)
    for number, spot in enumerate(told.hot or ()):
        yield ("hot", str(number)), str(spot.count)


def _tasks(told: Told) -> Iterator[tuple[Key, str]]:
    if told.tasks:
        yield ("task.all",), str(len(told.tasks))
    for number, one in enumerate(told.tasks):
        yield ("task", str(number)), squeezed(f"{one.problem}{one.remedy}{due(told, one.due)}{one.unit}")


def due(told: Told, iso: str) -> str:
    """Return a deadline as running text has it."""
    return day(date.fromisoformat(iso), told.language, this_year=Period.parse(told.period).year)


def _sayings(told: Told) -> Iterator[tuple[Key, str]]:
    for number, one in enumerate(told.sayings):
        if not one.subject and not one.code.startswith(("recur.", "hot.")):
            yield ("saying", str(number)), squeezed(sentence(one)).rstrip("。.")


# ---- the same month with every number another ----


def other(told: Told) -> Told:
    """Return a month in which each shared number differs from this one's, and nothing else does."""
    named = (*told.listed.red, *told.listed.black, *told.pledges)
    view = _view(told.view, frozenset(one.code for one in named))
    by_code = {one.code: one for one in view.subjects}

    def others(subjects: tuple[SubjectView, ...]) -> tuple[SubjectView, ...]:
        return tuple(by_code[one.code] for one in subjects)

    tasks = tuple(
        replace(one, problem=_raised(one.problem), due=f"{one.due[:8]}{int(one.due[8:]) % 28 + 1:02}")
        for one in told.tasks
    )
    changes = {
        code: replace(one, points=_plus(one.points), places=_plus(one.places)) for code, one in told.changes.items()
    }
    return replace(
        told,
        view=view,
        changes=changes,
        listed=replace(told.listed, red=others(told.listed.red), black=others(told.listed.black)),
        pledges=others(told.pledges),
        weights=tuple((name, str(Decimal(full) + 1)) for name, full in told.weights),
        classes=tuple(_tallied(one, _rows(told, one.class_name) + 1) for one in told.classes),
        matrix=tuple(_tallied(one, 1) for one in told.matrix),
        recurrent=None
        if told.recurrent is None
        else tuple(replace(one, times=one.times + 1) for one in told.recurrent)[:-1],
        hot=None if told.hot is None else tuple(replace(one, count=one.count + 1) for one in told.hot),
        losses=None
        if told.losses is None
        else {code: tuple(replace(one, points=one.points + 1) for one in lost) for code, lost in told.losses.items()},
        tasks=(*tasks, tasks[-1]) if tasks else (),
        sayings=tuple(
            replace(
                one, facts={key: value + 1 if isinstance(value, int) else value for key, value in one.facts.items()}
            )
            for one in told.sayings
        ),
    )


def _raised(text: str) -> str:
    """Return a text whose first number is one larger."""
    at = next(place for place, sign in enumerate(text) if sign.isdigit())
    end = next((place for place in range(at, len(text)) if not text[place].isdigit()), len(text))
    return f"{text[:at]}{int(text[at:end]) + 1}{text[end:]}"


def _plus(value: Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value) + 1


def _rows(told: Told, name: str) -> int:
    return sum(one.class_name == name for one in told.matrix)


def _tallied(one: Tallied, more: int) -> Tallied:
    return replace(one, due=one.due + more, overdue=one.overdue + more, late=one.late + more)


def _view(view: AssessmentView, kept: frozenset[str]) -> AssessmentView:
    """Return the view with other numbers, one of those that are not `kept` gone, another ranked or not."""
    free = [one for one in view.subjects if one.code not in kept]
    gone = next((one for one in free if one.rank is None), free[-1])
    more = next(one for one in free if one is not gone)
    subjects = tuple(_subject(one, more=one is more) for one in view.subjects if one is not gone)
    return replace(view, subjects=subjects, totals=_counts(view.totals), unplaced=view.unplaced + 1)


def _counts(counts: Any) -> dict[str, tuple[int, int]]:
    return {
        name: (kept + 3, of + 3) if name in {"due", "reported"} else (kept + 1, of + 3)
        for name, (kept, of) in counts.items()
    }


def _subject(one: SubjectView, *, more: bool) -> SubjectView:
    lines = tuple(
        replace(
            line,
            points=None if line.points is None else str(Decimal(line.points) - 1),
            full=str(Decimal(line.full) + 1),
        )
        for line in one.lines
    )
    score = None if one.score is None else str(Decimal(one.score) + 1)
    rank, on = _plus(one.rank), one.ranked_on
    if more:
        rank, on = (None, None) if rank else (Fraction(9), Fraction(1))
    return replace(one, counts=_counts(one.counts), score=score, rank=rank, ranked_on=on, lines=lines)
