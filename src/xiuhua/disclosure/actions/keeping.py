"""The files of issued bulletins: made once, kept for good by their content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from xiuhua.disclosure.actions.guards import told
from xiuhua.disclosure.bulletin import IssuedForm
from xiuhua.disclosure.models import Bulletin, IssuedFile
from xiuhua.disclosure.official.docx import docx_bytes
from xiuhua.disclosure.official.pdf import pdf_bytes
from xiuhua.disclosure.official.words import Official
from xiuhua.disclosure.queries.papers import draft_of, paper_of
from xiuhua.disclosure.typesetting import FontMissing
from xiuhua.files.actions import store
from xiuhua.files.queries import content
from xiuhua.files.words import ContentMissing, Kind
from xiuhua.kernel.words import Actor
from xiuhua.tables.words import MIB

WRITERS: Mapping[IssuedForm, Callable[[Official], bytes]] = {IssuedForm.DOCX: docx_bytes, IssuedForm.PDF: pdf_bytes}
TYPES = {
    IssuedForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    IssuedForm.PDF: "application/pdf",
}
#: Nothing that a bulletin fills comes near it.
LARGEST = 200 * MIB


def forms_of(document: Official) -> dict[IssuedForm, bytes]:
    """Return a document in every form that this machine can set: without a Chinese font there is no PDF."""
    made = {}
    for form, write in WRITERS.items():
        try:
            made[form] = write(document)
        except FontMissing:
            continue
    return made


def keep_forms(bulletin: Bulletin, made: Mapping[IssuedForm, bytes], *, by: Actor, at: datetime) -> dict[str, str]:
    """Keep the forms of an issued bulletin, in the caller's transaction; return the digest of each.

    The bytes are on the disk when this returns. Raises NoRoom.
    """
    for form, data in made.items():
        kept = store(bulletin.tenant, data, kind=Kind.DOCUMENT, media_type=TYPES[form], limit=LARGEST, by=by, at=at)
        IssuedFile.objects.create(bulletin=bulletin, form=form, file=kept, at=at)
    return {form.value: sha256(data).hexdigest() for form, data in made.items()}


def issued_file(bulletin: Bulletin, form: IssuedForm, *, by: Actor, at: datetime) -> IssuedFile:
    """Return the kept file of an issued bulletin; one that was never made is made now, once, with a ledger line.

    That is so of bulletins issued before files were kept, and of a PDF where there was no font. Raises NotIssued,
    FontMissing, and what told_of raises.
    """
    kept = bulletin.files.filter(form=form).select_related("file").first()
    if kept is not None:
        return kept
    data = WRITERS[form](paper_of(bulletin))
    with transaction.atomic():
        locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        if not locked.files.filter(form=form).exists():
            digests = keep_forms(locked, {form: data}, by=by, at=at)
            told("keep", locked, by=by, at=at, number=locked.number, files=digests)
    return bulletin.files.select_related("file").get(form=form)


def content_kept(kept: IssuedFile) -> bytes:
    """Return the bytes of an issued file, looked at once more: what is not what it was is not handed out.

    Raises ContentMissing.
    """
    data = content(kept.file)
    if sha256(data).hexdigest() != kept.file.sha256:
        raise ContentMissing(sha256=kept.file.short)
    return data


def take_draft(bulletin: Bulletin, form: IssuedForm, *, by: Actor, at: datetime) -> bytes:
    """Return a bulletin that is not issued as a file that says so on every page, with a ledger line: it leaves the house.

    Raises FontMissing, and what told_of raises.
    """
    data = WRITERS[form](draft_of(bulletin))
    told("take_draft", bulletin, by=by, at=at, after=sha256(data).hexdigest(), form=form.value)
    return data
