"""A duty pack's tables as values: the form of matrix.csv and tests.csv, and the codes they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from xiuhua.kernel.rules.packs import table
from xiuhua.kernel.words import Fact, Fault, Line, PackContent
from xiuhua.responsibility.words import ANY, DutyRow, MatrixTest, Tier

MATRIX, TESTS = "matrix.csv", "tests.csv"
COLUMNS = ("tier", "territory", "site_type", "site", "class", "weekdays", "from", "until", "unit", "assisting", "basis")
REQUIRED = ("tier", "territory", "class", "unit", "basis")
TEST_COLUMNS = ("territory", "site_type", "site", "lon", "lat", "class", "day", "unit", "tier", "why")
TEST_REQUIRED = ("class", "day", "unit", "why")
_WEEKDAYS = re.compile(r"[1-7]+")
_BETWEEN = re.compile(r"\s*[;；]\s*")


@dataclass(frozen=True, slots=True)
class Codes:
    """What exists in an office, by what a table may write: each text's own codes; several are never a guess."""

    territories: frozenset[str]
    sites: Mapping[str, str]
    site_types: frozenset[str]
    classes: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def matrix_rows(pack: PackContent) -> tuple[list[DutyRow], list[Fault]]:
    """Return the rows of a pack's matrix as they are written, and every fault of their form.

    Rows with faults are left out. Their codes are as written: `with_codes` looks them up.
    """
    lines, faults = table(pack, MATRIX, COLUMNS, required=REQUIRED)
    if not lines and not faults:
        faults.append(Fault("duty.empty", file=MATRIX))
    bad = {fault.row for fault in faults}
    rows = []
    for line in lines:
        wrong = _form(line)
        faults += wrong
        if not wrong and line.line not in bad:
            rows.append(_row(line, f"{pack.code}@{pack.version}:{line.line}"))
    return rows, faults


def _fault(line: Line, code: str, column: str, file: str = MATRIX, **facts: Fact) -> Fault:
    return Fault(code, row=line.line, column=column, facts={"text": line[column], **facts}, file=file)


def _form(line: Line) -> list[Fault]:
    faults = []
    if line["tier"] and line["tier"] not in set(Tier):
        faults.append(_fault(line, "duty.tier", "tier", known=" ".join(Tier)))
    if line["weekdays"] and not _WEEKDAYS.fullmatch(line["weekdays"]):
        faults.append(_fault(line, "duty.weekdays", "weekdays"))
    faults += [_fault(line, "duty.day", name) for name in ("from", "until") if line[name] and not day_in(line[name])]
    if faults:
        return faults
    begin, end = day_in(line["from"]), day_in(line["until"])
    if begin and end and begin >= end:
        faults.append(_fault(line, "duty.period", "until", begin=line["from"]))
    if line["site"] not in {"", ANY} and line["site_type"] not in {"", ANY}:
        faults.append(_fault(line, "duty.site_twice", "site", type=line["site_type"]))
    return faults


def day_in(text: str) -> date | None:
    """Return the day written as 2026-10-04, None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-10-04") else None
    except ValueError:
        return None


def _row(line: Line, key: str) -> DutyRow:
    return DutyRow(
        id=key,
        line=line.line,
        tier=Tier(line["tier"]),
        unit=line["unit"],
        territory=line["territory"] or ANY,
        site=line["site"] or ANY,
        site_type=line["site_type"] or ANY,
        case_class=line["class"] or ANY,
        valid_from=day_in(line["from"]),
        valid_to=day_in(line["until"]),
        weekdays=frozenset(int(sign) for sign in line["weekdays"]),
        assisting=tuple(one for one in _BETWEEN.split(line["assisting"]) if one),
        basis=line["basis"],
    )


def with_codes(rows: Iterable[DutyRow], codes: Codes) -> tuple[list[DutyRow], list[Fault]]:
    """Return rows with the office's own codes in place of what was written, and a fault for each that does not exist."""
    found, faults = [], []
    for row in rows:
        wrong = _unknown(row, codes)
        classes, class_faults = _looked_up(codes.classes, row.case_class, "class", row.line, MATRIX)
        unit, unit_faults = _looked_up(codes.units, row.unit, "unit", row.line, MATRIX)
        helpers = [_looked_up(codes.units, one, "assisting", row.line, MATRIX) for one in row.assisting]
        wrong += class_faults + unit_faults + [fault for _code, bad in helpers for fault in bad]
        faults += wrong
        if not wrong:
            assisting = tuple(code for code, _bad in helpers)
            found.append(replace(row, case_class=classes, unit=unit, assisting=assisting))
    return found, faults


