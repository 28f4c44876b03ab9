"""The only writers of what the rules say about cases."""

from __future__ import annotations

from xiuhua.cases.actions.ruling import rule_cases

__all__ = ["rule_cases"]
