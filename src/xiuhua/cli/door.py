"""The one door of all commands: output, refusals, who and when."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import update_wrapper
from typing import Any

import click

from xiuhua.config.setup import ready
from xiuhua.kernel.words import EVERY, Actor, Fault, Grant, Refusal

FAULTS_SHOWN = 20


def language() -> str:
    """Return the language of messages: XIUHUA_LANG, else English where LANG asks for it, else Chinese."""
    wanted = os.environ.get("XIUHUA_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    return "en" if wanted.lower().startswith("en") else "zh-hans"


def now() -> datetime:
    """Return the present moment: doors are where time enters."""
    return datetime.now(UTC)


def actor() -> Actor:
    """Return the person at the terminal, as the operating system knows them."""
    try:
        return Actor(f"shell:{getpass.getuser()}", grants=(Grant(EVERY),))
    except (KeyError, OSError):
        return Actor("shell:unknown", grants=(Grant(EVERY),))


def say(text: str) -> None:
    """Tell a person something on stderr, so that stdout stays one JSON object under --json."""
    click.echo(text, err=True)


def emit(result: dict[str, Any], *, as_json: bool, text: str) -> None:
    """Print the outcome of a command: one JSON object, or the sentences for a person."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else text)


def fault_json(fault: Fault) -> dict[str, Any]:
    """Return a fault as the JSON of the output contract."""
    place = {"file": fault.file} if fault.file else {}
    return {"code": fault.code, **place, "row": fault.row, "column": fault.column, "facts": fault.facts}


def _refused(refusal: Refusal, *, as_json: bool) -> None:
    from xiuhua.kernel.phrases import fault_sentence

    if as_json:
        body = {
            "refused": refusal.code,
            "sentence": str(refusal),
            "facts": refusal.facts,
            "faults": [{**fault_json(f), "sentence": fault_sentence(f)} for f in refusal.faults],
        }
        click.echo(json.dumps(body, ensure_ascii=False, default=str))
        return
    say(str(refusal))
    for fault in refusal.faults[:FAULTS_SHOWN]:
        say("  " + fault_sentence(fault))
    if len(refusal.faults) > FAULTS_SHOWN:
        say(f"  … +{len(refusal.faults) - FAULTS_SHOWN}")


@contextmanager
def _chain_closed_after() -> Iterator[None]:
    """Seal what the command appended: nobody may come after it for long."""
    from django.db import DatabaseError

    from xiuhua.kernel.actions import seal_pending

    try:
        yield
    finally:
        with suppress(DatabaseError):  # what the command did is committed; the next sealer closes the chain
            seal_pending()


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a click callback of ours: Django ready, language set, `--json` added, refusals answered with exit code 1.

    The callback receives `as_json`; exit codes are 0 done, 1 refused, 2 usage (click's own).
    """

    def inner(*args: Any, **kwargs: Any) -> Any:
        ready()
        from django.db import DatabaseError
        from django.utils import translation

        translation.activate(language())
        as_json = bool(kwargs.get("as_json"))
        try:
            with _chain_closed_after():
                return function(*args, **kwargs)
        except Refusal as refusal:
            _refused(refusal, as_json=as_json)
            sys.exit(1)
        except DatabaseError as error:
            if "no such table" not in str(error) and "does not exist" not in str(error):
                raise
            from xiuhua.kernel.queries import NoTenant

            _refused(NoTenant(code="?"), as_json=as_json)
            sys.exit(1)

    option = click.option(
        "--json", "as_json", is_flag=True, help="机器可读：标准输出只有一个 JSON 对象 / one JSON object"
    )
    return option(update_wrapper(inner, function))
