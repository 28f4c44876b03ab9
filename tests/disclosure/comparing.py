"""Holding the files of a pack against the month they tell: every shared number that any of them prints is the month's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.utils.translation import override
from tests.disclosure.reading import docx_text, pdf_pages
from tests.disclosure.reading_slides import Slides
from tests.disclosure.reading_tables import Tables
from tests.disclosure.telling import Found, Key, expected

from xiuhua.disclosure.pack import PARTS, Part, pack
from xiuhua.disclosure.picture import picture_page
from xiuhua.disclosure.typesetting import FontMissing
from xiuhua.disclosure.words import Told

#: What every file prints of a whole month, by its English name: kinds of which it prints every one, and some.
EVERY: Mapping[str, frozenset[str]] = {
    "1-bulletin.docx": frozenset(
        {
            "total",
            "total.rate",
            "total.moved",
            "assessed",
            "ranked",
            "unplaced",
            "full",
            "rank",
            "score",
            "rate",
            "count",
            "points.moved",
            "places.moved",
            "again.all",
            "task",
            "task.all",
        }
    ),
    "2-tables.xlsx": frozenset(
        {
            "rank",
            "score",
            "rate",
            "points.moved",
            "places.moved",
            "unplaced",
            "full",
            "lost",
            "again",
            "again.all",
            "task",
            "task.all",
        }
    ),
    "3-screen.pdf": frozenset({"task", "full", "unplaced", "saying"}),
    "4-speaker.docx": frozenset({"task.all", "again.all"}),
    "5-tasks.docx": frozenset({"task", "task.all"}),
    "5-tasks.xlsx": frozenset({"task", "task.all"}),
    "6-pledges.docx": frozenset({"ranked.with"}),
}
SOME: Mapping[str, frozenset[str]] = {
    "1-bulletin.docx": frozenset({"cell", "class", "again", "hot", "saying"}),
    "2-tables.xlsx": frozenset({"total", "total.rate", "count", "cell", "class"}),
    "3-screen.pdf": frozenset(
        {
            "total",
            "total.rate",
            "total.moved",
            "rank",
            "score",
            "rate",
            "count",
            "points.moved",
            "places.moved",
            "lost",
            "cell",
            "class",
            "again",
            "hot",
        }
    ),
    "4-speaker.docx": frozenset(
        {"total", "total.rate", "total.moved", "score", "points.moved", "class", "cell", "again"}
    ),
    "6-pledges.docx": frozenset({"rank", "score", "rate", "count", "lost", "cell"}),
    "7-picture.png": frozenset({"total", "total.rate", "rank", "score", "rate"}),
}


def read(told: Told, part: Part, content: bytes, folder: Path) -> Found:
    """Return what a file of a pack says; `told` lends the names."""
    with override(told.language):
        tables, slides = Tables(told), Slides(told)
        if part.en == "2-tables.xlsx":
            return tables.workbook(content)
        if part.en == "3-screen.pdf":
            return slides.slides(pdf_pages(content, folder))
        if part.en == "7-picture.png":
            return tables.picture(pdf_pages(content, folder))
        if part.en.startswith("5-tasks"):
            return tables.tasks_xlsx(content) if part.en.endswith("xlsx") else tables.tasks_docx(content)
        text = docx_text(content) if part.en.endswith("docx") else "\n".join(pdf_pages(content, folder))
        readers = {"1": tables.bulletin, "4": tables.speaker, "6": tables.pledges}
        return readers[part.en[0]](text)


def of(names: Mapping[str, frozenset[str]], part: Part) -> frozenset[str]:
    """Return the kinds of a file; a PDF of a document prints what the document prints."""
    return names.get(part.en, names.get(part.en.replace(".pdf", ".docx"), frozenset()))


def made(told: Told) -> dict[Part, bytes]:
    """Return the files of a month by their parts, the picture as the page it is drawn from."""
    try:
        with override(told.language):
            files = pack(told)
            page = picture_page(told)
    except FontMissing:
        pytest.skip("no Chinese font on this machine")
    return {part: page if part.en == "7-picture.png" else files[part.name(told.language)] for part in PARTS}


def readings(told: Told, files: Mapping[Part, bytes], folder: Path) -> dict[Part, Found]:
    """Return what each file says."""
    return {part: read(told, part, content, folder) for part, content in files.items()}


def unequal(told: Told, said: Mapping[Part, Found]) -> list[tuple[str, Key, str, str]]:
    """Return every number of the files that is not the month's: file, key, what it says, what it should."""
    right = expected(told)
    return [
        (part.en, key, value, right.get(key, "nothing"))
        for part, found in said.items()
        for key, value in found
        if value != right.get(key)
    ]


def unread(told: Told, said: Mapping[Part, Found]) -> list[tuple[str, object]]:
    """Return what a file should have said and did not: keys of kinds that it prints whole, kinds that it prints in part."""
    right = expected(told)
    missing: list[tuple[str, object]] = []
    for part, found in said.items():
        keys = {key for key, _value in found}
        missing += [(part.en, key) for key in right if key[0] in of(EVERY, part) and key not in keys]
        kinds = {key[0] for key, value in right.items() if value != "—"} & of(SOME, part)
        missing += [(part.en, kind) for kind in kinds - {key[0] for key in keys}]
    return missing


def agree(told: Told, folder: Path) -> int:
    """Hold all files of a month against it; return how many numbers were read."""
    said = readings(told, made(told), folder)
    assert (unequal(told, said), unread(told, said)) == ([], [])
    return sum(map(len, said.values()))
