"""`xiuhua taxonomy`: classes of cases, filing conditions and their limits."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import FAULTS_SHOWN, actor, command, emit, fault_json, now

if TYPE_CHECKING:
    from xiuhua.kernel.models import Tenant
    from xiuhua.kernel.words import Fault
    from xiuhua.taxonomy.models import CaseClass, FilingCondition
    from xiuhua.taxonomy.queries import Meaning
    from xiuhua.taxonomy.words import ClassScheme, Means, TableReading

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")
_DAY = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="哪一天有效的 / in force on")
_KIND = click.option(
    "--kind", type=click.Choice(["", "event", "component"]), default="", help="事件或部件 / which half"
)
DAYS, HOURS = ("work_day", "calendar_day"), ("work_hour", "urgent_hour")


@click.group()
def taxonomy() -> None:
    """分类与立案标准 · Classes, filing conditions, limits."""


def _watched() -> bool:
    """Return whether a person is there to be asked."""
    return sys.stdin.isatty()


def _on(day: datetime | None, office: Tenant) -> date:
    """Return the day asked about: today on the office's clock if none."""
    from zoneinfo import ZoneInfo

    return day.date() if day else now().astimezone(ZoneInfo(office.zone or "UTC")).date()


@taxonomy.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scheme", default="", help="代码属于哪套分类体系，也是数据包的代码 / the scheme of the codes")
@click.option("--day-means", type=click.Choice(DAYS), default=None, help="“天”指什么 / what 天 means there")
@click.option("--hour-means", type=click.Choice(HOURS), default=None, help="“小时”指什么 / what 小时 means there")
@_KIND
@click.option("--sheet", default="", help="工作簿里的哪张表 / which sheet")
@click.option("--main-digits", default=2, show_default=True, type=click.IntRange(1, 4), help="大类代码位数 / digits")
@click.option("--sub-digits", default=2, show_default=True, type=click.IntRange(1, 4), help="小类代码位数 / digits")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=None, help="写成数据包的文件夹 / write the pack"
)
@click.option("--install", is_flag=True, help="直接装上 / install it")
@click.option("--version", "version_", default="", help="版本，默认取文件夹名 / version, else the folder's name")
@click.option("--title", default="", help="标题 / title")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), default=None, help="生效日 / first day in force")
@click.option("--skip-faulty", is_flag=True, help="略过读不了的行 / leave out rows that cannot be read")
@_TENANT
@command
def import_(files: tuple[Path, ...], scheme: str, as_json: bool, **given: Any) -> None:
    """导入立案标准表（CSV、XLSX）· Import standard tables: header anywhere, merged cells, any notation of limits."""
    from xiuhua.taxonomy.queries import SchemeNotSaid, TableFaulty
    from xiuhua.taxonomy.words import ClassScheme, SchemeKind

    if not scheme:
        raise SchemeNotSaid
    if (given["folder"] or given["install"]) and not given["effective"]:
        raise click.UsageError("--effective YYYY-MM-DD")
    title = given["title"] or scheme
    book = ClassScheme(scheme, {"zh": title, "en": title}, SchemeKind.LOCAL, given["main_digits"], given["sub_digits"])
    reading, means = _read(files, book, ask=_watched() and not as_json, given=given)
    if reading.faults and not given["skip_faulty"]:
        raise TableFaulty(reading.faults, count=len(reading.faults))
    written = _written(files, book, reading, means, given) if given["folder"] or given["install"] else {}
    result = {**_counts(reading), **written}
    emit(result, as_json=as_json, text="\n".join([*_import_sentences(reading), *_written_sentences(written)]))


def _read(
    files: tuple[Path, ...], scheme: ClassScheme, *, ask: bool, given: dict[str, Any]
) -> tuple[TableReading, Means]:
    """Return the tables as read with what 天 and 小时 mean, asking a person where they were not told."""
    from xiuhua.clock.words import Unit
    from xiuhua.taxonomy.queries import MeaningsUndeclared, read_tables, undeclared
    from xiuhua.taxonomy.words import Means

    said = {"day": given["day_means"], "hour": given["hour_means"]}
    for again in (True, False):
        means = Means(**{name: Unit(value) if value else None for name, value in said.items()})
        reading = read_tables(files, scheme, means=means, kind=given["kind"], sheet=given["sheet"])
        wanted = undeclared(reading)
        if not wanted:
            break
        if not (ask and again):
            texts = "、".join({"day": "天", "hour": "小时"}[one] for one in sorted(wanted))
            options = {"day": f"--day-means {'|'.join(DAYS)}", "hour": f"--hour-means {'|'.join(HOURS)}"}
            raise MeaningsUndeclared(texts=texts, options="；".join(options[one] for one in sorted(wanted)))
        said |= {one: _ask(one) for one in sorted(wanted)}
    return reading, means


def _ask(one: str) -> str:
    from django.utils.translation import gettext as _

    question = {"day": _("表里的“天”指什么？"), "hour": _("表里的“小时”指什么？")}[one]
    choice: str = click.prompt(question, type=click.Choice(DAYS if one == "day" else HOURS), err=True)
    return choice


