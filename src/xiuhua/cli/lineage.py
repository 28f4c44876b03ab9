"""`xiuhua territory history|succeed|changes|vanished|comparable|preview`: territories through the years."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.dutytables import winners

if TYPE_CHECKING:
    from xiuhua.cases.queries import DutyEffect
    from xiuhua.kernel.models import Tenant
    from xiuhua.responsibility.queries import Names
    from xiuhua.territory.queries.lineage import Story
    from xiuhua.territory.words import Succeeded, Unit, Vanished

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_DAY = click.DateTime(["%Y-%m-%d"])
#: Lines told to a person; --json has them all.
SHOWN = 30


def _today(tenant: Tenant) -> date:
    from xiuhua.kernel.queries import zone_of

    return now().astimezone(zone_of(tenant)).date() if tenant.zone else now().date()


@click.command()
@click.argument("code")
@click.option("--on", "on", type=_DAY, default=None, help="那天它是什么，默认今天 / what it is on that day")
@_TENANT
@command
def history(code: str, on: datetime | None, tenant: str | None, as_json: bool) -> None:
    """一个地域的来历：版本、前身、后继 · Versions, predecessors and successors."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries.lineage import story

    office = tenant_named(tenant)
    found = story(office, code, on.date() if on else _today(office))
    emit(asdict(found), as_json=as_json, text="\n".join(_told(found)))


def _told(found: Story) -> list[str]:
    from django.utils.translation import gettext as _

    from xiuhua.territory.phrases import kind_title

    lines = [f"{found.level} {found.code}" + ("" if found.confirmed else f" {_('未确认')}")]
    for one in found.versions:
        area = f"{one['area_m2']} m²" if one["area_m2"] is not None else "—"
        cells = f"{one['valid_from'] or '…'} – {one['valid_to'] or '…'}", one["name"], one["parent"] or "—", area
        lines.append("  " + "\t".join(str(cell) for cell in cells))
    for title, kin in ((_("前身"), found.came_from), (_("后继"), found.became)):
        lines += [f"{title}  {one.day}  {kind_title(one.kind)}  {one.code} {one.name}" for one in kin]
    lines += [_("那天是：%(code)s %(name)s") % {"code": one.code, "name": one.name} for one in found.today]
    return lines


@click.group()
def succeed() -> None:
    """变更：合并、拆分、改编码、更名、划转 · Merge, split, recode, rename, transfer."""


_CHANGE = [
    click.option("--effective", type=_DAY, required=True, help="变更日 / day of the change"),
    click.option("--basis", default="", help="依据文号 / the document behind it"),
    click.option("--adopt", multiple=True, metavar="CHILD=NEW", help="下级归谁 / which successor takes a child"),
]


def _options(function: Any) -> Any:
    for option in (*_CHANGE, _TENANT):
        function = option(function)
    return function


def _do(kind: str, old: tuple[str, ...], new: tuple[Unit, ...], as_json: bool, **given: Any) -> None:
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.actions import succeed as carry_out
    from xiuhua.territory.words import Changeover, SuccessionKind

    adopt = []
    for pair in given["adopt"]:
        child, equals, heir = pair.partition("=")
        if not equals:
            raise click.BadParameter(pair, param_hint="--adopt")
        adopt.append((child, heir))
    change = Changeover(SuccessionKind(kind), given["effective"].date(), old, new, tuple(adopt), given["basis"])
    done = carry_out(tenant_named(given["tenant"]), change, by=actor(), at=now())
    emit(asdict(done), as_json=as_json, text=_done(done) + "\n" + _("历史不变：此日之前的一切仍按旧的算。"))


def _unit(code: str, name: str = "", parent: str = "") -> Unit:
    from xiuhua.territory.words import Unit

    return Unit(code, name, parent)


def _done(done: Succeeded) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.territory.phrases import kind_title

    facts = {"kind": kind_title(done.kind), "day": done.day, "n": done.adopted}
    facts |= {"ended": "、".join(done.ended) or "—", "begun": "、".join(done.begun) or "—"}
    return _("%(day)s %(kind)s：终止 %(ended)s；新设 %(begun)s；转属的下级 %(n)s 个。") % facts


@succeed.command()
@click.argument("old", nargs=-1, required=True)
@click.option("--into", "new", required=True, help="合并成的编码 / code of what they become")
@click.option("--name", default="", help="名称 / its name")
@click.option("--parent", default="", help="上级编码 / its parent")
@_options
@command
def merge(old: tuple[str, ...], new: str, name: str, parent: str, as_json: bool, **given: Any) -> None:
    """几处合并为一处，或并入已有的一处 · Several become one, or one joins another."""
    _do("merge", old, (_unit(new, name, parent),), as_json, **given)


