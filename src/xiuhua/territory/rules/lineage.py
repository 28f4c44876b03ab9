"""Who became whom: following links between territories through the years, and units that can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import ComparableArea, Link, Lived


def alive(one: Lived, day: date) -> bool:
    """Return whether a territory is in force on `day` (first days inclusive, last exclusive)."""
    return any(starts(begin) <= day and (end is None or day < end) for begin, end in one.spans)


def steps_forward(links: Iterable[Link], start: int, day: date, lives: Callable[[int], bool]) -> dict[int, list[Link]]:
    """Return the territories in force on `day` that `start` became, each with its line of links from `start`.

    A territory in force on that day stands for itself (an empty line) unless part of its ground went to others by then.
    """
    away = _by(links, lambda link: link.predecessor)
    return _walk(
        start,
        lives,
        lambda at, last: [(link.successor, link) for link in away.get(at, ()) if (last or date.min) <= link.day <= day],
    )


def steps_back(links: Iterable[Link], start: int, day: date, lives: Callable[[int], bool]) -> dict[int, list[Link]]:
    """Return the territories in force on `day` that `start` came from, each with its line of links, newest first."""
    whence = _by(links, lambda link: link.successor)
    return _walk(
        start,
        lives,
        lambda at, last: [
            (link.predecessor, link) for link in whence.get(at, ()) if day < link.day <= (last or date.max)
        ],
    )


def _by(links: Iterable[Link], key: Callable[[Link], int]) -> dict[int, list[Link]]:
    found: defaultdict[int, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda one: (one.day, one.predecessor, one.successor)):
        if link.predecessor != link.successor:
            found[key(link)].append(link)
    return found


def _walk(
    start: int, lives: Callable[[int], bool], onward: Callable[[int, date | None], list[tuple[int, Link]]]
) -> dict[int, list[Link]]:
    """Return who lives, reached from `start` by links; `onward` says where they lead after the day of the last one."""
    found: dict[int, list[Link]] = {}
    waiting: list[tuple[int, list[Link]]] = [(start, [])]
    seen: set[tuple[int, date]] = set()
    while waiting:
        at, line = waiting.pop(0)
        if lives(at):
            found.setdefault(at, line)
        for following, link in onward(at, line[-1].day if line else None):
            if (following, link.day) not in seen:
                seen.add((following, link.day))
                waiting.append((following, [*line, link]))
    return found


def circle(links: Iterable[Link]) -> tuple[int, ...]:
    """Return the territories of a circle of links within one day, first to last; empty if there is none.

    A code may be given back years later; within one day nobody can pass into what passes into it.
    """
    days: defaultdict[date, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        if link.predecessor != link.successor:
            days[link.day][link.predecessor].append(link.successor)
    for ahead in days.values():
        for start in list(ahead):
            line = _path(ahead, start, start)
            if line:
                return line
    return ()


def _path(ahead: dict[int, list[int]], start: int, goal: int) -> tuple[int, ...]:
    waiting: list[tuple[int, tuple[int, ...]]] = [(start, (start,))]
    seen = set()
    while waiting:
        at, line = waiting.pop()
        for following in ahead.get(at, ()):
            if following == goal:
                return line
            if following not in seen:
                seen.add(following)
                waiting.append((following, (*line, following)))
    return ()


def comparable(lived: Sequence[Lived], links: Sequence[Link], before: date, after: date) -> tuple[ComparableArea, ...]:
    """Return the smallest grounds made of whole units on both days, by their first code.

    Units of either day belong together if one became the other, or if both touch a third. A unit without a link that
    exists on one day only stands alone as gone or new.
    """
    codes = {one.territory_id: one.code for one in lived}
    then = [one.territory_id for one in lived if alive(one, before)]
    now = {one.territory_id for one in lived if alive(one, after)}
    window = [link for link in links if before < link.day <= after]
    groups = _Groups()
    for one in then:
        groups.join((one, 0), (one, 0))
        for end in steps_forward(window, one, after, now.__contains__):
            groups.join((one, 0), (end, 1))
    for one in now:
        groups.join((one, 1), (one, 1))
    areas = []
    for members in groups.all():
        old = tuple(sorted(codes[one] for one, side in members if side == 0))
        new = tuple(sorted(codes[one] for one, side in members if side == 1))
        areas.append(ComparableArea(old, new, _how(old, new)))
    return tuple(sorted(areas, key=lambda area: (area.before or area.after, area.after)))


def _how(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    if not old or not new:
        return "new" if new else "gone"
    if len(old) == len(new) == 1:
        return "same" if old == new else "code_change"
    if len(new) == 1:
        return "merge"
    return "split" if len(old) == 1 else "regrouped"


class _Groups:
    """Sets that grow together."""

    def __init__(self) -> None:
        self._of: dict[tuple[int, int], set[tuple[int, int]]] = {}

    def join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        """Put both into one group."""
        mine, theirs = self._of.setdefault(one, {one}), self._of.setdefault(other, {other})
        if mine is not theirs:
            mine |= theirs
            for member in theirs:
                self._of[member] = mine

    def all(self) -> Collection[set[tuple[int, int]]]:
        """Return every group once."""
        return {id(group): group for group in self._of.values()}.values()
