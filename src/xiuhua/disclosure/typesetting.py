"""PDFs and pictures by typst: templates of ours, data as JSON, free faces found on this machine, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from xiuhua.kernel.words import Refusal, marked

_HERE = Path(__file__).parent
#: Faces for each part of a document, the most like the standard's first. All are free; none is shipped.
FACES: dict[str, tuple[str, ...]] = {
    "body": (
        "Zhuque Fangsong (technical preview)",
        "FandolFang R",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
    ),
    "kai": ("LXGW WenKai", "LXGW WenKai GB", "AR PL UKai CN", "FandolKai", "Noto Serif CJK SC", "Source Han Serif SC"),
    "hei": (
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "FandolHei",
    ),
    "title": ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "FandolSong"),
}
#: Faces for the marks of a Latin text, by part: narrow ones that go with the Latin letters of FACES. The last is typst's own.
MARKS: dict[str, tuple[str, ...]] = {
    part: names
    for names, parts in (
        (
            ("Noto Serif CJK KR", "Noto Serif KR", "Source Serif 4", "Noto Serif", "Libertinus Serif"),
            ("body", "kai", "title"),
        ),
        (
            ("Noto Sans CJK KR", "Noto Sans KR", "Source Sans 3", "Noto Sans", "DejaVu Sans", "Libertinus Serif"),
            ("hei",),
        ),
    )
    for part in parts
}


class FontMissing(Refusal):
    """No face on this machine writes Chinese, so a PDF would be boxes."""

    code = "documents.font_missing"
    sentence = marked(
        "这台机器上没有可用的中文字体，生成不了 PDF。请安装自由字体（Debian/Ubuntu：apt-get install fonts-noto-cjk），或把字体文件所在位置写入 XIUHUA_FONT。"
    )


@lru_cache(maxsize=2)
def _shelf(folders: tuple[str, ...], given: str) -> tuple[typst.Fonts, frozenset[str]]:
    """Return the fonts of this machine and the names of their families; read once, since it opens every file."""
    places = [str(path) for folder in folders if (path := Path(folder).expanduser()).is_dir()]
    places += [str(Path(given).parent)] if given and Path(given).is_file() else []
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=places)
    return fonts, frozenset(fonts.families())


def faces() -> dict[str, list[str]]:
    """Return the families of each part that this machine has, in our order. Raises FontMissing."""
    _fonts, known = _shelf(tuple(settings.FILES_FONT_FOLDERS), settings.FILES_FONT)
    every = [name for names in FACES.values() for name in names if name in known]
    if not every:
        raise FontMissing
    return {part: [name for name in names if name in known] or every[:1] for part, names in FACES.items()}


def marks() -> dict[str, list[str]]:
    """Return the face of each part that writes the marks of a Latin text, none where this machine has none of them."""
    _fonts, known = _shelf(tuple(settings.FILES_FONT_FOLDERS), settings.FILES_FONT)
    return {part: [name for name in names if name in known][:1] for part, names in MARKS.items()}


def pdf(template: str, data: Mapping[str, Any], made: str) -> bytes:
    """Return the PDF of a template (a path below this package) and its data; equal data give equal bytes.

    `data["lang"]` is the language of its text; `made` the moment (ISO 8601) that the file carries as its own. Raises
    FontMissing.
    """
    stamp = datetime.fromisoformat(made).replace(microsecond=0)
    return _bytes(_compiler(template, data).compile(format="pdf", timestamp=stamp))


def png(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the one page of a template as a PNG, a pixel for every point of it. Raises FontMissing."""
    return _bytes(_compiler(template, data).compile(format="png", ppi=72.0))


def _compiler(template: str, data: Mapping[str, Any]) -> typst.Compiler:
    known = {"parts": faces(), "marks": marks() if data["lang"] == "en" else {}}
    given = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True), "faces": json.dumps(known)}
    fonts, _known = _shelf(tuple(settings.FILES_FONT_FOLDERS), settings.FILES_FONT)
    return typst.Compiler(
        (_HERE / template).read_bytes(), root=str(_HERE), font_paths=fonts, ignore_system_fonts=True, sys_inputs=given
    )


def _bytes(written: object) -> bytes:
    if not isinstance(written, bytes):
        raise TypeError("typst gave no bytes")
    return written
