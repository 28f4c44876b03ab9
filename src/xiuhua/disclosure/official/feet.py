"""What a DOCX says on every page: — 1 — below the core, right on odd and left on even pages (7.5); that it is a draft."""

from __future__ import annotations

from typing import Any

from xiuhua.disclosure.official import measures as m
from xiuhua.disclosure.official import ooxml as x
from xiuhua.disclosure.official.ooxml import Look, Set, element, field, paragraph, run

_LOOK = Look(x.SONGTI, m.SMALL)
_HEIGHT = round(m.SMALL * 20)
#: What a number takes along its line on a turned sheet.
_LENGTH = m.twips(40)


def feet(section: Any) -> None:
    """Give a section upright feet: the number one character in from the right edge, or on even pages from the left."""
    _fill(section.footer, [_numbered("right", right=1)])
    _fill(section.even_page_footer, [_numbered("left", left=1)])


def heads(section: Any, text: str) -> None:
    """Give every page of a section the same words at its head, in red and framed."""
    for head in (section.header, section.even_page_header):
        sides = tuple(x.rule(side, 1, x.RED) for side in ("top", "bottom"))
        how = Set("center", line=_HEIGHT, least=True, borders=sides)
        _fill(head, [paragraph([run(text, Look(x.HEITI, m.SMALL, x.RED))], how, m.SMALL)])


def landscape_feet(section: Any) -> None:
    """Give a turned section its numbers where they stand on all other pages (7.3.7): at its left edge, on their side.

    Turned upright, the sheet's head is at the left: on the binding side of an odd page, on the cut side of an even one.
    """
    one = m.SMALL / m.POINTS_PER_MM
    lower = m.PAPER[0] - m.RIGHT - one
    upper = m.LEFT + one
    _fill(section.footer, [_turned("right", m.twips(lower) - _LENGTH), paragraph([], Set(line=20))])
    _fill(section.even_page_footer, [_turned("left", m.twips(upper)), paragraph([], Set(line=20))])


def _numbered(align: str, **indent: float) -> Any:
    content = [run("— ", _LOOK), *field("PAGE", _LOOK), run(" —", _LOOK)]
    return paragraph(content, Set(align, line=_HEIGHT, **indent), m.SMALL)  # type: ignore[arg-type]


def _turned(align: str, down: int) -> Any:
    """Return a cell of its own on the sheet, its text running downwards, its middle 28 mm from the sheet's left edge."""
    across = m.twips(m.BOTTOM - m.NUMBER_BELOW_CORE) - _HEIGHT // 2
    place = element("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=across, tblpY=down)
    sides = element("tblCellMar", *[element(side, w=0, type="dxa") for side in ("left", "right")])
    width = element("tblW", w=_HEIGHT, type="dxa")
    properties = element("tblPr", place, width, element("tblLayout", type="fixed"), sides)
    direction = element("textDirection", val="tbRl")
    cell = element("tc", element("tcPr", element("tcW", w=_HEIGHT, type="dxa"), direction), _numbered(align))
    row = element("tr", element("trPr", element("trHeight", val=_LENGTH, hRule="exact")), cell)
    return element("tbl", properties, element("tblGrid", element("gridCol", w=_HEIGHT)), row)


def _fill(foot: Any, parts: list[Any]) -> None:
    foot.is_linked_to_previous = False
    inner = foot._element  # noqa: SLF001 - python-docx has no other way to a part's own XML
    for child in list(inner):
        inner.remove(child)
    for part in parts:
        inner.append(part)
