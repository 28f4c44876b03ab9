"""A duty matrix laid against its ground: which rows apply, and in which order they are asked.

The order is total and published. Of the rows that apply to a question, the first by these respects answers:

1. tier: owner or contract before trade before territory;
2. place: a row for one site before a row for a type of site before a row for any place;
3. territory: the deeper in the tree the earlier ("*", the whole tree, last);
4. class: the deeper the earlier ("*" last);
5. weekdays: a row for some weekdays before a row for every day;
6. period: the later its first day the earlier (an open begin last).

Rows equal in all six are in conflict where they name different units; the one written first answers, and the answer
says so. A respect weighs only where all earlier ones are equal: a street-wide row for a type of site beats a grid's row
for any place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xiuhua.responsibility.words import ANY, DutyRow, Ground, LostBy, Question, SiteHere, Tier

#: What is compared, in its order; greater numbers lose.
Rank = tuple[int, int, int, int, int, int]
RESPECTS = (LostBy.TIER, LostBy.PLACE, LostBy.TERRITORY, LostBy.CLASS, LostBy.WEEKDAYS, LostBy.PERIOD)
_TIERS = {tier: place for place, tier in enumerate(Tier)}


def line_up(code: str, above: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return `code` and everything above it, nearest first; empty for a code that `above` does not know."""
    line: list[str] = []
    at: str | None = code
    while at is not None and at in above and at not in line:
        line.append(at)
        at = above[at]
    return tuple(line)


def leaves(above: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the codes that have nothing below them, in order."""
    inner = {parent for parent in above.values() if parent is not None}
    return tuple(sorted(code for code in above if code not in inner))


class Matrix:
    """Rows in the order in which they are asked, and what each needs to apply."""

    def __init__(self, rows: Iterable[DutyRow], ground: Ground) -> None:
        self.ground = ground
        ranked = sorted(((self._rank(row), row.line, row.id, row) for row in rows), key=lambda one: one[:3])
        self.rows: Sequence[DutyRow] = tuple(row for *_key, row in ranked)
        #: The rank of each row, in the same order.
        self.ranks: Sequence[Rank] = tuple(rank for rank, *_rest in ranked)

    def _rank(self, row: DutyRow) -> Rank:
        site = 0 if row.site != ANY else 1 if row.site_type != ANY else 2
        deep = 0 if row.territory == ANY else len(line_up(row.territory, self.ground.above))
        fine = 0 if row.case_class == ANY else len(line_up(row.case_class, self.ground.class_above))
        begin = row.valid_from.toordinal() if row.valid_from else 0
        return (_TIERS[row.tier], site, -deep, -fine, 0 if row.weekdays else 1, -begin)

    def applying(self, question: Question) -> list[int]:
        """Return the places of the rows that apply to a question, best first."""
        where = {ANY, *line_up(question.territory, self.ground.above)}
        what = {ANY, *line_up(question.case_class, self.ground.class_above)}
        return [
            place
            for place, row in enumerate(self.rows)
            if row.territory in where
            and row.case_class in what
            and at_site(row, question.sites)
            and on_day(row, question.day)
        ]

    def own_unit(self, territory: str) -> tuple[str, str]:
        """Return (territory, unit) of the nearest territory upward that has a unit of its own, ("", "") if none has."""
        for code in line_up(territory, self.ground.above):
            if unit := self.ground.unit_of.get(code, ""):
                return code, unit
        return "", ""


def at_site(row: DutyRow, sites: Iterable[SiteHere]) -> bool:
    """Return whether one of the sites is what the row asks for; a row for any place asks for none."""
    if row.site != ANY:
        return any(site.code == row.site for site in sites)
    return row.site_type == ANY or any(site.type == row.site_type for site in sites)


def on_day(row: DutyRow, day: date) -> bool:
    """Return whether the row is in force: first day inclusive, last exclusive, on its weekdays."""
    begun = row.valid_from is None or row.valid_from <= day
    over = row.valid_to is not None and row.valid_to <= day
    return begun and not over and (not row.weekdays or day.isoweekday() in row.weekdays)
