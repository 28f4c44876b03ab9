"""`xiuhua import guess`: which column of a file is what, proposed and explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.declaring import declared
from xiuhua.cli.door import actor, command, emit, now
from xiuhua.cli.importing import importing

if TYPE_CHECKING:
    from xiuhua.exchange.guesses import Guess, Proposal, Question, Ready
    from xiuhua.kernel.models import Tenant
    from xiuhua.tables.words import Table

#: Values of a column that a person is shown.
_SHOWN = 8


@importing.command("guess")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", default="", help="工作表 / sheet of a workbook")
@click.option(
    "--column",
    "named",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="指定某字段的栏，空为没有 / a field's column, empty for none",
)
@click.option("--write", "out", type=click.Path(dir_okay=False, path_type=Path), help="写成映射 / write the mapping")
@click.option("--code", default="", help="映射（来源）的代码 / code of the mapping, that is of its source")
@click.option("--name", default="", help="映射的名称 / its name")
@click.option("--void", multiple=True, help="状态栏里表示作废的字样 / stage that means void")
@click.option("--on-time", multiple=True, help="认定栏里表示按期的字样 / verdict that means on time")
@click.option("--overdue", multiple=True, help="认定栏里表示超期的字样 / verdict that means overdue")
@click.option("--on-time-column", multiple=True, help="为 1 就是按期的栏 / column that says on time by a 1")
@click.option("--overdue-column", multiple=True, help="为 1 就是超期的栏 / column that says overdue by a 1")
@click.option("--remember", is_flag=True, help="记住：同样的表头以后照此读 / read files with these columns likewise")
@click.option("--tenant", default=None, help="单位代码 / code of the office")
@declared
@command
def guess_(
    *,
    file: Path,
    sheet: str,
    named: tuple[str, ...],
    out: Path | None,
    remember: bool,
    tenant: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """猜一份表的每一栏是什么，说明理由，列出要问的 · Propose which column is what, and ask the rest."""
    from django.utils.translation import gettext as _

    from xiuhua.exchange.shelf import fitting, known_mapping, propose
    from xiuhua.tables.reading import open_table

    office = _office(tenant, required=remember)
    table = open_table(file, sheet=sheet)
    proposal = propose(office, table, dict(one.partition("=")[::2] for one in named))
    known = known_mapping(office, table.header) if office else None
    ready = fitting(table.header)
    result: dict[str, Any] = {
        **proposal.contract(),
        "file": file.name,
        "columns": list(table.header),
        "ready": [{"name": one.name, "title": one.title, "ask": list(one.ask)} for one in ready],
        "known": {"mapping": known.mapping.code, "confirmed_by": known.confirmed_by} if known else None,
        "written": None,
        "remembered": False,
    }
    result["inside"] = shares = _shares(office, table, proposal)
    lines = [_text(proposal, ready)]
    if shares:
        told = "，".join(f"{crs} {share:.1%}" for crs, share in shares.items() if share)
        lines.append(_("在本单位辖区轮廓内的点：%(told)s。相差几百米的坐标系，轮廓说不准。") % {"told": told or "0"})
    if known:
        facts = {"code": known.mapping.code, "who": known.confirmed_by}
        lines.append(_("这份表头已有确认过的映射“%(code)s”（%(who)s），导入时不写 --mapping 就照它读。") % facts)
    if out or remember:
        text = _draft(proposal, file, given)
        lines += _kept(text, out, office if remember else None, table.header)
        result |= {"written": str(out) if out else None, "remembered": remember}
    emit(result, as_json=as_json, text="\n".join(lines))


def _shares(office: Tenant | None, table: Table, proposal: Proposal) -> dict[str, float]:
    """Return the share of points inside the office's outlines under each system, nothing where that cannot be told."""
    from xiuhua.exchange.rules.systems import check_system
    from xiuhua.exchange.shelf import inside_of, points_of

    inside = inside_of(office, now().date()) if office and "longitude" in proposal.fields else None
    if inside is None:
        return {}
    x, y = points_of(table, proposal.fields["longitude"].column, proposal.fields["latitude"].column)
    return check_system(x, y, "wgs84", inside).shares


def _office(code: str | None, *, required: bool) -> Tenant | None:
    """Return the office if there is one: a file can be looked at before anything is set up."""
    from django.db import DatabaseError

    from xiuhua.kernel.queries import NoTenant, tenant_named

    try:
        return tenant_named(code)
    except (NoTenant, DatabaseError):
        if code or required:
            raise
        return None


def _draft(proposal: Proposal, file: Path, given: dict[str, Any]) -> str:
    from xiuhua.exchange.guesses import Ticked
    from xiuhua.exchange.rules.drafts import draft

    words = ("void", "on_time", "overdue", "on_time_column", "overdue_column")
    ticked = Ticked(*(given.pop(key) for key in words))
    code, name = given.pop("code") or f"file-{proposal.fingerprint[:8]}", given.pop("name") or file.stem[:100]
    return draft(proposal, code=code, name=name, answers=given, ticked=ticked)


def _kept(text: str, out: Path | None, office: Tenant | None, header: tuple[str, ...]) -> list[str]:
    """Write the mapping where it is wanted and return what is to be said about it."""
    from django.utils.translation import gettext as _

    from xiuhua.exchange.actions import remember_mapping

    lines = []
    if office:
        remember_mapping(office, header, text, by=actor(), at=now())
        lines.append(_("记住了：同样的表头以后照此读。"))
    if out:
        out.write_text(text, encoding="utf-8")
        lines.append(_("映射写在 %(path)s。") % {"path": out})
    return lines


def _text(proposal: Proposal, ready: list[Ready]) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    head = (_("字段"), _("栏"), _("把握"), _("理由"))
    rows = [head, *(_row(field, one) for field, one in proposal.fields.items())]
    lines = [aligned(rows, right={2})]
    if proposal.left:
        lines.append(_("没用上的栏：%(names)s") % {"names": "、".join(proposal.left)})
    if proposal.lacking:
        lines.append(_("缺必需的：%(fields)s") % {"fields": "、".join(proposal.lacking)})
    for field, seen in proposal.values.items():
        shown = "，".join(f"{text} ×{n}" for text, n in seen[:_SHOWN])
        if shown:
            lines.append(_("%(field)s 栏里的字样：%(shown)s") % {"field": field, "shown": shown})
    if proposal.flags:
        lines.append(_("只有 0 和 1 的栏，也许是按期、超期的标志：%(names)s") % {"names": "、".join(proposal.flags)})
    lines += [_question(one) for one in proposal.questions]
    if ready:
        lines.append(_("合得上的现成映射：%(names)s") % {"names": "、".join(one.name for one in ready)})
    return "\n".join(lines)


def _row(field: str, one: Guess) -> tuple[str, str, str, str]:
    from xiuhua.exchange.phrases import reason_words

    return field, one.column, f"{one.confidence:.2f}", "，".join(map(reason_words, one.reasons))


def _question(one: Question) -> str:
    from django.utils.translation import gettext as _

    from xiuhua.exchange.phrases import question_words, why_words

    text = _("要问：%(what)s（%(option)s）") % {
        "what": question_words(one.what),
        "option": "--" + one.what.replace("_", "-"),
    }
    told = [f"    {each.value}：{why_words(each.why)}" for each in one.candidates]
    if one.evidence:
        told.append(_("    依据：%(evidence)s") % {"evidence": one.evidence})
    return "\n".join([text, *told])
