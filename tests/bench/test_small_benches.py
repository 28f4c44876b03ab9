"""The measurements run: each small, so that a change of facts or tables cannot leave one behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiuhua.bench import assess, freeze, importing, recurrence


def test_bench_of_assessments_counts_the_same_on_both_roads() -> None:
    measured = assess.run(rows=20_000, times=1)
    assert (measured["rows"], measured["ratio"] > 0) == (20_000, True)


def test_bench_of_recurrence_finds_the_same_on_both_roads() -> None:
    measured = recurrence.run(rows=20_000, times=1)
    assert (measured["rows"], measured["following"] > 1_000) == (20_000, True)


def test_bench_of_freezes_takes_up_every_case_of_the_month(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(freeze.__file__).parents[2]))
    measured = freeze.run(rows=500)
    assert (measured["database"], measured["rows"] > 0) == ("sqlite", True)


def test_bench_of_imports_brings_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(importing.__file__).parents[2]))
    measured = importing.run(rows=400, file=None)
    assert (measured["rows"], measured["ours"] > 0) == (400, True)
