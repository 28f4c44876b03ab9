"""Sheets of paper as a PDF, set by typst from data: no text of a case is ever read as markup."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from xiuhua.disclosure import typesetting
from xiuhua.disclosure.paper.words import Block, Gap, Grid, Heading, NewPage, Paper, Text

_KINDS: dict[type, str] = {Heading: "heading", Text: "text", Gap: "gap", NewPage: "page", Grid: "grid"}


def pdf_bytes(paper: Paper) -> bytes:
    """Return the PDF; equal papers give equal bytes on a machine with the same fonts. Raises FontMissing."""
    return typesetting.pdf("paper/paper.typ", _data(paper), paper.made)


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "author": paper.author,
        "lang": paper.language[:2],
        "landscape": paper.landscape,
        "foot": paper.foot,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    found: dict[str, Any] = asdict(block)
    if isinstance(block, Grid):
        found["left"] = sorted(block.left)
    return {"kind": _KINDS[type(block)], **found}