def _unknown(row: DutyRow, codes: Codes) -> list[Fault]:
    asked = (
        ("territory", row.territory, codes.territories),
        ("site", row.site, codes.sites),
        ("site_type", row.site_type, codes.site_types),
    )
    return [
        Fault(f"duty.{column}_unknown", row=row.line, column=column, facts={"text": text}, file=MATRIX)
        for column, text, known in asked
        if text != ANY and text not in known
    ]


def _looked_up(
    known: Mapping[str, tuple[str, ...]], text: str, column: str, line: int, file: str
) -> tuple[str, list[Fault]]:
    """Return the code that a text means, with a fault where it means none or several."""
    if text == ANY and column == "class":
        return ANY, []
    found = known.get(text, ())
    if len(found) == 1:
        return found[0], []
    what = "unit" if column == "assisting" else column
    code = f"duty.{what}_ambiguous" if found else f"duty.{what}_unknown"
    facts: dict[str, Fact] = {"text": text, "found": "、".join(found)}
    return "", [Fault(code, row=line, column=column, facts=facts, file=file)]


def matrix_tests(pack: PackContent) -> tuple[list[MatrixTest], list[Fault]]:
    """Return the tests that a pack brings, as they are written, and every fault of their form. A pack may bring none."""
    lines, faults = table(pack, TESTS, TEST_COLUMNS, required=TEST_REQUIRED, optional=True)
    tests = []
    for line in lines:
        wrong = _test_form(line)
        faults += wrong
        if not wrong:
            tests.append(_test(line))
    return tests, faults


def _test_form(line: Line) -> list[Fault]:
    faults = []
    if line["day"] and not day_in(line["day"]):
        faults.append(_fault(line, "duty.day", "day", TESTS))
    if line["tier"] and line["tier"] not in set(Tier):
        faults.append(_fault(line, "duty.tier", "tier", TESTS, known=" ".join(Tier)))
    faults += [
        _fault(line, "duty.number", name, TESTS)
        for name in ("lon", "lat")
        if line[name] and number_in(line[name]) is None
    ]
    if bool(line["lon"]) != bool(line["lat"]) or not (line["territory"] or line["site"] or line["lon"]):
        faults.append(_fault(line, "duty.test_place", "territory", TESTS))
    return faults


def number_in(text: str) -> float | None:
    """Return the finite decimal number in a text, None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None


def _test(line: Line) -> MatrixTest:
    return MatrixTest(
        line=line.line,
        territory=line["territory"],
        site=line["site"],
        site_type=line["site_type"],
        lon=number_in(line["lon"]),
        lat=number_in(line["lat"]),
        case_class=line["class"],
        day=day_in(line["day"]) or date.min,
        unit=line["unit"],
        tier=line["tier"],
        why=line["why"],
    )


def tests_with_codes(tests: Sequence[MatrixTest], codes: Codes) -> tuple[list[MatrixTest], list[Fault]]:
    """Return tests with the office's own codes, and a fault for each code that does not exist."""
    found, faults = [], []
    for one in tests:
        case_class, wrong = _looked_up(codes.classes, one.case_class, "class", one.line, TESTS)
        unit, unit_faults = ("", []) if one.unit == "-" else _looked_up(codes.units, one.unit, "unit", one.line, TESTS)
        asked = (("territory", one.territory, codes.territories), ("site", one.site, codes.sites))
        wrong += unit_faults + [
            Fault(f"duty.{column}_unknown", row=one.line, column=column, facts={"text": text}, file=TESTS)
            for column, text, known in asked
            if text and text not in known
        ]
        faults += wrong
        if not wrong:
            found.append(replace(one, case_class=case_class, unit=unit))
    return found, faults
