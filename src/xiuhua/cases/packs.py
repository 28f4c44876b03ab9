"""The kind of data pack that says how an office runs the life of its cases."""

from __future__ import annotations

from xiuhua.cases.rules.flow import FLOW, KIND, REASONS, REPLIES, check_flow
from xiuhua.kernel.registry import PackKind

FLOW_KIND = PackKind(
    KIND, (FLOW, REASONS, REPLIES), check_flow, keys={REASONS: ("verb", "code"), REPLIES: ("verb", "code")}
)
