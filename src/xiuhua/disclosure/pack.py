"""The pack for the meeting: every file from one telling, so that no two of them can count differently."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from xiuhua.disclosure.picture import picture
from xiuhua.disclosure.pledges import pledges_docx, pledges_pdf
from xiuhua.disclosure.report import report_docx, report_pdf
from xiuhua.disclosure.slides import slides_pdf
from xiuhua.disclosure.speaker import speaker_docx, speaker_pdf
from xiuhua.disclosure.tasks import tasks_docx
from xiuhua.disclosure.words import Told
from xiuhua.disclosure.workbook import task_workbook, workbook

MANIFEST = "manifest.json"
#: Told how many files are done, of how many, and which one comes next ("" at the end).
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the pack: its name in Chinese and in English, what it is, and who makes it."""

    zh: str
    en: str
    made: Callable[[Told], bytes]
    #: Whether it makes sense only where somebody is called up.
    called_up: bool = False

    def name(self, language: str) -> str:
        """Return the name of the file in a language."""
        return self.en if language.lower().startswith("en") else self.zh


PARTS = (
    Part("1-通报.docx", "1-bulletin.docx", report_docx),
    Part("1-通报.pdf", "1-bulletin.pdf", report_pdf),
    Part("2-报表.xlsx", "2-tables.xlsx", workbook),
    Part("3-投屏.pdf", "3-screen.pdf", slides_pdf),
    Part("4-发言提纲.docx", "4-speaker.docx", speaker_docx),
    Part("4-发言提纲.pdf", "4-speaker.pdf", speaker_pdf),
    Part("5-任务清单.docx", "5-tasks.docx", tasks_docx),
    Part("5-任务清单.xlsx", "5-tasks.xlsx", task_workbook),
    Part("6-表态发言.docx", "6-pledges.docx", pledges_docx, called_up=True),
    Part("6-表态发言.pdf", "6-pledges.pdf", pledges_pdf, called_up=True),
    Part("7-群发图.png", "7-picture.png", picture),
)


def _quiet(_done: int, _of: int, _name: str) -> None:
    return


def pack(told: Told, progress: Progress = _quiet) -> dict[str, bytes]:
    """Return the files of a pack by name, the manifest last: a pure function of what is told.

    Pledge sheets are left out where nobody is called up; the manifest says so. Raises FontMissing.
    """
    wanted = [part for part in PARTS if told.pledges or not part.called_up]
    files: dict[str, bytes] = {}
    for done, part in enumerate(wanted):
        name = part.name(told.language)
        progress(done, len(wanted), name)
        files[name] = part.made(told)
    progress(len(wanted), len(wanted), "")
    left_out = [part.name(told.language) for part in PARTS if part not in wanted]
    files[MANIFEST] = manifest(told, files, left_out)
    return files


def manifest(told: Told, files: Mapping[str, bytes], left_out: list[str]) -> bytes:
    """Return what the pack is made of as JSON: the digests of what went in, of every file, and what has no source."""
    view = told.view
    content = {
        "schema": 1,
        "office": {"code": told.office.code, "name": told.office.name, "made_up": told.office.made_up},
        "period": told.period,
        "language": told.language,
        "by": view.by,
        "month_by": view.month_by,
        "scheme": {"code": view.scheme, "version": view.version},
        "as_of": view.as_of,
        "cut_off": str(view.cut_off),
        "made": told.made,
        "snapshot": view.snapshot,
        "sheets": view.digest,
        "labels": {"code": told.labels.code, "version": told.labels.version, "digest": told.labels.digest},
        "files": [
            {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
        ],
        "left_out": left_out,
        "missing": [{"code": one.code, "part": one.part, "source": one.source} for one in told.missing],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
