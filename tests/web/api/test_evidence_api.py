"""Photos by API: whole or in pieces, before or after their report, each kept once and as it came."""

from __future__ import annotations

import hashlib
import threading
import time
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from tests.files.pictures import scene
from tests.living import Office, make_office
from tests.web.api.conftest import V1, Program, Programs, told, uuid

from xiuhua.cases.actions import add_evidence, report
from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.words.moves import Channel, EvidenceKind
from xiuhua.cases.words.reports import Told
from xiuhua.files.actions import store_photo
from xiuhua.files.queries import content

PIECE = "application/offset+octet-stream"


def photo(seed: int = 1) -> bytes:
    """Return a photo."""
    out = BytesIO()
    scene(seed, (160, 120)).save(out, "JPEG")
    return out.getvalue()


def announced(program: Program, data: bytes, number: int = 1, **more: Any) -> Any:
    sha = hashlib.sha256(data).hexdigest()
    body = {"client_uuid": str(uuid(number)), "size": len(data), "sha256": sha, "name": "a.jpg", **more}
    return program.post("/evidence/uploads", body)


def piece(program: Program, data: bytes, offset: int, number: int = 1, media: str = PIECE) -> Any:
    headers = {"Authorization": f"Bearer {program.secret}", "Upload-Offset": str(offset)}
    return program.client.generic("PATCH", f"{V1}/evidence/uploads/{uuid(number)}", data, media, headers=headers)


def form(program: Program, data: bytes, **fields: str) -> Any:
    given = {**fields, "photo": SimpleUploadedFile("a.jpg", data, "image/jpeg")}
    return program.client.post(f"{V1}/evidence", given, headers={"Authorization": f"Bearer {program.secret}"})


@pytest.mark.parametrize("first", ["photo", "report"])
def test_photo_finds_its_report_whichever_comes_first(program: Programs, first: str) -> None:
    ina, data, number = program("ina"), photo(), str(uuid(9))
    steps = [
        lambda: form(ina, data, kind="before", report=number).status_code,
        lambda: ina.post("/reports", told(9)).status_code,
    ]
    assert [step() for step in (steps if first == "photo" else steps[::-1])] == [201, 201]
    kept = Evidence.objects.get()
    assert (kept.case, content(kept.file)) == (Case.objects.get(), data)
    assert form(ina, data, kind="before", report=number).json()["id"] == kept.pk
    assert Evidence.objects.count() == 1


def test_photo_in_pieces_goes_on_where_it_broke(living: Office, program: Programs) -> None:
    case = living.report()
    ina, data = program("ina"), photo()
    begun = announced(ina, data)
    assert (begun.status_code, begun["Upload-Offset"], begun["Location"]) == (
        201,
        "0",
        f"{V1}/evidence/uploads/{uuid(1)}",
    )
    assert (piece(ina, data[:1000], 0).status_code, announced(ina, data)["Upload-Offset"]) == (204, "1000")
    wrong = piece(ina, data[1500:], 1500)
    assert (wrong.status_code, wrong.json()["code"], wrong["Upload-Offset"]) == (409, "upload.offset", "1000")
    early = ina.post("/evidence", {"upload": str(uuid(1)), "kind": "before", "case": case.number})
    assert (early.status_code, early.json()["facts"]["expected"]) == (409, 1000)
    head = ina.ask("HEAD", f"/evidence/uploads/{uuid(1)}")
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"], head.content) == (
        200,
        "1000",
        str(len(data)),
        b"",
    )
    assert piece(ina, data[:1000], 0)["Upload-Offset"] == "1000"
    assert piece(ina, data[1000:], 1000)["Upload-Offset"] == str(len(data))
    done = ina.post("/evidence", {"upload": str(uuid(1)), "kind": "before", "case": case.number})
    assert (done.status_code, done.json()["sha256"]) == (201, hashlib.sha256(data).hexdigest())
    assert content(Evidence.objects.get(case=case).file) == data
    again = ina.post("/evidence", {"upload": str(uuid(1)), "kind": "before", "case": case.number})
    assert again.json() == done.json()


