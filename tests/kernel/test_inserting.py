"""Rows inserted with one statement are what Django itself would have stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from xiuhua.cases.models import Case
from xiuhua.kernel.actions.inserting import insert_many
from xiuhua.kernel.models import Tenant

MOMENTS = {
    "whole": datetime(2026, 10, 3, 8, 15, 30, tzinfo=UTC),
    "micros": datetime(2026, 10, 3, 8, 15, 30, 7, tzinfo=UTC),
    "midnight": datetime(2026, 1, 1, tzinfo=UTC),
    "elsewhere": datetime(2026, 10, 3, 8, 15, 30, tzinfo=timezone(timedelta(hours=8))),
    "none": None,
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_inserted_moment_is_stored_as_django_stores_it(street: Tenant, moment: datetime | None) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    insert_many(Case, [{"tenant_id": street.pk, "number": "1", "reported_at": at, "due_at": moment}])
    Case.objects.create(tenant=street, number="2", reported_at=at, due_at=moment)
    mine, theirs = Case.objects.order_by("number").values(
        "reported_at", "due_at", "stage", "title", "mirrored", "version"
    )
    assert mine == theirs
    assert Case.objects.filter(due_at=moment).count() == 2


def test_rows_inserted_without_a_field_get_its_default(street: Tenant) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    insert_many(Case, [{"tenant_id": street.pk, "number": number, "reported_at": at} for number in "ab"])
    assert list(Case.objects.order_by("number").values_list("number", "stage", "due_at", "refusals")) == [
        ("a", "open", None, 0),
        ("b", "open", None, 0),
    ]
