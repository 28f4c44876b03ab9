"""A case that is moved after its month was frozen waits for the next freeze; one that only goes on does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.living import Office, make_office

from xiuhua.analytics.actions import freeze
from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.models import PendingCorrection
from xiuhua.kernel.actions.working import work
from xiuhua.kernel.rules import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """The office; its November is frozen by `_frozen`."""
    return make_office()


def _frozen(office: Office) -> None:
    office.now = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
    freeze(office.tenant, Period(2026, 11), as_of=office.now, by=office.actor("ada"), at=office.now)


def _work(office: Office) -> None:
    at = office.later(hours=1)
    work(lambda: at)


def _waiting() -> list[tuple[str, str]]:
    return list(PendingCorrection.objects.values_list("period", "kind"))


def test_case_when_declined_after_its_month_was_frozen_then_waits_once(office: Office) -> None:
    case = office.report()
    _frozen(office)
    office.move(case, Verb.DECLINE, "cleo", reason="not_found")
    for _time in range(2):
        _work(office)
    assert _waiting() == [("2026-11", "moved")]


def test_case_when_it_only_goes_on_then_nothing_waits(office: Office) -> None:
    case = office.report()
    _frozen(office)
    office.file(case)
    office.dispatch(case)
    _work(office)
    assert (_waiting(), Case.objects.get().stage) == ([], "dispatched")
