"""The bounds of the finder on the labelled set, which was written before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xiuhua.privacy.rules import measure, read_labels
from xiuhua.privacy.words import Kind, LabelsMalformed, Sentence

LABELLED = Path(__file__).with_name("labelled.jsonl")


def _set() -> tuple[Sentence, ...]:
    return read_labels(LABELLED.read_text(encoding="utf-8").splitlines())


def test_the_set_has_600_sentences_with_personal_data_or_close_to_it_and_250_hard_negatives() -> None:
    sentences = _set()
    assert len(sentences) >= 600
    assert sum(not one.labels for one in sentences) >= 250
    assert {kind for one in sentences for _start, _end, kind in one.labels} == set(Kind)


def test_recall_is_at_least_99_in_a_hundred_and_false_alarms_at_most_2() -> None:
    quality = measure(_set())
    assert quality.recall >= 0.99
    assert quality.false_alarm_rate <= 0.02


def test_every_kind_is_found_at_95_in_a_hundred() -> None:
    quality = measure(_set())
    assert {kind: one for kind, one in quality.kinds.items() if one.found < 0.95 * one.labels} == {}


def test_finds_outside_any_label_are_at_most_one_in_a_hundred_sentences() -> None:
    quality = measure(_set())
    assert quality.stray <= 0.01 * quality.sentences


def test_a_set_that_says_nothing_has_full_recall_and_no_alarms() -> None:
    quality = measure(())
    assert (quality.recall, quality.false_alarm_rate) == (1.0, 0.0)


def test_measure_counts_a_missed_label_and_an_alarm() -> None:
    quality = measure(
        (
            Sentence("联系人：张伟", ((4, 6, Kind.NAME),)),
            Sentence("第 12 号", ((2, 4, Kind.PHONE),)),
            Sentence("电话13800001234", ()),
        )
    )
    assert (quality.recall, quality.false_alarm_rate, quality.stray) == (0.5, 1.0, 1)


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        '{"text": "x"}',
        '{"text": "ab", "labels": [[0, 3, "phone"]]}',
        '{"text": "ab", "labels": [[0, 1, "x"]]}',
        "[" * 9999,
    ],
    ids=["text", "list", "unlabelled", "beyond", "kind", "deep"],
)
def test_a_line_that_is_no_labelled_sentence_is_refused_with_its_row(line: str) -> None:
    good = json.dumps({"text": "a", "labels": []})
    with pytest.raises(LabelsMalformed) as refused:
        read_labels([good, line])
    assert [fault.row for fault in refused.value.faults] == [2]


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(LabelsMalformed):
        read_labels(["", "\n"])
