"""Options by which a person declares what no file can say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def declared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that declare what no file can say."""
    orders = click.Choice(["ymd", "mdy", "dmy"])
    options = (
        click.option("--crs", default=None, help="坐标系 / system of its coordinates: wgs84 gcj02 bd09 bd09mc …"),
        click.option("--central-meridian", type=float, default=None, help="高斯坐标的中央经线 / of Gauss–Krüger"),
        click.option("--zone-number", type=int, default=None, help="三度带带号 / number of its zone of three degrees"),
        click.option("--zone", default=None, help="时区 / zone of its clock: Asia/Shanghai"),
        click.option("--date-order", type=orders, default=None, help="年月日次序 / order of its dates"),
        click.option("--day", default=None, help="“天”指 work_day 还是 natural_day / what 天 means"),
        click.option("--hour", default=None, help="“小时”指 work_hour 还是 urgent_hour / what 小时 means"),
    )
    for option in reversed(options):
        function = option(function)
    return function
