"""Sheets of paper as a DOCX that an office can change: real paragraphs, real tables, nothing locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from xiuhua.disclosure.official.ooxml import latin, packed
from xiuhua.disclosure.paper.words import Gap, Grid, Heading, NewPage, Paper, Text
from xiuhua.ui.formats import english

#: Named, never shipped; a machine without it takes its own.
FACE, TITLE_FACE = "仿宋_GB2312", "黑体"
_LONG, _SHORT = 297, 210
_SIDE, _TOP, _BOTTOM = 20, 18, 18
#: Millimetres of a head, and the air above and below the text of a cell in points.
_HEAD, _AIR = 8, 3
_QUIET = RGBColor(0x53, 0x5B, 0x63)


def docx_bytes(paper: Paper) -> bytes:
    """Return the DOCX; equal papers give equal bytes."""
    file = docx.Document()
    _properties(file, paper)
    _page(file, paper)
    for block in paper.blocks:
        _WRITERS[type(block)](file, block)
    if english(paper.language):
        latin(file)
    out = BytesIO()
    file.save(out)
    return packed(out.getvalue())


def _properties(file: Any, paper: Paper) -> None:
    core = file.core_properties
    made = datetime.fromisoformat(paper.made).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.title, core.author, core.last_modified_by = paper.title, paper.author, paper.author
    core.created = core.modified = made
    core.comments, core.revision, core.language = "", 1, paper.language
    normal = file.styles["Normal"]
    normal.font.size = Pt(12)
    _face(normal.element.get_or_add_rPr(), FACE)
    normal.paragraph_format.space_after = Pt(4)


def _face(properties: Any, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _page(file: Any, paper: Paper) -> None:
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    wide, high = (_LONG, _SHORT) if paper.landscape else (_SHORT, _LONG)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.footer_distance = Mm(10)
    if paper.foot:
        _run(section.footer.paragraphs[0], paper.foot, 9, colour=_QUIET)


def _run(paragraph: Any, text: str, size: float, *, bold: bool = False, face: str = "", colour: Any = None) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if face:
        _face(run._element.get_or_add_rPr(), face)  # noqa: SLF001 - python-docx has no other way to name an eastern face
    if colour is not None:
        run.font.color.rgb = colour


def _heading(file: Any, block: Heading) -> None:
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    if block.small:
        paragraph.paragraph_format.space_before = Pt(8)
        _run(paragraph, block.text, 13, face=TITLE_FACE)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, block.text, 20, face=TITLE_FACE)


def _text(file: Any, block: Text) -> None:
    paragraph = file.add_paragraph()
    if block.quiet:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, block.text, 10, colour=_QUIET)
    else:
        _run(paragraph, block.text, 12)


def _gap(file: Any, block: Gap) -> None:
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Mm(block.height)


def _new_page(file: Any, _block: NewPage) -> None:
    # the break belongs to the last paragraph, else an empty one would open the page; after a table there has to be one
    last = file.paragraphs[-1] if file.element.body[-2].tag == qn("w:p") else file.add_paragraph()
    last.paragraph_format.space_after = Pt(0)
    last.add_run().add_break(WD_BREAK.PAGE)


def _grid(file: Any, block: Grid) -> None:
    section = file.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    table = file.add_table(rows=0, cols=len(block.widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [int(room * width / sum(block.widths)) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if block.head:
        row = _row(table, block.head, widths, block, head=True)
        _mark(row, "tblHeader")
    for cells in block.rows:
        _row(table, cells, widths, block, head=False)


def _mark(row: Any, name: str) -> None:
    """Say of a row what python-docx cannot: that it is not broken across pages, or repeated on each."""
    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))  # noqa: SLF001 - it has no other way


def _row(table: Any, cells: tuple[str, ...], widths: list[int], block: Grid, *, head: bool) -> Any:
    row = table.add_row()
    _mark(row, "cantSplit")
    row.height, row.height_rule = Mm(_HEAD if head else block.least), WD_ROW_HEIGHT_RULE.AT_LEAST
    for place, (cell, text, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_AIR)
        if head or place not in block.left:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, 11 if head else block.size, bold=head)
    return row


_WRITERS: dict[type, Callable[[Any, Any], None]] = {
    Heading: _heading,
    Text: _text,
    Gap: _gap,
    NewPage: _new_page,
    Grid: _grid,
}
