"""A duty matrix checked over its whole space and asked for many cases, beside one question at a time.

The baseline is `resolve`, the readable rule for a single question, on a sample of the same cells and cases,
extrapolated to their number. The answers of the sample must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from xiuhua.responsibility.rules.duty import Matrix, resolve
from xiuhua.responsibility.rules.duty.checking import check, places_in
from xiuhua.responsibility.rules.duty.many import Questions, resolve_many
from xiuhua.responsibility.rules.duty.matrix import leaves
from xiuhua.responsibility.rules.duty.space import Place
from xiuhua.responsibility.words import DutyRow, Ground, Question, SiteHere, Tier

COMMUNITIES, MAINS, TYPES, SITES = 12, 16, 20, 720
FIRST, DAYS = date(2028, 1, 1), 366
#: Cells and cases that the baseline answers one by one.
SAMPLE = 2000
SEED = 22


@dataclass(frozen=True, slots=True)
class Setting:
    """A made-up matrix with what it is read against."""

    matrix: Matrix
    sites: tuple[tuple[SiteHere, str], ...]
    places: tuple[Place, ...]
    classes: tuple[str, ...]


def setting(grids: int, classes: int, *, with_sites: bool) -> Setting:
    """Return a street's matrix: owners by site, trades by class, a community's office for the rest; some of it dated."""
    above: dict[str, str | None] = {"S": None} | {f"C{i:02d}": "S" for i in range(COMMUNITIES)}
    above |= {f"G{i:03d}": f"C{i % COMMUNITIES:02d}" for i in range(grids)}
    class_above: dict[str, str | None] = {f"M{i:02d}": None for i in range(MAINS)}
    class_above |= {f"K{i:03d}": f"M{i % MAINS:02d}" for i in range(classes)}
    sites = tuple(
        (SiteHere(f"P{i % TYPES:02d}-{i:03d}", f"P{i % TYPES:02d}"), f"G{i * 7 % grids:03d}") for i in range(SITES)
    )
    matrix = Matrix(_rows(grids, classes), Ground(above, class_above, {"S": "office"}))
    return Setting(matrix, sites, places_in(matrix, sites if with_sites else ()), leaves(class_above))


def _rows(grids: int, classes: int) -> list[DutyRow]:
    made: list[dict[str, Any]] = []
    made += [{"tier": Tier.OWNER, "unit": f"owner {i}", "site": f"P{i % TYPES:02d}-{i:03d}"} for i in range(0, 80, 2)]
    made += [
        {"tier": Tier.OWNER, "unit": f"type {i}", "site_type": f"P{i:02d}", "case_class": f"M{i % MAINS:02d}"}
        for i in range(8)
    ]
    made += [{"tier": Tier.TRADE, "unit": f"trade {i % 20}", "case_class": f"K{i:03d}"} for i in range(0, classes, 2)]
    made += [
        {"tier": Tier.TRADE, "unit": f"weekend {i % 5}", "case_class": f"K{i:03d}", "weekdays": frozenset({6, 7})}
        for i in range(0, classes, 10)
    ]
    made += [
        {"tier": Tier.TRADE, "unit": f"from {i}", "case_class": f"M{i:02d}", "valid_from": FIRST + timedelta(20 * i)}
        for i in range(MAINS)
    ]
    made += [
        {"tier": Tier.TERRITORY, "unit": f"community {i}", "territory": f"C{i:02d}"} for i in range(1, COMMUNITIES)
    ]
    made += [
        {"tier": Tier.TERRITORY, "unit": f"grid {i}", "territory": f"G{i:03d}", "case_class": f"K{i % classes:03d}"}
        for i in range(grids)
    ]
    made += [
        {"tier": Tier.TERRITORY, "unit": f"other {i}", "territory": f"G{i:03d}", "case_class": f"K{i % classes:03d}"}
        for i in range(0, grids, 16)
    ]
    return [DutyRow(id=f"bench@1:{line}", line=line, **one) for line, one in enumerate(made, start=2)]


def run(*, grids: int, classes: int, cases: int, times: int = 3) -> dict[str, Any]:
    """Measure check and bulk answers, `times` each, and the baseline once; returns medians in seconds.

    Raises AssertionError where the two roads disagree on the sample.
    """
    plain, rich = (setting(grids, classes, with_sites=sites) for sites in (False, True))
    end = FIRST + timedelta(DAYS)
    taken: dict[str, list[float]] = {"check": [], "check_with_sites": [], "cases": []}
    asked = _questions(rich, cases)
    for _turn in range(times):
        for name, ground in (("check", plain), ("check_with_sites", rich)):
            began = perf_counter()
            found = check(ground.matrix, ground.places, ground.classes, FIRST, end)
            taken[name].append(perf_counter() - began)
        began = perf_counter()
        answers = resolve_many(rich.matrix, asked)
        taken["cases"].append(perf_counter() - began)
    each = _one_by_one(rich, asked, [answers.units[unit] for unit in answers.unit[:SAMPLE]])
    cells = grids * classes * DAYS
    checked, answered = median(taken["check"]), median(taken["cases"])
    return {
        "name": "duty",
        "unit": "s",
        "ours": {name: round(median(turns), 3) for name, turns in taken.items()},
        "baseline": {"check": round(each * cells, 1), "cases": round(each * cases, 1)},
        "baseline_is": f"resolve() one by one on {SAMPLE} cases, extrapolated",
        "ratio": {"check": round(checked / (each * cells), 6), "cases": round(answered / (each * cases), 6)},
        "rows": len(rich.matrix.rows),
        "cells": cells,
        "cells_with_sites": found.cells,
        "cases": cases,
        "times": {name: [round(one, 3) for one in turns] for name, turns in taken.items()},
    }


def _questions(ground: Setting, cases: int) -> Questions:
    """Return random cases: a third of them in one or two sites, spread over a year of days."""
    draws = np.random.default_rng(SEED)
    sets: list[tuple[SiteHere, ...]] = [(), *((site,) for site, _where in ground.sites)]
    sets += [tuple(sorted((ground.sites[i][0], ground.sites[i * 5 % SITES][0]))) for i in range(0, SITES, 3)]
    territories = leaves(ground.matrix.ground.above)
    site_set = np.where(draws.random(cases) < 1 / 3, draws.integers(1, len(sets), cases), 0)
    return Questions(
        territories=territories,
        site_sets=sets,
        classes=ground.classes,
        territory=draws.integers(0, len(territories), cases),
        site_set=site_set,
        case_class=draws.integers(0, len(ground.classes), cases),
        day=np.datetime64(FIRST, "D") + draws.integers(0, DAYS, cases),
    )


def _one_by_one(ground: Setting, asked: Questions, expected: list[str]) -> float:
    """Return the seconds one question takes by itself; raises AssertionError where the answers differ."""
    questions = [
        Question(
            asked.territories[asked.territory[i]],
            asked.classes[asked.case_class[i]],
            asked.day[i].item(),
            asked.site_sets[asked.site_set[i]],
        )
        for i in range(len(expected))
    ]
    began = perf_counter()
    units = [resolve(ground.matrix, question).unit for question in questions]
    taken = perf_counter() - began
    if units != expected:
        raise AssertionError([pair for pair in zip(units, expected, strict=True) if pair[0] != pair[1]][:5])
    return taken / max(len(questions), 1)
