"""A bulletin as an official document with its annexes: as it is issued, and before that as a draft that says so."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

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


def paper_of(bulletin: Bulletin) -> Official:
    """Return the document of an issued bulletin: its own text, number and day in the office's form, and its annexes.

    Text and annexes come from the assessment that it was written from, whatever was assessed since. Some twenty queries.
    Raises NotIssued, and what told_of raises.
    """
    if bulletin.state != BulletinState.ISSUED or bulletin.issued_at is None:
        raise NotIssued
    with translation.override(LANGUAGE):
        day_ = day(bulletin.issued_at.astimezone(zone_of(bulletin.tenant)).date(), LANGUAGE)
        form = replace(_form(bulletin, str(bulletin.number_seq), day_), number=bulletin.number)
    return replace(form, made=bulletin.issued_at.isoformat())


def draft_of(bulletin: Bulletin) -> Official:
    """Return the document of a bulletin that is not issued: room for number and day, and the words that say so.

    Some twenty queries. Raises what told_of raises.
    """
    with translation.override(LANGUAGE):
        form = _form(bulletin, "", "")
        state = _("已作废") if bulletin.state == BulletinState.ABANDONED else _("草稿 · 未发布")
        said = _("%(state)s · 第 %(number)s 稿") % {"state": state, "number": bulletin.version}
    return replace(form, draft=said, made=version_of(bulletin).at.isoformat())


def _form(bulletin: Bulletin, number: str, date: str) -> Official:
    told = told_of(
        bulletin.tenant,
        Period.parse(bulletin.period),
        scheme=bulletin.scheme,
        by=bulletin.by,
        month_by=bulletin.month_by,
        sheet=bulletin.sheet,
    )
    return replace(report(told, number=number, date=date), title=_title(bulletin, told), body=_body(bulletin))


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
