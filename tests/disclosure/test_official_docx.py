"""The DOCX against GB/T 9704-2012: each row of the table of measures, read from the file's own XML."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.disclosure.papers import paper

from xiuhua.disclosure.official.docx import docx_bytes
from xiuhua.disclosure.official.measures import signoff, width

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PER_MM = 1440 / 25.4
#: A tenth of a millimetre in twips.
TENTH = PER_MM / 10


def part(raw: bytes, name: str) -> ET.Element:
    """Return a part of the package as XML."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return ET.fromstring(package.read(name))  # noqa: S314 - our own file


@pytest.fixture(scope="module")
def raw() -> bytes:
    """Return the whole document."""
    return docx_bytes(paper())


@pytest.fixture(scope="module")
def xml(raw: bytes) -> ET.Element:
    """Return its text."""
    return part(raw, "word/document.xml")


def of(node: ET.Element, path: str) -> dict[str, str]:
    """Return the attributes of the first element at a path of w: names."""
    found = node.find("/".join(f"{W}{step}" for step in path.split("/")))
    assert found is not None, path
    return {name.removeprefix(W): value for name, value in found.attrib.items()}


def words(node: ET.Element) -> str:
    """Return the text of an element."""
    return "".join(text.text or "" for text in node.iter(f"{W}t"))


def line(xml: ET.Element, text: str) -> ET.Element:
    """Return the first paragraph that holds a text."""
    return next(each for each in xml.iter(f"{W}p") if text in words(each))


def look(node: ET.Element) -> tuple[str, int]:
    """Return face and half points of a paragraph's first run."""
    run = next(node.iter(f"{W}r"))
    return of(run, "rPr/rFonts")["eastAsia"], int(of(run, "rPr/sz")["val"])


def sections(xml: ET.Element) -> list[ET.Element]:
    """Return the properties of the sections in their order."""
    return list(xml.iter(f"{W}sectPr"))


def test_paper_is_a4_with_the_core_of_156_by_225(xml: ET.Element) -> None:
    upright = sections(xml)[0]
    assert of(upright, "pgSz") == {"w": "11906", "h": "16838"}
    margins = of(upright, "pgMar")
    assert [margins[edge] for edge in ("top", "right", "bottom", "left")] == ["2098", "1474", "1984", "1587"]
    across = 11906 - 1587 - 1474
    down = 16838 - 2098 - 1984
    assert abs(across - 156 * PER_MM) <= TENTH
    assert abs(down - 225 * PER_MM) <= TENTH


def test_grid_has_22_lines_of_28_characters(xml: ET.Element) -> None:
    assert of(sections(xml)[0], "docGrid") == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}
    body = of(line(xml, "根据《考核办法》"), "pPr/spacing")
    assert (body["line"], body["lineRule"]) == ("579", "exact")
    assert 22 * 579 <= 16838 - 2098 - 1984 < 23 * 579
    run = next(line(xml, "根据《考核办法》").iter(f"{W}r"))
    pitch = 320 + int(of(run, "rPr/spacing")["val"])
    assert 28 * pitch <= 11906 - 1587 - 1474 < 29 * pitch


@pytest.mark.parametrize(
    ("text", "face", "half_points"),
    [
        pytest.param("根据《考核办法》", "仿宋_GB2312", 32, id="body 3号仿宋"),
        pytest.param("一、考核排名", "黑体", 32, id="first layer 黑体"),
        pytest.param("（一）总体情况", "楷体_GB2312", 32, id="second layer 楷体"),
        pytest.param("1.按期结案", "仿宋_GB2312", 32, id="third layer 仿宋"),
        pytest.param("（1）按期结案率", "仿宋_GB2312", 32, id="fourth layer 仿宋"),
        pytest.param("城市精细化管理", "方正小标宋简体", 44, id="title 2号小标宋"),
        pytest.param("000001", "仿宋_GB2312", 32, id="copy number 3号"),
        pytest.param("演街发〔2026〕31号", "仿宋_GB2312", 32, id="number 3号仿宋"),
        pytest.param("附件1", "黑体", 32, id="annex 3号黑体"),
        pytest.param("抄送：", "仿宋_GB2312", 28, id="imprint 4号仿宋"),
    ],
)
def test_type_is_that_of_the_standard(xml: ET.Element, text: str, face: str, half_points: int) -> None:
    found = [each for each in xml.iter(f"{W}p") if text in words(each)]
    assert look(found[0]) == (face, half_points)


