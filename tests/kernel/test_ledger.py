"""The ledger: appended in the transaction, chained after it, and unable to hide a change."""

from __future__ import annotations

from datetime import datetime

import pytest

from xiuhua.kernel.actions import record, seal
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import broken_links
from xiuhua.kernel.words import Actor


def _three_lines(street: Tenant, ana: Actor, at: datetime) -> list[LedgerLine]:
    lines = [record("case.comment", about=f"case:{n}", by=ana, at=at, tenant=street, reason="雨") for n in range(3)]
    seal()
    return lines


def test_ledger_when_untouched_then_every_link_holds(street: Tenant, ana: Actor, at: datetime) -> None:
    _three_lines(street, ana, at)
    assert broken_links() == []
    assert list(LedgerLine.objects.order_by("pk").values_list("chain_no", flat=True)) == [1, 2, 3, 4]


def test_ledger_when_sealed_twice_then_nothing_is_chained_again(street: Tenant, ana: Actor, at: datetime) -> None:
    _three_lines(street, ana, at)
    assert seal() == 0


@pytest.mark.parametrize("field", ["reason", "actor", "verb", "about", "before"])
def test_ledger_when_a_line_is_edited_then_its_number_is_named(
    street: Tenant, ana: Actor, at: datetime, field: str
) -> None:
    middle = _three_lines(street, ana, at)[1]
    LedgerLine.objects.filter(pk=middle.pk).update(**{field: "changed"})
    assert broken_links() == [3]


def test_ledger_when_a_line_is_deleted_then_the_gap_is_named(street: Tenant, ana: Actor, at: datetime) -> None:
    _three_lines(street, ana, at)[1].delete()
    assert broken_links() == [4]


def test_ledger_when_two_lines_change_places_then_both_are_named(street: Tenant, ana: Actor, at: datetime) -> None:
    first, second, _third = _three_lines(street, ana, at)
    LedgerLine.objects.filter(pk=first.pk).update(about=second.about)
    LedgerLine.objects.filter(pk=second.pk).update(about=first.about)
    assert broken_links() == [2, 3]