def _written(
    files: tuple[Path, ...], scheme: ClassScheme, reading: TableReading, means: Means, given: dict[str, Any]
) -> dict[str, Any]:
    """Write the pack to its folder, install it, or both; what is wrong with it is refused before anything is written."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import install_pack, pack_faults
    from xiuhua.kernel.queries import PackRefused, tenant_named
    from xiuhua.kernel.rules.packs import pack_of
    from xiuhua.taxonomy.queries import Draft, FolderTaken, drafted

    folder: Path | None = given["folder"]
    said = {"天": means.day, "小时": means.hour}
    draft = Draft(
        version=given["version_"] or (folder.name if folder else "1"),
        title=given["title"] or scheme.code,
        effective=given["effective"].date(),
        source=_("导入自 %(files)s") % {"files": "、".join(path.name for path in files)},
        note="；".join(f"{word} = {unit.value}" for word, unit in said.items() if unit),
    )
    texts = drafted(reading, scheme, draft)
    pack, faults = pack_of(texts)
    faults = faults or (pack_faults(pack) if pack else [])
    if pack is None or faults:
        raise PackRefused(faults, name=scheme.code, count=len(faults))
    if folder:
        if folder.exists() and any(folder.iterdir()):
            raise FolderTaken(folder=str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
    if given["install"]:
        install_pack(tenant_named(given["tenant"]), pack, by=actor(), at=now())
    return {"pack": pack.name, "digest": pack.digest, "folder": str(folder or ""), "installed": given["install"]}


def _counts(reading: TableReading) -> dict[str, Any]:
    total, read = len(reading.conditions), len(reading.conditions) - len(reading.unread)
    return {
        "classes": len(reading.classes),
        "conditions": total,
        "limits_read": read,
        "limits_read_share": round(read / total, 4) if total else None,
        "unread": _faults_json(reading.unread),
        "faulty": _faults_json(reading.faults),
        "remarks": _faults_json(reading.remarks),
    }


def _faults_json(faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    from xiuhua.kernel.phrases import fault_sentence

    return [{**fault_json(fault), "sentence": fault_sentence(fault)} for fault in faults]


def _import_sentences(reading: TableReading) -> list[str]:
    from django.utils.translation import gettext as _

    from xiuhua.kernel.phrases import fault_sentence

    total, unread = len(reading.conditions), len(reading.unread)
    share = f"{100 * (total - unread) / total:.1f} %" if total else "—"
    facts = {"classes": len(reading.classes), "conditions": total, "read": total - unread, "share": share}
    lines = [_("%(classes)s 个类、%(conditions)s 个条件；时限读出 %(read)s 个（%(share)s）。") % facts]
    parts = (
        (_("时限没读懂，条件照收、原文照留，没有时限："), reading.unread),
        (_("略过的行："), reading.faults),
        (_("提示："), reading.remarks),
    )
    for heading, faults in parts:
        if faults:
            lines.append(heading)
            lines += [f"  {fault_sentence(fault)}" for fault in faults[:FAULTS_SHOWN]]
            lines += [f"  … +{len(faults) - FAULTS_SHOWN}"] if len(faults) > FAULTS_SHOWN else []
    return lines


def _written_sentences(written: dict[str, Any]) -> list[str]:
    from django.utils.translation import gettext as _

    if not written:
        return [_("只读了一遍，没有写数据包（--to 文件夹）也没有装上（--install）。")]
    lines = [_("已写成数据包 %(pack)s：%(folder)s") % written] if written["folder"] else []
    return [*lines, _("已装上 %(pack)s。") % written] if written["installed"] else lines


@taxonomy.command("list")
@_TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出已装的分类体系 · List installed schemes and their versions."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.taxonomy.queries import schemes

    found = [
        {
            "scheme": pack.code,
            "version": pack.version,
            "effective_from": pack.effective_from.isoformat(),
            "title": pack.title.get("zh", ""),
            "made_up": pack.made_up,
        }
        for pack in schemes(tenant_named(tenant))
    ]
    lines = ["\t".join(str(one[name]) for name in ("scheme", "version", "effective_from", "title")) for one in found]
    emit({"count": len(found), "schemes": found}, as_json=as_json, text="\n".join(lines) or "—")


@taxonomy.command()
@click.argument("code")
@click.option("--scheme", default="", help="哪套分类体系 / which scheme")
@_KIND
@_DAY
@_TENANT
@command
def show(code: str, scheme: str, as_json: bool, **given: Any) -> None:
    """看一个类和它的立案条件 · Show a class and its filing conditions."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.taxonomy.queries import class_named, conditions_of, scheme_on

    office = tenant_named(given["tenant"])
    classes = class_named(office, scheme, code, given["kind"])
    pack, _standard = scheme_on(office, scheme, _on(given["day"], office))
    found = [_class_json(one, conditions_of(pack, one)) for one in classes]
    result = {"scheme": scheme, "version": pack.version, "classes": found}
    emit(result, as_json=as_json, text="\n".join(line for one in found for line in _class_lines(one)))


