"""Lists that go out: written to a file, and told in the ledger where they name people."""

from __future__ import annotations

from typing import BinaryIO

from xiuhua.exchange.lists import kind_named, note_of, sheet_of
from xiuhua.exchange.lists.words import Asked, ListKind
from xiuhua.exchange.words import FileForm
from xiuhua.kernel.actions import record
from xiuhua.tables.writing import Written, write_csv, write_workbook

#: Filters whose values somebody typed, so that they may name people: the ledger keeps that there was one.
_TYPED = frozenset({"q"})


def export_list(name: str, form: FileForm, asked: Asked, target: BinaryIO) -> Written:
    """Write a list to an open file and return what was written; rows, order and scope are those of its page.

    Who, when and to what it was narrowed stands in a workbook's properties. A file of a list that names people leaves a
    line in the ledger. Memory does not grow with the rows. Raises ListUnknown, ListBarred, BatchUnknown.
    """
    kind = kind_named(name, asked.by)
    sheet = sheet_of(kind, asked)
    about = note_of(kind, asked)
    done = write_csv(sheet, target) if form == FileForm.CSV else write_workbook([sheet], target, about=about)
    if kind.personal:
        note_taken(kind, asked, form=form, rows=done.rows)
    return done


def note_taken(kind: ListKind, asked: Asked, *, form: str, rows: int | None) -> None:
    """Write into the ledger that a file of a list was taken: which, how many rows, by which filters."""
    given = {key: "…" if key in _TYPED else value for key, value in asked.given.items() if value}
    facts = {"list": kind.code, "form": str(form), "rows": rows, "filter": given}
    record("export.take", about=f"list:{kind.code}", by=asked.by, at=asked.at, tenant=asked.tenant, facts=facts)
