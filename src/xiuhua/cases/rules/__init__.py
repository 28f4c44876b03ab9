"""Pure decisions about cases: how one stands to its deadline, and why two deadlines differ."""

from __future__ import annotations

from xiuhua.cases.rules.differences import Candidate, differing, explained, verdict, verdict_cause
from xiuhua.cases.rules.standing import contradiction, standing

__all__ = ["Candidate", "contradiction", "differing", "explained", "standing", "verdict", "verdict_cause"]
