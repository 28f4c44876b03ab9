"""`xiuhua clock`: deadlines explained, holiday tables read in, another city's limits inferred."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import command, emit

if TYPE_CHECKING:
    from xiuhua.clock.queries import Clock
    from xiuhua.clock.rules.inference import Found, Inference
    from xiuhua.clock.words import Deadline, Pause

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_GROUPS_SHOWN = 40


@click.group()
def clock() -> None:
    """时限：推算、日历、从别处的到期时间推断 · Deadlines, calendars, limits inferred from targets."""


def _clock(pack: str | None, calendar: str | None, tenant: str | None, zone: str | None) -> Clock:
    """Return the clock asked for: of a pack in a folder (no database needed), or of the office."""
    from dataclasses import replace

    from django.conf import settings

    from xiuhua.clock.queries import folder_clock, office_clock
    from xiuhua.kernel.queries import tenant_named

    root = Path(settings.PACKS)
    found = folder_clock(_folder(pack), root, zone or "") if pack else office_clock(tenant_named(tenant), calendar)
    return replace(found, zone=_zone(zone)) if zone else found


def _folder(name: str) -> Path:
    """Return the folder that `name` means: a path, or "kind/code" among the packs that are shipped."""
    from django.conf import settings

    from xiuhua.kernel.queries import shipped_pack

    return Path(name) if Path(name).is_dir() else shipped_pack(Path(settings.PACKS), name)


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(name, param_hint="--zone") from error


def _moment(text: str, zone: Any, hint: str) -> Any:
    """Return a moment written "2026-09-30 16:00", on the zone's clock unless the text has an offset."""
    from datetime import MAXYEAR, MINYEAR, datetime

    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise click.BadParameter(text, param_hint=hint) from error
    if not MINYEAR < found.year < MAXYEAR:
        raise click.BadParameter(text, param_hint=hint)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _pause(text: str, zone: Any) -> Pause:
    from xiuhua.clock.words import Pause

    first, dots, last = text.partition("..")
    if not dots:
        raise click.BadParameter(text, param_hint="--pause")
    return Pause(_moment(first, zone, "--pause"), _moment(last, zone, "--pause"))


@clock.command()
@click.option("--from", "start", required=True, help="收到的时间，如 2026-09-30 16:00 / when it was reported")
@click.option(
    "--limit", "limit", required=True, help="时限，如 2工作日、停工:4工作时+整改:7工作日 / as 2wd, 4wh, 3h, 1d"
)
@click.option("--zone", default=None, help="时区，默认是日历的 / zone, by default the calendar's")
@click.option("--calendar", default=None, help="用装好的哪个日历 / code of an installed calendar")
@click.option(
    "--pack", default=None, help="用哪个数据包文件夹，不要数据库 / a pack's folder or name, without a database"
)
@click.option("--pause", "pauses", multiple=True, help="停表，起..止 / suspension, start..end")
@click.option("--extensions", default=0, show_default=True, help="已延期几次 / extensions granted")
@_TENANT
@command
def explain(
    *,
    start: str,
    limit: str,
    zone: str | None,
    calendar: str | None,
    pack: str | None,
    pauses: tuple[str, ...],
    extensions: int,
    tenant: str | None,
    as_json: bool,
) -> None:
    """推算到期时间，逐句说明 · Work out a deadline and say how, sentence by sentence."""
    from xiuhua.clock.phrases import derivation
    from xiuhua.clock.rules.deadlines import deadline
    from xiuhua.clock.rules.grammar import limits_of

    limits, found = limits_of(limit), _clock(pack, calendar, tenant, zone)
    begin = _moment(start, found.zone, "--from")
    answer = deadline(
        begin,
        limits,
        calendar=found.calendar,
        regime=found.on(begin.astimezone(found.zone).date()).regime,
        zone=found.zone,
        pauses=[_pause(text, found.zone) for text in pauses],
        extensions=extensions,
    )
    told = derivation(answer, found.zone)
    emit(_answer(answer, found, told), as_json=as_json, text="\n".join(told))


def _answer(answer: Deadline, found: Clock, told: list[str]) -> dict[str, Any]:
    return {
        "start": answer.start.isoformat(),
        "begin": answer.begin.isoformat(),
        "due_at": answer.due_at.isoformat(),
        "due_local": answer.due_at.astimezone(found.zone).isoformat(),
        "zone": found.zone.key,
        "calendar": found.calendar.version,
        "digest": found.calendar.digest,
        "stages": [{"title": stage.title, "due_at": stage.due_at.isoformat()} for stage in answer.stages],
        "warnings": [{"left": str(each.left), "at": each.at.isoformat()} for each in answer.warnings],
        "provisional": answer.provisional,
        "missing": list(answer.missing),
        "derivation": told,
    }


