"""Which territory a row of a file speaks of: known by code, known by name, or new."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from xiuhua.kernel.words import Fact, Fault
from xiuhua.tables.forms import MANGLED
from xiuhua.territory.rules.names import fold, fresh_code
from xiuhua.territory.words import CODE_LENGTH, NAME_LENGTH, Claim, FileRow, Known, Order

#: What stands for a character that was broken before or while it was read.
BROKEN = "\N{REPLACEMENT CHARACTER}"


class Register:
    """The territories that exist, found by code, by level and folded own name, or by number."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[int, Known] = {}
        self.by_code: dict[str, Known] = {}
        self.by_name: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
        for one in known:
            self.by_id[one.id] = one
            self.by_code[one.code] = one
            self.by_name[one.level, one.folded].append(one)


def faults_of_rows(rows: Sequence[FileRow], order: Order) -> Iterator[Fault]:
    """Yield what is wrong with rows by themselves and beside each other: texts missing, too long, given twice.

    Siblings have a known parent in common, or have names only; roots with codes may share a name.
    """
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        yield from _text_faults(row, order)
        parent = row.parent or order.parent
        if row.code and codes.setdefault(row.code, row.row) != row.row:
            yield _fault(row, order, "code", "territory.code_repeated", code=row.code, first=codes[row.code])
        siblings = bool(parent) or not row.code
        if row.name and siblings and names.setdefault((parent, fold(row.name)), row.row) != row.row:
            first = names[parent, fold(row.name)]
            yield _fault(row, order, "name", "territory.name_repeated", name=row.name, first=first)


def claims(rows: Sequence[FileRow], order: Order, register: Register) -> tuple[list[Claim], list[Fault]]:
    """Return which territory each row means and the faults of rows that mean none or several.

    With a code, the territory of that code; else an unconfirmed one of the level and name, which takes the code over.
    Without, the one of the level and own name under the same parent; several are a fault, never a guess.
    """
    made, faults = [], []
    taken, used = set(register.by_code), set[int]()
    for row in rows:
        try:
            parent_id = _parent(row, order, register)
            known = _by_code(row, order, register) if row.code else _by_name(row, order, register, parent_id)
        except _Unclear as unclear:
            faults.append(unclear.fault)
            continue
        known = None if known and known.id in used else known
        code = row.code or (known.code if known else fresh_code(order.level, row.name, taken))
        taken.add(code)
        if known:
            used.add(known.id)
            parent_id = known.parent_id if parent_id is None else parent_id
        made.append(Claim(row, known.id if known else None, code, parent_id))
    return made, faults + list(_circles(made, order, register))


class _Unclear(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)


def _fault(row: FileRow, order: Order, column: str, kind: str, /, **facts: Fact) -> Fault:
    reading = order.reading
    fields = {"name": reading.name_field, "code": reading.code_field, "parent": reading.parent_field}
    return Fault(kind, row=row.row, column=(fields | {"alias": reading.alias_field})[column], facts=facts)


def _text_faults(row: FileRow, order: Order) -> Iterator[Fault]:
    if not fold(row.name):
        yield _fault(row, order, "name", "territory.name_missing")
    for column, name in [("name", row.name), *(("alias", alias) for alias in row.aliases)]:
        length = max(len(name), len(fold(name)))
        if length > NAME_LENGTH:
            yield _fault(row, order, column, "territory.name_long", length=length, limit=NAME_LENGTH)
        if _unusable(name):
            yield _fault(row, order, column, "territory.text_unusable")
    if order.reading.code_field and not row.code:
        yield _fault(row, order, "code", "territory.code_missing")
    for field, code in [(order.reading.code_field, row.code), *_external_cells(row, order)]:
        yield from _code_faults(row, field, code)


def sound_texts(code: str, name: str) -> bool:
    """Return whether a code and a name (either may be empty) can be kept: not too long, not mangled, not broken."""
    return (
        len(code) <= CODE_LENGTH
        and max(len(name), len(fold(name))) <= NAME_LENGTH
        and not MANGLED.fullmatch(code)
        and not _unusable(code + name)
    )


def _unusable(text: str) -> bool:
    return any(sign == BROKEN or unicodedata.category(sign) == "Cc" for sign in text)


def _code_faults(row: FileRow, field: str, code: str) -> Iterator[Fault]:
    if MANGLED.fullmatch(code):
        yield Fault("territory.code_mangled", row=row.row, column=field, facts={"code": code})
    if len(code) > CODE_LENGTH:
        yield Fault("territory.code_long", row=row.row, column=field, facts={"length": len(code), "limit": CODE_LENGTH})
    if _unusable(code):
        yield Fault("territory.text_unusable", row=row.row, column=field)


def _external_cells(row: FileRow, order: Order) -> list[tuple[str, str]]:
    fields = dict(order.reading.externals)
    return [(fields[system], code) for system, code in row.externals]


def _parent(row: FileRow, order: Order, register: Register) -> int | None:
    code = row.parent or order.parent
    if code and code not in register.by_code:
        raise _Unclear(_fault(row, order, "parent", "territory.parent_unknown", parent=code))
    return register.by_code[code].id if code else None


def _by_code(row: FileRow, order: Order, register: Register) -> Known | None:
    known = register.by_code.get(row.code)
    if known and known.level != order.level:
        raise _Unclear(_fault(row, order, "code", "territory.code_other_level", code=row.code, level=known.level))
    if known:
        return known
    observed = [one for one in register.by_name[order.level, fold(row.name)] if not one.confirmed]
    return observed[0] if len(observed) == 1 else None


def _by_name(row: FileRow, order: Order, register: Register, parent_id: int | None) -> Known | None:
    named = register.by_name[order.level, fold(row.name)]
    here = [one for one in named if parent_id is None or one.parent_id == parent_id]
    found = here or [one for one in named if not one.confirmed and one.parent_id is None]
    if len(found) > 1:  # those that ended have given their name away
        found = [one for one in found if not one.over] or found
    if len(found) > 1:
        codes = "、".join(sorted(one.code for one in found))
        raise _Unclear(_fault(row, order, "name", "territory.name_ambiguous", name=row.name, codes=codes))
    return found[0] if found else None


def _circles(made: Sequence[Claim], order: Order, register: Register) -> Iterator[Fault]:
    """Yield a fault for each row whose new parent lies below the territory itself, or is it."""
    above = {one.id: one.parent_id for one in register.by_id.values()}
    above |= {claim.territory_id: claim.parent_id for claim in made if claim.territory_id is not None}
    for claim in made:
        seen: set[int] = set()
        at = claim.parent_id
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if claim.territory_id in seen:
            parent = register.by_id[claim.parent_id or 0].code
            yield _fault(claim.row, order, "parent", "territory.parent_below", code=claim.code, parent=parent)
