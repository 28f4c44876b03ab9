"""The PDF against GB/T 9704-2012, measured on the finished pages by poppler; and that it opens in LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.disclosure.papers import paper

from xiuhua.disclosure import typesetting
from xiuhua.disclosure.official.docx import docx_bytes
from xiuhua.disclosure.official.measures import mark_size
from xiuhua.disclosure.official.pdf import pdf_bytes
from xiuhua.disclosure.typesetting import FontMissing

MM = 25.4 / 72
#: (text, left, top, right, bottom) in millimetres.
Word = tuple[str, float, float, float, float]
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler (pdftotext) is not here: nothing measures pages"
)
writer = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice (soffice) is not here: nothing opens a DOCX"
)


def pages(path: Path) -> list[tuple[tuple[float, float], list[Word]]]:
    """Return the size and the words of each page of a PDF."""
    told = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    found: list[tuple[tuple[float, float], list[Word]]] = []
    for chunk in told.split("<page ")[1:]:
        size = _PAGE.match(f"<page {chunk}")
        assert size
        words = [(one[4], *(float(edge) * MM for edge in one[:4])) for one in _WORD.findall(chunk)]
        found.append(((float(size[1]) * MM, float(size[2]) * MM), words))  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def raw() -> bytes:
    """Return the whole document as a PDF."""
    try:
        return pdf_bytes(paper())
    except FontMissing:
        pytest.skip("no Chinese font on this machine")


@pytest.fixture(scope="module")
def measured(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[tuple[float, float], list[Word]]]:
    """Return its pages, measured."""
    path = tmp_path_factory.mktemp("pdf") / "document.pdf"
    path.write_bytes(raw)
    return pages(path)


def at(words: list[Word], start: str) -> Word:
    """Return the first word that begins so."""
    return next(word for word in words if word[0].startswith(start))


def near(found: float, wanted: float, by: float = 0.1) -> bool:
    """Return whether two lengths in millimetres are the same to a tenth."""
    return abs(found - wanted) <= by


@poppler
def test_pages_are_a4_and_annex_one_lies_on_its_side(measured: list[tuple[tuple[float, float], list[Word]]]) -> None:
    sizes = [(round(width), round(height)) for (width, height), _words in measured]
    assert set(sizes) == {(210, 297), (297, 210)}
    first = next(number for number, (_size, words) in enumerate(measured) if any(w[0] == "附件1" for w in words))
    assert sizes[first] == (297, 210)
    assert sizes[-1] == (210, 297)


@poppler
def test_head_stands_where_the_standard_says(measured: list[tuple[tuple[float, float], list[Word]]]) -> None:
    words = measured[0][1]
    mark, number = at(words, "星河街道办事处文件"), at(words, "演街发")
    assert near(mark[2], 72.0)  # 37 + 35
    assert near((mark[1] + mark[3]) / 2, 28 + 78, 0.3)
    size = mark_size("星河街道办事处文件") * MM
    assert near(mark[4] - mark[2], size)
    pitch = 225 / 22
    assert near(number[2], 72 + size + 2 * pitch + (pitch - 16 * MM))
    title = at(words, "关于10月份")
    rule = number[4] + 4
    # the title's first line is the third after the rule; its characters stand in the middle of their line
    assert near(title[2], rule + 2 * pitch + (pitch - 22 * MM) / 2, 0.4)


@poppler
def test_body_keeps_the_core_and_the_pitch_of_lines(measured: list[tuple[tuple[float, float], list[Word]]]) -> None:
    words = [word for word in measured[1][1] if word[0] != "—" and not word[0].isdigit()]
    tops = sorted({round(word[2], 2) for word in words})
    pitch = 225 / 22
    lines = [(top - tops[0]) / pitch for top in tops]
    assert all(near(line, round(line), 0.05) for line in lines)
    assert min(word[1] for word in words) >= 28 - 0.1
    assert max(word[3] for word in words) <= 184 + 0.3
    assert max(word[4] for word in words) <= 262 + 0.1


@poppler
def test_page_numbers_lie_7_mm_below_the_core_one_character_in(
    measured: list[tuple[tuple[float, float], list[Word]]],
) -> None:
    one = 14 * MM
    for number, ((width, _height), words) in enumerate(measured, 1):
        dashes = [word for word in words if word[0] == "—"]
        assert len(dashes) >= 2
        if width > 250:  # the turned sheet: its left edge is the foot
            middle = (dashes[0][1] + dashes[0][3]) / 2
            assert near(middle, 297 - 269)
            ends = min(word[2] for word in dashes), max(word[4] for word in dashes)
        else:
            dashes = [word for word in dashes if word[2] > 262]
            assert near((dashes[0][2] + dashes[0][4]) / 2, 269)
            ends = min(word[1] for word in dashes), max(word[3] for word in dashes)
        assert near(ends[1], 184 - one) if number % 2 else near(ends[0], 28 + one)


@poppler
def test_imprint_ends_on_the_lower_edge_of_the_core_of_the_last_page(
    measured: list[tuple[tuple[float, float], list[Word]]],
) -> None:
    *before, last = measured
    assert not any("印发" in word[0] for _size, words in before for word in words)
    printed, copies = at(last[1], "星河街道办事处办公室"), at(last[1], "抄送")
    pitch = 225 / 22
    assert near(printed[4], 262 - (pitch - 14 * MM) / 2, 0.3)
    assert near(printed[2] - copies[2], pitch, 0.3)
    assert near(printed[1], 28 + 14 * MM)


@poppler
def test_table_repeats_its_head_on_every_page_it_takes(measured: list[tuple[tuple[float, float], list[Word]]]) -> None:
    with_rows = [words for _size, words in measured if any(re.fullmatch(r"第\d+社区", word[0]) for word in words)]
    assert len(with_rows) >= 4
    assert all(sum(word[0] == "名次" for word in words) == 1 for words in with_rows)


def test_pdf_twice_is_the_same_to_the_byte_and_carries_the_documents_moment(raw: bytes) -> None:
    assert pdf_bytes(paper()) == raw
    assert b"D:20261102010000" in raw


def test_pdf_without_a_chinese_font_is_refused_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FACES", {"body": ("No Such Face",)})
    with pytest.raises(FontMissing, match="fonts-noto-cjk"):
        pdf_bytes(paper())


@writer
def test_docx_opens_in_libreoffice_with_the_same_pages(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "document.docx"
    file.write_bytes(docx_bytes(paper()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    made = subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    if not shutil.which("pdftotext"):
        return
    found = pages(tmp_path / "document.pdf")
    text = "".join(word[0] for _size, words in found for word in words)
    for said in ("星河街道办事处文件", "演街发〔2026〕31号", "此件公开发布", "第60社区", "印发"):
        assert said in text
    printed = next(word for word in found[-1][1] if word[0].startswith("抄送"))
    assert printed[2] > 230  # at the foot of the last page, wherever the table ended


@poppler
def test_draft_when_set_then_every_page_says_so_at_its_head(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    try:
        path.write_bytes(pdf_bytes(paper(draft="草稿·未发布")))
    except FontMissing:
        pytest.skip("no Chinese font on this machine")
    found = [[word[2] for word in words if word[0] == "草稿·未发布"] for _size, words in pages(path)]
    assert [bool(tops) and min(tops) < 20 for tops in found] == [True] * len(found)
