"""Named reads of what is at hand for reading a file: shipped mappings, remembered ones, tables of aliases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from xiuhua.exchange.guesses import Known, Proposal, Ready
from xiuhua.exchange.models import KnownMapping
from xiuhua.exchange.queries import MappingUnreadable
from xiuhua.exchange.rules.aliases import Aliases, alias_faults, aliases_of
from xiuhua.exchange.rules.coordinates import coordinate_value
from xiuhua.exchange.rules.drafts import answered
from xiuhua.exchange.rules.guessing import SAMPLE, fingerprint, guess
from xiuhua.exchange.rules.mappings import asked, parse_mapping, read_mapping
from xiuhua.exchange.rules.systems import Inside, SystemCheck, check_system
from xiuhua.exchange.words import Mapping as Reading
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.reading import open_table
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Table
from xiuhua.territory.models import TerritoryVersion
from xiuhua.territory.queries import Locator

#: The tables of aliases of an office that chose none.
DEFAULT_ALIASES = ("platforms",)
#: Rows whose coordinates are looked at to judge a coordinate system.
SAMPLE_POINTS = 20_000


class MappingUnknown(Refusal):
    """Neither a file nor a shipped mapping has that name."""

    code = "import.mapping_unknown"
    sentence = marked("没有映射“%(name)s”：既不是文件，也不在现成映射里（%(known)s）。")


class AliasesUnreadable(Refusal):
    """A table of aliases that the office chose is not there, or is malformed."""

    code = "import.aliases_unreadable"
    sentence = marked("读不出栏名别名表“%(pack)s”。")


def _folder() -> Path:
    return Path(settings.PACKS) / "mappings"


def ready_mappings() -> list[Ready]:
    """Return the mappings that are shipped, templates too, by name. No query; raises MappingMalformed."""
    return [_ready(path) for path in sorted(_folder().glob("*.toml"))]


def _ready(path: Path) -> Ready:
    text = _read(path)
    document = read_mapping(text)
    verdict = document.get("verdict", {})
    flags = [*verdict.get("on_time_columns", ()), *verdict.get("overdue_columns", ())]
    order = [document["repeat_order"]] if document.get("repeat_order") else []
    columns = frozenset([*document["columns"].values(), *flags, *order])
    return Ready(path.stem, document["name"], text, asked(document), columns)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingUnreadable(path=str(path), reason=str(error)) from error


def mapping_text(name: str) -> str:
    """Return the text of the mapping in a file, or of the shipped one of that name. Raises MappingUnknown, MappingUnreadable."""
    path = Path(name)
    if path.is_file():
        return _read(path)
    shipped = _folder() / f"{name.removeprefix('mappings/').removesuffix('.toml')}.toml"
    if shipped.parent != _folder() or not shipped.is_file():
        raise MappingUnknown(name=name, known="、".join(sorted(one.stem for one in _folder().glob("*.toml"))))
    return _read(shipped)


def named_mapping(name: str, answers: Mapping[str, Any]) -> Reading:
    """Return the mapping in a file or the shipped one of that name, with these answers to what it asks.

    `answers` as in `rules.drafts.answered`. Raises MappingUnknown, MappingMalformed (with a fault for each question
    left), AnswerUnasked.
    """
    return parse_mapping(answered(mapping_text(name), answers))


def fitting(header: Sequence[str]) -> list[Ready]:
    """Return the shipped mappings whose columns a file has, most columns first. No query."""
    found = [one for one in ready_mappings() if one.columns <= set(header)]
    return sorted(found, key=lambda one: (-len(one.columns), one.name))


def aliases(tenant: Tenant | None) -> Aliases:
    """Return the names of columns from the tables in the office's setting `aliases`, else the shipped ones.

    No query. Raises AliasesUnreadable with every fault.
    """
    chosen = tenant.settings.get("aliases") if tenant else None
    return aliases_of([_aliases(str(pack)) for pack in chosen or DEFAULT_ALIASES])


def _aliases(pack: str) -> dict[str, Any]:
    folder = Path(settings.PACKS) / "aliases"
    path = folder / f"{pack}.toml"
    if path.parent != folder or not path.is_file():
        raise AliasesUnreadable(pack=pack)
    text = _read(path)
    if faults := alias_faults(text):
        raise AliasesUnreadable(faults, pack=pack)
    return tomllib.loads(text)


def propose(tenant: Tenant | None, table: Table, chosen: Mapping[str, str] | None = None) -> Proposal:
    """Return the guess at an opened table: its header and first rows met with the office's aliases.

    `chosen` as in `rules.guessing.guess`. No query. Raises NotCases, ChoiceUnknown, AliasesUnreadable.
    """
    sample = [cells for _row, cells in islice(table.rows(), SAMPLE)]
    return guess(table.header, sample, aliases(tenant), chosen)


def known_mapping(tenant: Tenant, header: Sequence[str]) -> Known | None:
    """Return the mapping that was confirmed for a file with these columns, None where none was. One query.

    One that an older release wrote and this one cannot read counts as none.
    """
    found = KnownMapping.objects.filter(tenant=tenant, fingerprint=fingerprint(header)).first()
    if found is None:
        return None
    try:
        return Known(parse_mapping(found.text), found.confirmed_by, found.times_used)
    except Refusal:
        return None


class MappingNotTold(Refusal):
    """No mapping was given and none is remembered for these columns."""

    code = "import.mapping_not_told"
    sentence = marked(
        "没有写明映射，这份表头以前也没有确认过。合得上的现成映射：%(fitting)s。先运行 xiuhua import guess 看看。"
    )


def mapping_for(tenant: Tenant, path: Path, name: str | None, answers: Mapping[str, Any]) -> Reading:
    """Return the mapping called `name` with these answers, without a name the one remembered for the file's columns.

    Raises MappingNotTold, the refusals of `named_mapping` and, without a name, of `tables`.
    """
    if name:
        return named_mapping(name, answers)
    header = open_table(path).header
    known = known_mapping(tenant, header)
    if known is None:
        raise MappingNotTold(fitting="、".join(one.name for one in fitting(header)) or "—")
    return parse_mapping(answered(known.mapping.text, answers))


def points_of(table: Table, longitude: str, latitude: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates that two columns of a table state, NaN for what states none; of SAMPLE_POINTS rows at most."""
    at = [table.header.index(longitude), table.header.index(latitude)]
    found = [
        [coordinate_value(cell_text(cells[one]).strip()) if one < len(cells) else None for one in at]
        for _row, cells in islice(table.rows(), SAMPLE_POINTS)
    ]
    pairs = np.array(found, dtype=np.float64).reshape(len(found), 2)
    return pairs[:, 0], pairs[:, 1]


def inside_of(tenant: Tenant, day: date) -> Inside | None:
    """Return what says of points (WGS-84) whether they lie in the office's territory on a day; None without outlines.

    One query now, none when asked.
    """
    if not TerritoryVersion.objects.filter(territory__tenant=tenant, outline__isnull=False).exists():
        return None
    locator = Locator.load(tenant)
    return lambda lon, lat: locator.locate_many(lon, lat, np.datetime64(day)) >= 0


def checked_system(tenant: Tenant, table: Table, mapping: Reading, day: date) -> SystemCheck | None:
    """Return how a file's coordinates, in the system its mapping declares, lie to the office's territory on a day.

    None where the mapping has no coordinates or the office no outlines. Two queries.
    """
    inside = inside_of(tenant, day) if "longitude" in mapping.columns else None
    if inside is None:
        return None
    x, y = points_of(table, mapping.columns["longitude"], mapping.columns["latitude"])
    return check_system(x, y, mapping.crs, inside, meridian=mapping.meridian)
