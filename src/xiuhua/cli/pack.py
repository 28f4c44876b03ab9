"""`xiuhua pack`: everything local is a versioned data pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now

if TYPE_CHECKING:
    from xiuhua.kernel.models import InstalledPack, Tenant
    from xiuhua.kernel.words import Difference, FilePack, PackContent

_TENANT = click.option("--tenant", default=None, help="单位代码 / code of the office")


@click.group()
def pack() -> None:
    """数据包：分类、时限、日历、责任…… · Data packs: everything that is local."""


def folder_of(name: str) -> Path:
    """Return the folder that `name` means: a path, or "kind/code[@version]" among the packs that are shipped."""
    from django.conf import settings

    from xiuhua.kernel.queries import shipped_pack

    return Path(name) if Path(name).is_dir() else shipped_pack(Path(settings.PACKS), name)


def _file_of(name: str) -> Path | None:
    """Return the file that `name` means, a path or "kind/code", if that is a pack of one file; else None."""
    from django.conf import settings

    from xiuhua.kernel.queries import is_file_pack, shipped_file_pack

    return Path(name) if is_file_pack(Path(name)) else shipped_file_pack(Path(settings.PACKS), name)


def _office(code: str | None) -> Tenant | None:
    """Return the office if there is one: a pack can be checked before anything is set up."""
    from django.db import DatabaseError

    from xiuhua.kernel.queries import NoTenant, tenant_named

    try:
        return tenant_named(code)
    except (NoTenant, DatabaseError):
        if code:
            raise
        return None


@pack.command()
@click.argument("name")
@_TENANT
@command
def check(name: str, tenant: str | None, as_json: bool) -> None:
    """检查一个数据包（文件夹或单个文件），列出全部毛病 · Check a pack, a folder or one file, and list every fault."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import pack_faults
    from xiuhua.kernel.queries import PackRefused, read_file_pack, read_pack

    if alone := _file_of(name):
        one = read_file_pack(alone)
        emit({**_head(one), "faults": []}, as_json=as_json, text=_("%(name)s 没有毛病。") % {"name": one.name})
        return
    content = read_pack(folder_of(name))
    office = _office(tenant)
    faults = pack_faults(content, office)
    if faults:
        raise PackRefused(faults, name=content.name, count=len(faults))
    where = _("在“%(office)s”也装得上") % {"office": office.name} if office else _("没有指明单位，只查了包本身")
    text = _("%(name)s 没有毛病（%(where)s）。") % {"name": content.name, "where": where}
    emit({**_said(content), "faults": [], "office": office.code if office else None}, as_json=as_json, text=text)


def _head(one: FilePack) -> dict[str, Any]:
    return {
        "pack": one.name,
        "kind": one.kind,
        "code": one.code,
        "version": one.version or None,
        "digest": one.digest,
        "file": one.file,
        "title": one.title,
    }


def _said(content: PackContent) -> dict[str, Any]:
    return {
        "pack": content.name,
        "kind": content.kind,
        "code": content.code,
        "version": content.version,
        "digest": content.digest,
        "effective_from": content.effective_from.isoformat(),
        "files": sorted(content.files),
    }


@pack.command()
@click.argument("name")
@_TENANT
@command
def install(name: str, tenant: str | None, as_json: bool) -> None:
    """装上一个数据包的一个版本 · Install a version of a pack."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import install_pack
    from xiuhua.kernel.queries import installed_packs, read_pack, tenant_named

    office = tenant_named(tenant)
    content = read_pack(folder_of(name))
    before = {one.pk for one in installed_packs(office, content.kind, content.code)}
    installed = install_pack(office, content, by=actor(), at=now())
    added = installed.pk not in before
    text = _("已装 %(name)s，自 %(day)s 起生效。") if added else _("%(name)s 早已装好（%(day)s 起生效），没有变化。")
    emit(
        {**_said(content), "installed": added, "tenant": office.code},
        as_json=as_json,
        text=text % {"name": content.name, "day": content.effective_from.isoformat()},
    )


@pack.command()
@click.argument("kind")
@click.argument("code")
@_TENANT
@command
def use(kind: str, code: str, tenant: str | None, as_json: bool) -> None:
    """同类装了几个时，选定用哪个 · Choose which of several packs of a kind is used."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.actions import use_pack
    from xiuhua.kernel.queries import tenant_named

    changed = use_pack(tenant_named(tenant), kind, code, by=actor(), at=now())
    text = _("以后用 %(kind)s/%(code)s。") if changed else _("本来就用 %(kind)s/%(code)s。")
    emit({"kind": kind, "code": code, "changed": changed}, as_json=as_json, text=text % {"kind": kind, "code": code})


