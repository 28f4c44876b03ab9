"""`xiuhua bench`: measurements beside their baselines, both made in the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xiuhua.cli.benchlive import crash, intake, listing
from xiuhua.cli.door import command, emit


@click.group()
def bench() -> None:
    """性能测量：与手写的对照同场比较 · Measure ours beside a baseline in the same run."""


def _tell(result: dict[str, Any], *, as_json: bool) -> None:
    emit(result, as_json=as_json, text="\n".join(f"{name}: {value}" for name, value in result.items()))


@bench.command(name="import")
@click.option("--rows", default=60_000, show_default=True, help="行数 / rows")
@click.option("--file", "file", default=None, type=click.Path(path_type=Path, exists=True), help="用这份表 / this file")
@command
def importing(rows: int, file: Path | None, as_json: bool) -> None:
    """导入：每秒行数 · Rows imported per second."""
    from xiuhua.bench.importing import run

    _tell(run(rows=rows, file=file), as_json=as_json)


@bench.command()
@click.option("--rows", default=10_000_000, show_default=True, help="案件数 / cases")
@command
def assess(rows: int, as_json: bool) -> None:
    """考核：从定格的事实到写好的得分单 · From frozen facts to written score sheets."""
    from xiuhua.bench.assess import run

    _tell(run(rows=rows), as_json=as_json)


@bench.command()
@click.option("--rows", default=1_000_000, show_default=True, help="案件数 / cases")
@click.option(
    "--database",
    default="sqlite",
    show_default=True,
    help="sqlite，或可在其上建临时库的 postgresql://… / sqlite, or a server on which a scratch database may be made",
)
@click.option("--part", default=None, hidden=True)
@command
def freeze(rows: int, database: str, part: str | None, as_json: bool) -> None:
    """定格：用时与内存峰值 · Seconds and peak memory of a freeze."""
    from xiuhua.bench import freeze as measured
    from xiuhua.kernel.queries import tenant_named

    if database != "sqlite" and not database.startswith(("postgres://", "postgresql://")):
        raise click.BadParameter(database, param_hint="--database")
    if part:
        emit(measured.part(part, tenant_named(), rows), as_json=as_json, text="")
        return
    _tell(measured.run(rows=rows, url="" if database == "sqlite" else database), as_json=as_json)


@bench.command()
@click.option("--grids", default=160, show_default=True, help="网格数 / grids")
@click.option("--classes", default=200, show_default=True, help="小类数 / sub-classes")
@click.option("--cases", default=1_000_000, show_default=True, help="案件数 / cases")
@command
def duty(grids: int, classes: int, cases: int, as_json: bool) -> None:
    """责任矩阵：全空间检查与批量认定 · Check of the whole space, and answers for many cases."""
    from xiuhua.bench.duty import run

    _tell(run(grids=grids, classes=classes, cases=cases), as_json=as_json)


@bench.command()
@click.option("--points", default=1_000_000, show_default=True, help="点数 / points")
@click.option("--polygons", default=10_000, show_default=True, help="带版本的边界数 / versioned outlines")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1), help="几轮取中位数 / median of runs")
@command
def locate(points: int, polygons: int, runs: int, as_json: bool) -> None:
    """落图：百万点在最细一级的哪里 · Which finest territory holds each of a million points."""
    from xiuhua.bench.locate import run

    _tell(run(points=points, polygons=polygons, runs=runs), as_json=as_json)


@bench.command()
@click.option("--rows", default=10_000_000, show_default=True, help="案件数 / cases")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(min=1), help="几轮取中位数 / median of runs")
@command
def recurrence(rows: int, runs: int, as_json: bool) -> None:
    """复发：哪件跟着哪件，与手写 SQL 比 · What follows what, beside hand-written SQL of the same definition."""
    from xiuhua.bench.recurrence import run

    _tell(run(rows=rows, times=runs), as_json=as_json)


bench.add_command(crash)
bench.add_command(intake)
bench.add_command(listing)
