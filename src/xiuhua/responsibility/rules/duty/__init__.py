"""Who answers: the order of a duty matrix, one answer, many answers, and the check of the whole space."""

from __future__ import annotations

from xiuhua.responsibility.rules.duty.matrix import Matrix
from xiuhua.responsibility.rules.duty.resolving import resolve

__all__ = ["Matrix", "resolve"]
