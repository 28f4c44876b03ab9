"""One question of a form: label, hint, error beside it, kept input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

KINDS = ("text", "search", "password", "number", "date", "datetime-local", "month", "file", "select", "textarea")


def view(
    name: str,
    label: str,
    *,
    kind: str = "text",
    id: str = "",  # noqa: A002 - the attribute's name
    value: str = "",
    hint: str = "",
    error: str = "",
    options: Sequence[tuple[str, str]] = (),
    autocomplete: str = "",
    accept: str = "",
    required: bool = False,
    quiet_label: bool = False,
    multiple: bool = False,
) -> dict[str, Any]:
    """Return the field; its id is "id_" + `name` unless given.

    `kind` is one of KINDS; `options` of a select are (value, label); `accept` the file types, `multiple` of them
    at once; `quiet_label` hides the label from sight, not from readers, where the place explains itself. A wrong
    password is not sent back.
    """
    key = id or f"id_{name}"
    described = " ".join(f"{key}-{part}" for part, text in (("hint", hint), ("error", error)) if text)
    return {
        "name": name,
        "label": label,
        "kind": kind if kind in KINDS else "text",
        "id": key,
        "value": "" if kind in {"password", "file"} else value,
        "hint": hint,
        "error": error,
        "options": [(code, text, str(code) == str(value)) for code, text in options],
        "autocomplete": autocomplete,
        "accept": accept,
        "required": required,
        "quiet_label": quiet_label,
        "multiple": multiple,
        "described": described,
    }
