"""What the packs of an office would say about the rows of a file, as an import would have it written; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xiuhua.cases.queries import RuleBook, Ruled
from xiuhua.cases.words import Cause
from xiuhua.exchange.actions.mirroring import pair_of, to_rule
from xiuhua.exchange.actions.placing import Placed
from xiuhua.exchange.health.office import class_keys, unit_keys
from xiuhua.exchange.words import Mapping, Parsed
from xiuhua.exchange.words.health import Mark, said
from xiuhua.kernel.models import Tenant
from xiuhua.taxonomy.queries import ConditionBook


class Judge:
    """Rules on rows without cases: load it once per file."""

    def __init__(self, tenant: Tenant, mapping: Mapping, book: RuleBook, conditions: ConditionBook) -> None:
        self.book, self.conditions = book, conditions
        self._column = dict(mapping.columns)
        self._classes, self._units = class_keys(tenant, mapping.code), unit_keys(tenant)
        self._known: dict[tuple[tuple[str, str], str, date], bool] = {}

    def judge(self, rows: Sequence[Parsed], places: Sequence[Placed]) -> list[list[Mark]]:
        """Return the marks of each row: class unknown to the standard, verdict, deadline or unit not as the packs say."""
        ruled = self._ruled(rows, places)
        return [[*self._class(row), *self._differences(row, one)] for row, one in zip(rows, ruled, strict=True)]

    def _ruled(self, rows: Sequence[Parsed], places: Sequence[Placed]) -> Sequence[Ruled | None]:
        if self.book.empty:
            return [None] * len(rows)
        zone = self.book.zone
        return self.book.rule(
            [
                to_rule(at, row, placed, self._class_of(row), zone)
                for at, (row, placed) in enumerate(zip(rows, places, strict=True))
            ]
        )

    def _class_of(self, row: Parsed) -> int | None:
        """Return the key of a row's class, 0 for one that is new, None if it names none."""
        pair = pair_of(row)
        return self._classes.get(pair, 0) if pair[0] else None

    def _class(self, row: Parsed) -> Iterator[Mark]:
        pair = pair_of(row)
        if not self.conditions.scheme or not pair[0]:
            return
        key = (pair, row.condition, row.day)
        if key not in self._known:
            self._known[key] = self.conditions.find(pair, row.condition or None, row.day) is not None
        if not self._known[key]:
            column = self._column.get("sub_class") or self._column["main_class"]
            yield said("unknown.class", column, text="/".join(filter(None, pair)))

    def _differences(self, row: Parsed, ruled: Ruled | None) -> Iterator[Mark]:
        if ruled is None:
            return
        if ruled.verdict_cause:
            yield said("verdict.differs", self._column.get("verdict", ""), cause=ruled.verdict_cause)
        if ruled.due_cause not in {"", Cause.SAME.value}:
            yield said("deadline.differs", self._column.get("due_at", ""), cause=ruled.due_cause)
        unit = self._units.get(row.body)
        if unit is not None and ruled.body_id is not None and ruled.body_id != unit:
            yield said("unit.differs", self._column["body"])
