"""How well the detector does on sentences that people labelled (tests/privacy/README.md)."""

from __future__ import annotations

from collections.abc import Iterable

from xiuhua.privacy.rules.finding import find
from xiuhua.privacy.words import Found, Kind, Quality, Sentence, Tally


def measure(sentences: Iterable[Sentence]) -> Quality:
    """Return the quality on labelled sentences.

    A label counts as found if each of its signs lies within something found, of whatever kind: what is masked is masked.
    """
    total, negatives, alarms, stray = 0, 0, 0, 0
    labels, hits = dict.fromkeys(Kind, 0), dict.fromkeys(Kind, 0)
    for one in sentences:
        found = find(one.text)
        total += 1
        negatives += not one.labels
        alarms += bool(found) and not one.labels
        stray += sum(not _touches(each, one) for each in found)
        for start, end, kind in one.labels:
            labels[kind] += 1
            hits[kind] += covers(found, start, end)
    return Quality(total, negatives, alarms, stray, {kind: Tally(labels[kind], hits[kind]) for kind in Kind})


def covers(found: Iterable[Found], start: int, end: int) -> bool:
    """Return whether every sign from `start` to `end` lies within something found."""
    signs = {place for one in found for place in range(one.start, one.end)}
    return signs.issuperset(range(start, end))


def _touches(found: Found, sentence: Sentence) -> bool:
    return any(found.start < end and start < found.end for start, end, _kind in sentence.labels)
