"""`xiuhua demo`: the made-up street, from nothing to its first page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiuhua.cli.door import actor, command, emit, now, say
from xiuhua.cli.progress import bar

if TYPE_CHECKING:
    from xiuhua.demo.words import Account, Step


@click.command()
@click.option("--no-serve", is_flag=True, help="只备好数据，不启动网站 / prepare the data only")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@command
def demo(no_serve: bool, host: str, port: int, as_json: bool) -> None:
    """虚构的星河街道：造数据、导入、考核、启动网站（可重复运行）· The made-up street, ready to look at."""
    from django.conf import settings
    from django.core.management import call_command

    from xiuhua.demo.actions.opening import accounts, moment

    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    home, at = Path(settings.HOME), moment(now())
    steps = _opened(home, Path(settings.PACKS, "mappings", "demo-street.toml"), at)
    known = accounts(home, by=actor(), at=at)
    steps += _lived(at)
    address = f"http://{host}:{port}/"
    result = _result(steps, known, address, time.monotonic() - began)
    emit(result, as_json=as_json, text=_text(result))
    if not no_serve:
        from xiuhua.cli.serve import run
        from xiuhua.cli.worker import beside

        with beside():
            run(host, port)


def _opened(home: Path, mapping: Path, at: Any) -> list[Step]:
    """Return all steps, telling each as it is finished with the time it took."""
    from xiuhua.demo.actions.opening import open_street

    steps, before = [], time.monotonic()
    with bar() as progress:
        for step in open_street(home, mapping, by=actor(), at=at, progress=progress):
            steps.append(step)
            say(_line(step, time.monotonic() - before))
            before = time.monotonic()
    return steps


def _lived(at: Any) -> list[Step]:
    """Return the steps of what the street's people do themselves: they have to be there before."""
    from xiuhua.demo.actions.opening import bulletin, lives, today

    steps, before = [], time.monotonic()
    for act in (lives, today, bulletin):
        steps.append(act(at=at))
        say(_line(steps[-1], time.monotonic() - before))
        before = time.monotonic()
    return steps


def _line(step: Step, seconds: float) -> str:
    from django.utils.translation import gettext as _

    names = {
        "files": _("样例文件"),
        "street": _("街道轮廓"),
        "community": _("社区轮廓"),
        "grid": _("网格轮廓"),
        "sites": _("点位"),
        "units": _("单位"),
        "packs": _("数据包"),
        "cases": _("案件导入"),
        "lives": _("在办案件"),
        "today": _("本月算到现在"),
        "bulletin": _("通报草稿"),
    }
    if step.what not in names:
        told = _("  %(period)s：已有考核结果") if step.there else _("  %(period)s：已考核，%(seconds).1f 秒")
        return told % {"period": step.what, "seconds": seconds}
    told = _("  %(what)s：已有 %(count)s") if step.there else _("  %(what)s：%(count)s，%(seconds).1f 秒")
    return told % {"what": names[step.what], "count": step.count, "seconds": seconds}


def _result(steps: list[Step], known: tuple[Account, ...], address: str, seconds: float) -> dict[str, Any]:
    counts = {step.what: step.count for step in steps if step.what[:1].isalpha()}
    return {
        "tenant": "demo",
        "made_up": True,
        **counts,
        "months": [step.what for step in steps if step.what not in counts],
        "unchanged": all(step.there for step in steps if step.what != "files"),
        "accounts": [{"username": one.username, "password": one.password, "name": one.name} for one in known],
        "address": address,
        "seconds": round(seconds, 1),
    }


def _text(result: dict[str, Any]) -> str:
    from django.utils.translation import gettext as _

    lines = [_("虚构的星河街道已备好，用时 %(seconds)s 秒。地名、单位、案件都是编的。") % result]
    lines += [_("账号（只在本样例中有）：")]
    lines += [f"  {one['username']}  {one['password']}  {one['name']}" for one in result["accounts"]]
    return "\n".join([*lines, result["address"]])
