"""Commands as their users call them, in this process: one of its own costs a second each time, most of it imports."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result
from django.utils import translation

from xiuhua.cli.main import main


def xiuhua(*words: object, code: int = 0, lang: str = "zh") -> Result:
    """Run `xiuhua …` on the test's database and return what it said; its exit code must be `code`, and no error may leave it."""
    with translation.override("zh-hans"):
        env = {"XIUHUA_LANG": lang}
        done = CliRunner().invoke(main, [str(word) for word in words], env=env, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def said(done: Result) -> dict[str, Any]:
    """Return the one JSON object that a command with --json wrote."""
    found: dict[str, Any] = json.loads(done.stdout)
    return found
