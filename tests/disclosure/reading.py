"""Reading numbers back out of the files of a pack: each by its own means, none from the telling they were made of.

Names – of subjects, classes, lines – are known beforehand; what stands beside them is read. Sentences are found by the
catalogue's own wording, so a file in English is read like one in Chinese.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import docx
from django.utils.translation import gettext
from tests.disclosure.telling import CELLS, Found, Key, expected, squeezed

from xiuhua.assessment.phrases import title
from xiuhua.disclosure.report import OFFICE_SAYINGS
from xiuhua.disclosure.words import Told
from xiuhua.insight.words import Against
from xiuhua.ui.formats import month

NUMBER = r"[+−]?\d+(?:\.\d+)?%?|—"
#: A number that is no part of another.
ALONE = rf"(?<![\d.])(?:{NUMBER})(?![\d])"
_BREAK = re.compile(r"^—\s*\d+\s*—$", re.MULTILINE)


def flex(name: str) -> str:
    """Return a pattern of a name however its line is broken."""
    return r"\s*".join(map(re.escape, squeezed(name)))


def spaced(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def pattern(message: str, **words: str) -> re.Pattern[str]:
    """Return the pattern of a sentence in the active language, wherever its lines break.

    Its places are numbers but those in `words`.
    """
    text = gettext(message).replace("%%", "%")
    parts = re.split(r"%\((\w+)\)s", text)
    made = [
        flex(part) if not at % 2 else rf"\s*(?P<{part}>{words.get(part, ALONE)})\s*" for at, part in enumerate(parts)
    ]
    return re.compile("".join(made))


def said(message: str, text: str, **words: str) -> Iterator[re.Match[str]]:
    """Yield where a text says a sentence."""
    yield from pattern(message, **words).finditer(text)


def one_of(names: Sequence[str]) -> str:
    """Return a pattern of any of the names, squeezed, the longest first."""
    return "|".join(flex(name) for name in sorted(set(names), key=len, reverse=True)) or r"(?!)"


def docx_text(content: bytes) -> str:
    """Return a DOCX as text: a line for each paragraph and for each row of a table."""
    lines: list[str] = []
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def pdf_pages(content: bytes, folder: Path) -> list[str]:
    """Return the text of each page of a PDF in the order in which it was set, without the numbers of pages."""
    (folder / "read.pdf").write_bytes(content)
    command = ["pdftotext", "-raw", str(folder / "read.pdf"), "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [_BREAK.sub("", page) for page in read.split("\f")[:-1]]


class Reader:
    """Reads the files of one month."""

    def __init__(self, told: Told) -> None:
        """Take the names of a month: its subjects, classes and lines."""
        self.told = told
        self.codes = {squeezed(one.name): one.code for one in told.view.subjects}
        self.subjects = one_of([one.name for one in told.view.subjects])
        known = [one.class_name for one in (*told.classes, *told.matrix, *(told.recurrent or ()))]
        self.classes = {squeezed(name or gettext("未分类")): name for name in known}
        self.kinds = one_of([name or gettext("未分类") for name in known])
        self.lines = [title(line.title) for line in told.view.subjects[0].lines]

    # ---- bulletin ----

    def bulletin(self, text: str) -> Found:
        """Return the numbers of the bulletin: its text, its table of scores, its task list."""
        flat = spaced(text)
        return [
            *self._handling(flat),
            *self._ends(flat),
            *self._problems(flat),
            *self._places(flat),
            *self._scores(text),
            *self._below(flat),
        ]

    def _handling(self, flat: str) -> Iterator[tuple[Key, str]]:
        moved = {"rate_moved": r"[^；;]*?", "overdue_moved": r"[^。]*?"}
        message = "%(month)s月份应结案%(due)s件，结案%(closed)s件，结案率%(closed_rate)s；按期结案%(on_time)s件，按期结案率%(rate)s%(rate_moved)s；超期未结%(overdue)s件%(overdue_moved)s。"
        for found in said(message, flat, **moved):
            for name, measure in (
                ("due", "due"),
                ("closed", "closed"),
                ("on_time", "on_time"),
                ("overdue", "overdue_open"),
            ):
                yield ("total", measure), found[name]
            yield ("total.rate", "closed"), found["closed_rate"]
            yield ("total.rate", "on_time"), found["rate"]
            yield from self._changed(
                "on_time",
                found["rate_moved"],
                "，比%(month)s月份提高%(points)s个百分点",
                "，比%(month)s月份降低%(points)s个百分点",
                "0.0",
            )
            yield from self._changed(
                "overdue_open",
                found["overdue_moved"],
                "，比%(month)s月份增加%(count)s件",
                "，比%(month)s月份减少%(count)s件",
                "0",
            )
        for found in said("参加考核和排名的%(level)s共%(all)s个。", flat, level=".+?"):
            yield ("assessed",), found["all"]
            yield ("ranked",), found["all"]
        for found in said("参加考核的%(level)s共%(all)s个，其中参加排名%(ranked)s个。", flat, level=".+?"):
            yield ("assessed",), found["all"]
            yield ("ranked",), found["ranked"]

    def _changed(self, measure: str, text: str, up: str, down: str, none: str) -> Iterator[tuple[Key, str]]:
        for sign, message in (("+", up), ("−", down)):
            for found in said(message, text):
                yield (
                    ("total.moved", measure),
                    sign + found.groupdict().get("points", found.groupdict().get("count", "")),
                )
        if any(said("，与%(month)s月份持平", text)):
            yield ("total.moved", measure), none

    def _ends(self, flat: str) -> Iterator[tuple[Key, str]]:
        for found in said("%(name)s（%(score)s分）", flat, name=self.subjects, score=r"\d+(?:\.\d+)?"):
            if self.told.hot is None or not any(
                squeezed(spot.name) == squeezed(found["name"]) for spot in self.told.hot
            ):
                yield ("score", self.codes[squeezed(found["name"])]), found["score"]

    def _problems(self, flat: str) -> Iterator[tuple[Key, str]]:
        message = "%(name)s超期未结%(count)s件%(parts)s，按期结案率%(rate)s%(place)s。"
        for found in said(message, flat, name=self.subjects, parts=r"[^。；]{0,160}?", place=r"[^。;；]{0,14}?"):
            code = self.codes[squeezed(found["name"])]
            yield ("count", "overdue_open", code), found["count"]
            yield ("rate", code), found["rate"]
            for place in said("，排第%(rank)s名", found["place"]):
                yield ("rank", code), place["rank"]
            for part in said("“%(class)s”%(count)s件", found["parts"], **{"class": self.kinds}):
                yield ("cell", "overdue", self.classes[squeezed(part["class"])], code), part["count"]
        message = "“%(class)s”问题集中，全月应结案%(due)s件，超期未结%(overdue)s件，逾期结案%(late)s件。"
        for found in said(message, flat, **{"class": self.kinds}):
            for measure in CELLS:
                yield ("class", measure, self.classes[squeezed(found["class"])]), found[measure]

    def _places(self, flat: str) -> Iterator[tuple[Key, str]]:
        message = "%(where)s（%(unit)s）“%(class)s”结案后又发生%(times)s次；全月重复点位共%(count)s处。"
        for found in said(message, flat, where=".+?", unit=".*?", **{"class": self.kinds}):
            yield ("again", "0"), found["times"]
            yield ("again.all",), found["count"]
        names = one_of([spot.name for spot in self.told.hot or ()])
        for found in said("案件在空间上集中于%(names)s。", flat, names=r".+?"):
            for number, spot in enumerate(said("%(name)s（%(count)s件）", found["names"], name=names)):
                yield ("hot", str(number)), spot["count"]

    def _scores(self, text: str) -> Iterator[tuple[Key, str]]:
        number = rf"({NUMBER})"
        tail = r"\s+".join([number] * 4 + [r"(\d+\.\d%|—)", number])
        for one in self.told.view.subjects:
            row = re.compile(rf"(?:^|\s){number}\s+{flex(one.name)}\s+{number}\s+{number}\s+{number}\s+{tail}(?=\s|$)")
            for found in row.finditer(text):
                rank, score, points, places, reported, due_, closed, on_time, rate, overdue = found.groups()
                yield from (
                    (("rank", one.code), rank),
                    (("score", one.code), score),
                    (("points.moved", one.code), points),
                    (("places.moved", one.code), places),
                    (("rate", one.code), rate),
                )
                counted = zip(
                    ("reported", "due", "closed", "on_time", "overdue_open"),
                    (reported, due_, closed, on_time, overdue),
                    strict=True,
                )
                yield from ((("count", measure, one.code), value) for measure, value in counted)
        for found in re.finditer(rf"(?:^|\s){flex(gettext('合计'))}\s+{tail}", text):
            reported, due_, closed, on_time, rate, overdue = found.groups()
            counted = zip(
                ("reported", "due", "closed", "on_time", "overdue_open"),
                (reported, due_, closed, on_time, overdue),
                strict=True,
            )
            yield from ((("total", measure), value) for measure, value in counted)
            yield ("total.rate", "on_time"), rate

    def _below(self, flat: str) -> Iterator[tuple[Key, str]]:
        yield from self._weights(flat)
        for found in said("另有 %(count)s 件应结案件没有归到任何%(level)s，只计入合计。", flat, level=".+?"):
            yield ("unplaced",), found["count"]
        for found in said("附件2所列%(count)s项任务，请责任单位按完成时限办结并反馈。", flat):
            yield ("task.all",), found["count"]
        yield from self._tasks(flat)
        yield from self._sayings(flat, *OFFICE_SAYINGS)

    def _weights(self, flat: str) -> Iterator[tuple[Key, str]]:
        message = "方案“%(scheme)s”第 %(version)s 版，得分构成：%(parts)s，满分 %(full)s 分。"
        for found in said(message, flat, scheme=".+?", version=".+?", parts=".+?"):
            for part in said("%(title)s %(full)s 分", found["parts"], title=one_of(self.lines)):
                name = next(line for line in self.lines if squeezed(line) == squeezed(part["title"]))
                yield ("full", name), part["full"]

    def _tasks(self, flat: str) -> Iterator[tuple[Key, str]]:
        """Yield each task as far as it stands there whole: problem, remedy, deadline, unit in a row."""
        for key, value in expected(self.told).items():
            if key[0] == "task":
                yield key, value if value in squeezed(flat) else "not there"

    def _sayings(self, flat: str, *codes: str) -> Iterator[tuple[Key, str]]:
        """Yield each sentence of the analysis as far as it stands there whole; of `codes`, those since last month."""
        for key, value in expected(self.told).items():
            if key[0] == "saying":
                one = self.told.sayings[int(key[1])]
                if not codes or (one.code in codes and one.facts.get("against", Against.MONTH) == Against.MONTH):
                    yield key, value if value in squeezed(flat) else "not there"

    # ---- speaker's page and pledge sheets ----

    def speaker(self, text: str) -> Found:
        """Return the numbers of the speaker's page."""
        flat = spaced(text)
        return [*self._spoken(flat), *self._named(flat), *self._called(flat)]

    def _spoken(self, flat: str) -> Iterator[tuple[Key, str]]:
        message = "%(month)s应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s，超期未结 %(overdue)s 件。"
        for found in said(message, flat, month=flex(month(self.told.period, self.told.language))):
            for name, measure in (("due", "due"), ("on_time", "on_time"), ("overdue", "overdue_open")):
                yield ("total", measure), found[name]
            yield ("total.rate", "on_time"), found["rate"]
        for sign, message in (
            ("+", "按期率比上月高 %(points)s 个百分点。"),
            ("−", "按期率比上月低 %(points)s 个百分点。"),
        ):
            yield from ((("total.moved", "on_time"), sign + found["points"]) for found in said(message, flat))

    def _named(self, flat: str) -> Iterator[tuple[Key, str]]:
        for found in said("%(name)s %(score)s 分", flat, name=self.subjects, score=r"\d+\.\d+|\d+(?!\.?\d)"):
            yield ("score", self.codes[squeezed(found["name"])]), found["score"]
        for sign, message in (
            ("+", "比上月提高最多的是%(name)s，高 %(points)s 分。"),
            ("−", "下降最多的是%(name)s，低 %(points)s 分。"),
        ):
            for found in said(message, flat, name=self.subjects):
                yield ("points.moved", self.codes[squeezed(found["name"])]), sign + found["points"]

    def _called(self, flat: str) -> Iterator[tuple[Key, str]]:
        for found in said("超期未结最多的是：%(classes)s。", flat, classes=r"[^。]+?"):
            for one in said("%(class)s %(count)s 件", found["classes"], **{"class": self.kinds}):
                yield ("class", "overdue", self.classes[squeezed(one["class"])]), one["count"]
        named = {"unit": self.subjects, "class": self.kinds}
        for measure, message in (
            ("overdue", "%(unit)s主要是%(class)s，超期未结 %(count)s 件"),
            ("late", "%(unit)s主要是%(class)s，逾期结案 %(count)s 件"),
        ):
            for found in said(message, flat, **named):
                yield (
                    ("cell", measure, self.classes[squeezed(found["class"])], self.codes[squeezed(found["unit"])]),
                    found["count"],
                )
        message = "同一处反复发生的有 %(count)s 处，最多的是%(where)s的“%(class)s”，%(times)s 次。"
        for found in said(message, flat, where=".+?", **{"class": self.kinds}):
            yield ("again.all",), found["count"]
            yield ("again", "0"), found["times"]
        for found in said("任务清单草拟了 %(count)s 项，请各责任单位对照认领。", flat):
            yield ("task.all",), found["count"]

    def pledges(self, text: str) -> Found:
        """Return the numbers of the pledge sheets, which stand in the order in which units are called up."""
        message = "%(month)s总分 %(score)s 分，第 %(rank)s 名（参加排名 %(count)s 个）；应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s。"
        heads = list(
            re.finditer(
                flex(gettext("%(unit)s整改表态承诺书") % {"unit": "|"}).replace(
                    r"\|", rf"({'|'.join(flex(one.name) for one in self.told.view.subjects)})"
                ),
                text,
            )
        )
        found: Found = []
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            code = self.codes[squeezed(head[1])]
            sheet = text[head.start() : after.start() if after else None]
            for one in said(message, spaced(sheet), month=".+?"):
                found += [
                    (("score", code), one["score"]),
                    (("rank", code), one["rank"]),
                    (("ranked.with", code), one["count"]),
                ]
                found += [
                    (("count", "due", code), one["due"]),
                    (("count", "on_time", code), one["on_time"]),
                    (("rate", code), one["rate"]),
                ]
            for name in self.lines:
                found += [
                    (("lost", code, name), row[1])
                    for row in re.finditer(rf"(?:^|\n){flex(name)}\s+(\d+(?:\.\d+)?)\s", sheet)
                ]
            for name, known in self.classes.items():
                for row in re.finditer(rf"(?:^|\n){flex(name)}\s+(\d+)\s+(\d+)\s+(\d+)\s*(?:\n|$)", sheet):
                    found += [(("cell", measure, known, code), row[at]) for at, measure in enumerate(CELLS, 1)]
        return found

    # ---- picture ----

    def picture(self, pages: list[str]) -> Found:
        """Return the numbers of the picture's page."""
        found: Found = []
        for one in said("应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s", spaced(pages[0])):
            found += [
                (("total", "due"), one["due"]),
                (("total", "on_time"), one["on_time"]),
                (("total.rate", "on_time"), one["rate"]),
            ]
        for subject in self.told.view.subjects:
            row = re.compile(rf"(?:^|\s)({NUMBER})\s+{flex(subject.name)}\s+(\d+\.\d%|—)\s+({NUMBER})")
            for one in row.finditer(pages[0]):
                found += [
                    (("rank", subject.code), one[1]),
                    (("rate", subject.code), one[2]),
                    (("score", subject.code), one[3]),
                ]
        return found
