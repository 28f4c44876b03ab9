"""Reading numbers back out of the pages for the screen: what each page is, is told by its head."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from tests.disclosure.reading import NUMBER, Reader, flex, one_of, pattern, said, spaced
from tests.disclosure.telling import CELLS, Found, Key, squeezed

from xiuhua.assessment.phrases import unranked_sentence

Pairs = Iterator[tuple[Key, str]]


class Slides(Reader):
    """Reads the pages for the screen of one month."""

    def slides(self, pages: list[str]) -> Found:
        """Return the numbers of every page."""
        heads = {
            "全%(office)s这个月": self._numbers,
            "考核排名": self._ranking,
            "按期结案率和它的可信范围": self._rates,
            "红黑榜": self._lists,
            "问题集中在哪几类": self._bars,
            "重复发生和集中的地方": self._spots,
        }
        found: Found = list(self._weights(spaced(pages[0])))
        for page in pages[1:]:
            flat = squeezed(page)
            for message, read in heads.items():
                if flat.startswith(squeezed(gettext(message) % {"office": self.told.office.name})):
                    found += read(page)
            subject = next((name for name in self.codes if self._is_of(name, flat)), None)
            if subject is not None:
                found += self._subject(self.codes[subject], page)
        whole = spaced(" ".join(pages))
        message = "另有 %(count)s 件应结案件没有归到任何%(level)s，只计入合计。"
        found += [(("unplaced",), one["count"]) for one in said(message, whole, level=".+?")]
        return [*found, *self._tasks(whole), *self._sayings(whole)]

    def _is_of(self, name: str, flat: str) -> bool:
        """Return whether a page is that of a subject: its name, perhaps a mark, then the office."""
        tag = "(?:红|黑)?" if self.told.language.startswith("zh") else "(?:red|black)?"
        return bool(re.match(re.escape(name) + tag + re.escape(squeezed(self.told.office.name)), flat))

    def _numbers(self, page: str) -> Pairs:
        flat = spaced(page)
        for label, key in (
            ("按期结案率", ("total.rate", "on_time")),
            ("结案率", ("total.rate", "closed")),
            ("应结案", ("total", "due")),
            ("超期未结", ("total", "overdue_open")),
        ):
            for one in re.finditer(rf"\n{flex(gettext(label))}\s+({NUMBER})", page):
                yield key, one[1]
                message = "比上月 %(change)s 点" if key[0] == "total.rate" else "比上月 %(change)s 件"
                moved = re.search(rf"{flex(gettext(label))}\s+{re.escape(one[1])}\s+{pattern(message).pattern}", flat)
                if moved and key[1] in {"on_time", "overdue_open"}:
                    yield ("total.moved", key[1]), moved["change"]

    def _ranking(self, page: str) -> Pairs:
        for subject in self.told.view.subjects:
            note = flex(unranked_sentence(subject.unranked))
            row = rf"(?:^|\s)({NUMBER})\s+{flex(subject.name)}\s+(?:{note}\s+)?(\d+(?:\.\d+)?)\s+({NUMBER})(?=\s|$)"
            for one in re.finditer(row, page):
                yield ("rank", subject.code), one[1]
                yield ("score", subject.code), one[2]
                yield ("places.moved", subject.code), one[3]

    def _rates(self, page: str) -> Pairs:
        for subject in self.told.view.subjects:
            for one in re.finditer(rf"(?:^|\n){flex(subject.name)}\s+(\d+\.\d%)(?=\s)", page):
                yield ("rate", subject.code), one[1]

    def _lists(self, page: str) -> Pairs:
        for subject in self.told.view.subjects:
            row = rf"(?:^|\n){flex(subject.name)}\s+({NUMBER})\s+{flex(gettext('按期结案率'))}\s+({NUMBER})(?=\s)"
            for one in re.finditer(row, page):
                yield ("score", subject.code), one[1]
                yield ("rate", subject.code), one[2]

    def _bars(self, page: str, code: str = "") -> Pairs:
        message = "应结案 %(due)s · 超期未结 %(overdue)s · 逾期结案 %(late)s"
        flat = spaced(page)
        for one in said(message, flat):
            before = squeezed(flat[: one.start()])
            name = max((name for name in self.classes if before.endswith(name)), key=len)
            of = (self.classes[name], code) if code else (self.classes[name],)
            yield from ((("cell" if code else "class", measure, *of), one[measure]) for measure in CELLS)

    def _spots(self, page: str) -> Pairs:
        flat = spaced(page)
        again = said("%(unit)s，%(times)s 次，第一件 %(case)s", flat, unit="(?:)", case=".")
        yield from ((("again", str(number)), one["times"]) for number, one in enumerate(again))
        hot = said("%(count)s 件，按平常应有 %(expected)s 件", flat)
        yield from ((("hot", str(number)), one["count"]) for number, one in enumerate(hot))

    def _subject(self, code: str, page: str) -> Pairs:
        flat = spaced(page)
        labels = [gettext(label) for label in ("名次", "得分", "按期结案率", "超期未结")]
        place, score, rate, overdue = (rf"{flex(label)}\s+({NUMBER})\s+" for label in labels)
        change = pattern("比上月 %(change)s").pattern
        moved = [change.replace("change", name) for name in ("places", "points")]
        between = r".{0,40}?"
        row = f"{place}(?:{moved[0]})?{between}{score}(?:{moved[1]})?{between}{rate}{between}{overdue}"
        row += pattern("应结案 %(due)s 件").pattern
        for one in re.finditer(row, flat):
            numbers = [value for at, value in enumerate(one.groups(), 1) if at not in set(one.re.groupindex.values())]
            yield from zip(
                (("rank", code), ("score", code), ("rate", code), ("count", "overdue_open", code)), numbers, strict=True
            )
            yield ("count", "due", code), one["due"]
            for name in ("places", "points"):
                if one[name]:
                    yield (f"{name}.moved", code), one[name]
        yield from self._bars(page, code)
        for one in said("%(title)s失 %(points)s 分", flat, title=one_of(self.lines)):
            yield (
                ("lost", code, next(line for line in self.lines if squeezed(line) == squeezed(one["title"]))),
                one["points"],
            )
        own = [number for number, one in enumerate(self.told.recurrent or ()) if one.subject == code]
        given = {"where": ".{1,80}?", "class": self.kinds}
        for number, one in zip(own, said("%(where)s“%(class)s”%(times)s 次", flat, **given), strict=False):
            yield ("again", str(number)), one["times"]
