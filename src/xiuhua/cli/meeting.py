"""`xiuhua meeting-pack`: all files for the monthly meeting in one command."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xiuhua.cli.door import actor, command, emit, language, now, say
from xiuhua.cli.scoring import NAMED, choices


@click.command("meeting-pack")
@click.argument("period")
@click.option(
    "--out", "out", required=True, type=click.Path(file_okay=False, path_type=Path), help="写到哪个文件夹 / folder"
)
@choices(scheme=NAMED)
@click.option(
    "--lang",
    "lang",
    type=click.Choice(["zh", "en"]),
    default=None,
    help="文件和回答的语言 / language of the files and of the answer",
)
@command
def meeting_pack(
    *,
    period: str,
    out: Path,
    scheme: str | None,
    by: str | None,
    month_by: str,
    lang: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """生成例会材料包：通报、报表、投屏、发言提纲、任务清单、表态发言、群发图 · Make the pack for the monthly meeting."""
    import json

    from django.utils.translation import activate
    from django.utils.translation import gettext as _

    from xiuhua.assessment.queries import default_by, default_scheme
    from xiuhua.disclosure.actions.meeting import make_pack
    from xiuhua.disclosure.pack import MANIFEST
    from xiuhua.disclosure.shelf import write_files
    from xiuhua.kernel.queries import tenant_named
    from xiuhua.kernel.rules import Period

    spoken = {"zh": "zh-hans", "en": "en", None: language()}[lang]
    activate(spoken)  # what the terminal answers, refusals too, is in the language of the files
    month, office = Period.parse(period), tenant_named(tenant)
    files = make_pack(
        office,
        month,
        scheme=scheme or default_scheme(office),
        by_level=by or default_by(office),
        month_by=month_by,
        language=spoken,
        by=actor(),
        at=now(),
        progress=_progress if sys.stderr.isatty() else _silent,
    )
    write_files(files, out)
    told = json.loads(files[MANIFEST])
    lines = [f"{one['name']}  {one['bytes']:,}  {one['sha256'][:12]}" for one in told["files"]]
    lines += [_("没有来源：%(part)s（缺%(source)s）") % one for one in told["missing"]]
    emit({"out": str(out), **told}, as_json=as_json, text="\n".join([str(out), *lines]))


def _progress(done: int, of: int, name: str) -> None:
    say(f"{done}/{of} {name}".rstrip())


def _silent(_done: int, _of: int, _name: str) -> None:
    return
