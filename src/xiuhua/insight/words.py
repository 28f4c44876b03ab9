"""What analysis says: sentences that stand only where their rule and sample hold, each with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiuhua.analytics.words import Where
from xiuhua.kernel.words import Fact


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of an analysis: its code (worded in `insight.phrases`), its facts, and the rows it is about.

    `subject` is the code of whom it is about, "" for the whole office; `count` is how many rows `where` holds, None
    where the sentence has no list.
    """

    code: str
    facts: Mapping[str, Fact]
    subject: str = ""
    where: Where | None = None
    count: int | None = None
    period: str = ""
