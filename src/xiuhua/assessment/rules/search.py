"""The highest score of any choice of so many closings, exactly (docs/scoring.md 8.2).

Open cases with the same effect on the measures a scheme reads are of one type, so that only their numbers matter. A type
dominates another if each of its effects is at least as good in every line; whoever closes one of the lesser type while one
of the better is left could swap them and lose nothing. So only choices that exhaust better types first are searched.
With the measures there are, closing on time dominates closing late and the search is a walk along one line. Where types
cannot be compared there are two ways. If lines that several types move are straight and those that one type moves bend only
downwards, the gain of each type never grows and taking the largest gain first is exact (Fox 1966; with all lines straight it is
constant). Otherwise (bands, steps, floors) best first search with the bound "every line gets whatever suits it best". A greedy
choice is never taken for the best where it need not be: docs/scoring.md 8.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, pairwise, product

from xiuhua.assessment.rules.closings import in_order, signs_of, wanted
from xiuhua.assessment.rules.lines import line, measures_of
from xiuhua.assessment.rules.rounding import rounded
from xiuhua.assessment.rules.totals import total
from xiuhua.assessment.words import (
    Carry,
    Closable,
    Counts,
    Indicator,
    Line,
    PerExposure,
    RankOn,
    RoundingStage,
    Scheme,
    Target,
)

#: A score below any: that of who has none.
NONE = Fraction(-1)
Vector = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Type:
    """Items with one effect on the measures that matter, in the order in which they are chosen; none is a place left free."""

    effect: Vector
    room: int
    items: tuple[Closable, ...]


@dataclass(frozen=True)
class Search:
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
        found = signs_of(self.scheme)
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
        made = [_Type(effect, len(those), in_order(those)) for effect, those in found.items()]
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
            good = wanted(each.formula)
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
        return max(worth(value) for value in values)

    def best(self, number: int) -> tuple[Fraction, Vector]:
        """Return the highest exact score of any choice of at most so many items, and how many of each type give it."""
        if self._greedy is not None:
            return self._greedy[min(number, len(self._greedy) - 1)]
        if number not in self._best:
            self._best[number] = self._searched(number)
        return self._best[number]

    @cached_property
    def _greedy(self) -> tuple[tuple[Fraction, Vector], ...] | None:
        """Return the best choices of 0, 1, 2 … items up to where nothing gains any more; None where greed may be wrong."""
        if self._comparable() or not all(self._bends_down(number) for number in range(len(self.formulas))):
            return None
        taken: Vector = (0,) * len(self.types)
        path = [(self._bound_of(taken, 0), taken)]
        while True:
            nexts = [
                tuple(many + (place == here) for place, many in enumerate(taken))
                for here, kind in enumerate(self.types)
                if kind.items and taken[here] < kind.room
            ]
            score, taken = max(
                ((self._bound_of(one, 0), one) for one in nexts), default=path[-1], key=lambda pair: pair[0]
            )
            if score <= path[-1][0]:
                return tuple(path)
            path.append((score, taken))

    def _comparable(self) -> bool:
        """Return whether of any two types one dominates the other, so that there is only one way to walk."""
        return all(len(self.below[here]) == len(self.types) - here - 1 for here in range(len(self.types)))

    def _bends_down(self, number: int) -> bool:
        """Return whether a line's points are a straight line of its count, or bend only downwards with one type moving it.

        Then the exact total is a sum of one function for each type, whose steps never grow.
        """
        rounding, places, formula = self.scheme.rounding, self.readers[number], self.formulas[number].formula
        if rounding.carry is Carry.PRINTED and rounding.stage is not RoundingStage.TOTAL:
            return False
        if not places:
            return True
        if len(places) > 1 or (isinstance(formula, PerExposure) and self.moved[places[0]] == formula.base):
            return False
        effects = [kind.effect[places[0]] * kind.room for kind in self.types if kind.effect[places[0]]]
        low, high = (sum(by for by in effects if by * sign > 0) for sign in (-1, 1))
        points = [self.line_at(number, (by,)).points for by in range(low, high + 1)]
        known = [each for each in points if each is not None]
        bends = [later - step for step, later in pairwise(b - a for a, b in pairwise(known))]
        return len(known) == len(points) and all(bend == 0 if len(effects) > 1 else bend <= 0 for bend in bends)

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
        if value == NONE:
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
            low, high = (low, middle) if target.reached(worth(self.shown(middle))) else (middle + 1, high)
        return low

    def chosen(self, number: int) -> tuple[Closable, ...]:
        """Return the items of the best choice of so many."""
        taken = zip(self.types, self.best(number)[1], strict=True)
        return in_order([item for kind, many in taken for item in kind.items[:many]])


def worth(score: Fraction | None) -> Fraction:
    """Return a score as a number: who has none is below everybody."""
    return NONE if score is None else score


def _most(effects: Sequence[int], types: Sequence[_Type], left: int) -> int:
    """Return the most that a choice of at most `left` items of these types can add to a count."""
    found = 0
    for effect, kind in sorted(zip(effects, types, strict=True), key=lambda pair: -pair[0]):
        if effect <= 0 or not left:
            break
        many = min(kind.room, left)
        found, left = found + effect * many, left - many
    return found
