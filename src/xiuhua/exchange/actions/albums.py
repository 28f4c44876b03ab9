"""Photos in an archive, by task number: in, each once, and out again with the rights of each."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.policies import may, visible
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.exchange.models import Source, SourceRecord
from xiuhua.exchange.rules.albums import escapes, litter, member_name, nested, numbers_in, side_of
from xiuhua.files.actions import note_look, store_photo
from xiuhua.files.archives import zipped
from xiuhua.files.copies import display_copy
from xiuhua.files.queries import content
from xiuhua.files.words import FileLarge, FileRefused, NoRoom, PhotoVast
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.tables.words import MIB

ADD, ORIGINAL = "evidence.add", "evidence.original"
#: An archive may be at most: members, bytes packed and unpacked, unpacked to packed of one member.
MEMBERS, PACKED, UNPACKED, RATIO = 20_000, 2048 * MIB, 4096 * MIB, 100
_RATIO_FLOOR = MIB
_SPACE = UUID("6c1d2a52-7d0e-5b0e-9a43-0b7c5a3f2c11")
_ENCRYPTED, _UTF8, _LINK = 0x1, 0x800, 0o120000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
Marks = Callable[[Evidence], tuple[str, ...]]


class AlbumRefused(Refusal):
    """The archive is not opened at all; nothing of it was kept."""

    code = "photos.archive"
    sentence = marked("压缩包不能收：%(why)s")


class SourceUnknown(Refusal):
    """No platform of this code has brought anything."""

    code = "photos.source"
    sentence = marked("没有代码为 %(source)s 的来源。")


@dataclass(slots=True)
class Album:
    """What became of the members of an archive: each name stands in one of the lists."""

    added: list[tuple[str, str]] = field(default_factory=list)
    already: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    #: (name, why): no photo of a kind that is taken, damaged, under a false ending.
    not_photos: list[tuple[str, str]] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    passed: int = 0

    def contract(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "added": [{"name": name, "number": number} for name, number in self.added],
            "already": [{"name": name, "number": number} for name, number in self.already],
            "unknown": self.unknown,
            "not_photos": [{"name": name, "why": why} for name, why in self.not_photos],
            "too_large": self.too_large,
            "passed": self.passed,
        }


def import_photos(tenant: Tenant, archive: BinaryIO, *, by: Actor, at: datetime, source: str = "") -> Album:
    """Put the photos of a ZIP archive with the cases whose numbers they are named by; return what became of each member.

    The archive's directory is judged before a member is read: number, sizes, ratio, names that lead elsewhere, archives
    within. Each photo is kept and told by itself, once for its content and case: the same archive again adds nothing.
    Cases that the actor may not add photos to are as if they were not there. Raises AlbumRefused, SourceUnknown, NoRoom.
    """
    origin = Source.objects.filter(tenant=tenant, code=source).first() if source else None
    if source and origin is None:
        raise SourceUnknown(source=source)
    album = Album()
    with _opened(archive) as opened:
        members = _judged(opened, album)
        cases = _cases(tenant, origin, {name: numbers_in(name) for name in members}, by)
        for name, member in members.items():
            _take(tenant, opened, (name, member, cases.get(name)), album, by=by, at=at)
    facts = {
        "source": source,
        "added": len(album.added),
        "already": len(album.already),
        "unknown": len(album.unknown),
        "refused": len(album.not_photos) + len(album.too_large),
    }
    record("evidence.import", about=f"tenant:{tenant.code}", by=by, at=at, tenant=tenant, facts=facts)
    return album


def _opened(archive: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except _BROKEN as error:
        raise AlbumRefused(why=_("坏了或者没有传完（%(reason)s）") % {"reason": str(error)}) from error


def _judged(opened: zipfile.ZipFile, album: Album) -> dict[str, zipfile.ZipInfo]:
    """Return the members by their names, having refused an archive that is none to open."""
    infos = opened.infolist()
    _check_sizes(infos)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = member_name(info.filename, unicode=bool(info.flag_bits & _UTF8))
        if escapes(name) or (info.external_attr >> 16) & 0o170000 == _LINK:
            raise AlbumRefused(why=_("有指到别处去的名字“%(name)s”") % {"name": name[:80]})
        if info.flag_bits & _ENCRYPTED:
            raise AlbumRefused(why=_("加了密码"))
        if nested(name):
            raise AlbumRefused(why=_("里面还有压缩包“%(name)s”，请解开再打一个") % {"name": name[:80]})
        if info.is_dir() or litter(name):
            album.passed += not info.is_dir()
        elif name in members:
            raise AlbumRefused(why=_("两个文件同名“%(name)s”") % {"name": name[:80]})
        else:
            members[name] = info
    return members


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MEMBERS:
        raise AlbumRefused(why=_("有 %(found)s 个文件，最多 %(limit)s 个") % {"found": len(infos), "limit": MEMBERS})
    unpacked, packed = sum(one.file_size for one in infos), sum(one.compress_size for one in infos)
    if unpacked > UNPACKED or packed > PACKED:
        raise AlbumRefused(
            why=_("解开有 %(found)s MB，最多 %(limit)s MB") % {"found": unpacked // MIB, "limit": UNPACKED // MIB}
        )
    for one in infos:
        if one.file_size > _RATIO_FLOOR and one.file_size > RATIO * max(one.compress_size, 1):
            raise AlbumRefused(why=_("“%(name)s”压得太狠，不像照片") % {"name": one.filename[:80]})


def _cases(tenant: Tenant, origin: Source | None, names: dict[str, list[str]], by: Actor) -> dict[str, Case]:
    """Return the case of each name: by the platform's number, without one by our own and then by any platform's."""
    wanted = {number for numbers in names.values() for number in numbers}
    known: dict[str, Case] = {}
    listed = sorted(wanted)
    for begin in range(0, len(listed), 500):
        part = listed[begin : begin + 500]
        records = SourceRecord.objects.filter(source__tenant=tenant, current=True, number__in=part)
        records = records.filter(source=origin) if origin else records
        found = {one.number: one.case for one in records.select_related("case__tenant").order_by("-source_id")}
        if origin is None:
            ours = Case.objects.filter(tenant=tenant, number__in=part).select_related("tenant")
            found |= {case.number: case for case in ours}
        known |= found
    held = {name: next((known[one] for one in numbers if one in known), None) for name, numbers in names.items()}
    return {name: case for name, case in held.items() if case is not None and may(by, ADD, case)}


def _take(
    tenant: Tenant,
    opened: zipfile.ZipFile,
    one: tuple[str, zipfile.ZipInfo, Case | None],
    album: Album,
    *,
    by: Actor,
    at: datetime,
) -> None:
    name, info, case = one
    if case is None:
        album.unknown.append(name)
        return
    limit = settings.FILES_PHOTO_BYTES
    if info.file_size > limit:
        album.too_large.append(name)
        return
    try:
        data = _read(opened, info, limit)
        file = store_photo(tenant, data, name=name.rpartition("/")[2], by=by, at=at)
    except NoRoom:
        raise
    except (FileLarge, PhotoVast):
        album.too_large.append(name)
        return
    except FileRefused as refusal:
        album.not_photos.append((name, str(refusal)))
        return
    if Evidence.objects.filter(case=case, file=file).exists():
        album.already.append((name, case.number))
        return
    key = uuid5(_SPACE, f"{tenant.pk}:{case.pk}")
    add_evidence(tenant, file, client_uuid=key, kind=EvidenceKind(side_of(name)), by=by, at=at, key=case.pk)
    album.added.append((name, case.number))


class MemberBroken(FileRefused):
    """A member cannot be unpacked."""

    code = "photos.member"
    sentence = marked("在压缩包里就坏了，解不开，请把这一张重新打包。")


def _read(opened: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Return a member's bytes, one more than the limit at most: what the directory says of its size is not believed."""
    try:
        with opened.open(info) as member:
            return member.read(limit + 1)
    except _BROKEN as error:
        raise MemberBroken from error


