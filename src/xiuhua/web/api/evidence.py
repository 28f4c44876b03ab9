"""Photos for programs: whole, or in pieces that go on where a bad line broke; kept before they are acknowledged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import ValidationError
from ninja.responses import Status
from pydantic import ValidationError as Invalid

from xiuhua.cases.actions import add_evidence
from xiuhua.cases.models import Evidence
from xiuhua.cases.queries.served import case_numbered
from xiuhua.files.actions import append, begin, finish, store_photo
from xiuhua.files.models import StoredFile, Upload
from xiuhua.files.queries import upload_of
from xiuhua.files.words import FileEmpty, UploadUnknown
from xiuhua.web.api.auth import reach
from xiuhua.web.api.described import answers, asks
from xiuhua.web.api.edge import JSON, reads
from xiuhua.web.api.parsing import JSON_BYTES, Malformed, fault, plain, read_json
from xiuhua.web.api.shapes.cases import EvidenceOut
from xiuhua.web.api.shapes.evidence import EvidenceIn, Place, UploadIn, UploadOut
from xiuhua.web.api.told import evidence_told
from xiuhua.web.desk.office import now, office, person, whole

router = Router(tags=["evidence"])
ADDING = reach("evidence.add")
PREFIX = "/api/v1/evidence/uploads"
PIECE = "application/offset+octet-stream"
#: Bytes of one piece at most: what a phone on a bad line loses when it breaks.
PIECE_BYTES = 4 << 20
FORM = "multipart/form-data"
#: Bytes that the other fields of a form may take.
_FIELDS_BYTES = 64 << 10
_OFFSET = asks("Upload-Offset", "At which byte this piece begins", required=True, example="0", pattern="^[0-9]{1,15}$")
_AT = answers(200, Upload_Offset="At which byte the next piece begins")


@router.post(
    "/uploads",
    auth=ADDING,
    response={201: UploadOut},
    summary="Announce a photo that comes in pieces",
    openapi_extra={
        "responses": answers(201, Location="Where the pieces go", Upload_Offset="Where the next one begins")
    },
)
def announce(request: HttpRequest, said: UploadIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """Begin an upload; the same again answers how far it has come. Something else under the same number is refused."""
    upload = begin(office(request), **said.model_dump(), by=person(request), at=now())
    response["Location"] = f"{PREFIX}/{said.client_uuid}"
    response["Upload-Offset"] = str(upload.received)
    return Status(201, _told(upload))


@router.get("/uploads/{uuid}", auth=ADDING, response=UploadOut, summary="How far an upload has come")
def state(request: HttpRequest, uuid: UUID, response: HttpResponse) -> dict[str, Any]:
    """Return an upload of the asker's; 404 for anybody else's, or when it has expired."""
    upload = _own(request, uuid)
    response["Upload-Offset"] = str(upload.received)
    return _told(upload)


@router.api_operation(
    ["HEAD"],
    "/uploads/{uuid}",
    auth=ADDING,
    response={200: None},
    summary="How far an upload has come, in a header",
    openapi_extra={"responses": _AT},
)
def offset(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return `Upload-Offset` and `Upload-Length` of an upload of the asker's."""
    return _headed(HttpResponse(status=200), _own(request, uuid))


