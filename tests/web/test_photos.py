"""Photos by signed address: unguessable, for one person or one office, for a while, and never a stranger's bytes in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.files.pictures import encode, exif_of, scene
from tests.living import Office, make_office

from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.files import store as content_store
from xiuhua.files.actions import store, store_photo
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import sign, unsign
from xiuhua.files.rules.addresses import TENANT, admits, audience_of, spelled, understood
from xiuhua.files.words import Address, Kind, Variant
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role
from xiuhua.web.desk.marking import mark_lines

DATA = encode(scene(), exif=exif_of(lat=31.25, lon=121.5))
COPIES = [Variant.THUMB, Variant.SCREEN, Variant.DISPLAY]

pytestmark = pytest.mark.usefixtures("home")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


def followed(client: Client, signed: str, method: str = "get") -> Answer:
    """Follow a signed address."""
    answer = getattr(client, method)(f"/photos/{signed}/")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return Answer(answer.status_code, answer.headers, body)


class Person:
    """Somebody with an account, signed in."""

    def __init__(self, name: str, office: Tenant, role: Role) -> None:
        user = User.objects.create(username=name, tenant=office)
        Post.objects.create(user=user, role=role)
        self.audience = audience_of(user.pk)
        self.client = Client()
        self.client.force_login(user)

    def get(self, signed: str, method: str = "get") -> Answer:
        """Follow a signed address."""
        return followed(self.client, signed, method)


Signed = Callable[..., str]


@pytest.fixture
def supervisor(street: Tenant) -> Person:
    """May see originals."""
    return Person("sun", street, Role.SUPERVISOR)


@pytest.fixture
def clerk(street: Tenant) -> Person:
    """May not see originals."""
    return Person("chen", street, Role.CLERK)


@pytest.fixture
def stranger(ana: Actor, at: datetime, db: None) -> Person:
    """Of another office, and may do there whatever there is."""
    return Person("eli", create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai"), Role.STAFF)


@pytest.fixture
def photo(street: Tenant, ana: Actor, at: datetime) -> StoredFile:
    """A photo of the street."""
    return store_photo(street, DATA, name="a.jpg", by=ana, at=at)


@pytest.fixture
def signed(photo: StoredFile) -> Signed:
    """An address of the photo: `signed(variant, audience)`, good for ten minutes of real time."""

    def made(variant: Variant, audience: str = TENANT, minutes: float = 10) -> str:
        until = datetime.now(UTC) + timedelta(minutes=minutes)
        return sign(photo, variant, until, audience)

    return made


@pytest.mark.parametrize("variant", COPIES)
def test_copy_when_asked_for_then_it_is_shown_in_place_and_kept_nowhere(
    clerk: Person, signed: Signed, photo: StoredFile, variant: Variant
) -> None:
    answer = clerk.get(signed(variant))
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": f'inline; filename="{photo.short}.jpg"',
        "Cache-Control": "private, no-store",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    body = answer.body
    assert [mark for mark in (b"Exif", b"Hidden", b"SERIAL") if mark in body] == []
    with Image.open(BytesIO(body)) as image:
        assert image.format == "JPEG"


def test_copies_when_looked_at_then_nothing_is_written(clerk: Person, signed: Signed) -> None:
    before = LedgerLine.objects.count()
    for variant in COPIES:
        clerk.get(signed(variant))
    assert LedgerLine.objects.count() == before


def test_original_when_one_may_then_it_is_an_attachment_and_each_look_a_line(
    supervisor: Person, signed: Signed, photo: StoredFile
) -> None:
    for _look in range(2):
        answer = supervisor.get(signed(Variant.ORIGINAL, supervisor.audience))
        assert (answer.status_code, answer.body) == (200, DATA)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{photo.short}.jpeg"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    lines = LedgerLine.objects.filter(verb="file.look").values_list("actor", "about", "after")
    assert list(lines) == [("user:sun", f"file:{photo.pk}", photo.sha256)] * 2


def test_original_when_one_may_not_then_it_is_not_there_and_the_try_is_a_line(
    clerk: Person, signed: Signed, photo: StoredFile
) -> None:
    assert clerk.get(signed(Variant.ORIGINAL)).status_code == 404
    lines = LedgerLine.objects.filter(verb__startswith="file.look").values_list("verb", "actor", "about")
    assert list(lines) == [("file.look_refused", "user:chen", f"file:{photo.pk}")]


def test_original_when_it_is_a_document_then_it_is_bytes_and_no_copy_of_it_exists(
    supervisor: Person, street: Tenant, ana: Actor, at: datetime
) -> None:
    page = b"<html><script>alert(1)</script></html>"
    file = store(street, page, kind=Kind.DOCUMENT, media_type="text/html", limit=99, by=ana, at=at)
    until = datetime.now(UTC) + timedelta(minutes=1)
    answer = supervisor.get(sign(file, Variant.ORIGINAL, until, TENANT))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.short}.bin"'
    assert [supervisor.get(sign(file, variant, until, TENANT)).status_code for variant in COPIES] == [404] * 3


@pytest.mark.parametrize("variant", list(Variant))
def test_address_when_made_for_somebody_else_or_another_office_then_nothing_is_there(
    supervisor: Person, clerk: Person, stranger: Person, signed: Signed, variant: Variant
) -> None:
    assert clerk.get(signed(variant, supervisor.audience)).status_code == 404
    assert stranger.get(signed(variant)).status_code == 404
    assert stranger.get(signed(variant, stranger.audience)).status_code == 404
    assert supervisor.get(signed(variant, supervisor.audience)).status_code == 200
    assert LedgerLine.objects.filter(verb="file.look_refused").count() == 0


@pytest.mark.parametrize("variant", list(Variant))
def test_address_when_nobody_is_signed_in_then_the_way_leads_to_the_door(
    client: Client, signed: Signed, variant: Variant
) -> None:
    answer = client.get(f"/photos/{signed(variant)}/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login/")


def test_address_when_expired_then_nothing_is_there(supervisor: Person, signed: Signed) -> None:
    assert [supervisor.get(signed(one, minutes=-0.1)).status_code for one in Variant] == [404] * len(Variant)


def test_address_when_any_character_is_changed_then_nothing_is_there(clerk: Person, signed: Signed) -> None:
    good = signed(Variant.THUMB)
    changed = [good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(0, len(good) - 1, 5)]
    assert {clerk.get(one).status_code for one in (*changed, good[:-1], good + "A", "1", "../1")} == {404}
    assert clerk.get("%00").status_code == 400
    assert re.fullmatch(r"[\w:.-]+", good)


def test_address_when_signed_for_another_purpose_then_nothing_is_there(clerk: Person, photo: StoredFile) -> None:
    from django.core import signing  # noqa: PLC0415 - what somebody with another door's token would hold

    until = datetime.now(UTC) + timedelta(minutes=1)
    content = spelled(Address(photo.pk, Variant.THUMB, until, TENANT))
    assert clerk.get(signing.dumps(content, salt="another")).status_code == 404
    assert clerk.get(signing.dumps(["x"], salt="xiuhua.files.address")).status_code == 404


def test_photo_when_its_bytes_are_lost_then_the_page_says_so(clerk: Person, signed: Signed, photo: StoredFile) -> None:
    content_store.original(photo.tenant_id, photo.sha256).unlink()
    answer = clerk.get(signed(Variant.THUMB))
    assert answer.status_code == 404
    assert photo.short in answer.body.decode()


def test_copy_when_the_disk_is_full_then_the_answer_is_507(
    clerk: Person, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = signed(Variant.THUMB)

    def full(*_given: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as disk:
        disk.setattr("os.replace", full)
        assert clerk.get(address).status_code == 507
    assert clerk.get(address).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_address_when_anything_but_looking_is_wanted_then_405(clerk: Person, signed: Signed, method: str) -> None:
    assert clerk.get(signed(Variant.THUMB), method).status_code == 405


@dataclass(frozen=True, slots=True)
class Shown:
    """A case of a living office with a photo of its own bytes, and addresses to it."""

    office: Office
    case: Case
    evidence: Evidence

    def get(self, name: str, variant: Variant, about: str | None = None) -> Answer:
        """Follow the address as a person of the office."""
        client = Client()
        client.force_login(self.office.users[name])
        until = datetime.now(UTC) + timedelta(minutes=1)
        named = f"evidence:{self.evidence.pk}" if about is None else about
        return followed(client, sign(self.evidence.file, variant, until, TENANT, named))


@pytest.fixture
def shown(db: None) -> Shown:
    """A case that was dispatched to the sweepers, with a photo by their handler."""
    office = make_office()
    case = office.dispatch(office.file(office.report()))
    file = store_photo(office.tenant, DATA, name="a.jpg", by=office.actor("hal"), at=office.now)
    number = UUID("00000000-0000-4000-8000-00000000000a")
    kind = EvidenceKind.AFTER
    by, at = office.actor("hal"), office.now
    evidence = add_evidence(office.tenant, file, client_uuid=number, kind=kind, by=by, at=at, key=case.pk)
    return Shown(office, case, evidence)


@pytest.mark.parametrize(
    ("name", "sees", "original"),
    [
        ("dan", True, False),
        ("hal", True, False),
        ("uma", True, False),
        ("vera", True, False),
        ("sue", True, True),
        ("stan", True, True),
        ("uri", False, False),
        ("hank", False, False),
        ("ada", False, False),
    ],
)
def test_evidence_when_looked_at_then_its_case_says_who_may(
    shown: Shown, name: str, sees: bool, original: bool
) -> None:
    found = {variant: shown.get(name, variant).status_code == 200 for variant in Variant}
    assert found == {**dict.fromkeys(COPIES, sees), Variant.ORIGINAL: original}


def test_evidence_when_its_original_is_looked_at_then_the_case_tells_it(shown: Shown) -> None:
    shown.get("sue", Variant.ORIGINAL)
    shown.get("dan", Variant.ORIGINAL)
    lines = LedgerLine.objects.filter(verb__startswith="file.look", about=f"case:{shown.case.number}").order_by("pk")
    assert list(lines.values_list("verb", "actor")) == [
        ("file.look", "user:sue@living"),
        ("file.look_refused", "user:dan@living"),
    ]


def test_evidence_when_the_case_goes_to_another_unit_then_old_addresses_die(shown: Shown) -> None:
    Case.objects.filter(pk=shown.case.pk).update(body=shown.office.bodies["repairs"])
    assert [shown.get(name, Variant.THUMB).status_code for name in ("uma", "uri")] == [404, 200]


@pytest.mark.parametrize("about", ["evidence:0", "evidence:999999", "evidence:x", "evidence:", "case:1", "evidence:1 "])
def test_evidence_when_there_is_none_then_nothing_is_there(shown: Shown, about: str) -> None:
    assert shown.get("stan", Variant.THUMB, about).status_code == 404


def test_evidence_when_it_is_of_another_photo_then_nothing_is_there(shown: Shown) -> None:
    other = shown.office.photo(shown.case, "hal")
    assert shown.get("stan", Variant.THUMB, f"evidence:{other}").status_code == 404


def test_evidence_when_it_waits_for_its_case_then_only_its_sender_sees_it(shown: Shown) -> None:
    Evidence.objects.filter(pk=shown.evidence.pk).update(case=None)
    assert [shown.get(name, Variant.SCREEN).status_code for name in ("hal", "sue")] == [200, 404]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_mark_when_evidence_is_shown_then_it_says_when_where_which_in_the_offices_language(
    shown: Shown, language: str
) -> None:
    with translation.override(language):
        lines = mark_lines(shown.evidence)
    assert lines == (
        "2026-11-23 10:02:00（服务器收到） · 设备自称 2026-11-23 09:30:00，未校验",
        "A · 设备位置 121.50000, 31.25000",
        f"案件 {shown.case.number} · 账号 hal@living",
    )


@pytest.mark.parametrize(("kind", "named"), [("before", False), ("after", True), ("check", True), ("other", False)])
def test_mark_when_the_photo_may_be_a_reporters_then_nobody_is_named(shown: Shown, kind: str, named: bool) -> None:
    shown.evidence.kind = kind
    assert ("hal@living" in " ".join(mark_lines(shown.evidence))) == named


def test_mark_when_device_and_case_say_little_then_lines_are_left_out(shown: Shown) -> None:
    shown.evidence.file.taken_at = shown.evidence.file.lon = None
    assert mark_lines(shown.evidence)[:2] == ("2026-11-23 10:02:00（服务器收到）", "A")
    shown.evidence.case = shown.evidence.user = None
    assert mark_lines(shown.evidence) == ("2026-11-23 10:02:00（服务器收到）",)


ADDRESSES = st.builds(
    Address,
    st.integers(1, 2**40),
    st.sampled_from(Variant),
    st.integers(1_600_000_000, 3_800_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.one_of(st.just(TENANT), st.integers(1, 10**9).map(audience_of)),
    st.one_of(st.just(""), st.integers(1, 10**9).map("evidence:{}".format), st.text(max_size=20)),
)


@given(ADDRESSES, st.integers(1, 10**9))
def test_address_when_spelled_and_understood_then_it_is_the_same_and_admits_only_its_audience(
    address: Address, user: int
) -> None:
    assert understood(spelled(address)) == address
    assert admits(address, user) == (address.audience in {TENANT, f"user:{user}"})


@given(ADDRESSES)
def test_address_when_signed_then_it_holds_until_its_moment_and_not_at_it(address: Address) -> None:
    file = StoredFile(pk=address.file)
    text = sign(file, address.variant, address.until, address.audience, address.about)
    assert unsign(text, address.until - timedelta(seconds=1)) == address
    assert unsign(text, address.until) is None


@given(st.text(max_size=200))
def test_address_when_made_up_then_it_is_none(text: str) -> None:
    assert unsign(text, datetime(2026, 1, 1, tzinfo=UTC)) is None
