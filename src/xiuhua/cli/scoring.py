"""What the commands of a month's score share: which month of which office under which scheme, and how they say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from xiuhua.assessment.words import AssessmentView, Scheme, SubjectView
    from xiuhua.kernel.models import Tenant

#: Help of the option for the scheme: any file will do, or only what the office's packs have.
SCHEME = "方案名或 TOML 文件，默认按单位设置 / a scheme's name, or a file; default: the office's"
NAMED = "方案名，默认按单位设置 / a scheme's name; default: the office's"
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def choices(as_of: str = "", *, scheme: str = SCHEME) -> Decorator:
    """Return what adds the options scheme, level, attribution and office, and the cut-off where it has this help."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorate in reversed(_options(as_of, scheme)):
            function = decorate(function)
        return function

    return decorated


def _options(as_of: str, scheme: str) -> list[Decorator]:
    found: list[Decorator] = [
        click.option("--scheme", default=None, help=scheme),
        click.option(
            "--by", "by", default=None, help="层级或 unit，默认按单位设置 / a level, or unit; default: the office's"
        ),
        click.option(
            "--month-by",
            type=click.Choice(["due", "reported"]),
            default="due",
            show_default=True,
            help="按期限或上报时间归月 / what decides a case's month",
        ),
        click.option("--tenant", default=None, help="单位代码 / code of the office"),
    ]
    return [*found[:3], click.option("--as-of", "as_of", default=None, help=as_of), *found[3:]] if as_of else found


def rules_of(office: Tenant, name: str | None) -> Scheme:
    """Return the scheme of a name or a file, the office's own without one. Raises what reading it raises."""
    from pathlib import Path

    from xiuhua.assessment.queries import default_scheme, scheme_at, scheme_named

    name = name or default_scheme(office)
    path = Path(name)
    return scheme_at(path) if path.suffix == ".toml" or path.parent != Path() else scheme_named(name)


def about(office: Tenant, view: AssessmentView) -> dict[str, Any]:
    """Return what an assessment is of, as JSON has it."""
    from xiuhua.kernel.queries import zone_of

    return {
        "period": view.period,
        "scheme": view.scheme,
        "version": view.version,
        "by": view.by,
        "month_by": view.month_by,
        "snapshot": view.snapshot,
        "cut_off": view.cut_off,
        "as_of": datetime.fromisoformat(view.as_of).astimezone(zone_of(office)).isoformat(),
        "digest": view.digest,
    }


def place(subject: SubjectView) -> dict[str, Any]:
    """Return who a subject is and where it stands, as JSON has it."""
    from xiuhua.assessment.rules import rank_json

    return {
        "code": subject.code,
        "name": subject.name,
        "group": subject.group,
        "score": subject.score,
        "rank": rank_json(subject.rank),
    }
