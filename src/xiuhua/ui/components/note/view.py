"""A remark: where numbers come from, what to mind, what went well."""

from __future__ import annotations

from typing import Any


def view(text: str = "", *, kind: str = "plain", content: str = "") -> dict[str, Any]:
    """Return the remark; `kind` is plain (quiet line), info, warn or good; `content` may hold links."""
    return {"text": text, "kind": kind, "content": content}