def _class_json(one: CaseClass, conditions: list[FilingCondition]) -> dict[str, Any]:
    from xiuhua.clock.rules.limits import read
    from xiuhua.taxonomy.phrases import limit_words

    return {
        "kind": one.kind,
        "code": one.code,
        "name": one.name,
        "main": str(one.parent or ""),
        "conditions": [
            {
                "number": each.number,
                "text": each.text,
                "limits": each.limits,
                "limit": limit_words(read(each.limits)),
                "limit_text": each.limit_text,
                "closing": each.closing,
                "thresholds": each.thresholds,
                "basis": each.basis,
                "remedy": each.remedy,
                "default": each.default,
            }
            for each in conditions
        ],
    }


def _class_lines(one: dict[str, Any]) -> list[str]:
    from django.utils.translation import gettext as _

    lines = [f"{one['code']} {one['main']} / {one['name']}（{one['kind']}）"]
    for each in one["conditions"]:
        limit = each["limit"] or _("时限没读懂：%(text)s") % {"text": each["limit_text"]}
        lines.append(f"  {each['number']}. {each['text']} · {limit} · {each['closing']}")
    return lines


@taxonomy.command("check-code")
@click.argument("identifier")
@click.option("--scheme", default="", help="哪套分类体系，默认本单位选定的 / which scheme, else the chosen one")
@click.option("--pattern", default="", help="哪种编码，默认按位数 / which identifier, else by its length")
@click.option("--division", "divisions", multiple=True, help="认得的行政区划代码 / known divisions")
@_DAY
@_TENANT
@command
def check_code(identifier: str, scheme: str, as_json: bool, **given: Any) -> None:
    """检查一个编码，说出哪一段不对 · Check an identifier and say which segment is wrong."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.queries import chosen_code, tenant_named
    from xiuhua.taxonomy.queries import IdentifierWrong, pattern_of, scheme_on
    from xiuhua.taxonomy.rules.identifiers import check_identifier, mangled
    from xiuhua.taxonomy.words import KIND

    office = tenant_named(given["tenant"])
    _pack, standard = scheme_on(office, scheme or chosen_code(office, KIND), _on(given["day"], office))
    if fault := mangled(identifier):
        raise IdentifierWrong([fault], text=identifier, count=1)
    rule = pattern_of(standard, name=given["pattern"], length=len(identifier))
    codes = {row.key.code for row in standard.classes if row.parent}
    faults = check_identifier(identifier, rule, divisions=given["divisions"] or None, codes=codes)
    if faults:
        raise IdentifierWrong(faults, text=identifier, count=len(faults))
    parts, at = [], 0
    for segment in rule.segments:
        parts.append({"name": segment.name, "kind": segment.kind, "value": identifier[at : at + segment.length]})
        at += segment.length
    text = _("%(text)s 没有毛病：%(parts)s。") % {
        "text": identifier,
        "parts": "，".join(f"{part['name']} {part['value']}" for part in parts),
    }
    emit({"identifier": identifier, "pattern": rule.name, "segments": parts}, as_json=as_json, text=text)


@taxonomy.command()
@click.argument("code", default="")
@click.option("--from", "old", required=True, help="从哪套体系 / from which scheme")
@click.option("--to", "new", required=True, help="到哪套体系 / to which scheme")
@_KIND
@_DAY
@_TENANT
@command
def translate(code: str, old: str, new: str, as_json: bool, **given: Any) -> None:
    """一套体系里的类在另一套里是什么 · What a class of one scheme is in another, by table, never by equal codes."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.taxonomy.queries import translated

    office = tenant_named(given["tenant"])
    found = [
        _meaning(one) for one in translated(office, old, new, _on(given["day"], office), code=code, kind=given["kind"])
    ]
    lines = [
        f"{one['kind']} {one['from_code']} {one['from_name']} → {one['to_code'] or '—'} {one['to_name']} {one['note']}"
        for one in found
    ]
    emit({"from": old, "to": new, "count": len(found), "classes": found}, as_json=as_json, text="\n".join(lines) or "—")


def _meaning(one: Meaning) -> dict[str, str]:
    return {
        "kind": one.old.kind,
        "from_code": one.old.code,
        "from_name": one.old_name,
        "to_kind": one.new.kind if one.new else "",
        "to_code": one.new.code if one.new else "",
        "to_name": one.new_name,
        "note": one.note,
    }


@taxonomy.command("next-code")
@click.argument("main")
@click.option("--scheme", required=True, help="哪套分类体系 / which scheme")
@click.option("--kind", type=click.Choice(["event", "component"]), required=True, help="事件或部件 / which half")
@_TENANT
@command
def next_code(main: str, scheme: str, as_json: bool, **given: Any) -> None:
    """本地新增小类该用的代码，从 99 往回 · The code for the next local sub-class, from 99 downward."""
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.taxonomy.queries import CodesExhausted, class_named, local_code

    office, kind = tenant_named(given["tenant"]), given["kind"]
    name = class_named(office, scheme, main, kind)[0].name
    code = local_code(office, scheme, kind, main)
    if code is None:
        raise CodesExhausted(main=f"{main} {name}")
    emit({"scheme": scheme, "kind": kind, "main": main, "name": name, "code": code}, as_json=as_json, text=code)
