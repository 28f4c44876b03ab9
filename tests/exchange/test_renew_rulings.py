"""Deadlines worked out again: a recorded action with a reason, and frozen months stay."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.conf import settings

from xiuhua.analytics.actions import freeze
from xiuhua.cases.actions import rule_cases
from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.queries import RuleBook, bill_of
from xiuhua.cli.main import main
from xiuhua.exchange.actions import renew_rulings
from xiuhua.exchange.actions.ruling import NothingToRuleBy, ReasonMissing
from xiuhua.exchange.models import PendingCorrection
from xiuhua.kernel.actions import install_pack, use_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, PackContent
from xiuhua.taxonomy.actions import observe_classes

SHANGHAI = ZoneInfo("Asia/Shanghai")
RUBBLE = ("市容环境", "积存垃圾渣土")  # 5 working days

HOLIDAYS_2027 = """schema = 1
kind = "holidays"
code = "cn"
version = "2027-test"
title = { zh = "节假日", en = "Holidays" }
effective_from = 2027-01-01
made_up = true

[provenance]
source = "made up for this test: the real ones of 2027 are not announced"
"""


def _announced(tmp_path: Path) -> Path:
    """Return holidays in which 3 and 4 February 2027 are off, as a made-up notice has it."""
    old = shipped_pack(Path(settings.PACKS), "holidays/cn")
    folder = tmp_path / "holidays"
    folder.mkdir()
    (folder / "pack.toml").write_text(HOLIDAYS_2027, encoding="utf-8")
    known = (old / "holidays.toml").read_text(encoding="utf-8")
    assert "2026-12-31" in known
    (folder / "holidays.toml").write_text(known.replace("2026-12-31", "2027-12-31"), encoding="utf-8")
    days = (old / "days.csv").read_text(encoding="utf-8")
    days += "2027-02-03,holiday,试放,,made up\n2027-02-04,holiday,试放,,made up\n"
    (folder / "days.csv").write_text(days, encoding="utf-8")
    return folder


@pytest.fixture
def office(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """The street with calendar, holidays to 2026 and filing standard, and one case whose deadline lies in 2027."""
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(street, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    reported = datetime(2027, 2, 1, 10, tzinfo=SHANGHAI)
    held = observe_classes(street, "platform", [RUBBLE])[RUBBLE]
    case = Case.objects.create(tenant=street, number="A1", reported_at=reported, case_class=held)
    rule_cases(RuleBook.load(street), [case.pk], at=at, reason="import")
    return street


def test_provisional_deadline_is_worked_out_again_when_the_calendar_arrives(
    office: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    before = Ruling.objects.get()
    assert (before.provisional, before.due_at) == (True, datetime(2027, 2, 8, 10, tzinfo=SHANGHAI))
    install_pack(office, read_pack(_announced(tmp_path)), by=ana, at=at)
    later = at + timedelta(days=40)
    done = renew_rulings(office, reason="2027 年放假通知", provisional=True, by=ana, at=later)
    after = Ruling.objects.get()
    assert (done.cases, done.changed, done.provisional) == (1, 1, 0)
    assert (after.provisional, after.due_at) == (False, datetime(2027, 2, 10, 10, tzinfo=SHANGHAI))
    assert (after.reason, after.ruled_at) == ("2027 年放假通知", later)
    line = LedgerLine.objects.get(verb="ruling.renew")
    assert (line.actor, line.reason, line.facts["changed"]) == (ana.id, "2027 年放假通知", 1)


def test_renewal_that_touches_a_frozen_month_is_listed_and_the_month_stays(
    office: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    later = datetime(2027, 3, 2, tzinfo=SHANGHAI)
    month = Period(2027, 2)
    frozen = freeze(office, month, by=ana, at=later)
    install_pack(office, read_pack(_announced(tmp_path)), by=ana, at=at)
    done = renew_rulings(office, reason="2027 年放假通知", provisional=False, by=ana, at=later)
    assert done.corrections == {"2027-02": 1}
    assert list(PendingCorrection.objects.values_list("period", "number", "kind")) == [("2027-02", "A1", "ruled")]
    assert freeze(office, month, by=ana, at=later).digest != frozen.digest


HOURS = """zone = "Asia/Shanghai"
holidays = ["cn"]
[week]
mon = ["10:00-12:00"]
"""


def _calendar(tmp_path: Path, code: str, version: str, day: str) -> PackContent:
    """Return a calendar with two hours on Mondays."""
    folder = tmp_path / code / version
    folder.mkdir(parents=True)
    head = HOLIDAYS_2027.replace('"holidays"', '"calendar"').replace('"cn"', f'"{code}"')
    head = head.replace("2027-test", version).replace("2027-01-01", day)
    (folder / "pack.toml").write_text(head, encoding="utf-8")
    (folder / "calendar.toml").write_text(HOURS, encoding="utf-8")
    return read_pack(folder)


def test_renewal_by_a_calendar_that_moves_no_deadline_changes_no_case(
    office: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    before = Ruling.objects.values().get()
    freeze(office, Period(2027, 2), by=ana, at=datetime(2027, 3, 2, tzinfo=SHANGHAI))
    install_pack(office, _calendar(tmp_path, "demo-street", "2028-1", "2028-01-01"), by=ana, at=at)
    done = renew_rulings(office, reason="新日历", provisional=False, by=ana, at=at + timedelta(days=1))
    assert (done.cases, done.changed, done.corrections) == (1, 0, {})
    assert Ruling.objects.values().get() == before


def test_bill_of_an_older_ruling_is_by_its_own_calendar_whatever_was_chosen_since(
    office: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    later = at + timedelta(days=1)
    use_pack(office, "calendar", "demo-street", by=ana, at=at)
    for code, version, day in (("demo-street", "2027-2", "2027-02-02"), ("other", "1", "2020-01-01")):
        install_pack(office, _calendar(tmp_path, code, version, day), by=ana, at=later)
    use_pack(office, "calendar", "other", by=ana, at=later)
    ruling = Ruling.objects.select_related("case", "condition").get()
    bill = bill_of(office, ruling.case, ruling)
    assert bill is not None
    assert (bill.holds, bill.clock.calendar.version) == (True, ruling.calendar)


def test_case_is_ruled_by_the_regime_in_force_on_the_day_of_its_report(
    office: Tenant, ana: Actor, at: datetime, tmp_path: Path
) -> None:
    install_pack(office, _calendar(tmp_path, "demo-street", "2027-2", "2027-02-02"), by=ana, at=at)
    renew_rulings(office, reason="新日历", provisional=False, by=ana, at=at)
    ruling = Ruling.objects.select_related("case", "condition").get()
    # five working days are 40 hours: 6.5 on Monday 1 February, then two every Monday: 16 Mondays, 1.5 on the 17th
    assert ruling.due_at == datetime(2027, 5, 31, 11, 30, tzinfo=SHANGHAI)
    bill = bill_of(office, ruling.case, ruling)
    assert bill is not None
    assert bill.holds


def _run(*words: str | Path) -> dict[str, Any]:
    done = CliRunner().invoke(main, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("office")
def test_missing_year_from_warning_to_renewal_by_commands(tmp_path: Path) -> None:
    told = _run("clock", "explain", "--from", "2027-02-01 10:00", "--limit", "5wd")
    assert (told["provisional"], told["missing"]) == (True, [2027])
    assert _run("ruling", "list")["provisional"] == 1
    table = tmp_path / "notice.csv"
    table.write_text("日期,类型,名称\n2027年2月3日至4日,放假,试放\n", encoding="utf-8")
    folder = tmp_path / "cn/2027-1"
    assert _run("clock", "holidays", table, "--to", folder)["days"] == 2
    assert _run("pack", "check", folder)["office"] == "street"
    assert _run("pack", "install", folder)["installed"]
    done = _run("ruling", "renew", "--provisional", "--reason", "2027 年放假通知")
    assert (done["cases"], done["changed"], done["provisional"]) == (1, 1, 0)
    told = _run("clock", "explain", "--from", "2027-02-01 10:00", "--limit", "5wd")
    assert (told["provisional"], told["due_local"]) == (False, "2027-02-10T10:00:00+08:00")
    assert Ruling.objects.get().due_at == datetime(2027, 2, 10, 10, tzinfo=SHANGHAI)


def test_renewal_without_a_reason_is_refused(office: Tenant, ana: Actor, at: datetime) -> None:
    with pytest.raises(ReasonMissing):
        renew_rulings(office, reason=" ", provisional=False, by=ana, at=at)
    assert not LedgerLine.objects.filter(verb="ruling.renew").exists()


def test_renewal_without_packs_is_refused(street: Tenant, ana: Actor, at: datetime) -> None:
    with pytest.raises(NothingToRuleBy):
        renew_rulings(street, reason="试试", provisional=False, by=ana, at=at)