@clock.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="写到哪个新文件夹 / folder to write")
@click.option("--code", default=None, help="代码，默认取上级文件夹名 / by default the parent folder's name")
@click.option(
    "--year",
    "years",
    multiple=True,
    type=click.IntRange(1970, 2199),
    help="哪一年已全部公布，可写几次 / a year announced in full",
)
@click.option("--from", "first", default=None, help="生效日，默认是第一年的元旦 / effective from")
@command
def holidays(
    *,
    file: Path,
    to: Path,
    code: str | None,
    years: tuple[int, ...],
    first: str | None,
    as_json: bool,
) -> None:
    """把节假日表（CSV 或 XLSX）写成数据包 · Turn a table of holidays into a pack, ready to check and install."""
    from django.utils.translation import gettext as _

    from xiuhua.clock.tables import holiday_pack, write_pack

    files, report = holiday_pack(
        file,
        code=code or to.resolve().parent.name,
        version=to.name,
        years=years,
        effective_from=_day(first) if first else None,
    )
    write_pack(to, files)
    text = _("写好 %(folder)s：%(days)s 天，%(first)s 到 %(last)s。接着 xiuhua pack check，再 xiuhua pack install。")
    emit({**report, "folder": str(to)}, as_json=as_json, text=text % {**report, "folder": to})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(text) from error


@clock.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="映射（TOML）：哪一栏是什么 / which column is what",
)
@click.option("--split", default=None, help="从哪天起只作检验，默认是后三分之一 / first day of the period that tests")
@click.option("--min-group", default=30, show_default=True, help="检验期里至少几行 / least rows of a group in the test")
@click.option("--tolerance", default=60, show_default=True, help="差几秒以内算对上 / seconds that count as the same")
@click.option("--no-packs", is_flag=True, help="不用随软件来的节假日表 / without the holiday tables that are shipped")
@command
def infer(
    *, file: Path, mapping_file: Path, split: str | None, min_group: int, tolerance: int, no_packs: bool, as_json: bool
) -> None:
    """从别处的到期时间推断时限 · Infer a city's limits from its own target times."""
    from xiuhua.exchange.inferring import infer_limits
    from xiuhua.exchange.queries import load_mapping

    outcome = infer_limits(
        file,
        load_mapping(mapping_file),
        split=_day(split) if split else None,
        min_group=min_group,
        tolerance=tolerance,
        packs=None if no_packs else _packs(),
    )
    result = {**outcome.facts(), **_inference(outcome.inference)}
    emit(result, as_json=as_json, text=_inferred_text(outcome.inference, result))


def _packs() -> Path:
    from django.conf import settings

    return Path(settings.PACKS)


def _inference(found: Inference) -> dict[str, Any]:
    from xiuhua.clock.phrases import week_text

    return {
        "tolerance_seconds": found.tolerance,
        "groups": len(found.groups),
        "rows": found.rows,
        "explained": found.explained,
        "share": _share(found.share),
        "parameters": found.parameters,
        "baseline_share": _share(found.baseline_share),
        "baseline_parameters": found.baseline_parameters,
        "week": dict(week_text(found.calendar.week)),
        "holidays": found.calendar.version or None,
        "closed_days": [day.isoformat() for day in sorted(found.calendar.days)],
        "table": [_group(one) for one in found.groups],
    }


def _share(share: Any) -> float | None:
    return None if share is None else round(float(share), 4)


def _group(one: Found) -> dict[str, Any]:
    from xiuhua.clock.phrases import limit_text, rule_text

    return {
        "group": list(one.group),
        "limit": limit_text(one.limit) if one.limit else None,
        "rule": rule_text(one.rule.unit, one.rule.regime) if one.rule else None,
        "fitted": one.fitted,
        "fit_rows": one.fit_rows,
        "explained": one.explained,
        "rows": one.rows,
    }


def _inferred_text(found: Inference, result: dict[str, Any]) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    head = _(
        "检验期 %(groups)s 组 %(rows)s 行，对上 %(explained)s 行（%(share)s，差 %(tolerance_seconds)s 秒以内），用了 %(parameters)s 个参数；每类一个固定时长对上 %(baseline)s，用了 %(baseline_parameters)s 个。"
    )
    shown = {**result, "share": _percent(result["share"]), "baseline": _percent(result["baseline_share"])}
    week = "；".join(f"{days} {shifts}" for days, shifts in result["week"].items())
    calendar = _("看出的工作时段：%(week)s；节假日表：%(holidays)s；另看出不上班的日子 %(closed)s 天。") % {
        "week": week,
        "holidays": result["holidays"] or "—",
        "closed": 0 if result["holidays"] else len(result["closed_days"]),
    }
    rows = [
        [" / ".join(one["group"]), one["limit"] or "—", one["rule"] or "—", f"{one['explained']}/{one['rows']}"]
        for one in result["table"][:_GROUPS_SHOWN]
    ]
    more = [f"… +{len(result['table']) - _GROUPS_SHOWN}"] if len(result["table"]) > _GROUPS_SHOWN else []
    return "\n".join([head % shown, calendar, aligned(rows, right=(3,)), *more])


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"
