"""Codes under a declared rule: filled up to one length, and the parent read from a code's beginning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xiuhua.kernel.words import Fact, Fault
from xiuhua.territory.words import FileRow, Order


def padded(code: str, digits: int) -> str:
    """Return a code of digits filled up with zeros at the right to `digits`; any other text as it is."""
    return code.ljust(digits, "0") if code.isascii() and code.isdigit() else code


def coded(rows: Iterable[FileRow], order: Order) -> tuple[tuple[FileRow, ...], list[Fault]]:
    """Return the rows with codes and parents under the order's rule, and the faults of codes too short to name a parent.

    A parent that the row names goes before the one in its code.
    """
    found, faults = [], []
    for row in rows:
        code, parent = padded(row.code, order.code_pad), padded(row.parent, order.code_pad)
        if order.parent_by_prefix and not row.parent:
            if len(row.code) <= order.parent_by_prefix:
                facts: dict[str, Fact] = {"code": row.code, "digits": order.parent_by_prefix}
                faults.append(Fault("territory.code_short", row=row.row, column=order.reading.code_field, facts=facts))
            else:
                parent = padded(row.code[: order.parent_by_prefix], order.code_pad)
        found.append(replace(row, code=code, parent=parent))
    return tuple(found), faults
