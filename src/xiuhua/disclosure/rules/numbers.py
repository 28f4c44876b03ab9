"""The locked numbers of a text: which a month offers, how they are shown between marks, and how they are read back.

In the store a locked number is "{{due}}"; who writes sees "〔应结案数：588〕", and what comes back is verified sign for sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from xiuhua.analytics.words import Part, Where
from xiuhua.assessment.words import SubjectView
from xiuhua.disclosure.bulletin import NumberField
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.words import Tallied, Told
from xiuhua.kernel.words import Fault

Fields = Mapping[str, NumberField]
#: Measure → (Chinese title, unit).
Titles = Mapping[str, tuple[str, str]]

TOKEN = re.compile(r"\{\{([^{}]{1,80})\}\}")
_MARKED = re.compile(r"〔([^〔〕：\n]{1,60})：([^〔〕：\n]{0,40})〕")
_HALF = re.compile(r"〔[^〕\n]{0,60}：|\{\{|\}\}")
#: Measures that a text may use as shares, and what the share is called.
RATES = {"on_time": "按期结案率", "closed": "结案率"}
#: Measures counted for each subject.
EACH = ("due", "on_time", "closed", "late", "overdue_open")
#: Endings of a title that people leave out when they write ("应结案 588 件").
_ENDINGS = ("数",)
_OF_CLASS = ("due", "overdue_open")
#: The most classes with numbers of their own.
CLASSES = 20


def fields_of(told: Told, titles: Titles) -> tuple[NumberField, ...]:
    """Return the numbers of a month that a text may use, each with the list behind it; titles are unique."""
    return (*_of_office(told, titles), *_of_subjects(told, titles), *_of_classes(told, titles))


def _of_office(told: Told, titles: Titles) -> Iterable[NumberField]:
    view = told.view
    for measure, (title, unit) in titles.items():
        if measure in view.totals and measure != "median_close_seconds":
            kept = view.totals[measure][0]
            yield NumberField(measure, title, printing.count(kept), unit, spoken(title), Where(measure))
    for measure, title in RATES.items():
        kept, of = view.totals.get(measure, (0, 0))
        if of:
            yield NumberField(f"{measure}.rate", title, printing.rate(kept, of), "", (title,), Where(measure))
    yield from _changes(told)
    ranked = sum(one.rank is not None for one in view.subjects)
    yield NumberField("ranked", "列入排名数", printing.count(ranked), "个", ("列入排名",))


def _changes(told: Told) -> Iterable[NumberField]:
    """Yield by how many points the shares moved since last month, without a sign: the words beside say which way."""
    for measure, title in RATES.items():
        moved = rate_moved(told, measure)
        if moved is not None:
            text = printing.points(abs(moved), 1)
            yield NumberField(f"{measure}.change", f"{title}升降", text, "", ("个百分点",))


def rate_moved(told: Told, measure: str) -> Fraction | None:
    """Return by how many points of a hundred a share moved since last month, None where the months do not compare."""
    if told.previous is None:
        return None
    now, before = (one.totals.get(measure, (0, 0)) for one in (told.view, told.previous))
    return printing.moved(now, before)


def _of_subjects(told: Told, titles: Titles) -> Iterable[NumberField]:
    for subject in told.view.subjects:
        yield from _of_subject(subject, told.view.by, titles)


def _of_subject(subject: SubjectView, by: str, titles: Titles) -> Iterable[NumberField]:
    code, name = subject.code, plain(subject.name)
    for measure in EACH:
        if measure in titles and measure in subject.counts:
            title, unit = titles[measure]
            where = Where(measure, by=by, subject=code)
            value = printing.count(subject.counts[measure][0])
            yield NumberField(f"{measure}.{code}", f"{name}·{title}", value, unit, spoken(title), where)
    for measure, title in RATES.items():
        kept, of = subject.counts.get(measure, (0, 0))
        if of:
            where = Where(measure, by=by, subject=code)
            yield NumberField(f"{measure}.rate.{code}", f"{name}·{title}", printing.rate(kept, of), "", (title,), where)
    if subject.score is not None:
        yield NumberField(f"score.{code}", f"{name}·总分", printing.score(subject), "分", ("总分", "得分"))
    if subject.rank is not None:
        yield NumberField(f"rank.{code}", f"{name}·名次", printing.place(subject.rank), "", ("名次", "排名"))


def _of_classes(told: Told, titles: Titles) -> Iterable[NumberField]:
    for number, one in enumerate(told.classes[:CLASSES], start=1):
        for measure, value in zip(_OF_CLASS, (one.due, one.overdue), strict=True):
            title, unit = titles[measure]
            where = Where(measure, Part.KEPT, equal={"sub_class": one.class_name or None})
            named = f"{plain(class_words(one))}·{title}"
            yield NumberField(f"class.{number}.{measure}", named, printing.count(value), unit, spoken(title), where)


def class_words(one: Tallied) -> str:
    """Return what a class is called in a text."""
    return f"“{one.class_name}”" if one.class_name else "未分类案件"


def plain(text: str) -> str:
    """Return a name without the signs that mark locked numbers."""
    return re.sub(r"[〔〕：{}\n]", " ", text)


def spoken(title: str) -> tuple[str, ...]:
    """Return what people write for a measure: its title, and the title without its last sign 数."""
    short = next((title.removesuffix(ending) for ending in _ENDINGS if title.endswith(ending)), "")
    return (title, short) if short else (title,)


def shown(text: str, fields: Fields) -> str:
    """Return a stored text as who writes sees it, locked numbers as "〔应结案数：588〕"."""
    return TOKEN.sub(lambda found: marker(fields[found[1]]) if found[1] in fields else "—", text)


def marker(field: NumberField) -> str:
    """Return a locked number as it stands in a field of a form."""
    return f"〔{field.title}：{field.value}〕"


def printed(text: str, fields: Fields) -> str:
    """Return a stored text as it is printed, locked numbers as their values."""
    return TOKEN.sub(lambda found: fields[found[1]].value if found[1] in fields else "—", text)


def used(text: str) -> tuple[str, ...]:
    """Return the names of the locked numbers in a stored text, in their order."""
    return tuple(TOKEN.findall(text))


def pieces(text: str, fields: Fields) -> tuple[str | NumberField, ...]:
    """Return a stored text as its runs of words and its locked numbers, in their order."""
    parts: list[str | NumberField] = []
    for place, part in enumerate(TOKEN.split(text)):
        if place % 2:
            parts.append(fields.get(part, "—"))
        elif part:
            parts.append(part)
    return tuple(parts)


def read_back(text: str, fields: Fields) -> tuple[str, tuple[Fault, ...]]:
    """Return a text from a form as it is stored, and every locked number that was changed, broken or is none."""
    named = {field.title: field for field in fields.values()}
    faults: list[Fault] = []

    def put(found: re.Match[str]) -> str:
        field = named.get(found[1])
        if field is None:
            faults.append(Fault("bulletin.field_unknown", facts={"title": found[1]}))
            return found[0]
        if found[2] != field.value:
            facts = {"title": field.title, "value": field.value, "typed": found[2]}
            faults.append(Fault("bulletin.field_changed", facts=dict(facts)))
            return found[0]
        return f"\0{field.name}\1"

    stored = _MARKED.sub(put, text)
    if not faults and (broken := _HALF.search(stored)):
        faults.append(Fault("bulletin.field_broken", facts={"text": stored[broken.start() : broken.start() + 20]}))
    return stored.replace("\0", "{{").replace("\1", "}}"), tuple(faults)
