"""Small pieces of WordprocessingML, and a package whose bytes hang on its content alone."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from xiuhua.disclosure.official import measures

#: Named, never shipped: who prints has them; who has not sees what his system puts in their place.
FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
#: Faces of Latin letters in an English document; the Chinese ones draw them as wide as half a Han sign.
SERIF, SANS = "Times New Roman", "Arial"
RED = "FF0000"
#: 22 × 579 twips lie within 225 mm; 580 would push the last line to the next page.
LINE = int(measures.LINE_PITCH * 20)
#: What brings 28 characters of 16 points into 8845 twips: justification gives the rest back.
CLOSER = -5
#: The earliest moment a ZIP can tell.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DOS = 0


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """Return `<w:tag w:name="value">` with children; a trailing underscore of an attribute's name is dropped."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    for child in children:
        made.append(child)
    return made


@dataclass(frozen=True, slots=True)
class Look:
    """How the characters of a run look: face, size in points, colour."""

    font: str = FANGSONG
    size: float = measures.BODY
    color: str = ""
    bold: bool = False


def run_look(look: Look) -> Any:
    """Return the properties of a run; the size is in half points."""
    half = round(look.size * 2)
    fonts = element("rFonts", ascii=look.font, hAnsi=look.font, eastAsia=look.font, cs=look.font)
    parts = [fonts]
    if look.bold:
        parts.append(element("b"))
    if look.color:
        parts.append(element("color", val=look.color))
    if look.size == measures.BODY:
        parts.append(element("spacing", val=CLOSER))
    return element("rPr", *parts, element("sz", val=half), element("szCs", val=half))


def latin(file: Any) -> None:
    """Give the Latin letters of a document, its styles and its feet a face of their own; names in Chinese keep theirs."""
    feet = [part for one in file.sections for part in (one.footer, one.even_page_footer, one.first_page_footer)]
    for root in (
        file.element,
        file.styles.element,
        *(foot.part.element for foot in feet if not foot.is_linked_to_previous),
    ):
        for fonts in root.iter(qn("w:rFonts")):
            own = SANS if fonts.get(qn("w:eastAsia")) == HEITI else SERIF
            for script in ("ascii", "hAnsi"):
                fonts.set(qn(f"w:{script}"), own)
            # marks such as quotation marks belong to the Latin letters around them
            fonts.attrib.pop(qn("w:hint"), None)


def run(text: str, look: Look) -> Any:
    """Return a run; line ends become breaks."""
    made = element("r", run_look(look))
    for number, line in enumerate(text.split("\n")):
        if number:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(words)
    return made


def field(code: str, look: Look) -> list[Any]:
    """Return the runs of a field such as PAGE, with a figure that stands until it is computed."""
    instruction = element("instrText")
    instruction.text = f" {code} "
    return [
        element("r", run_look(look), element("fldChar", fldCharType="begin")),
        element("r", run_look(look), instruction),
        element("r", run_look(look), element("fldChar", fldCharType="separate")),
        run("1", look),
        element("r", run_look(look), element("fldChar", fldCharType="end")),
    ]


@dataclass(frozen=True, slots=True)
class Set:
    """How a paragraph is set.

    Indents in characters; space before and after, line height and the right tab in twips; borders in the order of the
    schema. `least` lets a line grow, else its height is exact.
    """

    align: str = "both"
    first: float = 0
    left: float = 0
    hanging: float = 0
    right: float = 0
    before: int = 0
    after: int = 0
    line: int = LINE
    least: bool = False
    keep_next: bool = False
    new_page: bool = False
    outline: int | None = None
    borders: tuple[Any, ...] = ()
    tab: int = 0


def paragraph(content: list[Any], how: Set, size: float = measures.BODY) -> Any:
    """Return a paragraph; characters of indents are those of `size` on the grid."""
    made = element("pPr")
    if how.keep_next:
        made.append(element("keepNext"))
    if how.new_page:
        made.append(element("pageBreakBefore"))
    made.append(element("widowControl", val=0))
    if how.borders:
        made.append(element("pBdr", *how.borders))
    if how.tab:
        made.append(element("tabs", element("tab", val="right", pos=how.tab)))
    made.append(element("autoSpaceDE", val=0))
    made.append(element("autoSpaceDN", val=0))
    # lines are exact and body characters set closer by themselves: word processors read the same grid differently, and
    # some draw a character that is wider than its cell over two
    made.append(element("snapToGrid", val=0))
    rule = "atLeast" if how.least else "exact"
    made.append(element("spacing", before=how.before, after=how.after, line=how.line, lineRule=rule))
    indent = _indent(how, size)
    if indent is not None:
        made.append(indent)
    made.append(element("jc", val=how.align))
    if how.outline is not None:
        made.append(element("outlineLvl", val=how.outline))
    if size != measures.BODY:  # else the mark of an empty paragraph is as high as the body's
        half = round(size * 2)
        made.append(element("rPr", element("sz", val=half), element("szCs", val=half)))
    return element("p", made, *content)


def _indent(how: Set, size: float) -> Any:
    pitch = (size + measures.CHAR_PITCH - measures.BODY) * 20
    given: dict[str, str | int] = {}
    for name, chars in (("left", how.left), ("right", how.right), ("firstLine", how.first), ("hanging", how.hanging)):
        if chars:
            given |= {f"{name}Chars": round(chars * 100), name: round(chars * pitch)}
    return element("ind", **given) if given else None


def blank(lines: int = 1) -> list[Any]:
    """Return so many empty lines of the grid."""
    return [paragraph([], Set()) for _line in range(lines)]


def rule(name: str, millimetres: float, color: str = "000000") -> Any:
    """Return a border of so many millimetres, to the next eighth of a point."""
    return element(name, val="single", sz=measures.eighths(millimetres), space=0, color=color)


def packed(raw: bytes) -> bytes:
    """Return the same package with its parts in the order of their names and no dates of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _DOS, 0
            new.writestr(entry, old.read(name), compresslevel=9)
    return out.getvalue()
