"""A line drawing beside a word; never alone."""

from __future__ import annotations

from typing import Any

PATHS = {
    "month": "M4 11.5 12 5l8 6.5M6 10v9h12v-9",
    "triage": "M5 5h14v14H5zM5 14h4l1.500 2.500h3L15 14h4",
    "ranking": "M5 19v-6M12 19V5M19 19v-9",
    "mine": "M6 21V4h12l-3 4.500 3 4.500H6",
    "lists": "M6 4h12v16l-6-4-6 4z",
    "map": "M4 6.5 9 4.5l6 2 5-2v13l-5 2-6-2-5 2zM9 4.5v13M15 6.5v13",
    "cases": "M5 6h14M5 12h14M5 18h9",
    "imports": "M12 4v10m0 0-4-4m4 4 4-4M5 19h14",
    "standards": "M6 4h12v16H6zM9 8h6M9 12h6M9 16h3",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "inbox": "M6 10a6 6 0 0 1 12 0v5l2 2.500H4L6 15zM10 20.500h4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.6-4 3.4-6 7-6s6.400 2 7 6",
    "next": "m9 5 7 7-7 7",
    "previous": "m15 5-7 7 7 7",
    "check": "m5 12.500 4.500 4.500L19 7",
    "close": "m6 6 12 12M18 6 6 18",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 4.500 4.500",
    "filter": "M4 6h16M7 12h10M10 18h4",
}


def view(name: str) -> dict[str, Any]:
    """Return the drawing `name`, one of PATHS."""
    return {"path": PATHS[name]}
