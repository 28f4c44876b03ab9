"""Handing a checked file back with its problems marked. Apart from the other actions, since health reports use those."""

from __future__ import annotations

from datetime import datetime

from xiuhua.exchange import shed
from xiuhua.exchange.health import stored
from xiuhua.exchange.marked import mark_file
from xiuhua.exchange.models import Intake
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.kernel.actions import record
from xiuhua.kernel.words import Actor


def return_marked(intake: Intake, *, by: Actor, at: datetime) -> bytes:
    """Return a checked file as a workbook with what is wrong marked in it, its texts as they came. One ledger line.

    Raises the refusals of `mark_file`.
    """
    data = mark_file(intake.tenant, shed.place(intake), parse_mapping(intake.mapping), stored(intake.report))
    facts = {"form": "xlsx", "marked": True}
    record("export.return", about=f"intake:{intake.pk}", by=by, at=at, tenant=intake.tenant, facts=facts)
    return data
