"""The text of a bulletin as it comes from a form: paragraphs parted by blank lines, headings told by their ordinal. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xiuhua.disclosure.bulletin import Block, BlockKind
from xiuhua.disclosure.rules.numbers import Fields, printed, read_back, shown
from xiuhua.kernel.words import Fault

#: A text of more signs is no bulletin; comparing versions stays quick.
MOST_SIGNS, MOST_BLOCKS, TITLE_SIGNS = 30_000, 200, 120
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；\n]{1,40}")
_BLANK = re.compile(r"\n\s*\n")


def read_text(title: str, texts: Iterable[str], fields: Fields) -> tuple[str, tuple[Block, ...], tuple[Fault, ...]]:
    """Return the title and blocks of a form as they are stored, and what is wrong: rows of faults count blocks from 1.

    A blank line parts paragraphs, an empty one is left out; a title is row 0.
    """
    typed = list(texts)
    head, wrong = read_back(" ".join(title.split()), fields)
    faults = [Fault(one.code, row=0, facts=one.facts) for one in wrong]
    if not head:
        faults.append(Fault("bulletin.no_title", row=0))
    blocks: list[Block] = []
    for row, text in enumerate(typed, start=1):
        for part in _BLANK.split(text.replace("\r\n", "\n").strip()):
            stored, wrong = read_back(" ".join(part.split("\n")).strip(), fields)
            faults += [Fault(one.code, row=row, facts=one.facts) for one in wrong]
            if stored:
                blocks.append(Block(kind_of(stored), stored))
    if not blocks:
        faults.append(Fault("bulletin.no_text", row=1))
    return head, tuple(blocks), (*faults, *_size(head, blocks))


def _size(title: str, blocks: Sequence[Block]) -> list[Fault]:
    long = len(title) > TITLE_SIGNS or len(blocks) > MOST_BLOCKS or sum(len(one.text) for one in blocks) > MOST_SIGNS
    facts: dict[str, str | int | float | bool | None] = {
        "title": TITLE_SIGNS,
        "signs": MOST_SIGNS,
        "blocks": MOST_BLOCKS,
    }
    return [Fault("bulletin.long", row=0, facts=facts)] if long else []


def kind_of(text: str) -> BlockKind:
    """Return what a block is: a heading begins with an ordinal and has no sentence in it."""
    return BlockKind.HEADING if _HEADING.fullmatch(text) else BlockKind.PARAGRAPH


def shown_blocks(blocks: Iterable[Block], fields: Fields) -> tuple[Block, ...]:
    """Return blocks as who writes sees them, locked numbers between marks."""
    return tuple(Block(one.kind, shown(one.text, fields)) for one in blocks)


def printed_blocks(blocks: Iterable[Block], fields: Fields) -> tuple[Block, ...]:
    """Return blocks as they are printed."""
    return tuple(Block(one.kind, printed(one.text, fields)) for one in blocks)