def test_upload_of_somebody_else_is_not_there(program: Programs) -> None:
    ina, cleo = program("ina"), program("cleo")
    announced(ina, photo())
    assert cleo.get(f"/evidence/uploads/{uuid(1)}").status_code == 404
    assert piece(cleo, b"x", 0).status_code == 404
    assert announced(cleo, photo()).status_code == 409
    stranger = program("ina", office=make_office("other"))
    assert stranger.get(f"/evidence/uploads/{uuid(1)}").status_code == 404


def test_photo_of_a_case_one_may_not_see_is_refused_and_nothing_is_kept(living: Office, program: Programs) -> None:
    case = living.dispatch(living.file(living.report()), "repairs")
    assert form(program("hal"), photo(), kind="after", case=case.number).status_code == 404
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({}, 422, "kind"),
        ({"kind": "before"}, 400, "report, case"),
        ({"kind": "before", "report": "x"}, 422, "report"),
        ({"kind": "before", "report": str(uuid(1)), "case": "1"}, 400, "report, case"),
        ({"kind": "before", "report": str(uuid(1)), "case": ""}, 422, "case"),
        ({"kind": "selfie", "report": str(uuid(1))}, 422, "kind"),
        ({"kind": "before", "report": str(uuid(1)), "status": "closed"}, 400, "status"),
        ({"kind": "before", "case": "a\0"}, 400, "case"),
    ],
)
def test_photo_when_its_place_is_wrong_then_it_says_so(
    program: Programs, fields: dict[str, str], status: int, field: str
) -> None:
    answer = form(program("ina"), photo(), **fields)
    assert (answer.status_code, [one["field"] for one in answer.json()["faults"]]) == (status, [field])
    assert Evidence.objects.count() == 0


def test_photo_that_is_none_is_refused(program: Programs) -> None:
    answer = form(program("ina"), b"<svg/>", kind="before", report=str(uuid(1)))
    assert (answer.status_code, answer.json()["code"]) == (422, "files.not_a_photo")


def test_piece_when_in_another_format_or_too_large_then_refused(program: Programs) -> None:
    ina = program("ina")
    announced(ina, photo())
    assert piece(ina, b"x", 0, media="image/jpeg").status_code == 415
    assert piece(ina, b"x" * (4 << 20) + b"x", 0).status_code == 413


def test_photos_of_a_case_are_listed(living: Office, program: Programs) -> None:
    case = living.report()
    program_ = program("ina")
    made = form(program_, photo(), kind="before", case=case.number).json()
    assert program_.get(f"/cases/{case.number}/evidence").json() == {"evidence": [made]}


@pytest.mark.parametrize("body", [b"", b"--x", b'{"kind": "before"}', b"--x\r\nContent-Disposition: form-data\r\n\r\n"])
@pytest.mark.parametrize(
    "media", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\xff"]
)
def test_form_when_put_together_wrongly_then_it_is_refused(program: Programs, body: bytes, media: str) -> None:
    ina = program("ina")
    answer = ina.client.generic(
        "POST", f"{V1}/evidence", body, media, headers={"Authorization": f"Bearer {ina.secret}"}
    )
    assert answer.status_code in {400, 411, 422}


@pytest.mark.django_db(transaction=True)
def test_photo_that_comes_while_its_report_is_being_written_finds_it(home: object) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the writers of this engine come after each other")
    living = make_office()
    ina, written, photo_sent = living.actor("ina"), threading.Event(), threading.Event()
    file = store_photo(living.tenant, photo(), name="a.jpg", by=ina, at=living.now)

    def tell() -> None:
        with transaction.atomic():
            sent = Told(uuid(9), Channel.INSPECTOR, "路口有一堆垃圾", territory=living.places["A"].pk)
            report(living.tenant, sent, by=ina, at=living.now)
            written.set()
            photo_sent.wait()
            time.sleep(0.3)  # the photo is on its way to the database, where it has to wait
        connections.close_all()

    def show() -> None:
        written.wait()
        photo_sent.set()
        add_evidence(living.tenant, file, client_uuid=uuid(9), kind=EvidenceKind.BEFORE, by=ina, at=living.now)
        connections.close_all()

    threads = [threading.Thread(target=work) for work in (tell, show)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Evidence.objects.get().case == Case.objects.get()
