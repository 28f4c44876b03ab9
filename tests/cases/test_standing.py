"""What one case counts as."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from xiuhua.cases.rules import contradiction, standing
from xiuhua.cases.words import Standing, Undetermined

DAY = datetime(2026, 10, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("due", "closed", "expected"),
    [
        pytest.param(None, None, None, id="nothing known"),
        pytest.param(DAY, DAY, None, id="all at the same instant"),
        pytest.param(DAY + TICK, DAY - TICK, Undetermined.CLOSED_FIRST, id="closed first"),
        pytest.param(DAY - TICK, DAY + TICK, Undetermined.DUE_FIRST, id="due first"),
        pytest.param(DAY - TICK, DAY - TICK, Undetermined.CLOSED_FIRST, id="both: the closing is named"),
    ],
)
def test_contradiction_when_times_run_backwards_then_is_named(
    due: datetime | None, closed: datetime | None, expected: Undetermined | None
) -> None:
    assert contradiction(DAY, due, closed) == expected


@pytest.mark.parametrize(
    ("stage", "undetermined", "due", "closed", "expected"),
    [
        pytest.param("open", "", DAY, None, Standing.OVERDUE_OPEN, id="due at the cut-off is decided"),
        pytest.param("open", "", DAY + TICK, None, Standing.NOT_DUE, id="due a microsecond later is not"),
        pytest.param("closed", "", DAY, DAY, Standing.ON_TIME, id="done at the deadline"),
        pytest.param("closed", "", DAY - TICK, DAY, Standing.LATE, id="done a microsecond after it"),
        pytest.param("closed", "", DAY, DAY + TICK, Standing.OVERDUE_OPEN, id="done after the cut-off"),
        pytest.param("closed", "", None, DAY, Standing.NO_DEADLINE, id="no deadline"),
        pytest.param("closed", "closed_before_reported", DAY, DAY, Standing.UNDETERMINED, id="undetermined"),
        pytest.param("void", "closed_before_reported", DAY, DAY, Standing.VOID, id="void goes before all"),
    ],
)
def test_standing_when_read_at_a_cut_off_then_is_one_of_seven(
    stage: str, undetermined: str, due: datetime | None, closed: datetime | None, *, expected: Standing
) -> None:
    assert standing(stage=stage, undetermined=undetermined, due_at=due, closed_at=closed, as_of=DAY) == expected
