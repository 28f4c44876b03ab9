"""In what two packs differ, row by row and field by field."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from xiuhua.kernel.rules.packs import plain
from xiuhua.kernel.words import Difference, PackContent

Keys = Mapping[str, tuple[str, ...]]
_Fields = dict[str, dict[str, str]]


def differences(before: PackContent, after: PackContent, keys: Keys) -> list[Difference]:
    """Return every difference between two packs, in the order of files and rows.

    A table's rows are recognised by the columns that `keys` names for its file; without them, and where a key occurs
    twice, a row is recognised by its whole content. The fields of a TOML file are compared by their path.
    """
    found: list[Difference] = []
    for path in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(path), after.files.get(path)
        if old == new:
            continue
        if path.endswith(".csv"):
            found += _compared(path, _rows(old or "", keys.get(path)), _rows(new or "", keys.get(path)))
        else:
            found += _compared(path, _paths(old or ""), _paths(new or ""))
    return found


def _compared(path: str, old: _Fields, new: _Fields) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield Difference(path, key, "removed", before=_said(old[key]))
        elif key not in old:
            yield Difference(path, key, "added", after=_said(new[key]))
        else:
            yield from _changed(path, key, old[key], new[key])


def _changed(path: str, key: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Difference]:
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name, "") != new.get(name, ""):
            yield Difference(path, key, "changed", name, old.get(name, ""), new.get(name, ""))


def _said(fields: dict[str, str]) -> str:
    return "；".join(f"{name}={text}" if name else text for name, text in fields.items() if text)


def _rows(text: str, columns: tuple[str, ...] | None) -> _Fields:
    found: _Fields = {}
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        cells = {str(name): str(value or "").strip() for name, value in row.items()}
        whole = " / ".join(cells.values())
        key = " / ".join(cells.get(name, "") for name in columns) if columns else whole
        key = key if key not in found else whole
        again = 2
        while key in found:
            key, again = f"{whole} ({again})", again + 1
        found[key] = cells
    return found


def _paths(text: str) -> _Fields:
    try:
        document = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return {f"{number}": {"": line} for number, line in enumerate(text.splitlines(), start=1)}
    return {path: {"": said} for path, said in _leaves(document, "")}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}[{number}]")
    else:
        yield path, str(value)