def photos_of(tenant: Tenant, cases: Iterable[Case], *, by: Actor) -> Iterator[Evidence]:
    """Yield the photos of cases that the actor may see, case by case in their order, each with its case and file.

    One query for each 500 cases.
    """
    chunk: list[int] = []
    for case in cases:
        chunk.append(case.pk)
        if len(chunk) == 500:  # noqa: PLR2004 - keys in one statement
            yield from _of_cases(tenant, chunk, by)
            chunk = []
    yield from _of_cases(tenant, chunk, by)


def _of_cases(tenant: Tenant, keys: list[int], by: Actor) -> Iterator[Evidence]:
    found = Evidence.objects.filter(visible(by, through="case__"), tenant=tenant, case__in=keys)
    places = {key: place for place, key in enumerate(keys)}
    rows = list(found.select_related("tenant", "case", "file", "user").order_by("at", "pk"))
    yield from sorted(rows, key=lambda one: (places[one.case_id or 0], one.at, one.pk))


def album_of(photos: Iterable[Evidence], *, lines: Marks, by: Actor, at: datetime) -> Iterator[bytes]:
    """Return a ZIP archive of photos piece by piece, a folder for each case, never more than one photo in memory.

    Who may see originals gets them, each look a line in the ledger; everybody else the copies with the mark (`lines`)
    burnt in. A photo whose bytes are gone is left out.
    """
    return zipped(_members(photos, lines, by=by, at=at))


def _members(photos: Iterable[Evidence], lines: Marks, *, by: Actor, at: datetime) -> Iterator[tuple[str, bytes]]:
    counts: dict[tuple[int, str], int] = {}
    for one in photos:
        case = one.case
        if case is None:
            continue
        data, ending = _bytes(one, case, lines, by=by, at=at)
        if data is None:
            continue
        key = (case.pk, one.kind)
        counts[key] = counts.get(key, 0) + 1
        yield f"{safe_name(case.number)}/{_kind(one.kind)}_{counts[key]}.{ending}", data


def _bytes(one: Evidence, case: Case, lines: Marks, *, by: Actor, at: datetime) -> tuple[bytes | None, str]:
    try:
        if may(by, ORIGINAL, case):
            data = content(one.file)
            note_look(one.file, granted=True, by=by, at=at, about=f"case:{case.number}")
            return data, one.file.media_type.rpartition("/")[2]
        return display_copy(one.file, lines(one)).read_bytes(), "jpg"
    except Refusal:
        return None, ""


def safe_name(number: str) -> str:
    """Return a number as the name of a folder: signs that file systems keep for themselves become _."""
    plain = "".join("_" if sign in '<>:"/\\|?*' or ord(sign) < ord(" ") else sign for sign in number).strip(". ")
    return plain or "_"


def _kind(kind: str) -> str:
    return str(EvidenceKind(kind).label)
