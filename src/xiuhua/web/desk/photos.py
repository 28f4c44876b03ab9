"""Photos by signed address: for whom it was made, as long as it lasts, and never from a cache.

Copies are of our own encoding and shown in place; the original is a stranger's bytes and only ever handed out as an
attachment, to whoever may see originals, with a line in the ledger per look. An address about evidence obeys, at each
look, the same policy as its case: it dies with the right to see the case.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from xiuhua.cases.models import Evidence
from xiuhua.cases.policies import may, sees
from xiuhua.files.actions import note_look
from xiuhua.files.copies import MEDIA_TYPE, copy_of
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import content, file_of, unsign
from xiuhua.files.rules.addresses import admits
from xiuhua.files.words import Address, Kind, Variant
from xiuhua.web.desk.marking import mark_lines
from xiuhua.web.desk.office import now, office, person, whole

#: The right to see photos as they came, with everything their device wrote into them.
ORIGINAL = "evidence.original"
EVIDENCE = "evidence:"


@require_safe
def photo(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Return what a signed address names.

    Raises Http404 where it is not ours, has expired, was made for somebody else or for another office, belongs to a case
    the person may not see, or names an original the person may not see: nobody learns which.
    """
    address = unsign(signed, now())
    if address is None or not admits(address, request.user.pk or 0):
        raise Http404
    file = file_of(office(request), address.file)
    if file is None:
        raise Http404
    evidence = _evidence(request, address, file)
    if address.variant is Variant.ORIGINAL:
        return _bare(_original(request, file, evidence))
    if file.kind != Kind.PHOTO:
        raise Http404
    lines = mark_lines(evidence) if evidence and address.variant is Variant.DISPLAY else ()
    place = copy_of(file, address.variant, lines)
    return _bare(FileResponse(place.open("rb"), content_type=MEDIA_TYPE, filename=f"{file.short}.jpg"))


def _evidence(request: HttpRequest, address: Address, file: StoredFile) -> Evidence | None:
    """Return the evidence an address is about, None if it is about none. Raises Http404 for what may not be seen."""
    if not address.about:
        return None
    key = whole(address.about.removeprefix(EVIDENCE)) or 0
    found = Evidence.objects.filter(pk=key, file=file).select_related("tenant", "file", "case", "user").first()
    if found is None or not _seen(request, found):
        raise Http404
    return found


def _seen(request: HttpRequest, evidence: Evidence) -> bool:
    """Return whether the person may see the evidence; what waits for its case is its sender's."""
    if evidence.case is None:
        return evidence.user_id == request.user.pk
    return sees(person(request), evidence.case)


def _original(request: HttpRequest, file: StoredFile, evidence: Evidence | None) -> HttpResponse:
    actor = person(request)
    case = evidence.case if evidence else None
    granted = may(actor, ORIGINAL, case) if case else actor.may(ORIGINAL)
    note_look(file, granted=granted, by=actor, at=now(), about=f"case:{case.number}" if case else "")
    if not granted:
        raise Http404
    response = HttpResponse(content(file), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.short}.{_ending(file)}"'
    return response


def _ending(file: StoredFile) -> str:
    """Return the extension of a download: of what was found in the file, never of what it was called."""
    kind, _, found = file.media_type.partition("/")
    return found if kind == "image" and found.isalpha() else "bin"


def _bare(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
