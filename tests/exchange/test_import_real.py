"""A city's half-year, as published."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db.models import Count

from xiuhua.cases.models import Case
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.queries import load_mapping
from xiuhua.exchange.rules.guessing import NotCases
from xiuhua.exchange.shelf import named_mapping, propose
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import Actor
from xiuhua.tables.reading import open_table
from xiuhua.territory.actions import import_territories
from xiuhua.territory.words import Order, Reading

PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.real
@pytest.mark.once
def test_import_of_bostons_half_year_gives_the_counted_figures(
    db: None, real_data: Path, ana: Actor, at: datetime
) -> None:
    city = create_tenant("city", "city", by=ana, at=at)
    outlines = (real_data / "boundaries/boston-neighbourhoods.geojson").read_bytes()
    order = Order(level="neighbourhood", reading=Reading(name_field="name"))
    import_territories(city, outlines, order, by=ana, at=at)
    mapping = load_mapping(PACKS / "mappings/boston-311.toml")
    file = real_data / "boston311/boston311_2015_H1_dev.csv.gz"
    first = import_cases(city, file, mapping, by=ana, at=at).contract()
    assert (first["rows"], first["created"], first["refused"]) == (58_119, 58_119, 0)
    assert first["placed"] == {"point": 49_357, "code": 0, "name": 1_701}
    assert first["unplaced"] == 7_061
    assert (first["verdicts"]["compared"], first["verdicts"]["agree"]) == (37_257, 37_257)
    assert first["warnings"] == {"closed_before_reported": 84, "coordinate_pile": 1, "name_unknown": 748}
    assert first["piles"][0] == {"lon": -71.0587, "lat": 42.3594, "rows": 8_752, "withheld": True}
    assert [pile["rows"] for pile in first["piles"][1:]] == [110, 92, 73, 53, 50, 50]
    assert first["zone_declared"]
    again = import_cases(city, file, mapping, by=ana, at=at).contract()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 58_119)
    same = ("placed", "unplaced", "verdicts", "warnings", "piles")
    assert {key: again[key] for key in same} == {key: first[key] for key in same}


BOSTON = "boston311/boston311_2015_H1_dev.csv.gz"
CHICAGO = "chicago311/chicago_sanitation_code.csv.gz"
PINGSHAN = "cn/pingshan/pingshan_2018_02-09_dev.csv"
SCORECARD = "scorecard/scorecard_2005-2015_dev.csv.gz"


class Counted(NamedTuple):
    """What a file holds, counted with nothing but csv: rows under one number once, equal to the first, other than it."""

    header: list[str]
    first: dict[str, list[str]]
    equal: int
    other: int
    repeated: int


def counted(path: Path, number: str) -> Counted:
    with (
        gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file
    ):
        reader = csv.reader(file)
        header = next(reader)
        at, first, how = header.index(number), {}, Counter[str]()
        times = Counter[str]()
        for cells in reader:
            texts = [cell.strip() for cell in cells]
            times[texts[at]] += 1
            how["equal" if first.setdefault(texts[at], texts) == texts else "other"] += 1
    return Counted(header, first, how["equal"] - len(first), how["other"], sum(1 for n in times.values() if n > 1))


def column(one: Counted, name: str) -> Sequence[str]:
    return [texts[one.header.index(name)] for texts in one.first.values()]


@pytest.mark.real
@pytest.mark.once
def test_import_of_chicagos_complaints_when_numbers_repeat_then_the_first_counts_and_equal_rows_are_one(
    db: None, real_data: Path, ana: Actor, at: datetime
) -> None:
    city = create_tenant("city", "city", by=ana, at=at)
    held = counted(real_data / CHICAGO, "Service_Request_Number")
    assert (held.repeated, held.equal) == (371, 3)
    report = import_cases(city, real_data / CHICAGO, named_mapping("chicago-311", {}), by=ana, at=at)
    assert (report.rows, report.created) == (len(held.first) + held.equal + held.other, len(held.first))
    assert (report.repeated, report.refused) == (held.equal, held.other)
    stages = Counter(column(held, "Status"))
    void = stages["Completed - Dup"] + stages["Open - Dup"]
    found = dict(Case.objects.filter(tenant=city).order_by().values_list("stage").annotate(n=Count("pk")))
    assert found.pop("void") == void
    assert sum(found.values()) == len(held.first) - void
    assert Case.objects.filter(tenant=city, longitude=None).count() == column(held, "Latitude").count("")


@pytest.mark.real
def test_import_of_pingshans_requests_when_only_flags_say_the_verdict_then_counted_and_strokes_are_nothing(
    db: None, real_data: Path, ana: Actor, at: datetime
) -> None:
    office = create_tenant("office", "office", by=ana, at=at)
    held = counted(real_data / PINGSHAN, "REC_ID")
    mapping = named_mapping("egova", {"zone": "Asia/Shanghai"})
    report = import_cases(office, real_data / PINGSHAN, mapping, by=ana, at=at)
    assert (report.created, report.refused, report.repeated) == (len(held.first), 0, 0)
    flags = {"on_time": column(held, "INTIME_ARCHIVE_NUM"), "overdue": column(held, "OVERTIME_ARCHIVE_NUM")}
    assert report.verdicts == {(name, ""): said.count("1") for name, said in flags.items()}
    communities = set(column(held, "COMMUNITY_NAME")) - {"-"}
    assert report.observed["territories"] == len(communities)
    assert report.unplaced == column(held, "COMMUNITY_NAME").count("-")
    assert Case.objects.filter(tenant=office, body=None).count() == column(held, "DISPOSE_UNIT_NAME").count("-")


@pytest.mark.real
def test_guess_at_bostons_file_when_met_with_the_names_then_what_its_mapping_says(real_data: Path) -> None:
    found = propose(None, open_table(real_data / BOSTON))
    assert {which: one.column for which, one in found.fields.items()} == named_mapping("boston-311", {}).columns


@pytest.mark.real
@pytest.mark.parametrize(("file", "name"), [(CHICAGO, "chicago-311"), (PINGSHAN, "egova")])
def test_guess_at_a_real_file_when_it_names_a_column_then_never_another_than_its_mapping(
    real_data: Path, file: str, name: str
) -> None:
    told = named_mapping(name, {"zone": "Asia/Shanghai"} if name == "egova" else {}).columns
    found = propose(None, open_table(real_data / file)).fields
    both = set(told) & set(found)
    assert {which: found[which].column for which in both} == {which: told[which] for which in both}
    assert len(both) >= 0.8 * len(told)


@pytest.mark.real
def test_guess_at_a_table_of_ratings_when_every_row_is_a_section_and_month_then_refused_politely(
    real_data: Path,
) -> None:
    with pytest.raises(NotCases) as caught:
        propose(None, open_table(real_data / SCORECARD))
    assert "xiuhua assess" in str(caught.value)