@pack.command()
@click.argument("before")
@click.argument("after")
@_TENANT
@command
def diff(before: str, after: str, tenant: str | None, as_json: bool) -> None:
    """两个版本差在哪里，逐行逐栏 · In what two packs differ. Names are folders, shipped or installed packs."""
    from django.utils.translation import gettext as _

    from xiuhua.kernel.registry import kind_named
    from xiuhua.kernel.rules.differences import differences

    old, new = _either(before, tenant), _either(after, tenant)
    kind = kind_named(new.kind)
    found = differences(old, new, kind.keys if kind else {})
    body = [
        {"file": d.file, "what": d.what, "change": d.change, "field": d.field, "before": d.before, "after": d.after}
        for d in found
    ]
    head = _("%(before)s → %(after)s：%(count)s 处不同") % {"before": old.name, "after": new.name, "count": len(found)}
    text = "\n".join([head, *(_difference(one) for one in found)])
    emit({"before": old.name, "after": new.name, "count": len(found), "differences": body}, as_json=as_json, text=text)


def _either(name: str, tenant: str | None) -> PackContent:
    """Return an installed pack "kind/code@version" of the office, or one in a folder."""
    from xiuhua.kernel.queries import content_of, installed_packs, read_pack

    office = None if Path(name).is_dir() else _office(tenant)
    for one in installed_packs(office) if office else ():
        if str(one) == name:
            return content_of(one)
    return read_pack(folder_of(name))


def _difference(one: Difference) -> str:
    sign = {"added": "+", "removed": "-", "changed": "~"}[one.change]
    field = f" · {one.field}" if one.field else ""
    said = f"{one.before} → {one.after}" if one.change == "changed" else one.before or one.after
    return f"{sign} {one.file}  {one.what}{field}：{said}"


@pack.command("list")
@_TENANT
@command
def list_(tenant: str | None, as_json: bool) -> None:
    """列出数据包：装上的、随软件来还没装的、单文件的 · List packs: installed, shipped, and those of one file."""
    from django.conf import settings

    from xiuhua.kernel.queries import installed_packs, read_pack, shipped_file_packs, shipped_packs

    office = _office(tenant)
    installed = installed_packs(office) if office else []
    there = {str(one) for one in installed}
    shipped = [read_pack(folder) for folder in shipped_packs(Path(settings.PACKS))]
    alone = shipped_file_packs(Path(settings.PACKS))
    waiting = [one for one in shipped if one.name not in there]
    body = {
        "installed": [_row(one) for one in installed],
        "shipped": [{**_said(one), "title": one.title, "made_up": one.made_up} for one in waiting],
        "files": [_head(one) for one in alone],
    }
    emit(body, as_json=as_json, text=_table(installed, waiting, alone))


def _row(one: InstalledPack) -> dict[str, Any]:
    return {
        "pack": str(one),
        "kind": one.kind,
        "code": one.code,
        "version": one.version,
        "digest": one.digest,
        "effective_from": one.effective_from.isoformat(),
        "installed_at": one.installed_at.isoformat(),
        "title": one.title,
        "made_up": one.made_up,
    }


def _table(installed: list[InstalledPack], waiting: list[PackContent], alone: list[FilePack]) -> str:
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    from xiuhua.cli.columns import aligned

    tongue = "en" if (get_language() or "").startswith("en") else "zh"
    rows = [
        (_("已装"), str(one), one.effective_from.isoformat(), one.digest[:12], one.title.get(tongue, ""))
        for one in installed
    ]
    rows += [
        (_("未装"), one.name, one.effective_from.isoformat(), one.digest[:12], one.title.get(tongue, ""))
        for one in waiting
    ]
    rows += [(_("单文件"), one.name, "—", one.digest[:12], one.title.get(tongue, "")) for one in alone]
    head = (_("状态"), _("数据包"), _("生效"), _("摘要"), _("名称"))
    return aligned([head, *rows]) if rows else _("一个数据包也没有。")