@router.patch(
    "/uploads/{uuid}",
    auth=ADDING,
    response={204: None},
    summary="Send a piece of a photo",
    openapi_extra={
        "parameters": [_OFFSET],
        "requestBody": {
            "required": True,
            "content": {PIECE: {"schema": {"type": "string", "format": "binary"}}},
        },
        "responses": answers(204, Upload_Offset="At which byte the next piece begins"),
        "x-also": [507],
    },
)
@reads({PIECE: PIECE_BYTES})
def piece(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a piece; it is on the disk when this is answered.

    A piece that is there changes nothing; one that begins elsewhere is refused with 409 `upload.offset` and the byte that
    is expected.
    """
    begins = whole(request.headers.get("Upload-Offset", ""))
    if begins is None:
        code = "request.header_wrong" if "Upload-Offset" in request.headers else "request.header_missing"
        raise Malformed([fault(code, "Upload-Offset")])
    data = request.read(PIECE_BYTES + 1)
    upload = append(office(request), uuid, offset=begins, data=data, by=person(request), at=now())
    return _headed(HttpResponse(status=204), upload)


@router.post(
    "",
    auth=ADDING,
    response={201: EvidenceOut},
    summary="Put a photo with a report or a case",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/EvidenceIn"}},
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["photo", "kind"],
                        "properties": {
                            "photo": {"type": "string", "format": "binary"},
                            "kind": {"$ref": "#/components/schemas/EvidenceKind"},
                            "report": {"type": "string", "format": "uuid"},
                            "case": {"type": "string", "maxLength": 80},
                            "client_uuid": {"type": "string", "format": "uuid"},
                        },
                        "additionalProperties": False,
                    }
                },
            },
        },
        "x-also": [507],
    },
)
@reads({JSON: JSON_BYTES, FORM: settings.FILES_PHOTO_BYTES + _FIELDS_BYTES})
def put(request: HttpRequest) -> Status[dict[str, Any]]:
    """Put a photo where it belongs: one that came in pieces (`upload`), or a small one in a form (`photo`).

    Answered when bytes and row are safe. The same photo under the same number is the same evidence, however often it
    comes, before or after its report.
    """
    if request.content_type == FORM:
        said, file = _form(request)
    else:
        asked = _valid(EvidenceIn, read_json(request.body))
        _looked_at(request, asked)
        file = finish(office(request), asked.upload, by=person(request), at=now())
        said = asked
    return Status(201, _shown(_put(request, said, file)))


def _form(request: HttpRequest) -> tuple[Place, StoredFile]:
    fields = {name: request.POST[name] for name in request.POST}
    odd = [name for name, value in fields.items() if not plain(name) or not plain(value)]
    odd += [name for name in request.FILES if name != "photo"]
    if odd:
        raise Malformed([fault("request.unknown", name[:40]) for name in odd])
    said = _valid(Place, fields)
    _looked_at(request, said)
    photo = request.FILES.get("photo")
    if not isinstance(photo, UploadedFile):
        raise FileEmpty
    file = store_photo(office(request), photo.read(), name=photo.name or "", by=person(request), at=now())
    return said, file


def _looked_at(request: HttpRequest, said: Place) -> None:
    """Raise Malformed unless a photo belongs to exactly one of report and case; CaseUnknown before anything is kept."""
    if (said.report is None) == (said.case is None):
        raise Malformed([fault("request.one_of", "report, case")])
    if said.case is not None:
        case_numbered(office(request), person(request), said.case)


def _put(request: HttpRequest, said: Place, file: StoredFile) -> Evidence:
    tenant, actor = office(request), person(request)
    key = case_numbered(tenant, actor, said.case).pk if said.case is not None else None
    number = said.report or said.client_uuid or uuid5(NAMESPACE_OID, f"{said.case} {file.sha256}")
    return add_evidence(tenant, file, client_uuid=number, kind=said.kind, by=actor, at=now(), key=key)


def _shown(kept: Evidence) -> dict[str, Any]:
    return evidence_told(kept, kept.case)


def _valid(shape: type[Any], values: Mapping[str, Any]) -> Any:
    """Return what was sent as a shape. Raises ninja's ValidationError, as for every other address."""
    try:
        return shape.model_validate(values)
    except Invalid as error:
        raise ValidationError([dict(one) for one in error.errors(include_url=False, include_input=False)]) from error


def _own(request: HttpRequest, uuid: UUID) -> Upload:
    found = upload_of(office(request), uuid, person(request), now())
    if found is None:
        raise UploadUnknown
    return found


def _told(upload: Upload) -> dict[str, Any]:
    return {
        "client_uuid": upload.client_uuid,
        "size": upload.size,
        "offset": upload.received,
        "expires_at": upload.expires_at,
    }


def _headed(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.size)
    return response