@succeed.command()
@click.argument("old")
@click.option("--into", "new", multiple=True, required=True, metavar="CODE=NAME", help="拆成的 / what it becomes")
@_options
@command
def split(old: str, new: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """一处拆为几处 · One becomes several."""
    units = tuple(_unit(code, name) for code, _equals, name in (one.partition("=") for one in new))
    _do("split", (old,), units, as_json, **given)


@succeed.command()
@click.argument("old")
@click.argument("new")
@click.option("--name", default="", help="名称，默认不变 / its name, by default the same")
@_options
@command
def recode(old: str, new: str, name: str, as_json: bool, **given: Any) -> None:
    """编码变更 · One gets another code."""
    _do("code_change", (old,), (_unit(new, name),), as_json, **given)


@succeed.command()
@click.argument("code")
@click.argument("name")
@_options
@command
def rename(code: str, name: str, as_json: bool, **given: Any) -> None:
    """更名 · One gets another name."""
    _do("rename", (code,), (_unit(code, name),), as_json, **given)


@succeed.command()
@click.argument("code")
@click.argument("parent")
@_options
@command
def transfer(code: str, parent: str, as_json: bool, **given: Any) -> None:
    """划转到另一个上级 · One gets another parent."""
    _do("transfer", (code,), (_unit(code, parent=parent),), as_json, **given)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--effective", type=_DAY, default=None, help="没写日期的行用这一天 / day of rows without one")
@click.option("--code-pad", default=0, type=click.IntRange(0, 60), help="编码右补零到几位 / fill codes up with zeros")
@_TENANT
@command
def changes(file: Path, effective: datetime | None, code_pad: int, tenant: str | None, as_json: bool) -> None:
    """按变更表（XLSX 或 CSV：旧编码、新编码、变更、变更日…）变更 · Carry out a table of changes."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.actions import apply_changes

    day = effective.date() if effective else None
    done = apply_changes(tenant_named(tenant), file.read_bytes(), effective=day, pad=code_pad, by=actor(), at=now())
    result = {"count": len(done), "changes": [asdict(one) for one in done]}
    emit(result, as_json=as_json, text="\n".join(_done(one) for one in done) or "—")


@click.command()
@click.option("--level", required=True, help="层级 / level")
@_TENANT
@command
def vanished(level: str, tenant: str | None, as_json: bool) -> None:
    """终止了又没有后继的地域，和可能承接它的 · Ended without a successor, and who may have taken over."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries.vanished import vanished as find

    found = find(tenant_named(tenant), level)
    text = "\n".join(line for one in found for line in _gone(one)) or "—"
    emit({"count": len(found), "vanished": [asdict(one) for one in found]}, as_json=as_json, text=text)


def _gone(one: Vanished) -> list[str]:
    from django.utils.translation import gettext as _

    from xiuhua.territory.queries.vanished import REASONS

    lines = [f"{one.code} {one.name}  – {one.day}"]
    for candidate in one.candidates:
        why = "；".join(_(REASONS[reason]) % {"n": number} for reason, number in candidate.reasons)
        lines.append(f"  ? {candidate.code} {candidate.name}  {why}")
    return lines


@click.command()
@click.option("--level", required=True, help="层级 / level")
@click.option("--before", type=_DAY, required=True, help="早的一天 / the earlier day")
@click.option("--after", type=_DAY, required=True, help="晚的一天 / the later day")
@_TENANT
@command
def comparable(level: str, before: datetime, after: datetime, tenant: str | None, as_json: bool) -> None:
    """两天之间可比的区域 · Areas made of whole units on both days."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.territory.queries.lineage import Lineage

    found = Lineage.load(tenant_named(tenant), level).comparable(before.date(), after.date())
    text = "\n".join(f"{'、'.join(one.before) or '—'}\t{one.how}\t{'、'.join(one.after) or '—'}" for one in found)
    emit({"count": len(found), "areas": [asdict(one) for one in found]}, as_json=as_json, text=text or "—")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", required=True, help="改哪个地域 / whose outline it is")
@click.option("--effective", type=_DAY, default=None, help="哪天起，默认今天 / from which day")
@_TENANT
@command
def preview(file: Path, code: str, effective: datetime | None, tenant: str | None, as_json: bool) -> None:
    """先看影响：换成这个边界会移动什么 · What another outline would move, on the last quarter's cases."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.web.desk.preview import foreseen, sentences

    office = tenant_named(tenant)
    try:
        given = json.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="FILE") from error
    day = effective.date() if effective else _today(office)
    found = foreseen(office, code, given, day=day, now=now())
    result = {
        "code": code,
        "day": day,
        "cases": len(found.cases),
        "since": found.since,
        "moved": sum(len(move.points) for move in found.moves.points),
        "points": [
            {"before": one.before, "after": one.after, "n": len(one.points), "cases": found.numbers(one)}
            for one in found.moves.points
        ],
        "sites": [
            {"before": one.before, "after": one.after, "n": len(one.points), "sites": found.site_codes(one)}
            for one in found.site_moves
        ],
        "ground": [asdict(one) for one in found.moves.ground],
        "overlaps": [asdict(one) for one in found.moves.overlaps],
        "gaps": [asdict(one) for one in found.moves.gaps],
        "duty": None if found.duty is None else _duty(*found.duty),
    }
    lines = sentences(found)[:SHOWN] + ([winners(*found.duty)] if found.duty and found.duty[0].moved else [])
    emit(result, as_json=as_json, text="\n".join(lines))


def _duty(effect: DutyEffect, names: Names) -> dict[str, Any]:
    from xiuhua.responsibility.views import move_view

    units = [move_view(one, names) for one in effect.units]
    return {"cases": effect.cases, "moved": effect.moved, "conflicts": effect.conflicts, "units": units}
