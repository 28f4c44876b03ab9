"""The only writers of installed packs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions.ledger import record
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries.packs import CHOSEN, NOTES, PackRefused, PackUnknown, newest_pack
from xiuhua.kernel.registry import PackKind, kind_named, kinds
from xiuhua.kernel.words import Actor, Fault, PackContent, Refusal


class PackKindUnknown(Refusal):
    """Nobody here knows what to do with such a pack."""

    code = "pack.kind_unknown"
    sentence = _("不认识“%(kind)s”这类数据包；有：%(known)s。")


class PackVersionTaken(Refusal):
    """That version is installed with other content: a version never changes."""

    code = "pack.version_taken"
    sentence = _("%(name)s 已装过，内容不同（已装 %(installed)s，这次 %(given)s）。版本定了就不改，请换一个版本号。")


class PackEarly(Refusal):
    """The pack would begin before, or on the day of, a version that is already installed."""

    code = "pack.effective_early"
    sentence = _("%(name)s 自 %(day)s 起生效，不晚于已装的 %(installed)s（%(since)s 起）。已经生效过的日子不能改写。")


def pack_faults(pack: PackContent, tenant: Tenant | None = None) -> list[Fault]:
    """Return everything that is wrong with a pack by itself and, with `tenant`, in that office. Raises PackKindUnknown."""
    kind = _kind(pack)
    faults = _strangers(kind, pack) + kind.check(pack)
    return faults if faults or tenant is None or kind.fit is None else kind.fit(pack, tenant)


def _strangers(kind: PackKind, pack: PackContent) -> list[Fault]:
    """Return the files that nothing would read: a misspelled name must not lose a table in silence."""
    known = "、".join(kind.files)
    return [
        Fault("pack.file_unknown", facts={"known": known}, file=path)
        for path in sorted(pack.files)
        if path not in kind.files and not path.endswith(NOTES)
    ]


def install_pack(tenant: Tenant, pack: PackContent, *, by: Actor, at: datetime) -> InstalledPack:
    """Install a version of a pack for an office and return it; the same content again changes nothing.

    What is installed is never changed: a version has one content, and a new version begins later than every other of
    its kind and code, so that no day's rule is rewritten. Writes what the pack says in the same transaction, with one
    ledger line. Raises PackKindUnknown, PackRefused with all faults, PackVersionTaken, PackEarly.
    """
    kind = _kind(pack)
    with transaction.atomic():
        held = InstalledPack.objects.filter(tenant=tenant, kind=pack.kind, code=pack.code, version=pack.version).first()
        if held and held.digest == pack.digest:
            return held
        if held:
            raise PackVersionTaken(name=pack.name, installed=held.digest[:12], given=pack.digest[:12])
        faults = pack_faults(pack, tenant)
        if faults:
            raise PackRefused(faults, name=pack.name, count=len(faults))
        _check_day(tenant, pack)
        return _write(tenant, pack, kind, by=by, at=at)


def _kind(pack: PackContent) -> PackKind:
    kind = kind_named(pack.kind)
    if kind is None:
        raise PackKindUnknown(kind=pack.kind, known="、".join(kinds()) or "—")
    return kind


def _check_day(tenant: Tenant, pack: PackContent) -> None:
    newest = newest_pack(tenant, pack.kind, pack.code)
    if newest and newest.effective_from >= pack.effective_from:
        raise PackEarly(
            name=pack.name,
            day=pack.effective_from.isoformat(),
            installed=newest.version,
            since=newest.effective_from.isoformat(),
        )


def _write(tenant: Tenant, pack: PackContent, kind: PackKind, *, by: Actor, at: datetime) -> InstalledPack:
    installed = InstalledPack.objects.create(
        tenant=tenant,
        kind=pack.kind,
        code=pack.code,
        version=pack.version,
        digest=pack.digest,
        effective_from=pack.effective_from,
        title=pack.title,
        provenance=pack.provenance,
        made_up=pack.made_up,
        files=pack.files,
        installed_at=at,
    )
    if kind.apply:
        kind.apply(installed, by, at)
    record(
        "pack.install",
        about=f"pack:{installed.pk}",
        by=by,
        at=at,
        tenant=tenant,
        after=pack.digest,
        facts={"pack": pack.name, "effective_from": pack.effective_from.isoformat()},
    )
    return installed


def use_pack(tenant: Tenant, kind: str, code: str, *, by: Actor, at: datetime) -> bool:
    """Choose which code of a kind the office uses; returns whether that changed anything. Raises PackUnknown."""
    with transaction.atomic():
        if newest_pack(tenant, kind, code) is None:
            raise PackUnknown(name=f"{kind}/{code}")
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        chosen = dict(locked.settings.get(CHOSEN, {}))
        before = str(chosen.get(kind, ""))
        if before == code:
            return False
        chosen[kind] = code
        locked.settings = {**locked.settings, CHOSEN: chosen}
        locked.save(update_fields=["settings"])
        facts = {"kind": kind, "before": before, "after": code}
        record("pack.use", about=f"tenant:{tenant.code}", by=by, at=at, tenant=tenant, facts=facts)
    tenant.settings = locked.settings
    return True
