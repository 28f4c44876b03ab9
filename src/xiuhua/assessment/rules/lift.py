"""The shortest way to a score: the fewest closings that reach it, exact and proved (docs/scoring.md 8).

Open cases with the same effect on the measures a scheme reads are of one type, so that only their numbers matter. A type
dominates another if each of its effects is at least as good in every line; whoever closes one of the lesser type while one
of the better is left could swap them and lose nothing. So only choices that exhaust better types first are searched.
With the measures there are, closing on time dominates closing late and the search is a walk along one line; where types
cannot be compared (a band here, a rate there), best first search with the bound "every line gets whatever suits it best"
finds the maximum. A greedy choice is never taken for one: with bands it is not (docs/scoring.md 8.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, product

from xiuhua.assessment.rules.closings import rank_among
from xiuhua.assessment.rules.lines import line, measures_of
from xiuhua.assessment.rules.rounding import rounded
from xiuhua.assessment.rules.sheets import measures
from xiuhua.assessment.rules.totals import total
from xiuhua.assessment.words import (
    Bands,
    Closable,
    Closing,
    Complement,
    Counts,
    Formula,
    Good,
    Indicator,
    Lift,
    Line,
    PerExposure,
    RankOn,
    Ratio,
    Scheme,
    Target,
    Threshold,
)

#: A score below any: that of who has none.
_NONE = Fraction(-1)
Vector = tuple[int, ...]


def shortest(
    scheme: Scheme, counts: Counts, items: Iterable[Closable], target: Target, *, others: Collection[Fraction] = ()
) -> Lift:
    """Return the fewest `items` whose closing brings the counts of a subject to `target`, with the proof.

    `counts` are those of the month's end if nothing more is closed; `others` the scores of the rest of the group, for the
    ranks. Where nothing reaches the target, the fewest items that give the best score there is. Of like items those with
    the earliest deadline that can still be kept are chosen. Scores are those that the scheme ranks by.
    """
    search = _Search(scheme, counts, tuple(items))
    goal, reached = target, target.reached(search.shown(search.most))
    if not reached:
        goal = Target(_value(search.shown(search.most)))
    wanted = search.fewest(goal)
    chosen = search.chosen(wanted)
    before, after = search.shown(0), search.score_with(chosen)
    rank = [None if score is None or not others else rank_among(scheme, score, others) for score in (before, after)]
    return Lift(
        target=target,
        items=chosen,
        reached=reached,
        before=before,
        after=after,
        cheaper=search.shown(wanted - 1) if wanted else None,
        moved=search.moved_by(chosen),
        possible=len(search.items),
        rank_before=rank[0],
        rank_after=rank[1],
    )


def ranked_score(scheme: Scheme, counts: Counts) -> Fraction | None:
    """Return the score of counts that the scheme ranks by: the printed or the exact total, None without one."""
    lines = [line(section.code, each, counts) for section in scheme.sections for each in section.indicators]
    made = total(scheme, lines)
    return made.value if scheme.rank_on is RankOn.EXACT else made.printed


def closed(counts: Counts, items: Iterable[Closable]) -> Counts:
    """Return the counts with the items closed; no base changes."""
    found = dict(counts)
    for item in items:
        for measure, by in item.effect.items():
            if measure in found:
                kept, of = found[measure]
                found[measure] = kept + by, of
    return found


def lifting(scheme: Scheme, item: Closable) -> bool:
    """Return whether the scheme reads anything that closing the item makes better."""
    signs = _signs(scheme)
    return any(by * sign > 0 for measure, by in item.effect.items() for sign in signs.get(measure, ()))


def _good(formula: Formula) -> dict[str, int]:
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


def _signs(scheme: Scheme) -> dict[str, set[int]]:
    """Return for each measure the ways in which some line of the scheme wants it."""
    found: dict[str, set[int]] = {}
    for section in scheme.sections:
        for indicator in section.indicators:
            for measure, sign in _good(indicator.formula).items():
                found.setdefault(measure, set()).add(sign)
    return found


@dataclass(frozen=True, slots=True)
class _Type:
    """Items with one effect on the measures that matter, in the order in which they are chosen; none is a place left free."""

    effect: Vector
    room: int
    items: tuple[Closable, ...]


@dataclass(frozen=True)
class _Search:
    """The highest score of any choice of so many items, by number."""

    scheme: Scheme
    counts: Counts
    items: tuple[Closable, ...]

    @property
    def most(self) -> int:
        """Return how many items there are."""
        return len(self.items)

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """Return the measures that the scheme reads and some item changes."""
        read = {measure for each in self.formulas for measure in measures_of(each.formula)}
        return tuple(sorted(read & {measure for item in self.items for measure, by in item.effect.items() if by}))

    @cached_property
    def formulas(self) -> tuple[Indicator, ...]:
        """Return the scheme's indicators in the order of its lines."""
        return tuple(indicator for section in self.scheme.sections for indicator in section.indicators)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """Return the section of each indicator."""
        return tuple(section.code for section in self.scheme.sections for _each in section.indicators)

    @cached_property
    def signs(self) -> tuple[frozenset[int], ...]:
        """Return for each moved measure which ways it is wanted; both where a line may come into being with it."""
        found = _signs(self.scheme)
        new = {each.formula.base for each in self.formulas if isinstance(each.formula, PerExposure)}
        return tuple(
            frozenset({1, -1} if measure in new and not self.counts[measure][0] else found[measure])
            for measure in self.moved
        )

    @cached_property
    def types(self) -> tuple[_Type, ...]:
        """Return the types, dominating ones before those they dominate, with one for places left free."""
        found: dict[Vector, list[Closable]] = {}
        for item in self.items:
            found.setdefault(tuple(item.effect.get(measure, 0) for measure in self.moved), []).append(item)
        made = [_Type(effect, len(those), _in_order(those)) for effect, those in found.items()]
        made.append(_Type((0,) * len(self.moved), self.most, ()))
        return tuple(sorted(made, key=lambda one: (self.dominators(one, made), not one.items, one.effect)))

    def dominators(self, one: _Type, types: Iterable[_Type]) -> int:
        """Return how many of the types dominate one."""
        return sum(self.dominates(other, one) for other in types)

    def dominates(self, one: _Type, other: _Type) -> bool:
        """Return whether each effect of `one` is at least as good as that of `other`, whatever reads it.

        Of two with the same effect a case dominates a place left free, so that exactly one of each pair may.
        """
        if one.effect == other.effect:
            return bool(one.items) and not other.items
        return all(
            sign * (mine - his) >= 0
            for mine, his, signs in zip(one.effect, other.effect, self.signs, strict=True)
            for sign in signs
        )

    @cached_property
    def below(self) -> tuple[frozenset[int], ...]:
        """Return for each type the later ones that it dominates."""
        types = self.types
        return tuple(
            frozenset(later for later in range(here + 1, len(types)) if self.dominates(types[here], types[later]))
            for here in range(len(types))
        )

    @cached_property
    def _lines(self) -> dict[tuple[int, Vector], Line]:
        return {}

    @cached_property
    def _best(self) -> dict[int, tuple[Fraction, Vector]]:
        return {}

    @cached_property
    def readers(self) -> tuple[tuple[int, ...], ...]:
        """Return for each line which of the moved measures it reads."""
        return tuple(
            tuple(place for place, measure in enumerate(self.moved) if measure in measures_of(each.formula))
            for each in self.formulas
        )

    def line_at(self, number: int, change: Vector) -> Line:
        """Return a line of the sheet where its moved measures changed by so much: the real one, computed once."""
        key = number, change
        if key not in self._lines:
            counts = dict(self.counts)
            for place, by in zip(self.readers[number], change, strict=True):
                kept, of = counts[self.moved[place]]
                counts[self.moved[place]] = kept + by, of
            self._lines[key] = line(self.sections[number], self.formulas[number], counts)
        return self._lines[key]

    def bound(self, low: Vector, high: Vector) -> Fraction:
        """Return a score that no choice exceeds whose changes lie between `low` and `high`: each line at its own best.

        Where both are the same it is the score itself. A line that comes into being only with its base is tried without, too.
        """
        options: list[tuple[Line, ...]] = []
        for number, each in enumerate(self.formulas):
            good = _good(each.formula)
            best = tuple(high[place] if good[self.moved[place]] > 0 else low[place] for place in self.readers[number])
            found = [self.line_at(number, best)]
            if isinstance(each.formula, PerExposure) and low != high:
                worst = tuple(
                    low[place] if self.moved[place] == each.formula.base else by
                    for place, by in zip(self.readers[number], best, strict=True)
                )
                found.append(self.line_at(number, worst))
            options.append(tuple(found))
        values = (total(self.scheme, lines).value for lines in product(*options))
        return max(_value(value) for value in values)

    def best(self, number: int) -> tuple[Fraction, Vector]:
        """Return the highest exact score of any choice of at most so many items, and how many of each type give it."""
        if number not in self._best:
            self._best[number] = self._searched(number)
        return self._best[number]

    def _searched(self, number: int) -> tuple[Fraction, Vector]:
        """Search best first: what is taken out first and is complete cannot be exceeded by anything still waiting."""
        order = count()
        waiting: list[tuple[Fraction, int, int, Vector]] = [(Fraction(0), 0, next(order), ())]
        while True:
            bound, _depth, _order, taken = heappop(waiting)
            if len(taken) == len(self.types):
                return -bound, taken
            for more in self._numbers(taken, number - sum(taken)):
                child = (*taken, more)
                heappush(waiting, (-self._bound_of(child, number), -len(child), next(order), child))

    def _numbers(self, taken: Vector, left: int) -> Iterator[int]:
        """Yield how many of the next type may be taken: none while a better type is left, enough to leave none over."""
        here = len(taken)
        room = self.types[here].room
        for better, many in enumerate(taken):
            if here in self.below[better] and many < self.types[better].room:
                room = 0
        other = range(here + 1, len(self.types))
        elsewhere = sum(self.types[later].room for later in other if later not in self.below[here])
        least = min(self.types[here].room, max(0, left - elsewhere))
        yield from range(min(room, left), least - 1, -1)

    def _bound_of(self, taken: Vector, number: int) -> Fraction:
        change = [0] * len(self.moved)
        for kind, many in zip(self.types, taken, strict=False):
            for place, by in enumerate(kind.effect):
                change[place] += many * by
        left, later = number - sum(taken), self.types[len(taken) :]
        low = tuple(by - _most([-kind.effect[place] for kind in later], later, left) for place, by in enumerate(change))
        high = tuple(by + _most([kind.effect[place] for kind in later], later, left) for place, by in enumerate(change))
        return self.bound(low, high)

    def shown(self, number: int) -> Fraction | None:
        """Return the highest score of at most so many items as the scheme ranks it."""
        value = self.best(number)[0]
        if value == _NONE:
            return None
        rounding = self.scheme.rounding
        return value if self.scheme.rank_on is RankOn.EXACT else rounded(value, rounding.digits, rounding.mode)

    def fewest(self, target: Target) -> int:
        """Return the fewest items that reach a target which all of them together reach.

        More items never make the highest score lower, since places may be left free: halving finds the number.
        """
        low, high = 0, self.most
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if target.reached(_value(self.shown(middle))) else (middle + 1, high)
        return low

    def chosen(self, number: int) -> tuple[Closable, ...]:
        """Return the items of the best choice of so many."""
        taken = zip(self.types, self.best(number)[1], strict=True)
        return _in_order([item for kind, many in taken for item in kind.items[:many]])

    def score_with(self, items: Sequence[Closable]) -> Fraction | None:
        """Return the score with these items closed, by the scorer that writes the month's sheets."""
        return ranked_score(self.scheme, closed(self.counts, items))

    def moved_by(self, items: Sequence[Closable]) -> Mapping[str, tuple[int, int]]:
        """Return what the items change of what the scheme reads: {measure: kept before and after}."""
        after, read = closed(self.counts, items), measures(self.scheme)
        return {
            measure: (self.counts[measure][0], after[measure][0])
            for measure in self.moved
            if measure in read and self.counts[measure] != after[measure]
        }


def _value(score: Fraction | None) -> Fraction:
    """Return a score as a number: who has none is below everybody."""
    return _NONE if score is None else score


def _most(effects: Sequence[int], types: Sequence[_Type], left: int) -> int:
    """Return the most that a choice of at most `left` items of these types can add to a count."""
    found = 0
    for effect, kind in sorted(zip(effects, types, strict=True), key=lambda pair: -pair[0]):
        if effect <= 0 or not left:
            break
        many = min(kind.room, left)
        found, left = found + effect * many, left - many
    return found


def _in_order(items: Iterable[Closable]) -> tuple[Closable, ...]:
    """Return items as they are chosen and shown: deadlines that can be kept first, the earliest before, then late ones."""
    return tuple(sorted(items, key=lambda item: (item.kind is Closing.LATE, item.due_us, item.case)))
