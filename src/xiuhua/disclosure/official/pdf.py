"""An official document as a PDF: the measures of the DOCX, set in free faces."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from xiuhua.disclosure.official import measures as m
from xiuhua.disclosure.official.terms import Terms, annex_name, terms
from xiuhua.disclosure.official.words import Attachment, Imprint, Official, Table
from xiuhua.disclosure.typesetting import pdf

_MEASURES: dict[str, Any] = {
    "paper": m.PAPER,
    "core": m.CORE,
    "top": m.TOP,
    "left": m.LEFT,
    "right": m.RIGHT,
    "bottom": m.BOTTOM,
    "lines": m.LINES,
    "chars": m.CHARS,
    "body": m.BODY,
    "title": m.TITLE,
    "small": m.SMALL,
    "table": m.TABLE,
    "under_table": m.UNDER_TABLE,
    "mark_below": m.MARK_BELOW_CORE,
    "rule_below": m.RULE_BELOW_NUMBER,
    "rule_thick": m.RULE_THICKNESS,
    "blank_number": m.BLANK_BEFORE_NUMBER,
    "blank_title": m.BLANK_BEFORE_TITLE,
    "outer": m.IMPRINT_OUTER,
    "inner": m.IMPRINT_INNER,
    "number_below": m.NUMBER_BELOW_CORE,
}


def pdf_bytes(document: Official) -> bytes:
    """Return the document as a PDF; equal documents give equal bytes. Raises FontMissing."""
    return pdf("official/official.typ", _data(document), document.made)


def _data(document: Official) -> dict[str, Any]:
    words = terms(document.language)
    english = words is terms("en")
    above = [(document.copy_number, "body"), (document.secrecy, "hei"), (document.urgency, "hei")]
    return {
        "measures": _MEASURES,
        "lang": "en" if english else "zh",
        "region": "GB" if english else "CN",
        "colon": words.colon,
        "stop": words.stop,
        "bracket": words.brackets,
        "annex_word": words.annexes,
        "signed_word": words.signed_by,
        "above": [(text, part) for text, part in above if text],
        "mark": document.mark,
        "mark_size": m.mark_size(document.mark),
        "number": document.number,
        "signed_by": document.signed_by,
        "title": document.title,
        "addressee": document.addressee,
        "body": [asdict(one) for one in document.body],
        "annexes": [_annex(one, number, document) for number, one in enumerate(document.attachments, 1)],
        "issuer": document.issuer,
        "date": document.date,
        "free": m.signoff(document.issuer, document.date, sealed=document.sealed),
        "note": document.note,
        "draft": document.draft,
        "imprint": _imprint(document.imprint, words),
    }


def _annex(one: Attachment, number: int, document: Official) -> dict[str, Any]:
    return {
        "name": annex_name(document.language, number, len(document.attachments)),
        "title": one.title,
        "landscape": one.landscape,
        "blocks": [
            _table(block) if isinstance(block, Table) else asdict(block) | {"kind": "text"} for block in one.blocks
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "head": table.head,
        "rows": table.rows,
        "widths": table.widths,
        "notes": table.notes,
        "left": sorted(table.left),
        "size": table.size,
    }


def _imprint(one: Imprint | None, words: Terms) -> dict[str, str] | None:
    if one is None:
        return None
    return {
        "copies": one.copies,
        "copies_word": words.copies,
        "printed_by": one.printed_by,
        "printed_on": words.printed.format(day=one.printed_on),
    }
