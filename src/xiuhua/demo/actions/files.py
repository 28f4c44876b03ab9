"""Writing the made-up street's files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xiuhua.demo import queries
from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.flow import incidents
from xiuhua.demo.rules.frame import degrees
from xiuhua.demo.rules.rows import HEADER, table
from xiuhua.demo.rules.shapes import layers
from xiuhua.demo.rules.sites import sites
from xiuhua.demo.rules.tiling import grids
from xiuhua.demo.words import City

#: The street that everybody sees; another seed gives another year of the same plan.
SEED = 22
SITE_HEADER = ("编码", "名称", "类型编码", "类型", "所属社区", "单元网格", "经度", "纬度")
UNIT_HEADER = ("编码", "名称", "类别", "所属社区")
NOTE = "虚构样例：地名、单位、案件均由程序按固定种子生成，与任何真实地点和单位无关。\n\
Made up: places, units and cases are generated from a fixed seed and mean no real place or unit.\n"


def made_up_city(seed: int = SEED) -> City:
    """Return the made-up street with grids, sites and units laid out; the same for the same seed."""
    plan, types = queries.plan(), queries.site_types()
    blocks = grids(plan, Draws(seed, "grids"))
    return City(
        plan=plan,
        grids=blocks,
        sites=sites(plan, blocks, types, Draws(seed, "sites")),
        site_types=types,
        units=queries.units(),
        problems=queries.problems(),
        rhythm=queries.rhythm(),
        faults=queries.faults(),
    )


def contents(seed: int = SEED) -> dict[str, bytes]:
    """Return the made-up street as files by name: outlines, sites, units and the platform's export.

    Outlines are WGS-84 GeoJSON; the export carries GCJ-02 and the wall clock of Asia/Shanghai. Equal seeds give equal
    bytes.
    """
    street = made_up_city(seed)
    files = {f"{stem}.geojson": _json(layer) for stem, layer in layers(street).items()}
    files["sites.csv"] = _csv(SITE_HEADER, _sites(street))
    files["units.csv"] = _csv(UNIT_HEADER, _units(street))
    files["cases.csv"] = _csv(HEADER, table(street, incidents(street, seed), seed))
    files["README.txt"] = NOTE.encode()
    return files


def write_files(folder: Path, seed: int = SEED) -> list[Path]:
    """Write the files into `folder` and return their paths; a file that is right already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in contents(seed).items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            draft = path.with_name(f".{name}.part")
            draft.write_bytes(content)
            draft.replace(path)
        paths.append(path)
    return paths


def _sites(street: City) -> list[dict[str, str]]:
    grids = {grid.code: grid for grid in street.grids}
    names = {community.code: community.name for community in street.plan.communities}
    types = {kind.code: kind.name for kind in street.site_types}
    rows = []
    for site in street.sites:
        lon, lat = degrees(site.spot, street.plan.origin)
        community = names[grids[site.grid].community]
        values = (site.code, site.name, site.type, types[site.type], community, site.grid, f"{lon:.7f}", f"{lat:.7f}")
        rows.append(dict(zip(SITE_HEADER, values, strict=True)))
    return rows


def _units(street: City) -> list[dict[str, str]]:
    names = {community.code: community.name for community in street.plan.communities}
    return [
        dict(zip(UNIT_HEADER, (unit.code, unit.name, unit.kind, names.get(unit.community, "")), strict=True))
        for unit in street.units
    ]


def _json(layer: Mapping[str, Any]) -> bytes:
    return (json.dumps(layer, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _csv(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as platforms export them: UTF-8 with a byte order mark, lines ended as on Windows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