def test_body_begins_two_characters_in(xml: ET.Element) -> None:
    assert of(line(xml, "根据《考核办法》"), "pPr/ind")["firstLineChars"] == "200"


def test_fonts_are_named_and_not_embedded(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert [name for name in package.namelist() if name.endswith((".odttf", ".ttf", ".otf"))] == []
    assert list(part(raw, "word/fontTable.xml").iter(f"{W}embedRegular")) == []


def test_mark_is_red_and_begins_35_mm_below_the_core(xml: ET.Element) -> None:
    paragraphs = list(xml.iter(f"{W}p"))
    place = next(number for number, each in enumerate(paragraphs) if "办事处文件" in words(each))
    mark = paragraphs[place]
    above = sum(int(of(each, "pPr/spacing")["line"]) for each in paragraphs[:place])
    assert abs(above + int(of(mark, "pPr/spacing")["before"]) - 35 * PER_MM) <= TENTH
    assert look(mark)[0] == "方正小标宋简体"
    assert of(next(mark.iter(f"{W}r")), "rPr/color")["val"] == "FF0000"
    # a line no higher than its type: the line's upper edge is the characters'
    assert int(of(mark, "pPr/spacing")["line"]) == look(mark)[1] * 10
    assert of(mark, "pPr/jc")["val"] == "center"


def test_number_stands_two_lines_below_the_mark_and_the_red_rule_4_mm_below_it(xml: ET.Element) -> None:
    paragraphs = list(xml.iter(f"{W}p"))
    place = next(number for number, each in enumerate(paragraphs) if words(each) == "演街发〔2026〕31号")
    assert [words(each) for each in paragraphs[place - 2 : place]] == ["", ""]
    number, rule = paragraphs[place], paragraphs[place + 1]
    assert int(of(number, "pPr/spacing")["before"]) + int(of(number, "pPr/spacing")["line"]) == 579
    assert int(of(number, "pPr/spacing")["line"]) == 320
    assert abs(int(of(rule, "pPr/spacing")["line"]) - 4 * PER_MM) <= TENTH
    border = of(rule, "pPr/pBdr/bottom")
    assert (border["color"], border["space"]) == ("FF0000", "0")
    assert rule.find(f"{W}pPr/{W}ind") is None  # as wide as the core


def test_title_stands_two_lines_below_the_rule_and_one_above_the_addressee(xml: ET.Element) -> None:
    paragraphs = list(xml.iter(f"{W}p"))
    place = next(number for number, each in enumerate(paragraphs) if "城市精细化管理" in words(each))
    title = paragraphs[place]
    assert [words(each) for each in paragraphs[place - 2 : place]] == ["", ""]
    assert paragraphs[place - 3].find(f"{W}pPr/{W}pBdr") is not None
    assert of(title, "pPr/jc")["val"] == "center"
    assert len(list(title.iter(f"{W}br"))) == 1  # its lines end where its words do
    assert words(paragraphs[place + 1]) == ""
    assert words(paragraphs[place + 2]) == "各社区，各有关单位："
    assert of(paragraphs[place + 2], "pPr/jc")["val"] == "left"
    assert paragraphs[place + 2].find(f"{W}pPr/{W}ind") is None


def test_annexes_are_listed_after_a_blank_line_two_characters_in_and_without_a_mark(xml: ET.Element) -> None:
    paragraphs = list(xml.iter(f"{W}p"))
    place = next(number for number, each in enumerate(paragraphs) if words(each).startswith("附件：1."))
    assert words(paragraphs[place - 1]) == ""
    assert [words(each) for each in paragraphs[place : place + 2]] == ["附件：1.考核成绩表", "2.任务清单"]
    first, second = (of(each, "pPr/ind") for each in paragraphs[place : place + 2])
    assert int(first["leftChars"]) - int(first["hangingChars"]) == 200
    assert int(second["leftChars"]) - int(second["hangingChars"]) == 500  # under “1.”


@pytest.mark.parametrize(
    ("issuer", "date", "sealed", "expected"),
    [
        pytest.param("星河街道办事处", "2026年11月2日", True, (3.75, 4.0), id="sealed: centred over the date"),
        pytest.param(
            "某某街道办事处某某某办公室", "2026年11月2日", True, (0.75, 4.0), id="sealed: wider than the date"
        ),
        pytest.param("甲" * 20, "2026年11月2日", True, (0.0, 6.75), id="sealed: never past the core"),
        pytest.param("某某某某街道办事处", "2026年1月2日", False, (2.0, 3.0), id="unsealed: two to the right"),
        pytest.param("星河街道", "2026年11月2日", False, (6.5, 2.0), id="unsealed: the date is the longer"),
    ],
)
def test_sign_off_is_placed_by_its_seal(issuer: str, date: str, sealed: bool, expected: tuple[float, float]) -> None:
    free = signoff(issuer, date, sealed=sealed)
    assert free == expected
    if not sealed:  # the date's first character stands two right of the issuer's
        assert free[0] + width(issuer) - 2 == free[1] + width(date)


def test_sign_off_in_the_file_keeps_those_characters_free(xml: ET.Element) -> None:
    date = next(each for each in xml.iter(f"{W}p") if words(each) == "2026年11月2日")
    issuer = next(each for each in xml.iter(f"{W}p") if words(each) == "星河街道办事处")
    assert (of(issuer, "pPr/ind")["rightChars"], of(date, "pPr/ind")["rightChars"]) == ("375", "400")
    assert {of(each, "pPr/jc")["val"] for each in (issuer, date)} == {"right"}


def test_note_stands_two_characters_in_within_brackets(xml: ET.Element) -> None:
    note = line(xml, "此件公开发布")
    assert words(note) == "（此件公开发布）"
    assert of(note, "pPr/ind")["firstLineChars"] == "200"


def test_annexes_begin_on_new_pages_with_their_title_on_the_third_line(xml: ET.Element) -> None:
    body = list(xml.find(f"{W}body") or ())
    for name, title in (("附件1", "考核成绩表"), ("附件2", "任务清单")):
        place = next(number for number, each in enumerate(body) if words(each) == name)
        assert [words(each) for each in body[place : place + 3]] == [name, "", title]
        assert body[place - 1].find(f"{W}pPr/{W}sectPr") is not None  # the section before ends here
        assert of(body[place], "pPr/jc")["val"] == "left"
        assert of(body[place + 2], "pPr/jc")["val"] == "center"
    assert [section.find(f"{W}type") is not None for section in sections(xml)] == [False, True, True]


def test_annex_that_keeps_the_sheet_begins_a_page() -> None:
    _first, second = paper().attachments
    flat = docx_bytes(paper(attachments=(second, second)))
    found = part(flat, "word/document.xml")
    assert len(sections(found)) == 1
    assert line(found, "附件2").find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_tables_repeat_their_head_and_break_no_row(xml: ET.Element) -> None:
    for table in xml.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * 60
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_turned_sheet_has_its_head_at_the_left_and_its_numbers_where_they_always_are(raw: bytes) -> None:
    xml = part(raw, "word/document.xml")
    turned = sections(xml)[1]
    assert of(turned, "pgSz") == {"w": "16838", "h": "11906", "orient": "landscape"}
    margins = of(turned, "pgMar")
    # turned upright, top becomes left, right becomes top, bottom becomes right and left becomes bottom
    assert [margins[edge] for edge in ("left", "top", "right", "bottom")] == ["1984", "1587", "2098", "1474"]
    for kind, align, edge in (("default", "right", 210 - 26), ("even", "left", 28)):
        foot = feet(raw, turned)[kind]
        place = of(next(foot.iter(f"{W}tbl")), "tblPr/tblpPr")
        cell = next(foot.iter(f"{W}tc"))
        assert of(cell, "tcPr/textDirection") == {"val": "tbRl"}
        assert of(next(cell.iter(f"{W}p")), "pPr/jc")["val"] == align
        assert abs(int(place["tblpX"]) + 140 - 28 * PER_MM) <= TENTH  # 7 mm beyond the core, dashes in the middle
        length = int(of(foot, "tbl/tr/trPr/trHeight")["val"])
        end = int(place["tblpY"]) + (length if align == "right" else 0)
        one = 280 if align == "right" else -280
        assert abs(end + one - edge * PER_MM) <= TENTH


def feet(raw: bytes, section: ET.Element) -> dict[str, Any]:
    """Return a section's feet by kind."""
    relations = part(raw, "word/_rels/document.xml.rels")
    target = {each.get("Id"): each.get("Target") for each in relations}
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    found = section.findall(f"{W}footerReference")
    return {each.get(f"{W}type"): part(raw, f"word/{target[each.get(key)]}") for each in found}


def test_page_numbers_are_dashed_fields_7_mm_below_the_core_right_on_odd_left_on_even_pages(raw: bytes) -> None:
    xml = part(raw, "word/document.xml")
    assert part(raw, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    first = sections(xml)[0]
    found = feet(raw, first)
    assert set(found) == {"default", "even"}
    for kind, align, indent in (("default", "right", "rightChars"), ("even", "left", "leftChars")):
        foot = next(found[kind].iter(f"{W}p"))
        assert of(foot, "pPr/jc")["val"] == align
        assert of(foot, "pPr/ind")[indent] == "100"
        assert [each.text for each in foot.iter(f"{W}instrText")] == [" PAGE "]
        assert words(foot) == "— 1 —"
        assert look(foot) == ("宋体", 28)
    # 14 points high, the dashes in its middle 269 mm down
    middle = 16838 - int(of(first, "pgMar")["footer"]) - 140
    assert abs(middle - (297 - 35 + 7) * PER_MM) <= TENTH


def test_imprint_has_rules_as_wide_as_the_core_and_ends_on_its_lower_edge(xml: ET.Element) -> None:
    copies, printed = line(xml, "抄送："), line(xml, "印发")
    edges = [of(copies, "pPr/pBdr/top"), of(copies, "pPr/pBdr/bottom"), of(printed, "pPr/pBdr/bottom")]
    assert [edge["sz"] for edge in edges] == ["8", "6", "8"]  # 0.35, 0.25 and 0.35 mm to the eighth of a point
    frames = [of(each, "pPr/framePr") for each in (copies, printed)]
    assert {abs(int(frame["w"]) - 156 * PER_MM) <= TENTH for frame in frames} == {True}
    assert int(frames[0]["y"]) + 579 == int(frames[1]["y"])
    assert abs(int(frames[1]["y"]) + 579 - 262 * PER_MM) <= TENTH
    assert words(copies).startswith("\u3000抄送：")
    assert words(printed) == "\u3000星河街道办事处办公室2026年11月2日印发"
    tab = of(printed, "pPr/tabs/tab")
    assert abs(int(tab["pos"]) + 280 - 156 * PER_MM) <= TENTH  # one character free at the right


def test_elements_that_are_not_there_leave_no_trace() -> None:
    bare = part(
        docx_bytes(paper(attachments=(), note="", imprint=None, copy_number="", sealed=False)), "word/document.xml"
    )
    assert "附件" not in words(bare)
    assert list(bare.iter(f"{W}framePr")) == []
    first = next(bare.iter(f"{W}p"))
    assert "办事处文件" in words(first)
    assert abs(int(of(first, "pPr/spacing")["before"]) - 35 * PER_MM) <= TENTH


def test_one_annex_has_no_number() -> None:
    found = part(docx_bytes(paper(attachments=paper().attachments[:1])), "word/document.xml")
    assert line(found, "附件：") is not None
    assert words(line(found, "附件：")) == "附件：考核成绩表"
    assert [words(each) for each in found.iter(f"{W}p") if words(each).startswith("附件")] == [
        "附件：考核成绩表",
        "附件",
    ]


def test_signer_stands_in_regular_script_beside_the_number() -> None:
    found = line(part(docx_bytes(paper(signed_by="（签发岗位）")), "word/document.xml"), "签发人：")
    runs = list(found.iter(f"{W}r"))
    assert [words(each) for each in runs] == ["演街发〔2026〕31号", "", "签发人：", "（签发岗位）"]
    assert of(runs[-1], "rPr/rFonts")["eastAsia"] == "楷体_GB2312"


def test_docx_twice_is_the_same_to_the_byte_and_carries_no_clock(raw: bytes) -> None:
    assert docx_bytes(paper()) == raw
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist() == sorted(package.namelist())
        core = package.read("docProps/core.xml").decode()
    assert core.count("2026-11-02T01:00:00Z") == 3
