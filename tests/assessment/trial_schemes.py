"""Schemes written down as their files' content, and counts written down by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xiuhua.assessment import queries
from xiuhua.assessment.rules import scheme as checked
from xiuhua.assessment.words import Scheme

Document = dict[str, Any]
SCHEMA = json.loads(Path(queries.__file__).with_name("scheme.schema.json").read_text(encoding="utf-8"))
#: Measures of no particular office.
KNOWN = frozenset(
    [
        "due",
        "closed",
        "on_time",
        "overdue_open",
        "handled",
        "rework",
        "extended",
        "returned",
        "returned_often",
        "own_finds",
        "independent_finds",
        "checks",
        "sites",
    ]
)
TITLE = {"zh": "项", "en": "item"}


def indicator(code: str, function: str = "ratio", full: int | str = 100, **params: Any) -> Document:
    """Return one indicator of a scheme file; without a measure it reads the one of its own name."""
    if function in {"ratio", "complement", "threshold", "bands"}:
        params.setdefault("measure", code)
    return {"code": code, "title": TITLE, "function": function, "full": full, **params}


def document(*sections: tuple[int | str, list[Document]], **more: Any) -> Document:
    """Return a scheme file's content with sections of (weight, indicators)."""
    return {
        "schema": 1,
        "code": "trial",
        "version": "1",
        "title": TITLE,
        "effective_from": "2020-01",
        "sections": [
            {"code": f"s{number}", "title": TITLE, "weight": weight, "indicators": indicators}
            for number, (weight, indicators) in enumerate(sections)
        ],
        **more,
    }


def read(content: Document) -> Scheme:
    """Return the scheme of a file's content."""
    return checked(content, schema=SCHEMA, known=KNOWN)
