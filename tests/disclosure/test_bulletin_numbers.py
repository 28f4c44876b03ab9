"""Fifty people press “issue” at once: every number once, none left out."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from tests.disclosure.bulletin_offices import assessed_office, at, begun
from tests.living import Office

from xiuhua.disclosure.actions import issue
from xiuhua.disclosure.models import Approval, Bulletin
from xiuhua.kernel.words import Actor

#: Fifty where writers are side by side; on SQLite they come after each other, however many they are.
ISSUERS = 50 if "DATABASE_URL" in os.environ else 12


def _ready(office: Office) -> list[int]:
    """Return the keys of bulletins that have passed every step."""
    first = begun(office)
    version = first.versions.get()
    keys = [first.pk]
    for _copy in range(ISSUERS - 1):
        first.pk, first.state = None, "draft"
        first.save()
        keys.append(first.pk)
        version.pk, version.bulletin = None, first
        version.save()
    people = [office.users[name] for name in ("lea", "bo", "sue")]
    steps = ("department", "leader", "confidentiality")
    moment = at(office)
    Approval.objects.bulk_create(
        Approval(
            bulletin_id=key,
            version=1,
            digest=version.digest,
            round=0,
            step=step,
            kind="passed",
            person=person,
            at=moment,
        )
        for key in keys
        for step, person in zip(steps, people, strict=True)
    )
    Bulletin.objects.filter(pk__in=keys).update(state="approved")
    return keys


def _issued(office: Office, key: int, by: Actor, moment: datetime) -> str:
    try:
        return issue(office.tenant, key, seen=1, by=by, at=moment).number
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_numbers_when_many_issue_at_once_then_each_is_given_once_without_gaps(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    office = assessed_office("many")
    keys, by, moment = _ready(office), office.actor("cleo"), at(office)
    with ThreadPoolExecutor(ISSUERS) as pool:
        told = list(pool.map(lambda key: _issued(office, key, by, moment), keys))
    numbers = Bulletin.objects.order_by("number_seq").values_list("number_seq", flat=True)
    assert list(numbers) == list(range(1, ISSUERS + 1))
    assert sorted(told) == sorted(f"〔2026〕{number}号" for number in range(1, ISSUERS + 1))
