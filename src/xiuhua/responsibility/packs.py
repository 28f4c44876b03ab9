"""The kind of data pack that holds a duty matrix: what is checked, what is tried, what is written."""

from __future__ import annotations

from datetime import datetime

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import content_of
from xiuhua.kernel.registry import PackKind
from xiuhua.kernel.words import Actor, Fact, Fault, PackContent
from xiuhua.responsibility.actions import write_matrix
from xiuhua.responsibility.queries import DUTY, DutyBook, in_office, tried
from xiuhua.responsibility.rules.duty.reading import MATRIX, TESTS, matrix_rows, matrix_tests
from xiuhua.responsibility.words import Tried


def _check(pack: PackContent) -> list[Fault]:
    """Return what is wrong with the form of a matrix and of its tests."""
    return matrix_rows(pack)[1] + matrix_tests(pack)[1]


def _fit(pack: PackContent, tenant: Tenant) -> list[Fault]:
    """Return the codes that do not exist in an office; if there are none, the tests that fail there."""
    book = DutyBook.empty(tenant)
    rows, tests, faults = in_office(pack, book)
    if faults:
        return faults
    outcome = tried(tenant, book.supposing(rows, pack.name), tests)
    return [failed(one, book) for one in outcome if not one.passed]


def failed(one: Tried, book: DutyBook) -> Fault:
    """Return a failed test as a fault that says what was expected and what came, by which row."""
    units, answer = book.names.units, one.answer
    clash = len(answer.conflict) > 1
    facts: dict[str, Fact] = {
        "expected": units.get(one.test.unit, one.test.unit) or "—",
        "tier": one.test.tier or "—",
        "got": "、".join(units.get(row.unit, row.unit) for row in answer.conflict)
        if clash
        else units.get(answer.unit, "—"),
        "got_tier": str(answer.tier or "—"),
        "row": answer.row.line if answer.row else 0,
        "why": one.test.why,
    }
    code = "duty.test_conflict" if clash else "duty.test_failed"
    return Fault(code, row=one.test.line, column="unit", facts=facts, file=TESTS)


def _apply(installed: InstalledPack, _by: Actor, _at: datetime) -> None:
    rows, _tests, _faults = in_office(content_of(installed), DutyBook.empty(installed.tenant))
    write_matrix(installed, rows)


KIND = PackKind(
    DUTY,
    (MATRIX, TESTS),
    _check,
    fit=_fit,
    apply=_apply,
    keys={
        MATRIX: ("tier", "territory", "site_type", "site", "class", "weekdays", "from"),
        TESTS: ("territory", "site_type", "site", "lon", "lat", "class", "day"),
    },
)
