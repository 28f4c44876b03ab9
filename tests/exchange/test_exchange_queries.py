"""Named reads of exchange cost the same whatever their length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from xiuhua.cases.models import Case
from xiuhua.exchange.queries import batches, records_of_case
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import Tenant

Row = dict[str, str]
Bring = Callable[..., ImportReport]
Make = Callable[..., Row]
Mapped = Callable[..., Mapping]


@pytest.mark.parametrize("rows", [1, 3])
def test_batches_cost_the_same_whatever_their_number(
    bring: Bring, case: Make, communities: Tenant, rows: int, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        bring(case(str(n)))
    with django_assert_num_queries(1):
        assert [batch.source.code for batch in batches(communities)] == ["platform"] * rows
    found = Case.objects.order_by("number")[0]
    with django_assert_num_queries(1):
        assert [(one.batch.file_name, one.source.code) for one in records_of_case(found)] == [("cases.csv", "platform")]
