"""Which problems become drafts of the task list, what is to be done about each, and in how many working days.

The worst things of every unit that is called up come first, then places where problems came back, then hot spots. What a
draft says is data of a pack (`packs/remedies`); the meeting changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xiuhua.assessment.words import Title
from xiuhua.disclosure.words import Recurrent, Spot, Tallied
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault

#: How the number of cases is written into a remedy.
COUNT = "{count}"
_SAID: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["zh"],
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string"}},
}
_NUMBERS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["worst", "recurrent", "hot"],
    "properties": {name: {"type": "integer", "minimum": 0, "maximum": 60} for name in ("worst", "recurrent", "hot")},
}
_REMEDY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["classes", "zh"],
    "properties": {
        "classes": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        **_SAID["properties"],
    },
}
_CAUSES = ("overdue", "late", "recurrent", "hot", "default")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code", "version", "effective_from", "most", "days", *_CAUSES],
    "properties": {
        "schema": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "version": {"type": "string", "minLength": 1},
        "effective_from": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
        "most": _NUMBERS,
        "days": _NUMBERS,
        **dict.fromkeys(_CAUSES, _SAID),
        "remedy": {"type": "array", "items": _REMEDY},
    },
}


class Source(StrEnum):
    """Why something is on the draft list."""

    WORST = "worst"
    RECURRENT = "recurrent"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Remedies:
    """What a pack says: sentences by class and by cause, how many drafts of each source, in how many working days."""

    code: str
    version: str
    most: Mapping[str, int]
    days: Mapping[str, int]
    causes: Mapping[str, Title]
    classes: Mapping[str, Title]

    def of(self, class_name: str) -> Title:
        """Return the remedy of a class of problems, the general one where the pack names none."""
        return self.classes.get(class_name, self.causes["default"])


@dataclass(frozen=True, slots=True)
class Draft:
    """A task before it is worded: what is wrong, where and whose, the numbers, and the remedies in their order.

    `subject` is a code, "" where nobody is named yet. `times` counts a recurrent place, `count` the cases of a hot spot.
    """

    source: Source
    subject: str
    days: int
    remedies: tuple[Title, ...]
    class_name: str = ""
    where: str = ""
    due: int = 0
    overdue: int = 0
    late: int = 0
    times: int = 0
    count: int = 0
    cases: tuple[str, ...] = ()


def remedies_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a pack of remedies, each at its field."""
    document, faults = read_document(text, "", SCHEMA)
    return faults or list(_twice(document.get("remedy", [])))


def _twice(remedies: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, each in enumerate(remedies):
        for name in each["classes"]:
            if name in seen:
                yield Fault("pack.schema", column=f"remedy[{place}].classes", facts={"reason": f"{name}: twice"})
            seen.add(name)


def read_remedies(document: Mapping[str, Any]) -> Remedies:
    """Return the remedies of a document that has been checked."""
    return Remedies(
        code=document["code"],
        version=document["version"],
        most=document["most"],
        days=document["days"],
        causes={cause: _said(document[cause]) for cause in _CAUSES},
        classes={name: _said(each) for each in document.get("remedy", []) for name in each["classes"]},
    )


def _said(value: Mapping[str, str]) -> Title:
    return Title(value["zh"], value.get("en", ""))


def worst(matrix: Iterable[Tallied], subject: str, most: int) -> list[Tallied]:
    """Return at most `most` classes of a subject that went worst: most overdue and open, then most closed late.

    Classes in which nothing was overdue or late are never among them. Equal ones stand in the order of their names.
    """
    own = [one for one in matrix if one.subject == subject and (one.overdue or one.late)]
    return sorted(own, key=lambda one: (-one.overdue, -one.late, -one.due, one.class_name))[:most]


def drafts(
    called_up: Sequence[str],
    matrix: Sequence[Tallied],
    recurrent: Sequence[Recurrent],
    hot: Sequence[Spot],
    remedies: Remedies,
) -> tuple[Draft, ...]:
    """Return the drafts of the task list: the called-up units' worst classes, recurrent places, hot spots.

    Units stand in the order in which they are called up; recurrent places and hot spots in the order given.
    """
    most = remedies.most
    found = [_worst(one, remedies) for code in called_up for one in worst(matrix, code, most["worst"])]
    found += [_recurrent(one, remedies) for one in recurrent[: most["recurrent"]]]
    found += [_hot(one, remedies) for one in hot[: most["hot"]]]
    return tuple(found)


def _worst(one: Tallied, remedies: Remedies) -> Draft:
    cause = _counted(remedies.causes["overdue" if one.overdue else "late"], one.overdue or one.late)
    return Draft(
        Source.WORST,
        one.subject,
        remedies.days["worst"],
        (cause, remedies.of(one.class_name)),
        class_name=one.class_name,
        due=one.due,
        overdue=one.overdue,
        late=one.late,
        cases=one.cases,
    )


def _recurrent(one: Recurrent, remedies: Remedies) -> Draft:
    return Draft(
        Source.RECURRENT,
        one.subject,
        remedies.days["recurrent"],
        (remedies.causes["recurrent"],),
        class_name=one.class_name,
        where=one.where,
        times=one.times,
        cases=one.cases,
    )


def _hot(one: Spot, remedies: Remedies) -> Draft:
    return Draft(Source.HOT, "", remedies.days["hot"], (remedies.causes["hot"],), where=one.name, count=one.count)


def _counted(said: Title, count: int) -> Title:
    return Title(said.zh.replace(COUNT, str(count)), said.en.replace(COUNT, str(count)))
