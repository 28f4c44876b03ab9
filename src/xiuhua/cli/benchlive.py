"""`xiuhua bench crash|intake|list`: measurements of the living case, each with a server and a database of its own."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from xiuhua.cli.door import command, emit

SCRATCH = click.option(
    "--database",
    default=lambda: os.environ.get("DATABASE_URL", ""),
    help="sqlite，或可在其上建临时库的 postgresql://…；缺省按 DATABASE_URL / sqlite, or a server for a scratch database",
)


def _server(database: str) -> str:
    """Return the address of the PostgreSQL server to use, "" for a SQLite file."""
    return database if database.startswith(("postgres://", "postgresql://")) else ""


def _tell(result: dict[str, Any], *, as_json: bool) -> None:
    emit(result, as_json=as_json, text="\n".join(f"{name}: {value}" for name, value in result.items()))


@click.command()
@click.option("--kills", default=200, show_default=True, type=click.IntRange(min=0), help="杀几次 / kills")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(min=1), help="客户端数 / clients")
@click.option("--seed", default=1, show_default=True, help="随机种子 / seed")
@click.option(
    "--postmaster", is_flag=True, help="自带 PostgreSQL，也杀它 / bring a PostgreSQL of its own and kill it too"
)
@click.option("--points", default=0, show_default=True, help="在每个失效点各杀几次 / kills at each failpoint")
@click.option("--faulty", default="", type=click.Choice(["", "early-ack"]), hidden=True)
@SCRATCH
@command
def crash(
    *,
    kills: int,
    clients: int,
    seed: int,
    postmaster: bool,
    points: int,
    faulty: str,
    database: str,
    as_json: bool,
) -> None:
    """断电式反复杀进程：已确认的一件不丢、一件不重 · Kill it again and again: nothing acknowledged is lost or doubled."""
    from xiuhua.bench.crash import Order, clean, run
    from xiuhua.bench.stand import Blind

    order = Order(kills, clients, seed, _server(database), postmaster, faulty, points)
    try:
        found = run(order)
    except Blind as blind:  # nothing is known, and that is a failure
        emit({"name": "crash", "blind": str(blind)}, as_json=as_json, text=str(blind))
        sys.exit(1)
    _tell(found, as_json=as_json)
    if not clean(found):
        sys.exit(1)


@click.command()
@click.option("--clients", default=(1, 8, 32), show_default=True, multiple=True, help="客户端数 / clients")
@click.option("--seconds", default=10.0, show_default=True, help="每项几秒 / seconds of each")
@SCRATCH
@command
def intake(*, clients: tuple[int, ...], seconds: float, database: str, as_json: bool) -> None:
    """收件：每秒几件，与只插一行的同场比较 · Reports taken per second, beside a bare insert."""
    from xiuhua.bench.intake import run

    _tell(run(clients=clients, seconds=seconds, url=_server(database)), as_json=as_json)


@click.command(name="list")
@click.option("--cases", default=1_000_000, show_default=True, help="案件数 / cases")
@click.option("--times", default=20, show_default=True, help="每页几次 / times each page")
@SCRATCH
@command
def listing(*, cases: int, times: int, database: str, as_json: bool) -> None:
    """列表：百万案件里翻页和筛选 · Pages and filters of a list of many cases."""
    from xiuhua.bench.listing import run

    _tell(run(cases=cases, times=times, url=_server(database)), as_json=as_json)
