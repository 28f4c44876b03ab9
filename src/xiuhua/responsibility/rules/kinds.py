"""Kinds of units as a pack says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xiuhua.kernel.rules.packs import table
from xiuhua.kernel.words import Fault, Line, PackContent
from xiuhua.territory.rules.names import fold

KINDS = "kinds.csv"
COLUMNS = ("code", "name_zh", "name_en")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of units from a pack."""

    code: str
    title: dict[str, str]

    def name(self, english: bool) -> str:
        """Return the kind's name in the reader's language."""
        return self.title["en" if english else "zh"]


def kinds_in(pack: PackContent) -> tuple[tuple[UnitKind, ...], list[Fault]]:
    """Return the kinds of units in a pack of kind `units`, in its order, and what is wrong with them."""
    lines, faults = table(pack, KINDS, COLUMNS, required=COLUMNS)
    faults += _faults(lines)
    if faults:
        return (), faults
    return tuple(UnitKind(line["code"], {"zh": line["name_zh"], "en": line["name_en"]}) for line in lines), []


def check_kinds(pack: PackContent) -> list[Fault]:
    """Return what is wrong with a pack of kind `units`."""
    return kinds_in(pack)[1]


def _faults(lines: list[Line]) -> Iterator[Fault]:
    for line in lines:
        if not _CODE.fullmatch(line["code"]):
            yield Fault("unit.kind_code", row=line.line, column="code", facts={"code": line["code"]}, file=KINDS)
    for column in COLUMNS:
        first: dict[str, int] = {}
        for line in lines:
            at = first.setdefault(fold(line[column]), line.line)
            if at != line.line:
                facts = {"text": line[column], "first": str(at)}
                yield Fault("unit.kind_repeated", row=line.line, column=column, facts=dict(facts), file=KINDS)
