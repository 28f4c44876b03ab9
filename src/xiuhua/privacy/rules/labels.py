"""A labelled set read from its lines: {"text", "labels": [[start, end, kind], …]} each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from xiuhua.kernel.words import Fault
from xiuhua.privacy.words import Kind, LabelsMalformed, Sentence


def read_labels(lines: Iterable[str]) -> tuple[Sentence, ...]:
    """Return the sentences of a labelled set, blank lines left out.

    Raises LabelsMalformed with every line that cannot be read, and for a set without a sentence.
    """
    sentences: list[Sentence] = []
    faults: list[Fault] = []
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            sentences.append(_sentence(json.loads(line)))
        except (ValueError, TypeError, KeyError, RecursionError):
            faults.append(Fault("privacy.label_unread", row=row))
    if faults or not sentences:
        raise LabelsMalformed(faults, lines=len(faults))
    return tuple(sentences)


def _sentence(said: dict[str, Any]) -> Sentence:
    """Return one sentence; raises ValueError, TypeError or KeyError for what is none."""
    text, labels = said["text"], said["labels"]
    if not isinstance(text, str):
        raise TypeError(text)
    read = tuple((int(start), int(end), Kind(kind)) for start, end, kind in labels)
    if any(not 0 <= start < end <= len(text) for start, end, _kind in read):
        raise ValueError(labels)
    return Sentence(text, read)
