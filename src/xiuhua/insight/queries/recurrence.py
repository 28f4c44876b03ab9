"""Named reads of recurrence in frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import SnapshotTables, Tally, by_column, grouped, open_snapshot, tallied, window_of
from xiuhua.analytics.words import MonthBy, Part, Where, Window
from xiuhua.insight.facts import MEASURES, NAME, RECURRENCE, RUNNING_TOO
from xiuhua.insight.rules.holding import holding
from xiuhua.insight.rules.linking import DAY_US
from xiuhua.insight.rules.named import OFFICE
from xiuhua.insight.words import Holding, LeftOut, Place, Watch


def frozen_with_recurrence(snapshot: Snapshot) -> bool:
    """Return whether the snapshot was frozen with facts of recurrence: older ones know nothing of it. No query."""
    return NAME in snapshot.rows


def recurrence_window(snapshot: Snapshot) -> Window:
    """Return the window under which the lists behind recurrence are read: a month is that of the report."""
    return window_of(snapshot, month_by=MonthBy.REPORTED)


def recurrence_counts(
    snapshot: Snapshot, by: str | None, *, measure: str = "recurred"
) -> dict[str | None, tuple[int, int]]:
    """Return {subject: (kept, of)} of a measure of recurrence: "recurred", "repeats", "clustered" or one of those left out.

    None is who has no subject; by=None gives the total under "". Older snapshots give (0, 0). Raises LevelUnknown.
    """
    window = recurrence_window(snapshot)
    counts = grouped(snapshot, fact=NAME, measures=[measure], by=by, window=window)
    return {subject: pairs[measure] for subject, pairs in counts.items()}


def recurrence_tally(snapshot: Snapshot, by: str) -> Tally:
    """Return all measures of recurrence by subject and in total, with the names, in one pass. Raises LevelUnknown."""
    return tallied(snapshot, fact=NAME, measures=MEASURES, by=by, window=recurrence_window(snapshot))


def watch_of(snapshot: Snapshot, by: str) -> dict[str, Watch]:
    """Return what became of the closings of each subject and, under "", of the office; {} for an older snapshot.

    A closing counts in the month in which its D days end, and only then. Raises LevelUnknown.
    """
    rule = rule_of(snapshot)
    if not rule:
        return {}
    known, counted = rule.get("running") == RUNNING_TOO, recurrence_tally(snapshot, by)
    subjects = {code: pairs for code, pairs in counted.groups.items() if code}
    held = _holdings(snapshot, by, int(rule["days"]) * DAY_US) if known else {}
    return {
        code: Watch(*pairs["recurred"], pairs["running"][0] if known else None, held.get(code))
        for code, pairs in {OFFICE: counted.total, **subjects}.items()
    }


def _holdings(snapshot: Snapshot, by: str, within: int) -> dict[str, Holding]:
    """Return how long the closings hold that are watched at some time of the month: of each subject, and of the office."""
    window = recurrence_window(snapshot)
    end = min(window.b_us, window.as_of_us)
    with open_snapshot(snapshot) as tables:
        table = tables[NAME]
        closings = table.filter((table.left_out == "") & (table.watched_us > window.a_us) & (table.closed_us <= end))
        later = table.select(follower=table.number, again_us=table.reported_us)
        joined = closings.left_join(later, closings.followed_by == later.follower)
        placed = engine.placed(tables, RECURRENCE, by, joined).select("subject", "closed_us", "again_us")
        rows = tables.engine.to_pyarrow(placed).to_pylist()
    times: dict[str, list[tuple[int, bool]]] = {}
    for row in rows:
        again, closed = row["again_us"], row["closed_us"]
        one = (min(within, end - closed), False) if again is None else (again - closed, True)
        for code in {OFFICE, row["subject"] or OFFICE}:
            times.setdefault(code, []).append(one)
    return {code: holding(some, within) for code, some in times.items()}


def left_out(snapshot: Snapshot, *, measure: str = "left_out") -> dict[LeftOut, int]:
    """Return how many cases of the month (or, with "closings_left_out", closings) were left out, by reason."""
    where = Where(measure, Part.KEPT)
    found = by_column(snapshot, fact=NAME, where=where, column="left_out", window=recurrence_window(snapshot))
    return {LeftOut(reason): count for reason, count in found.items()}


def rule_of(snapshot: Snapshot) -> dict[str, str]:
    """Return the parameters under which the recurrences of a snapshot were found, {} for an older one.

    Keys: code, version, radius_m, days, cluster_least, shared_least, shared_classes.
    """
    with open_snapshot(snapshot) as tables:
        rows: list[dict[str, str]] = tables.engine.to_pyarrow(tables["recurrence_rule"]).to_pylist()
    return rows[0] if rows else {}


def recurrent_places(snapshot: Snapshot, *, by: str) -> tuple[Place, ...]:
    """Return the places where problems came back in the month, most often first, then by class and first case.

    A place is a chain of cases of which each follows the closing of one before it; together their `times` are the cases that
    "repeats" keeps. It belongs to the subject of its last case under `by`, each case to its own. It is called by the site it lies at, else by its
    territory; never by an address. Older snapshots give (). Raises LevelUnknown.
    """
    recurrence_counts(snapshot, by, measure="repeats")  # refuses an unknown level
    with open_snapshot(snapshot) as tables:
        rows, called = _linked_rows(tables, by), _territories(tables)
    window = recurrence_window(snapshot)
    again = {row["number"] for row in rows.values() if row["follows"] and _in_month(row, window)}
    places = [_place(chain, again, called) for chain in _chains(rows, again)]
    return tuple(sorted(places, key=lambda one: (-one.times, one.class_name, one.cases)))


def _in_month(row: Mapping[str, Any], window: Window) -> bool:
    return bool(window.a_us <= row["reported_us"] < window.b_us)


def _linked_rows(tables: SnapshotTables, by: str) -> dict[str, dict[str, Any]]:
    table = tables[NAME]
    table = table.filter(table.follows.notnull() | table.followed_by.notnull())
    placed = engine.placed(tables, RECURRENCE, by, table).order_by("number")
    return {row["number"]: row for row in tables.engine.to_pyarrow(placed).to_pylist()}


def _territories(tables: SnapshotTables) -> dict[str, str]:
    table = tables["territory"].select("code", "name").distinct()
    return {row["code"]: row["name"] for row in tables.engine.to_pyarrow(table).to_pylist()}


def _chains(rows: Mapping[str, dict[str, Any]], again: Iterable[str]) -> list[list[dict[str, Any]]]:
    """Return the rows that hang together by the links of the month's cases."""
    above: dict[str, str] = {}

    def top(number: str) -> str:
        while (up := above.setdefault(number, number)) != number:
            above[number] = above[up]
            number = up
        return number

    for number in sorted(again):
        above[top(number)] = top(rows[number]["follows"])
    chains: dict[str, list[dict[str, Any]]] = {}
    for number in sorted(above):
        chains.setdefault(top(number), []).append(rows[number])
    return list(chains.values())


def _place(chain: list[dict[str, Any]], again: set[str], called: Mapping[str, str]) -> Place:
    chain = sorted(chain, key=lambda row: (row["reported_us"], row["number"]))
    last = chain[-1]
    site = next((row["site_name"] for row in reversed(chain) if row["site_name"]), None)
    return Place(
        class_name=last["sub_class"] or last["main_class"],
        subject=last["subject"],
        times=sum(row["number"] in again for row in chain),
        cases=tuple(row["number"] for row in chain),
        subjects=tuple(row["subject"] for row in chain),
        where_text="，".join(filter(None, (called.get(last["territory"] or ""), site))),
        lon_e7=last["lon_e7"],
        lat_e7=last["lat_e7"],
    )
