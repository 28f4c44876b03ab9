"""The health report of a received file finds exactly what was sown, writes nothing, and tells what an import will do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from tests.exchange.corpus import CHINESE_SEEDS, ENGLISH_SEEDS, SENT, Corpus, Seed, chinese, english, write

from xiuhua.analytics.models import Snapshot
from xiuhua.cases.models import Case
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.actions.importing import NotWhatWasChecked, RowsRefused
from xiuhua.exchange.health import CheckCancelled, check_file, stored
from xiuhua.exchange.health.checking import finished, tally_of
from xiuhua.exchange.health.walking import Walk
from xiuhua.exchange.models import Finding, ImportBatch, SourceRecord
from xiuhua.exchange.rules.health.catalogue import BY_ID, CHECKS, FAULTS, NOTES, PARTS
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import Mapping
from xiuhua.exchange.words.health import Health
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.phrases import known_codes
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.territory.models import Territory, TerritoryName

MAPPING = (Path(__file__).parent / "district.toml").read_text(encoding="utf-8")
HOTLINE = """
schema = 1
code = "hotline"
name = "City hotline"
zone = "America/New_York"
date_order = "mdy"
crs = "wgs84"
repeat_order = "updated"
[columns]
number = "request id"
reported_at = "opened"
due_at = "due"
closed_at = "closed"
title = "summary"
address = "address"
channel = "source"
main_class = "category"
sub_class = "type"
body = "department"
territory_name = "neighborhood"
longitude = "longitude"
latitude = "latitude"
stage = "status"
verdict = "on time"
[verdict]
on_time = ["ONTIME"]
overdue = ["OVERDUE"]
"""
DUTY = """schema = 1
kind = "duty"
code = "street"
version = "1"
title = { zh = "责任矩阵", en = "Duty" }
effective_from = 2025-09-01
[provenance]
source = "made up for this test"
"""
AMERICAN = "%m/%d/%Y %H:%M:%S"
#: Checks that no row of a file can be made to fail, each with the reason.
UNSOWN = {
    "row.other": "for refusals that a later version adds",
    "coordinate.system": "of the whole file: has a test of its own",
}


@pytest.fixture
def how() -> Mapping:
    """How the district's export is read."""
    return parse_mapping(MAPPING)


