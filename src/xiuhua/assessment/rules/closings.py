"""What closing an open case does to a month's counts, and what there is to reach (docs/scoring.md 8.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from xiuhua.assessment.rules.lines import measures_of
from xiuhua.assessment.rules.ranks import placed, ranks
from xiuhua.assessment.words import (
    Bands,
    Closable,
    Closing,
    Complement,
    Formula,
    Good,
    ListTies,
    PerExposure,
    RankOn,
    Ratio,
    Scheme,
    Target,
    Threshold,
)

#: Measures that closing a case changes by what is not known beforehand: how long it took, what its platform will say.
HELD = frozenset({"median_close_seconds", "verdict_differs"})
_ME = ""


def closable(case: str, due_us: int, own_due_us: int | None, now_us: int) -> Closable:
    """Return what can still be done with an open case that is due in the month: close it on time (now ≤ deadline), or late.

    The base of every count stays: a due case is due whether it is closed or not. It no longer counts among the open
    overdue ones, counts among the closed, and among those on time or late. Times are microseconds since 1970.
    """
    kind = Closing.ON_TIME if now_us <= due_us else Closing.LATE
    effect = {"closed": 1, kind.value: 1, "overdue_open": -1}
    if own_due_us is not None and now_us <= own_due_us:
        effect["own_on_time"] = 1
    return Closable(kind, case, due_us, effect)


def wanted(formula: Formula) -> dict[str, int]:
    """Return for each measure a formula reads whether more of it is better (1) or worse (−1)."""
    match formula:
        case Ratio(measure=measure):
            return {measure: 1}
        case Complement(measure=measure):
            return {measure: -1}
        case Threshold(measure=measure, good=good) | Bands(measure=measure, good=good):
            return {measure: 1 if good is Good.HIGH else -1}
        case PerExposure(sources=sources, base=base):
            return {**{source.measure: -1 for source in sources}, base: 1}
        case _:
            return dict.fromkeys(measures_of(formula), -1)


def signs_of(scheme: Scheme) -> dict[str, set[int]]:
    """Return for each measure the ways in which some line of the scheme wants it."""
    found: dict[str, set[int]] = {}
    for section in scheme.sections:
        for indicator in section.indicators:
            for measure, sign in wanted(indicator.formula).items():
                found.setdefault(measure, set()).add(sign)
    return found


def in_order(items: Iterable[Closable]) -> tuple[Closable, ...]:
    """Return items as they are chosen and shown: deadlines that can be kept first, the earliest before, then late ones."""
    return tuple(sorted(items, key=lambda item: (item.kind is Closing.LATE, item.due_us, item.case)))


def rank_among(scheme: Scheme, score: Fraction, others: Collection[Fraction]) -> Fraction:
    """Return the rank of a score among others, by the scheme's rule for ties; 1 is the highest."""
    totals = {str(number): value for number, value in enumerate(others, start=1)}
    return ranks({**totals, _ME: score}, scheme.ties)[_ME]


def next_place(scheme: Scheme, rank: Fraction, others: Collection[Fraction]) -> Target | None:
    """Return the lowest score that ranks better than `rank` among the others; None for who is first.

    On printed totals overtaking takes 10^-digits more than another; where equals share the better rank, as much as he
    has is enough (docs/scoring.md 8.1).
    """
    return _lowest(scheme, others, lambda score: rank_among(scheme, score, others) < rank)


def off_black(scheme: Scheme, others: Mapping[str, Fraction], places: int, ties: ListTies) -> Target | None:
    """Return the lowest score that is not among the last `places`; `others` are who else may stand on the list.

    None where even the highest is listed: there are no more subjects than places.
    """

    def free(score: Fraction) -> bool:
        return _ME not in placed({**others, _ME: score}, places, ties, best=False)

    return _lowest(scheme, others.values(), free)


def _lowest(scheme: Scheme, others: Collection[Fraction], enough: Callable[[Fraction], bool]) -> Target | None:
    """Return the lowest target that is enough; what is enough must stay so for any higher score."""
    return next((target for target, score in _candidates(scheme, others) if enough(score)), None)


def _candidates(scheme: Scheme, others: Collection[Fraction]) -> Iterator[tuple[Target, Fraction]]:
    """Yield targets, lowest first, each with a score that just reaches it: nothing, as much as another, just more."""
    values = sorted(set(others))
    yield Target(Fraction(0)), Fraction(0)
    step = Fraction(1, 10**scheme.rounding.digits)
    for value, higher in zip(values, [*values[1:], None], strict=True):
        yield Target(value), value
        if scheme.rank_on is RankOn.PRINTED:
            yield Target(value + step), value + step
        else:
            yield Target(value, strict=True), value + 1 if higher is None else (value + higher) / 2
