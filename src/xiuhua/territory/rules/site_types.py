"""Types of sites as a pack says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xiuhua.kernel.rules.packs import table
from xiuhua.kernel.words import Fault, Line, PackContent
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words.sites import SHAPES, SiteType

TYPES = "types.csv"
COLUMNS = ("code", "name_zh", "name_en", "shape", "reach_m", "group")
#: A reach beyond this is no longer "at" anything.
FARTHEST_M = 5000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def types_in(pack: PackContent) -> tuple[tuple[SiteType, ...], list[Fault]]:
    """Return the types of sites in a pack of kind `sites`, in its order, and what is wrong with them."""
    lines, faults = table(pack, TYPES, COLUMNS, required=COLUMNS[:-1])
    faults += [fault for line in lines for fault in _faults(line)]
    faults += _repeated(lines)
    if faults:
        return (), faults
    return tuple(_type(line) for line in lines), []


def check_types(pack: PackContent) -> list[Fault]:
    """Return what is wrong with a pack of kind `sites`."""
    return types_in(pack)[1]


def _type(line: Line) -> SiteType:
    title = {"zh": line["name_zh"], "en": line["name_en"]}
    return SiteType(line["code"], title, line["shape"], int(line["reach_m"]), line["group"])


def _faults(line: Line) -> Iterator[Fault]:
    if not _CODE.fullmatch(line["code"]):
        yield _fault(line, "code", "site.type_code", code=line["code"])
    if line["shape"] not in SHAPES:
        yield _fault(line, "shape", "site.type_shape", shape=line["shape"])
    reach = line["reach_m"]
    if not (reach.isascii() and reach.isdigit() and int(reach[:9]) <= FARTHEST_M):
        yield _fault(line, "reach_m", "site.type_reach", text=reach, most=str(FARTHEST_M))


def _repeated(lines: Iterable[Line]) -> Iterator[Fault]:
    for column in ("code", "name_zh", "name_en"):
        first: dict[str, int] = {}
        for line in lines:
            value = fold(line[column])
            if first.setdefault(value, line.line) != line.line:
                yield _fault(line, column, "site.type_repeated", text=line[column], first=str(first[value]))


def _fault(line: Line, column: str, code: str, /, **facts: str) -> Fault:
    return Fault(code, row=line.line, column=column, facts=dict(facts), file=TYPES)
