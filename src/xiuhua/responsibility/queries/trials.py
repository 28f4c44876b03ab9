"""Tests of a matrix as data, tried in an office."""

from __future__ import annotations

from collections.abc import Sequence

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault, PackContent
from xiuhua.responsibility.queries.asking import Places
from xiuhua.responsibility.queries.books import DutyBook, codes_of
from xiuhua.responsibility.rules.duty import resolve
from xiuhua.responsibility.rules.duty.reading import matrix_rows, matrix_tests, tests_with_codes, with_codes
from xiuhua.responsibility.words import DutyRow, MatrixTest, Tried


def in_office(pack: PackContent, book: DutyBook) -> tuple[list[DutyRow], list[MatrixTest], list[Fault]]:
    """Return a pack's rows and tests with the office's own codes, and every fault of form and of codes. No query."""
    written, faults = matrix_rows(pack)
    asked, test_faults = matrix_tests(pack)
    codes = codes_of(book)
    rows, unknown = with_codes(written, codes)
    tests, unknown_in_tests = tests_with_codes(asked, codes)
    return rows, tests, faults + test_faults + unknown + unknown_in_tests


def tried(tenant: Tenant, book: DutyBook, tests: Sequence[MatrixTest]) -> list[Tried]:
    """Return each test with what the book's matrix of its day answers. Three queries if a test names a point, else none."""
    places = Places(tenant, book)
    found = []
    for test in tests:
        point = (test.lon, test.lat) if test.lon is not None and test.lat is not None else None
        question = places.question(
            test.case_class, test.day, territory=test.territory, site=test.site, site_type=test.site_type, point=point
        )
        found.append(Tried(test, resolve(book.matrix_on(test.day), question)))
    return found
