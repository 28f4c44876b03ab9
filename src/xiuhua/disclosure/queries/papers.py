"""An issued bulletin as an official document, with its annexes where the month still stands as it was told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils import translation

from xiuhua.disclosure.bulletin import Block, BlockKind, BulletinState
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.official.words import Layer, Official, Paragraph
from xiuhua.disclosure.queries.bulletins import blocks_of, fields_kept, version_of
from xiuhua.disclosure.queries.told import told_of
from xiuhua.disclosure.report import report
from xiuhua.disclosure.rules.numbers import printed
from xiuhua.disclosure.rules.texts import printed_blocks
from xiuhua.disclosure.words import Told
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal, marked
from xiuhua.ui.formats import day

LANGUAGE = "zh-hans"


class NotIssued(Refusal):
    """Only what is issued is set as an official document."""

    code = "bulletin.not_issued"
    sentence = marked("这份通报还没有发出，没有正式文件。")


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """An issued bulletin's document; `whole` says that its annexes are with it."""

    document: Official
    whole: bool


def paper_of(bulletin: Bulletin) -> IssuedPaper:
    """Return the document of an issued bulletin: its own text, number and day in the office's form.

    Annexes are made from the month as assessed now. Where that is no longer what the text was written from they are
    left out, for text and tables must not contradict each other. Raises NotIssued, and what told_of raises.
    """
    if bulletin.state != BulletinState.ISSUED or bulletin.issued_at is None:
        raise NotIssued
    with translation.override(LANGUAGE):
        told = told_of(
            bulletin.tenant,
            Period.parse(bulletin.period),
            scheme=bulletin.scheme,
            by=bulletin.by,
            month_by=bulletin.month_by,
        )
        issued_on = day(bulletin.issued_at.astimezone(zone_of(bulletin.tenant)).date(), LANGUAGE)
        whole = told.view.digest == bulletin.sheet
        form = report(told, number=str(bulletin.number_seq), date=issued_on)
        document = replace(
            form,
            number=bulletin.number,
            title=_title(bulletin, told),
            body=_body(bulletin),
            attachments=form.attachments if whole else (),
            made=bulletin.issued_at.isoformat(),
        )
    return IssuedPaper(document, whole)


def _title(bulletin: Bulletin, told: Told) -> tuple[str, ...]:
    """Return the lines of the title: broken as the office's label breaks it, where it is still that."""
    year, month = told.period.split("-")
    places = {"office": told.office.name, "year": year, "month": int(month), "level": told.office.level, "number": ""}
    lines = tuple(told.labels.title.zh.format(**places).split("\n"))
    title = printed(version_of(bulletin).title, fields_kept(bulletin))
    return lines if "".join(lines) == title else (title,)


def _body(bulletin: Bulletin) -> tuple[Paragraph, ...]:
    blocks = printed_blocks(blocks_of(version_of(bulletin)), fields_kept(bulletin))
    return tuple(Paragraph(one.text, _layer(one)) for one in blocks)


def _layer(block: Block) -> Layer:
    return Layer.ONE if block.kind is BlockKind.HEADING else Layer.BODY
