"""One question with few answers, all in sight: a tap each, with what each of them means beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(
    name: str,
    label: str,
    options: Sequence[tuple[str, str, str]],
    *,
    id: str = "",  # noqa: A002 - the attribute's name
    value: str = "",
    hint: str = "",
    error: str = "",
) -> dict[str, Any]:
    """Return the question; the first answer has the id "id_" + `name` unless `id` is given, so that an error leads to it.

    `options` are (value, label, a quiet second line or "").
    """
    key = id or f"id_{name}"
    described = " ".join(f"{key}-{part}" for part, text in (("hint", hint), ("error", error)) if text)
    return {
        "name": name,
        "label": label,
        "id": key,
        "options": [
            {
                "value": code,
                "label": text,
                "note": note,
                "chosen": str(code) == str(value),
                "id": f"{key}-{at}" if at else key,
            }
            for at, (code, text, note) in enumerate(options)
        ],
        "hint": hint,
        "error": error,
        "described": described,
    }
