"""Standard tables read from files."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from xiuhua.kernel.rules.packs import HEADER
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.reading import open_grid
from xiuhua.taxonomy.rules import packs
from xiuhua.taxonomy.rules import tables as rules
from xiuhua.taxonomy.rules.packs import header_text
from xiuhua.taxonomy.words import ClassScheme, ColumnNames, Means, TableReading

_COLUMNS = Path(__file__).parents[1] / "data/columns.toml"
_DECLARED = {"limit.day_undeclared": "day", "limit.hour_undeclared": "hour"}


class TableFaulty(Refusal):
    """Rows of a standard table cannot be read, so nothing was taken from it."""

    code = "standard.faulty"
    sentence = marked("标准表有 %(count)s 行读不了，什么都没有导入；改好再来，或用 --skip-faulty 只取读得了的行。")


class MeaningsUndeclared(Refusal):
    """The table says 天 or 小时 and nobody has said what that means there."""

    code = "standard.means_undeclared"
    sentence = marked(
        "表里写着“%(texts)s”，要先说明指什么：%(options)s。同样写“天”，有的城市指工作日，有的指自然日，不能替您猜。"
    )


@cache
def column_names() -> ColumnNames:
    """Return what the columns of standard tables are called."""
    document = tomllib.loads(_COLUMNS.read_text(encoding="utf-8"))
    fields = {name: tuple(called) for name, called in document["fields"].items()}
    kinds = {name: tuple(rules.heading(one) for one in called) for name, called in document["kinds"].items()}
    return ColumnNames(fields, kinds, tuple(document["marks"]["yes"]))


def read_tables(
    paths: Sequence[Path], scheme: ClassScheme, *, means: Means, kind: str = "", sheet: str = ""
) -> TableReading:
    """Return one or more files as one standard. Raises the refusals of `tables.words` for a file that is no table."""
    readings = [
        (
            path.name,
            rules.read_table(open_grid(path, sheet=sheet), scheme, names=column_names(), means=means, kind=kind),
        )
        for path in paths
    ]
    return rules.together(readings)


def undeclared(reading: TableReading) -> frozenset[str]:
    """Return which declarations the limits of a reading wait for: "day", "hour"."""
    return frozenset(_DECLARED[fault.code] for fault in reading.unread if fault.code in _DECLARED)


class SchemeNotSaid(Refusal):
    """Nobody said which numbering the codes of a table belong to."""

    code = "standard.scheme_missing"
    sentence = marked("要说明这份表用的是哪套分类体系的代码（--scheme）：旧标准的 0405 和现行标准的 0405 不是一回事。")


class FolderTaken(Refusal):
    """There is a pack in that folder already; a version is never written twice."""

    code = "standard.folder_taken"
    sentence = marked("%(folder)s 里已经有东西了；版本定了就不改，请换一个版本号。")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the pack of an imported standard is to be called."""

    version: str
    title: str
    effective: date
    source: str
    note: str = ""


def drafted(reading: TableReading, scheme: ClassScheme, draft: Draft) -> dict[str, str]:
    """Return an imported standard as the files of a pack."""
    return {
        HEADER: header_text(
            scheme.code, draft.version, draft.title, draft.effective, source=draft.source, note=draft.note
        ),
        packs.SCHEME: packs.scheme_text(scheme),
        packs.CLASSES: packs.class_table(reading.classes),
        packs.CONDITIONS: packs.condition_table(reading.conditions),
    }
