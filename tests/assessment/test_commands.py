"""`xiuhua assess` and `xiuhua lists` as a clerk or a script calls them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import translation

from xiuhua.cases.models import Case
from xiuhua.cli.columns import aligned
from xiuhua.cli.main import main
from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Territory, TerritoryVersion

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None, street: Tenant, home: Path) -> Tenant:
    """Seven communities of twenty due cases in October, of which 14 to 20 were closed on time."""
    due = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
    for number in range(7):
        place = Territory.objects.create(tenant=street, code=f"0{number}", level="community")
        TerritoryVersion.objects.create(territory=place, name=f"第{number}社区")
        Case.objects.bulk_create(
            Case(
                tenant=street,
                number=f"{number}-{index}",
                reported_at=due,
                due_at=due,
                closed_at=due if index < 14 + number else None,
                territory=place,
            )
            for index in range(20)
        )
    return street


def call(*words: str, lang: str = "zh") -> tuple[int, Any]:
    """Return exit code and the JSON object of a command."""
    with translation.override(None):
        result = CliRunner().invoke(main, [*words, "--json"], env={"XIUHUA_LANG": lang})
    return result.exit_code, json.loads(result.stdout)


def test_assess_prints_the_month_as_one_object(town: Tenant) -> None:
    code, said = call("assess", "2026-10", "--scheme", "basic")
    assert code == 0
    assert (said["period"], said["scheme"], said["version"], said["as_of"]) == (
        "2026-10",
        "basic",
        "1",
        "2026-11-01T00:00:00+08:00",
    )
    assert said["totals"]["due"] == {"kept": 140, "of": 140}
    assert said["unplaced"] == 0
    first = said["subjects"][0]
    assert {key: first[key] for key in ("code", "name", "group", "score", "rank", "small_sample", "change")} == {
        "code": "06",
        "name": "第6社区",
        "group": "all",
        "score": "100.00",
        "rank": 1,
        "small_sample": False,
        "change": {"score": None, "rank": None},
    }
    assert first["lines"][0] == {
        "measure": "on_time",
        "title": "按期结案率",
        "numerator": 20,
        "denominator": 20,
        "points": "60.00",
        "full": "60",
        "because": "按期结案率：20 / 20 × 满分 60 = 60.00 分",
        "interval": {"low": "0.722467", "high": "1.000000", "phi": "2"},
    }


def test_assess_speaks_the_readers_language_and_keeps_its_digest(town: Tenant) -> None:
    chinese, english = (call("assess", "2026-10", "--scheme", "basic", lang=lang)[1] for lang in ("zh", "en"))
    assert english["subjects"][0]["lines"][0]["because"] == "Closed on time: 20 / 20 × full marks 60 = 60.00 points"
    assert english["digest"] == chinese["digest"]


def test_lists_print_both_ends_and_their_rule(town: Tenant) -> None:
    code, said = call("lists", "2026-10", "--scheme", "basic", "--red", "2", "--black", "1")
    assert code == 0
    assert [(each["code"], each["score"], each["rank"]) for each in said["red"]] == [
        ("06", "100.00", 1),
        ("05", "95.00", 2),
    ]
    assert [(each["code"], each["score"], each["rank"]) for each in said["black"]] == [("00", "70.00", 7)]
    assert said["rule"].startswith("各组按总分取前 2 名为红榜、后 1 名为黑榜")


@pytest.mark.parametrize(
    ("words", "code", "refused"),
    [
        (("assess", "2026-13", "--scheme", "basic"), 1, "period.malformed"),
        (("assess", "2026-10", "--scheme", "gone"), 1, "scheme.unknown"),
        (("assess", "2026-10", "--scheme", "gone.toml"), 1, "scheme.unreadable"),
        (("assess", "2026-10", "--scheme", "basic", "--by", "grid"), 1, "facts.level_unknown"),
        (("lists", "2026-10", "--scheme", "basic", "--tenant", "other"), 1, "tenant.unknown"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_command_that_cannot_be_done_says_why(town: Tenant, words: tuple[str, ...], code: int, refused: str) -> None:
    exit_code, said = call(*words)
    assert (exit_code, said["refused"]) == (code, refused)


def test_scheme_file_with_faults_is_refused_with_all_of_them(town: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('schema = 1\ncode = "own"\nfull = 0.5\nbonus = 3\n', encoding="utf-8")
    exit_code, said = call("assess", "2026-10", "--scheme", str(file))
    assert (exit_code, said["refused"]) == (1, "scheme.faulty")
    assert [(fault["code"], fault["column"]) for fault in said["faults"]] == [
        ("scheme.float", "full"),
        ("scheme.unknown_key", "bonus"),
        ("scheme.missing_key", ""),
        ("scheme.missing_key", ""),
        ("scheme.missing_key", ""),
        ("scheme.missing_key", ""),
    ]


@pytest.mark.parametrize("words", [("assess",), ("lists", "--red", "1", "--black", "1")], ids=["assess", "lists"])
def test_command_for_a_person_is_a_table(town: Tenant, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [words[0], "2026-10", "--scheme", "basic", *words[1:]], env={"XIUHUA_LANG": "zh"})
    assert result.exit_code == 0
    assert "第6社区" in result.stdout


def test_columns_stand_straight_under_wide_characters() -> None:
    assert aligned([["名次", "a"], ["1", "甲"]], right={0}) == "名次  a\n   1  甲"
