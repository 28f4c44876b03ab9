"""Photos in an archive by task number: in, each once; hostile archives refused; out with the rights of each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from tests.files.pictures import encode, scene

from xiuhua.cases.models import Case, Evidence
from xiuhua.exchange.actions.albums import (
    MEMBERS,
    Album,
    AlbumRefused,
    SourceUnknown,
    album_of,
    import_photos,
    photos_of,
    safe_name,
)
from xiuhua.exchange.rules.albums import escapes, litter, member_name, nested, numbers_in, side_of
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import EVERY, Actor, Grant

Rows = Callable[..., dict[str, str]]
STAFF = Actor("user:lin", grants=(Grant(EVERY),))

pytestmark = pytest.mark.usefixtures("home")


def _photo(seed: int) -> bytes:
    return encode(scene(seed, (64, 48)))


def _zip(members: dict[str, bytes], *, method: int = zipfile.ZIP_STORED) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    target.seek(0)
    return target


def _take(office: Tenant, members: dict[str, bytes], at: datetime, by: Actor = STAFF, source: str = "") -> Album:
    return import_photos(office, _zip(members), by=by, at=at, source=source)


@pytest.fixture
def brought(bring: Callable[..., ImportReport], case: Rows, communities: Tenant) -> Tenant:
    """The office with cases A-1, A-2 and 20261003001."""
    bring(case("A-1"), case("A-2", 经度="120.015"), case("20261003001"))
    return communities


@pytest.mark.parametrize(
    ("name", "number", "side"),
    [
        ("A-1.jpg", "A-1", "other"),
        ("20261003001_1.jpg", "20261003001", "other"),
        ("20261003001(2).jpg", "20261003001", "other"),
        ("20261003001-整改前.jpg", "20261003001", "before"),
        ("20261003001整改后2.jpg", "20261003001", "after"),
        ("20261003001_后_1.jpg", "20261003001", "after"),
        ("20261003001前.jpg", "20261003001", "before"),
        ("十月/20261003001/任意.jpg", "20261003001", "other"),
        ("20261003001/整改后/IMG_0001.jpg", "20261003001", "after"),
        ("整改前/20261003001_2.JPG", "20261003001", "before"),
        ("20261003001/AFTER.jpg", "20261003001", "after"),
        ("20261003001\\前.jpg", "20261003001", "before"),
        ("前进路/20261003001.jpg", "20261003001", "other"),
    ],
)
def test_name_when_read_then_the_number_is_among_its_readings_and_the_side_is_told(
    name: str, number: str, side: str
) -> None:
    assert number in numbers_in(name)
    assert side_of(name) == side


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("a/b.jpg", False),
        ("../a.jpg", True),
        ("a/../../b.jpg", True),
        ("/etc/a.jpg", True),
        ("C:\\a.jpg", True),
        ("a\\..\\..\\b.jpg", True),
        ("", True),
        ("a\x00.jpg", True),
        ("a..b.jpg", False),
    ],
)
def test_name_when_it_leads_out_then_known(name: str, out: bool) -> None:
    assert escapes(name) == out


def test_name_when_written_by_chinese_windows_then_read() -> None:
    raw = "任务/整改前.jpg".encode("gb18030").decode("cp437")
    assert member_name(raw, unicode=False) == "任务/整改前.jpg"
    assert member_name("任务.jpg", unicode=True) == "任务.jpg"
    assert [nested("a.ZIP"), nested("a.jpg"), litter("__MACOSX/._a.jpg"), litter("x/Thumbs.db"), litter("a.jpg")] == [
        *(True, False, True, True, False)
    ]


def test_archive_when_imported_then_every_member_is_accounted_for(brought: Tenant, at: datetime) -> None:
    album = _take(
        brought,
        {
            "A-1_整改前.jpg": _photo(1),
            "A-1_整改后.jpg": _photo(2),
            "x/20261003001/任意.png": encode(scene(3, (64, 48)), "PNG"),
            "999.jpg": _photo(4),
            "A-2.jpg": b"no photo at all",
            "A-2_1.png": _photo(5),
            "Thumbs.db": b"x",
        },
        at,
    )
    assert album.added == [
        ("A-1_整改前.jpg", "A-1"),
        ("A-1_整改后.jpg", "A-1"),
        ("x/20261003001/任意.png", "20261003001"),
    ]
    assert (album.unknown, [name for name, _why in album.not_photos], album.too_large, album.passed) == (
        ["999.jpg"],
        ["A-2.jpg", "A-2_1.png"],
        [],
        1,
    )
    kinds = Evidence.objects.order_by("pk").values_list("case__number", "kind")
    assert list(kinds) == [("A-1", "before"), ("A-1", "after"), ("20261003001", "other")]
    line = LedgerLine.objects.get(verb="evidence.import")
    assert line.facts == {"source": "", "added": 3, "already": 0, "unknown": 1, "refused": 2}


def test_archive_when_imported_twice_then_the_second_adds_nothing(brought: Tenant, at: datetime) -> None:
    members = {"A-1_1.jpg": _photo(1), "A-1_2.jpg": _photo(2), "A-1_copy/1.jpg": _photo(3)}
    first = _take(brought, members, at)
    second = _take(brought, members, at)
    assert (len(first.added), len(second.added), len(second.already)) == (2, 0, 2)
    assert Evidence.objects.count() == 2


def test_archive_when_the_case_has_the_photo_from_elsewhere_then_it_is_there_already(
    brought: Tenant, at: datetime
) -> None:
    _take(brought, {"A-1.jpg": _photo(1)}, at)
    Evidence.objects.update(client_uuid="00000000-0000-4000-8000-000000000001")
    assert _take(brought, {"A-1后.jpg": _photo(1)}, at).already == [("A-1后.jpg", "A-1")]


def test_archive_when_a_photo_is_too_large_then_told_and_the_others_kept(
    brought: Tenant, at: datetime, settings: object
) -> None:
    small, big = _photo(1), encode(scene(2, (640, 480)), quality=95)
    settings.FILES_PHOTO_BYTES = len(small) + 1  # type: ignore[attr-defined]
    album = _take(brought, {"A-1.jpg": small, "A-2.jpg": big}, at)
    assert ([number for _name, number in album.added], album.too_large) == (["A-1"], ["A-2.jpg"])


def test_archive_when_the_scope_is_narrow_then_other_cases_are_not_there(brought: Tenant, at: datetime) -> None:
    where = Case.objects.get(number="A-1").territory_id
    narrow = replace(STAFF, grants=(Grant("evidence.add", territories=frozenset({where or 0})),))
    album = _take(brought, {"A-1.jpg": _photo(1), "A-2.jpg": _photo(2)}, at, narrow)
    assert ([number for _name, number in album.added], album.unknown) == (["A-1"], ["A-2.jpg"])


def test_archive_when_a_source_is_named_then_its_numbers_count(brought: Tenant, at: datetime) -> None:
    Case.objects.filter(number="A-1").update(number="own-7")
    assert _take(brought, {"A-1.jpg": _photo(1)}, at, source="platform").added == [("A-1.jpg", "own-7")]
    assert _take(brought, {"own-7.jpg": _photo(2)}, at, source="platform").unknown == ["own-7.jpg"]
    with pytest.raises(SourceUnknown):
        _take(brought, {"A-1.jpg": _photo(1)}, at, source="nobody")


@pytest.mark.parametrize(
    "members",
    [
        {"../A-1.jpg": b"x"},
        {"/A-1.jpg": b"x"},
        {"A-1.jpg": b"x", "more.zip": b"PK"},
        {"A-1.jpg": b"\0" * (8 << 20)},
        {f"{n}.jpg": b"" for n in range(MEMBERS + 1)},
    ],
    ids=["parent", "absolute", "nested", "bomb", "members"],
)
def test_archive_when_hostile_then_refused_and_nothing_kept(
    members: dict[str, bytes], brought: Tenant, at: datetime, home: Path
) -> None:
    with pytest.raises(AlbumRefused):
        import_photos(brought, _zip(members, method=zipfile.ZIP_DEFLATED), by=STAFF, at=at)
    assert (Evidence.objects.count(), LedgerLine.objects.filter(verb="evidence.import").count()) == (0, 0)
    assert not (home / "files" / "originals").exists()


def test_archive_when_a_link_or_a_password_then_refused(brought: Tenant, at: datetime) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("A-1.jpg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(AlbumRefused):
        import_photos(brought, target, by=STAFF, at=at)
    data = bytearray(_zip({"A-1.jpg": _photo(1)}).getvalue())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(AlbumRefused):
        import_photos(brought, io.BytesIO(bytes(data)), by=STAFF, at=at)


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_archive_when_cut_off_then_refused(cut: int, brought: Tenant, at: datetime) -> None:
    whole = _zip({"A-1.jpg": _photo(1)}).getvalue()
    with pytest.raises(AlbumRefused):
        import_photos(brought, io.BytesIO(whole[:cut]), by=STAFF, at=at)


def test_archive_when_one_member_is_damaged_then_told_and_the_others_kept(brought: Tenant, at: datetime) -> None:
    first = _photo(1)
    data = bytearray(_zip({"A-1.jpg": first, "A-2.jpg": _photo(2)}).getvalue())
    data[data.find(first) + 100] ^= 0xFF
    album = import_photos(brought, io.BytesIO(bytes(data)), by=STAFF, at=at)
    assert ([name for name, _why in album.not_photos], [number for _name, number in album.added]) == (
        ["A-1.jpg"],
        ["A-2"],
    )


def _out(office: Tenant, at: datetime, by: Actor) -> dict[str, bytes]:
    cases = Case.objects.order_by("number")
    pieces = album_of(photos_of(office, cases, by=by), lines=lambda _one: ("市容",), by=by, at=at)
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_photos_when_taken_out_by_who_may_see_originals_then_as_they_came_and_each_told(
    brought: Tenant, at: datetime
) -> None:
    _take(brought, {"A-1_后.jpg": _photo(1), "A-1_后_2.jpg": _photo(2), "A-2_前.jpg": _photo(3)}, at)
    assert _out(brought, at, STAFF) == {
        "A-1/整改后_1.jpeg": _photo(1),
        "A-1/整改后_2.jpeg": _photo(2),
        "A-2/整改前_1.jpeg": _photo(3),
    }
    assert LedgerLine.objects.filter(verb="file.look").count() == 3


def test_photos_when_taken_out_by_others_then_marked_copies_of_what_they_see(brought: Tenant, at: datetime) -> None:
    _take(brought, {"A-1_后.jpg": _photo(1), "A-2_前.jpg": _photo(3)}, at)
    where = Case.objects.get(number="A-1").territory_id
    narrow = replace(STAFF, grants=(Grant("case.see", territories=frozenset({where or 0})),))
    out = _out(brought, at, narrow)
    assert list(out) == ["A-1/整改后_1.jpg"]
    copy = Image.open(io.BytesIO(out["A-1/整改后_1.jpg"]))
    assert (out["A-1/整改后_1.jpg"] != _photo(1), copy.height > 48) == (True, True)
    assert not LedgerLine.objects.filter(verb="file.look").exists()


def test_photos_when_taken_out_and_brought_back_then_nothing_is_added(brought: Tenant, at: datetime) -> None:
    _take(brought, {"A-1_后.jpg": _photo(1), "20261003001.jpg": _photo(2)}, at)
    again = _take(brought, _out(brought, at, STAFF), at)
    assert (again.added, sorted(number for _name, number in again.already)) == ([], ["20261003001", "A-1"])


@pytest.mark.parametrize(("number", "folder"), [("A/1", "A_1"), ("..", "_"), ("a:b?", "a_b_"), ("甲-1", "甲-1")])
def test_folder_when_named_by_a_number_then_it_can_be_unpacked_anywhere(number: str, folder: str) -> None:
    assert safe_name(number) == folder
