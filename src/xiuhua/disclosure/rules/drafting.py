"""How the text of a bulletin begins: the blocks of a template, filled from what a month tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from xiuhua.disclosure.bulletin import Block, Draft, Made, NumberField, Said, Template
from xiuhua.disclosure.rules.numbers import Titles, class_words, fields_of, plain, rate_moved
from xiuhua.disclosure.words import Told

_PLACE = re.compile(r"\{\{([^{}]+)\}\}|\{([a-z_]+)\}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9.])[0-9]+(?:\.[0-9]+)?%?")
_ORDINALS = "一二三四五六七八九十"

#: A thing of a list: the code that "@" stands for, and what it fills in.
Thing = tuple[str, Mapping[str, str]]


def draft(told: Told, template: Template, titles: Titles, sentences: Sequence[Said] = ()) -> Draft:
    """Return the draft of a month's bulletin.

    `sentences` are those of the analysis; every number in them is locked, the one that they count with its list.
    A block whose numbers the month does not have is left out.
    """
    fields = {one.name: one for one in fields_of(told, titles)}
    said: list[str] = []
    for number, one in enumerate(sentences, start=1):
        text, numbers = locked(one, number)
        said.append(text)
        fields |= {field.name: field for field in numbers}
    places, lists = _places(told), _lists(told, said)
    blocks = [made for block in template.blocks if (made := _made(block, places, lists, fields))]
    title = _filled(told.labels.title.zh, places, "").replace("\n", "")
    return Draft(title, tuple(blocks), tuple(fields.values()))


def locked(said: Said, number: int) -> tuple[str, tuple[NumberField, ...]]:
    """Return a sentence of the analysis with all its numbers locked, and these; `number` tells sentences apart."""
    fields: list[NumberField] = []

    def put(found: re.Match[str]) -> str:
        count = len(fields) + 1
        where = said.where if found[0] == str(said.count) else None
        fields.append(NumberField(f"said.{number}.{count}", f"分析{number}·数{count}", found[0], where=where))
        return f"{{{{{fields[-1].name}}}}}"

    return _NUMBER.sub(put, plain(said.text)), tuple(fields)


def _places(told: Told) -> dict[str, str]:
    year, month = told.period.split("-")
    moved = rate_moved(told, "on_time")
    plain = {"office": told.office.name, "year": year, "month": str(int(month)), "level": told.office.level}
    return {
        **plain,
        "basis": "、".join(_filled(one.zh, plain, "") for one in told.labels.basis),
        "moved": "" if not moved else "上升" if moved > 0 else "下降",
    }


def _lists(told: Told, said: Sequence[str]) -> dict[str, list[Thing]]:
    named, view = told.labels.named, told.view
    ranked = [one for one in view.subjects if one.rank is not None]
    ranked.sort(key=lambda one: (one.rank or 0, one.code))
    # nobody stands at both ends where few are ranked
    ends = min(named, len(ranked) // 2)
    overdue = sorted(view.subjects, key=lambda one: (-one.counts.get("overdue_open", (0, 0))[0], one.code))
    overdue = [one for one in overdue if one.counts.get("overdue_open", (0, 0))[0]]
    classes = [(str(number), one) for number, one in enumerate(told.classes[:named], start=1) if one.overdue]
    return {
        "top": [(one.code, {"subject": one.name}) for one in ranked[:ends]],
        "bottom": [(one.code, {"subject": one.name}) for one in ranked[len(ranked) - ends :]],
        "overdue": [(one.code, {"subject": one.name}) for one in overdue[:named]],
        "classes": [(number, {"subject": class_words(one)}) for number, one in classes],
        "sayings": [("", {"text": text}) for text in said],
        "requirements": [("", {"text": _filled(one.zh, _places(told), "")}) for one in told.labels.requirements],
    }


def _made(
    block: Made, places: Mapping[str, str], lists: Mapping[str, Sequence[Thing]], fields: Mapping[str, NumberField]
) -> Block | None:
    if (block.when and not places.get(block.when)) or (block.unless and places.get(block.unless)):
        return None
    given = dict(places)
    if block.items:
        things = lists.get(block.items, ())
        if not things:
            return None
        given["items"] = block.join.join(_items(block, places, things))
    text = _filled(block.text, given, "")
    known = all(name in fields for name in re.findall(r"\{\{([^{}]+)\}\}", text))
    return Block(block.kind, text) if known and text else None


def _items(block: Made, places: Mapping[str, str], things: Sequence[Thing]) -> Iterable[str]:
    for number, (code, said) in enumerate(things):
        head = f"{_ORDINALS[number]}是" if block.numbered and number < len(_ORDINALS) and len(things) > 1 else ""
        yield head + _filled(block.each, {**places, **said}, code)


def _filled(text: str, places: Mapping[str, str], code: str) -> str:
    """Return a text with its places filled and the code of a thing in the names of its numbers; others stay."""

    def put(found: re.Match[str]) -> str:
        if found[1] is not None:
            return f"{{{{{found[1].replace('@', code)}}}}}"
        return places.get(found[2], found[0])

    return _PLACE.sub(put, text)
