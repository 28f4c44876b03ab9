"""Tables of a DOCX: a grid with its head on every page, and the imprint at the foot of the last."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from xiuhua.disclosure.official import measures as m
from xiuhua.disclosure.official import ooxml as x
from xiuhua.disclosure.official.ooxml import Look, Set, element, paragraph, run
from xiuhua.disclosure.official.terms import Terms
from xiuhua.disclosure.official.words import Imprint, Table

_PADDING = 50
#: Least height of a row, and of a line, in points of its type times twenty.
_ROW, _LINE = 28.6, 22.9
_FREE = "\u3000"


def columns(table: Table, across: float) -> list[int]:
    """Return the widths of the columns in twips; they fill `across` millimetres to the twip."""
    total, whole = sum(table.widths), int(across * m.TWIPS_PER_MM)
    ends = [round(whole * sum(table.widths[: number + 1]) / total) for number in range(len(table.widths))]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]


def grid(table: Table, across: float) -> Any:
    """Return the table: thin rules, the head repeated on each page, no row broken across pages."""
    widths = columns(table, across)
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = element("tblBorders", *[x.rule(edge, m.IMPRINT_INNER) for edge in edges])
    sides = element("tblCellMar", *[element(side, w=_PADDING, type="dxa") for side in ("left", "right")])
    properties = element(
        "tblPr",
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        borders,
        element("tblLayout", type="fixed"),
        sides,
    )
    columns_ = element("tblGrid", *[element("gridCol", w=width) for width in widths])
    head = _row(table.head, widths, Look(x.HEITI, table.size), frozenset(), head=True)
    rows = [_row(row, widths, Look(size=table.size), table.left, head=False) for row in table.rows]
    return element("tbl", properties, columns_, head, *rows)


def _row(cells: Iterable[str], widths: Iterable[int], look: Look, left: frozenset[int], *, head: bool) -> Any:
    whole = element("trPr", element("cantSplit"), element("trHeight", val=round(look.size * _ROW), hRule="atLeast"))
    if head:
        whole.append(element("tblHeader"))
    made = element("tr", whole)
    for number, (text, width) in enumerate(zip(cells, widths, strict=True)):
        how = Set("left" if number in left else "center", line=round(look.size * _LINE), least=True)
        inner = element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center"))
        made.append(element("tc", inner, paragraph([run(text, look)], how, look.size)))
    return made


def imprint(one: Imprint, words: Terms) -> list[Any]:
    """Return 版记: its rules as wide as the core, the last one on the core's lower edge (7.4).

    Every row is a frame of its own at its place on the page: the one way that all word processors keep. A border
    follows its paragraph's indents, so the character that is left free is written as an ideographic space.
    """
    rows = [(_printed(one, words, first=not one.copies), 1)]
    if one.copies:
        rows.insert(0, (_copies(one.copies, words), copies_lines(one.copies)))
    below = 0
    for row, lines in reversed(rows):
        below += lines * x.LINE
        row[0].insert(0, _frame(m.twips(m.PAPER[1] - m.BOTTOM) - below))
    return [*(row for row, _lines in rows), paragraph([], Set(line=20))]  # frames lie on the page of what follows them


def copies_lines(copies: str) -> int:
    """Return how many lines 抄送 takes: one character free at the left, further lines under the first name."""
    fits = int(m.CORE[0] * m.POINTS_PER_MM / m.SMALL)
    first, lead = fits - len(_FREE), len(f"{_FREE}抄送：")
    over = m.width(f"抄送：{copies}。") - first
    return 1 + max(0, math.ceil(over / (fits - lead)))


def _frame(down: int) -> Any:
    across, left = m.twips(m.CORE[0]), m.twips(m.LEFT)
    return element("framePr", w=across, wrap="around", vAnchor="page", hAnchor="page", x=left, y=down)


def _copies(copies: str, words: Terms) -> Any:
    """Return 抄送 in 4号, one character in, further lines under the first name (7.4.2)."""
    rules = (x.rule("top", m.IMPRINT_OUTER), x.rule("bottom", m.IMPRINT_INNER))
    how = Set("left", left=4, hanging=4, borders=rules)
    return paragraph([run(f"{_FREE}{words.copies}{copies}{words.stop}", Look(size=m.SMALL))], how, m.SMALL)


def _printed(one: Imprint, words: Terms, *, first: bool) -> Any:
    """Return who printed at the left and when at the right, one character in from each side (7.4.3)."""
    look = Look(size=m.SMALL)
    text = [
        run(f"{_FREE}{one.printed_by}", look),
        element("r", element("tab")),
        run(words.printed.format(day=one.printed_on), look),
    ]
    top = (x.rule("top", m.IMPRINT_OUTER),) if first else ()
    edge = m.twips(m.CORE[0]) - round(m.SMALL * 20)
    return paragraph(text, Set("left", borders=(*top, x.rule("bottom", m.IMPRINT_OUTER)), tab=edge), m.SMALL)
