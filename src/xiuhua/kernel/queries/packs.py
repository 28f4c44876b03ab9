"""Packs on disk and packs that an office has installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.rules.packs import HEADER, pack_of
from xiuhua.kernel.words import Fault, PackContent, Refusal, marked

#: Files a pack may consist of, and how much of them: a national taxonomy is below a megabyte.
NOTES = ".md"
SUFFIXES = (".toml", ".csv", NOTES)
MOST_FILES = 100
MOST_BYTES = 20 * 1024 * 1024
_MOST_ENTRIES = 10 * MOST_FILES
#: The tenant's setting that says which of several installed codes of a kind is used: {"packs": {"calendar": "cn"}}.
CHOSEN = "packs"


class PackUnknown(Refusal):
    """No pack of that name is installed, or in the folder of packs."""

    code = "pack.unknown"
    sentence = marked("找不到数据包“%(name)s”。")


class PackRefused(Refusal):
    """Something in the pack is wrong, so nothing of it was installed; the faults say what and where."""

    code = "pack.refused"
    sentence = marked("数据包“%(name)s”有 %(count)s 处毛病。")


class PackUndecided(Refusal):
    """Several packs of a kind are installed and none was chosen, or none is installed."""

    code = "pack.undecided"
    sentence = marked(
        "还没有选定用哪个“%(kind)s”数据包（已装：%(codes)s）：xiuhua pack install 装上，xiuhua pack use 选定。"
    )


def read_pack(folder: Path) -> PackContent:
    """Return the pack in a folder. Raises PackRefused with every fault of its files' form and of its header."""
    texts, faults = _texts(folder)
    pack, wrong = pack_of(texts) if not faults else (None, [])
    if pack is None:
        raise PackRefused([*faults, *wrong], name=str(folder), count=len(faults) + len(wrong))
    return pack


def _texts(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    if not (folder / HEADER).is_file():
        return {}, [Fault("pack.header_missing", file=HEADER)]
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    size = 0
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or path.suffix not in SUFFIXES:
            faults.append(Fault("pack.file_kind", file=name))
            continue
        size += path.stat().st_size
        if len(texts) + len(faults) >= MOST_FILES or size > MOST_BYTES:
            return {}, [Fault("pack.large", facts={"files": MOST_FILES, "bytes": MOST_BYTES}, file=name)]
        try:
            texts[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            faults.append(Fault("pack.not_utf8", facts={"position": error.start + 1}, file=name))
    return texts, faults


def _files(folder: Path) -> Iterator[Path]:
    # somebody's home folder is no pack: no more of it is looked at than shows that
    for path in sorted(islice(folder.rglob("*"), _MOST_ENTRIES)):
        if not path.is_dir() or path.is_symlink():
            yield path


def shipped_packs(root: Path) -> list[Path]:
    """Return the folders of versioned packs under a folder of packs: kind/code/version, sorted."""
    return sorted(path.parent for path in root.glob(f"*/*/*/{HEADER}"))


def shipped_pack(root: Path, name: str) -> Path:
    """Return the folder of a pack called "kind/code" (its latest by effective day) or "kind/code@version".

    Raises PackUnknown, and PackRefused for a version that cannot be read.
    """
    kind_code, _at, version = name.partition("@")
    found = [path for path in shipped_packs(root) if path.parent.relative_to(root).as_posix() == kind_code]
    found = [path for path in found if not version or path.name == version]
    if not found:
        raise PackUnknown(name=name)
    return max(found, key=lambda path: read_pack(path).effective_from) if len(found) > 1 else found[0]


def installed_packs(
    tenant: Tenant, kind: str | None = None, code: str | None = None, *, installed_by: datetime | None = None
) -> list[InstalledPack]:
    """Return an office's packs by kind and code, each one's versions oldest first. One query.

    With `installed_by`, only those that were installed by that moment.
    """
    found = InstalledPack.objects.filter(tenant=tenant).order_by("kind", "code", "effective_from")
    found = found.filter(installed_at__lte=installed_by) if installed_by else found
    found = found.filter(kind=kind) if kind else found
    return list(found.filter(code=code) if code else found)


def newest_pack(tenant: Tenant, kind: str, code: str, *, installed_by: datetime | None = None) -> InstalledPack | None:
    """Return the version that begins last, of those installed by a moment if one is given, or None. One query."""
    found = InstalledPack.objects.filter(tenant=tenant, kind=kind, code=code)
    found = found.filter(installed_at__lte=installed_by) if installed_by else found
    return found.order_by("-effective_from").first()


def pack_on(tenant: Tenant, kind: str, code: str, day: date) -> InstalledPack | None:
    """Return the version in force on a day, or None before the first begins. One query."""
    found = InstalledPack.objects.filter(tenant=tenant, kind=kind, code=code, effective_from__lte=day)
    return found.order_by("-effective_from").first()


def chosen_code(tenant: Tenant, kind: str) -> str:
    """Return which code of a kind the office uses: the chosen one, else the only one. Raises PackUndecided.

    One query where nothing was chosen.
    """
    chosen = tenant.settings.get(CHOSEN, {}).get(kind)
    if chosen:
        return str(chosen)
    codes = sorted(set(InstalledPack.objects.filter(tenant=tenant, kind=kind).values_list("code", flat=True)))
    if len(codes) != 1:
        raise PackUndecided(kind=kind, codes="、".join(codes) or "—")
    return codes[0]


def undecided(tenant: Tenant, kinds: Iterable[str]) -> list[str]:
    """Return those of the kinds of which several codes are installed and none was chosen. One query."""
    chosen = tenant.settings.get(CHOSEN, {})
    pairs = InstalledPack.objects.filter(tenant=tenant).values_list("kind", "code").distinct()
    counts = Counter(kind for kind, _code in pairs)
    return sorted(kind for kind in kinds if counts[kind] > 1 and not chosen.get(kind))


def content_of(pack: InstalledPack) -> PackContent:
    """Return an installed pack as the content it was installed from."""
    return PackContent(
        kind=pack.kind,
        code=pack.code,
        version=pack.version,
        title=pack.title,
        effective_from=pack.effective_from,
        provenance=pack.provenance,
        files=pack.files,
        digest=pack.digest,
        made_up=pack.made_up,
    )
