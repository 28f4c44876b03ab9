"""Denominators and numerators of recurrence over a made-up half year, beside a loop that asks every pair."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from xiuhua.analytics.words import Count, Window
from xiuhua.insight.facts import RECURRENCE, facts_of
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.linking import DAY_US, Span, linked
from xiuhua.insight.rules.points import plane
from xiuhua.kernel.models import Tenant

COUNT, HOUR_US = 5_000, 3_600_000_000


def town() -> dict[str, Any]:
    """Half the cases at sixty gates, half anywhere within two kilometres; three classes, 180 days."""
    dice = np.random.default_rng(20_261_126)
    gates = dice.integers(0, 200_000, (60, 2))
    at_gate, anywhere = gates[dice.integers(0, 60, COUNT)], dice.integers(0, 200_000, (COUNT, 2))
    at = np.where(dice.random((COUNT, 1)) < 0.5, at_gate, anywhere)
    opened = dice.integers(0, 180 * 24, COUNT) * HOUR_US
    closed = np.where(dice.random(COUNT) < 0.8, opened + dice.integers(1, 240, COUNT) * HOUR_US, -1)
    return {
        "number": np.array([f"{n:04}" for n in range(COUNT)]),
        "reported_us": opened,
        "closed_us": closed,
        "sub_class": dice.integers(0, 3, COUNT).astype(str),
        "lon_e7": 1_215_000_000 + at[:, 0],
        "lat_e7": 312_000_000 + at[:, 1],
    }


def by_pairs(cases: dict[str, Any], radius_cm: int, span: Span) -> dict[str, tuple[int, int]]:
    """Ask every report which closing it follows, and every closing whether its days are over and whether it was followed."""
    x, y, _far = plane(cases["lon_e7"], cases["lat_e7"])
    opened, closed, kind = cases["reported_us"], cases["closed_us"], cases["sub_class"]
    ended = (closed >= 0) & (closed <= span.end)
    followed = np.zeros(len(x), np.bool_)
    for j in np.flatnonzero((opened > span.a - span.within) & (opened <= span.end)):
        far, gap = (x - x[j]) ** 2 + (y - y[j]) ** 2, opened[j] - closed
        found = np.flatnonzero(ended & (kind == kind[j]) & (far <= radius_cm**2) & (gap > 0) & (gap <= span.within))
        if len(found):
            followed[min(found, key=lambda i: (-closed[i], far[i], i))] = True
    until = closed + span.within
    bases = {"recurred": ended & (until > span.a) & (until <= span.end), "running": ended & (until > span.end)}
    kept = {"recurred": bases["recurred"] & followed, "running": bases["running"]}
    return {name: (int(kept[name].sum()), int(base.sum())) for name, base in bases.items()}


def test_counts_when_a_town_has_five_thousand_cases_then_equal_every_pair_asked() -> None:
    settings = settings_of(Tenant(code="street"), date(2026, 10, 1))
    # cut off five days before the end of a month of thirty: what is reported later is not known
    span = Span.of(120 * DAY_US, 150 * DAY_US, 145 * DAY_US, settings.days)
    made = town()
    cases = {name: column[made["reported_us"] <= span.end] for name, column in made.items()}
    texts = {
        name: pa.array([""] * len(cases["number"])) for name in ("undetermined", "territory", "body", "main_class")
    }
    closed = pa.array(cases["closed_us"], mask=cases["closed_us"] < 0)
    table = pa.table({**cases, "closed_us": closed, **texts})
    none = pa.nulls(table.num_rows, pa.string())
    facts = ibis.memtable(facts_of(table, linked(table, span, settings), span, (none, none)))
    window = Window(span.a, span.b, span.end)
    counted: dict[str, tuple[int, ...]] = {}
    for name in ("recurred", "running"):
        measure = RECURRENCE.measures[name]
        assert isinstance(measure, Count)
        base = measure.of(facts, window)
        sums = facts.aggregate(kept=facts.count(where=base & measure.kept(facts, window)), of=facts.count(where=base))
        counted[name] = tuple(sums.to_pyarrow().to_pylist()[0].values())
    assert counted == by_pairs(cases, settings.radius_m * 100, span)
    assert 100 < counted["recurred"][0] < counted["recurred"][1]
    assert counted["running"][0] > 100
