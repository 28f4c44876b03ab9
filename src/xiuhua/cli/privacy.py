"""`xiuhua privacy`: how well personal data is found, and texts masked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xiuhua.cli.door import command, emit


@click.group()
def privacy() -> None:
    """个人信息：识别得怎样、把文字脱敏 · Personal data: how well it is found, texts masked."""


@privacy.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@command
def evaluate(file: Path | None, as_json: bool) -> None:
    """在标注集上量查全率和误报率 · Recall and false alarms on a labelled set.

    不给文件就用源码里的那一份 / without FILE the set in the source is used.
    """
    from django.utils.translation import gettext as _

    from xiuhua.privacy.rules import measure, read_labels
    from xiuhua.privacy.words import LabelsMalformed

    try:
        with (file or _labelled()).open(encoding="utf-8") as lines:
            found = measure(read_labels(lines))
    except UnicodeDecodeError as error:
        raise LabelsMalformed(lines=1) from error
    result = {
        "sentences": found.sentences,
        "recall": found.recall,
        "false_alarm_rate": found.false_alarm_rate,
        "negatives": found.negatives,
        "alarms": found.alarms,
        "stray": found.stray,
        "kinds": {
            str(kind.value): {"labels": one.labels, "found": one.found}
            for kind, one in found.kinds.items()
            if one.labels
        },
    }
    text = _("%(sentences)s 句，查全 %(recall)s，误报 %(alarms)s（%(negatives)s 句反例中 %(count)s 句）。") % {
        "sentences": found.sentences,
        "recall": f"{found.recall:.2%}",
        "alarms": f"{found.false_alarm_rate:.2%}",
        "negatives": found.negatives,
        "count": found.alarms,
    }
    rows = [f"  {kind.label}  {one.found}/{one.labels}" for kind, one in found.kinds.items() if one.labels]
    emit(result, as_json=as_json, text="\n".join([text, *rows]))


def _labelled() -> Path:
    """Return the labelled set of a checkout. Raises LabelsAbsent where the program is installed without its tests."""
    from django.conf import settings

    from xiuhua.privacy.words import LabelsAbsent

    found = Path(settings.BASE).parents[1] / "tests" / "privacy" / "labelled.jsonl"
    if not found.is_file():
        raise LabelsAbsent
    return found


@privacy.command()
@click.argument("text", nargs=-1)
@command
def mask(text: tuple[str, ...], as_json: bool) -> None:
    """把文字脱敏；不给文字就读标准输入 · Mask a text, or standard input."""
    from xiuhua.privacy.rules import find
    from xiuhua.privacy.rules import mask as masked

    given = " ".join(text) if text else sys.stdin.read()
    found = [
        {"kind": str(one.kind.value), "start": one.start, "end": one.end, "masked": one.masked} for one in find(given)
    ]
    clear = masked(given)
    emit({"text": clear, "found": found}, as_json=as_json, text=clear.removesuffix("\n"))
