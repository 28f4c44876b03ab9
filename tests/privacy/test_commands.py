"""`xiuhua privacy`: measured on the labelled set, texts masked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiuhua.cli.privacy import privacy

pytestmark = pytest.mark.django_db


def test_evaluate_when_in_a_checkout_then_measures_its_labelled_set() -> None:
    ran = CliRunner().invoke(privacy, ["evaluate", "--json"])
    found = json.loads(ran.stdout)
    assert (ran.exit_code, found["sentences"], found["negatives"]) == (0, 910, 315)
    assert (found["recall"] >= 0.99, found["false_alarm_rate"] <= 0.02) == (True, True)


def test_evaluate_when_given_a_file_then_measures_it(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(
        '{"text": "电话13800001234", "labels": [[2, 13, "phone"]]}\n{"text": "任务12", "labels": []}\n',
        encoding="utf-8",
    )
    ran = CliRunner().invoke(privacy, ["evaluate", str(file), "--json"])
    assert json.loads(ran.stdout) == {
        "sentences": 2,
        "recall": 1.0,
        "false_alarm_rate": 0.0,
        "negatives": 1,
        "alarms": 0,
        "stray": 0,
        "kinds": {"phone": {"labels": 1, "found": 1}},
    }


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe\x00"], ids=["empty", "no labels", "no text"])
def test_evaluate_when_the_file_is_no_labelled_set_then_refuses(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "set.jsonl"
    file.write_bytes(content)
    ran = CliRunner().invoke(privacy, ["evaluate", str(file), "--json"])
    assert (ran.exit_code, json.loads(ran.stdout)["refused"]) == (1, "privacy.labels_malformed")


@pytest.mark.parametrize(("given", "typed"), [(["电话13800001234"], None), ([], "电话13800001234\n")])
def test_mask_when_given_a_text_or_input_then_prints_it_masked(given: list[str], typed: str | None) -> None:
    ran = CliRunner().invoke(privacy, ["mask", *given], input=typed)
    assert (ran.exit_code, ran.stdout) == (0, "电话138****1234\n")


def test_mask_when_asked_for_json_then_says_what_was_found() -> None:
    ran = CliRunner().invoke(privacy, ["mask", "--json", "电话13800001234"])
    assert json.loads(ran.stdout) == {
        "text": "电话138****1234",
        "found": [{"kind": "phone", "start": 2, "end": 13, "masked": "138****1234"}],
    }