@pytest.fixture
def office(communities: Tenant, how: Mapping, ana: Actor, at: datetime, tmp_path: Path) -> Tenant:
    """The office with calendar, standard, units and duty matrix, an earlier import, and a frozen August."""
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(communities, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    Body.objects.create(tenant=communities, code="u1", name="养护一队", aliases=["一队"])
    Body.objects.create(tenant=communities, code="u2", name="养护二队")
    for place in Territory.objects.filter(tenant=communities):  # an old list of names, in which one means both
        TerritoryName.objects.create(territory=place, name="河边", folded="河边", alias=True)
    duty = tmp_path / "duty"
    duty.mkdir()
    (duty / "pack.toml").write_text(DUTY, encoding="utf-8")
    rows = ["tier,territory,site_type,site,class,weekdays,from,until,unit,assisting,basis"]
    rows += [f"trade,*,,,{name},,,,养护一队,,made up" for name in ("市容环境", "宣传广告")]
    (duty / "matrix.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    tests = "territory,site_type,site,lon,lat,class,day,unit,tier,why\nA,,,,,市容环境/暴露垃圾,2026-10-08,养护一队,trade,x\n"
    (duty / "tests.csv").write_text(tests, encoding="utf-8")
    install_pack(communities, read_pack(duty), by=ana, at=at)
    sent = chinese()
    sent.rows = sent.rows[:SENT]
    import_cases(communities, write(sent, tmp_path / "sent.csv"), how, by=ana, at=at)
    for number in ("T1", "platform:T1"):
        Case.objects.create(tenant=communities, number=number, reported_at=at)
    Snapshot.objects.create(tenant=communities, period="2026-08", as_of=at, digest="d", frozen_at=at, folder="f")
    return communities


def _counts(health: Health) -> dict[str, int]:
    return {one.id: one.count for one in health.checks if one.ran and one.count}


def _expected(seed: Seed, health: Health) -> dict[str, int]:
    return {check: count for check, count in seed.counts.items() if health.found(check).ran}


def _fits(seed: Seed, form: str) -> bool:
    return form in seed.formats


Check = Callable[[Corpus], Health]


@pytest.fixture
def check(office: Tenant, how: Mapping, at: datetime, tmp_path: Path, form: str) -> Check:
    """Check a corpus as a file of this format."""

    def run(corpus: Corpus) -> Health:
        return check_file(office, write(corpus, tmp_path / f"cases.{form}"), how, at=at)

    return run


FORMATS = pytest.mark.parametrize("form", ["csv", "xlsx"])


@pytest.mark.once
@FORMATS
def test_report_when_each_check_is_sown_alone_then_it_finds_exactly_that(check: Check, form: str) -> None:
    assert _counts(check(chinese())) == {}
    wrong = {}
    for name, seed in CHINESE_SEEDS.items():
        if not _fits(seed, form):
            continue
        corpus = chinese()
        seed.sow(corpus)
        health = check(corpus)
        if _counts(health) != _expected(seed, health):
            wrong[name] = (_counts(health), _expected(seed, health))
    assert wrong == {}


@FORMATS
def test_report_when_all_checks_are_sown_then_it_finds_exactly_these(
    check: Check, form: str, office: Tenant, how: Mapping, at: datetime, ana: Actor, tmp_path: Path
) -> None:
    corpus, expected = chinese(), {}
    for seed in CHINESE_SEEDS.values():
        if _fits(seed, form):
            seed.sow(corpus)
            for name, count in seed.counts.items():
                expected[name] = expected.get(name, 0) + count
    health = check(corpus)
    assert _counts(health) == {name: count for name, count in expected.items() if health.found(name).ran}
    report = import_cases(
        office, tmp_path / f"cases.{form}", how, by=ana, at=at, only_good=True, checked=health.checked
    )
    assert (health.rows, health.bad) == (report.rows, report.refused)
    assert (health.created, health.updated) == (report.created, report.updated)
    assert (health.unchanged, health.repeated) == (report.unchanged, report.repeated)
    assert health.found("month.frozen").parts == report.corrections


@pytest.mark.parametrize(("form", "times"), [("csv", AMERICAN), ("xlsx", "")])
def test_report_on_an_english_export_finds_exactly_what_is_sown(
    communities: Tenant, at: datetime, tmp_path: Path, form: str, times: str
) -> None:
    how, path = parse_mapping(HOTLINE), tmp_path / f"cases.{form}"
    assert _counts(check_file(communities, write(english(), path, times), how, at=at)) == {}
    together, expected, wrong = english(), {}, {}
    for name, seed in ENGLISH_SEEDS.items():
        corpus = english()
        for one in (corpus, together):
            seed.sow(one)
        found = _counts(check_file(communities, write(corpus, path, times), how, at=at))
        if found != dict(seed.counts):
            wrong[name] = found
        expected |= seed.counts
    assert wrong == {}
    assert _counts(check_file(communities, write(together, path, times), how, at=at)) == expected


def test_report_on_versions_says_what_the_import_then_does(
    street: Tenant, at: datetime, ana: Actor, tmp_path: Path
) -> None:
    how, path = parse_mapping(HOTLINE), tmp_path / "cases.csv"
    before, after = english(), english()
    ENGLISH_SEEDS["repeat.versions"].sow(after)
    ENGLISH_SEEDS["missing.address"].sow(after)
    told, done = [], []
    for corpus in (before, after, after):
        write(corpus, path, AMERICAN)
        health = check_file(street, path, how, at=at)
        report = import_cases(street, path, how, by=ana, at=at, checked=health.checked)
        told.append((health.created, health.updated, health.unchanged, health.repeated, health.bad))
        done.append((report.created, report.updated, report.unchanged, report.repeated, report.refused))
    assert told == done == [(280, 0, 0, 0, 0), (0, 4, 278, 0, 0), (0, 0, 282, 0, 0)]


@pytest.mark.parametrize("form", ["csv"])
def test_report_says_of_verdicts_and_deadlines_what_the_import_then_rules(
    check: Check, office: Tenant, how: Mapping, at: datetime, ana: Actor, tmp_path: Path
) -> None:
    corpus = chinese()
    for name in ("verdict.differs", "deadline.differs", "unit.differs", "order.due_first", "place.outside"):
        CHINESE_SEEDS[name].sow(corpus)
    corpus.rows = corpus.rows[SENT:]
    health = check(corpus)
    rulings = import_cases(office, tmp_path / "cases.csv", how, by=ana, at=at).rulings
    assert health.found("verdict.differs").parts == rulings["verdicts"]
    assert health.found("deadline.differs").parts == {
        cause: n for cause, n in rulings["deadlines"].items() if cause != "same"
    }
    assert (health.found("unit.differs").count, rulings["elsewhere"]) == (3, 3)


def test_report_for_an_office_without_a_zone_takes_the_mappings(
    at: datetime, ana: Actor, tmp_path: Path, db: None
) -> None:
    office = create_tenant("new", "New", by=ana, at=at)
    health = check_file(office, write(english(), tmp_path / "cases.csv", AMERICAN), parse_mapping(HOTLINE), at=at)
    assert (office.zone, [one.month for one in health.months]) == ("", ["2026-09"])


def test_report_when_something_is_lacking_then_the_check_rests_and_says_why(
    street: Tenant, at: datetime, tmp_path: Path
) -> None:
    path = write(english(), tmp_path / "cases.csv", AMERICAN)
    health = check_file(street, path, parse_mapping(HOTLINE), at=at)
    resting = {one.id: one.why.removeprefix("check.why.") for one in health.checks if not one.ran}
    assert resting == {
        "unreadable.extensions": "no_column",
        "missing.closed": "no_closed",
        "order.open_but_closed": "no_open",
        "record.vanished": "first_time",
        "record.changed": "first_time",
        "unknown.channel": "first_time",
        "unknown.class": "no_standard",
        "unknown.unit": "no_units",
        "alias.unit": "no_units",
        "unknown.stage": "no_stages",
        "row.void": "no_void",
        "place.outside": "no_extent",
        "coordinate.system": "no_extent",
        "verdict.differs": "no_calendar",
        "deadline.differs": "no_calendar",
        "unit.differs": "no_duty",
        "cells.formula": "no_workbook",
        "cells.error": "no_workbook",
        "rows.hidden": "no_workbook",
    }


def test_rows_are_not_marked_by_checks_that_rest(street: Tenant, at: datetime, tmp_path: Path) -> None:
    corpus = english()
    for seed in ENGLISH_SEEDS.values():
        seed.sow(corpus)
    walk = Walk(street, write(corpus, tmp_path / "cases.csv", AMERICAN), parse_mapping(HOTLINE), at=at)
    marked = {mark.check for chunk in walk.chunks() for seen in chunk for mark in seen.marks}
    resting = {one.id for one in finished(walk, tally_of(walk), "cases.csv").checks if not one.ran}
    assert marked & resting == set()
    assert marked > set(ENGLISH_SEEDS) - {"repeat.versions"}


@pytest.mark.parametrize("form", ["csv"])
def test_report_when_made_then_nothing_is_written(check: Check, office: Tenant) -> None:
    kinds = (Case, SourceRecord, ImportBatch, Finding, Body, LedgerLine)
    before = [kind._default_manager.count() for kind in kinds]
    corpus = chinese()
    for name in ("unknown.class", "unknown.unit", "repeat.different", "unknown.community"):
        CHINESE_SEEDS[name].sow(corpus)
    check(corpus)
    assert [kind._default_manager.count() for kind in kinds] == before


@pytest.mark.parametrize("form", ["csv"])
def test_report_when_stored_then_it_comes_back_the_same(check: Check) -> None:
    corpus = chinese()
    CHINESE_SEEDS["unknown.unit"].sow(corpus)
    health = check(corpus)
    assert stored(health.contract()) == health
    found = health.found("unknown.unit")
    assert (found.of, found.share, found.parts) == (280, round(2 / 280, 6), {"无名队": 2})
    assert [(one.row, one.column, one.text) for one in found.examples] == [
        (22, "处置部门", "无名队"),
        (23, "处置部门", "无名队"),
    ]


@pytest.mark.parametrize("form", ["csv"])
def test_report_counts_rows_by_month_and_names_frozen_ones(check: Check) -> None:
    corpus = chinese()
    CHINESE_SEEDS["month.frozen"].sow(corpus)
    months = check(corpus).months
    assert [(one.month, one.rows, one.frozen) for one in months] == [("2026-08", 3, True), ("2026-09", 277, False)]


def test_report_when_points_are_of_another_system_then_it_is_named(
    office: Tenant, how: Mapping, at: datetime, tmp_path: Path
) -> None:
    from xiuhua.territory.rules import from_wgs84  # noqa: PLC0415 - one test needs it

    corpus, moved = chinese(), 0
    for row in corpus.rows:
        lon, lat = from_wgs84(float(str(row["X坐标"])), float(str(row["Y坐标"])), "gcj02")
        row["X坐标"], row["Y坐标"] = f"{float(lon):.6f}", f"{float(lat):.6f}"
        moved += not (120.0 <= round(float(lon), 6) <= 120.02 and 31.0 <= round(float(lat), 6) <= 31.01)
    health = check_file(office, write(corpus, tmp_path / "cases.csv"), how, at=at)
    assert health.found("coordinate.system").parts == {"gcj02": moved}


def test_check_when_cancelled_then_it_stops_and_says_where(
    office: Tenant, how: Mapping, at: datetime, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    path = write(chinese(), tmp_path / "cases.csv")
    with pytest.raises(CheckCancelled) as stopped:
        check_file(office, path, how, at=at, progress=lambda done, of: told.append((done, of)), cancelled=lambda: True)
    assert (stopped.value.facts, told) == ({"row": 281}, [(280, 280)])


def test_import_when_every_row_is_wanted_and_one_is_bad_then_nothing_is_imported(
    office: Tenant, how: Mapping, at: datetime, ana: Actor, tmp_path: Path
) -> None:
    corpus, before = chinese(), Case.objects.count()
    CHINESE_SEEDS["missing.number"].sow(corpus)
    path = write(corpus, tmp_path / "cases.csv")
    with pytest.raises(RowsRefused) as refused:
        import_cases(office, path, how, by=ana, at=at, only_good=False)
    assert (refused.value.facts, len(refused.value.faults)) == ({"n": 2}, 2)
    assert (Case.objects.count(), ImportBatch.objects.count()) == (before, 1)
    CHINESE_SEEDS["row.void"].sow(good := chinese())
    report = import_cases(office, write(good, path), how, by=ana, at=at, only_good=False)
    assert (report.rows, report.refused) == (280, 0)


@pytest.mark.parametrize("other", ["file", "mapping"])
def test_import_when_it_is_not_what_was_checked_then_refused(
    office: Tenant, how: Mapping, at: datetime, ana: Actor, tmp_path: Path, other: str
) -> None:
    path = write(chinese(), tmp_path / "cases.csv")
    checked = check_file(office, path, how, at=at).checked
    if other == "file":
        path.write_bytes(path.read_bytes() + b"\r\n")
    else:
        how = parse_mapping(MAPPING.replace("pile_min = 8", "pile_min = 9"))
    with pytest.raises(NotWhatWasChecked):
        import_cases(office, path, how, by=ana, at=at, checked=checked)
    assert ImportBatch.objects.count() == 1


def test_checks_all_are_sown_somewhere_or_say_why_not() -> None:
    sown_ = {name for seeds in (CHINESE_SEEDS, ENGLISH_SEEDS) for one in seeds.values() for name in one.counts}
    assert set(BY_ID) - sown_ == set(UNSOWN)


def test_checks_have_unique_ids_and_sentences() -> None:
    assert len(BY_ID) == len(CHECKS)
    assert {one.code for one in CHECKS} - known_codes() == set()
    assert {*FAULTS.values(), *NOTES.values(), *PARTS} - set(BY_ID) == set()


def test_faults_of_rows_all_belong_to_a_check() -> None:
    of_rows = {code for code in known_codes() if code.startswith("import.") and code != "import.mapping_malformed"}
    assert of_rows == set(FAULTS)


def test_docs_name_every_check_once() -> None:
    text = (Path(__file__).parents[2] / "docs/import-checks.md").read_text(encoding="utf-8")
    named = [line.split("|")[1].strip().strip("`") for line in text.splitlines() if line.startswith("| `")]
    assert named == [one.id for one in CHECKS]


@pytest.mark.parametrize("form", ["csv"])
def test_report_counts_frozen_months_that_a_changed_case_leaves(
    check: Check, office: Tenant, how: Mapping, at: datetime, ana: Actor, tmp_path: Path
) -> None:
    Snapshot.objects.create(tenant=office, period="2026-09", as_of=at, digest="d", frozen_at=at, folder="g")
    corpus = chinese()
    corpus.rows = corpus.rows[:SENT]
    for at_ in (3, 4):
        corpus.rows[at_]["捆绑处置截止时间"] = datetime(2026, 10, 9, 17, 0)  # noqa: DTZ001 - the wall clock of a file
    health = check(corpus)
    report = import_cases(office, tmp_path / "cases.csv", how, by=ana, at=at)
    assert health.found("month.frozen").parts == report.corrections == {"2026-09": 2}
