"""An official document as a DOCX: every measure of GB/T 9704-2012 in the file's own units."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.oxml.ns import qn

from xiuhua.disclosure.official import measures as m
from xiuhua.disclosure.official import ooxml as x
from xiuhua.disclosure.official.feet import feet, heads, landscape_feet
from xiuhua.disclosure.official.ooxml import Look, Set, element, paragraph, run
from xiuhua.disclosure.official.tables import grid, imprint
from xiuhua.disclosure.official.terms import annex_name, terms
from xiuhua.disclosure.official.words import Attachment, Layer, Official, Paragraph, Table

_FONTS = {Layer.ONE: x.HEITI, Layer.TWO: x.KAITI}
_LEVELS = {Layer.ONE: 0, Layer.TWO: 1}
_TALL = Look(x.HEITI)


def docx_bytes(document: Official) -> bytes:
    """Return the document as a DOCX; equal documents give equal bytes."""
    file = docx.Document()
    _settings(file, document)
    body = file.element.body
    for child in list(body):
        body.remove(child)
    sections = list(_sections(document))
    for number, (parts, landscape) in enumerate(sections):
        for part in parts:
            body.append(part)
        properties = _section(landscape=landscape, first=number == 0)
        if number == len(sections) - 1:
            body.append(properties)
        else:  # the break belongs to the last paragraph of what it ends
            parts[-1].find(qn("w:pPr")).append(properties)
    for number, (_parts, landscape) in enumerate(sections):
        (landscape_feet if landscape else feet)(file.sections[number])
        if document.draft:
            heads(file.sections[number], document.draft)
    if terms(document.language) is terms("en"):
        x.latin(file)
    out = io.BytesIO()
    file.save(out)
    return x.packed(out.getvalue())


def _settings(file: Any, document: Official) -> None:
    made = datetime.fromisoformat(document.made).replace(tzinfo=None, microsecond=0)
    core = file.core_properties
    core.title, core.author, core.last_modified_by = "".join(document.title), document.issuer, document.issuer
    core.created = core.modified = core.last_printed = made
    core.comments, core.revision, core.language = "", 1, document.language
    file.settings.odd_and_even_pages_header_footer = True
    styles = file.styles.element
    for fonts in styles.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{name}"), x.FANGSONG)
    for name in ("sz", "szCs"):  # the grid counts characters of the default size
        for size in styles.find(qn("w:docDefaults")).iter(qn(f"w:{name}")):
            size.set(qn("w:val"), str(round(m.BODY * 2)))


def _section(*, landscape: bool, first: bool) -> Any:
    """Return page size, margins and grid (5.1, 5.2); a landscape sheet is the same sheet turned, so are its margins."""
    across, down = (m.twips(side) for side in m.PAPER)
    if landscape:
        size = element("pgSz", w=down, h=across, orient="landscape")
        edges = (m.LEFT, m.TOP, m.RIGHT, m.BOTTOM)
    else:
        size, edges = element("pgSz", w=across, h=down), (m.TOP, m.RIGHT, m.BOTTOM, m.LEFT)
    top, right, bottom, left = map(m.twips, edges)
    foot = m.twips(m.BOTTOM - m.NUMBER_BELOW_CORE) - round(m.SMALL * 20 / 2)
    margins = element("pgMar", top=top, right=right, bottom=bottom, left=left, header=851, footer=foot, gutter=0)
    squeeze = round((m.CHAR_PITCH - m.BODY) * 4096)
    raster = element("docGrid", type="linesAndChars", linePitch=x.LINE, charSpace=squeeze)
    return element("sectPr", *([] if first else [element("type", val="nextPage")]), size, margins, raster)


def _sections(document: Official) -> Iterable[tuple[list[Any], bool]]:
    """Yield the parts of each section and whether it lies on its side; the imprint stands upright on the last page."""
    parts, side = [*_head(document), *_main(document)], False
    for number, one in enumerate(document.attachments, 1):
        turned = one.landscape != side
        if turned:
            yield parts, side
            parts, side = [], one.landscape
        name = annex_name(document.language, number, len(document.attachments))
        parts += _attachment(one, name, new_page=not turned)
    if document.imprint is not None:
        if side:
            yield parts, side
            parts, side = [], False
        parts += imprint(document.imprint, terms(document.language))
    yield parts, side


def _head(document: Official) -> Iterable[Any]:
    """Yield 版头: what stands at the top left, the mark, the number, the red rule (7.2)."""
    above = [(document.copy_number, Look()), (document.secrecy, _TALL), (document.urgency, _TALL)]
    above = [(text, look) for text, look in above if text]
    for text, look in above:
        yield paragraph([run(text, look)], Set("left"))
    size = m.mark_size(document.mark)
    before = m.twips(m.MARK_BELOW_CORE) - len(above) * x.LINE
    mark = Look(x.XIAOBIAOSONG, size, x.RED)
    # a line as high as its type: its upper edge is that of the characters
    yield paragraph([run(document.mark, mark)], Set("center", before=before, line=round(size * 20)), size)
    yield from x.blank(m.BLANK_BEFORE_NUMBER)
    yield from _number(document)
    thread = x.rule("bottom", m.RULE_THICKNESS, x.RED)
    yield paragraph([], Set("left", line=m.twips(m.RULE_BELOW_NUMBER), borders=(thread,)))


def _number(document: Official) -> Iterable[Any]:
    height = round(m.BODY * 20)
    gap = x.LINE - height
    if not document.signed_by:
        yield paragraph([run(document.number, Look())], Set("center", before=gap, line=height))
        return
    text = [run(document.number, Look()), element("r", element("tab"))]
    text += [run(terms(document.language).signed_by, Look()), run(document.signed_by, Look(x.KAITI))]
    edge = m.twips(m.CORE[0]) - round(m.CHAR_PITCH * 20)
    yield paragraph(text, Set("left", left=1, right=1, before=gap, line=height, tab=edge))


def _main(document: Official) -> Iterable[Any]:
    """Yield 主体: title, addressee, text, list of annexes, sign-off, note (7.3)."""
    yield from x.blank(m.BLANK_BEFORE_TITLE)
    title = "\n".join(document.title)
    yield paragraph([run(title, Look(x.XIAOBIAOSONG, m.TITLE))], Set("center", keep_next=True), m.TITLE)
    yield from x.blank()
    yield paragraph([run(document.addressee + terms(document.language).colon, Look())], Set("left"))
    yield from (
        _paragraph(one, last=left == 1)
        for left, one in zip(range(len(document.body), 0, -1), document.body, strict=True)
    )
    if document.attachments:
        yield paragraph([], Set(keep_next=True))
        yield from _annexes(document.attachments, terms(document.language).annexes)
    yield from _signoff(document)
    if document.note:
        opened, closed = terms(document.language).brackets
        yield paragraph([run(f"{opened}{document.note}{closed}", Look())], Set("left", first=2))


def _paragraph(one: Paragraph, *, last: bool = False) -> Any:
    """Return a paragraph of the text; the last one stays with the sign-off: no date stands on a page without text."""
    look = Look(_FONTS.get(one.layer, x.FANGSONG))
    level = _LEVELS.get(one.layer)
    return paragraph([run(one.text, look)], Set(first=2, outline=level, keep_next=last or level is not None))


def _annexes(attachments: Sequence[Attachment], word: str) -> Iterable[Any]:
    """Yield 附件：1.名称, the names under each other, no mark after them (7.3.4)."""
    if len(attachments) == 1:
        yield paragraph([run(f"{word}{attachments[0].title}", Look())], Set("left", left=5, hanging=3))
        return
    for number, one in enumerate(attachments, 1):
        lead = word if number == 1 else ""
        how = Set("left", left=6, hanging=4 if lead else 1, keep_next=True)
        yield paragraph([run(f"{lead}{number}.{one.title}", Look())], how)


def _signoff(document: Official) -> Iterable[Any]:
    issuer, date = m.signoff(document.issuer, document.date, sealed=document.sealed)
    yield from (paragraph([], Set(keep_next=True)) for _line in range(2))
    yield paragraph([run(document.issuer, Look())], Set("right", right=issuer, keep_next=True))
    yield paragraph([run(document.date, Look())], Set("right", right=date, keep_next=bool(document.note)))


def _attachment(one: Attachment, name: str, *, new_page: bool) -> Iterable[Any]:
    """Yield an annex: its name on the first line, its title on the third (7.3.7)."""
    yield paragraph([run(name, _TALL)], Set("left", new_page=new_page, outline=0))
    yield from x.blank()
    yield paragraph([run(one.title, Look(x.XIAOBIAOSONG, m.TITLE))], Set("center", keep_next=True), m.TITLE)
    yield paragraph([], Set(line=x.LINE // 2, keep_next=True))
    for block in one.blocks:
        if isinstance(block, Paragraph):
            yield _paragraph(block)
        else:
            yield from _table(block, m.CORE[1] if one.landscape else m.CORE[0])


def _table(table: Table, across: float) -> Iterable[Any]:
    yield grid(table, across)
    for note in table.notes or ("",):
        size = min(m.UNDER_TABLE, table.size - 1)
        line = round(size * 24.4)
        yield paragraph([run(note, Look(size=size))], Set("both", before=30, line=line, least=True), size)
