"""Personal data in what people wrote: the joint to `xiuhua.privacy`, which finds and masks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_PACKAGE = "xiuhua.privacy"
#: Without the package, an example hides the end of every run of digits that could be a person's number.
_DIGITS = re.compile(r"(\d{3})\d{4,}")


@cache
def _rules() -> Any:
    """Return the rules of `xiuhua.privacy`, None where this installation does not have them."""
    return import_module(f"{_PACKAGE}.rules") if find_spec(_PACKAGE) else None


def detector() -> Callable[[str], bool] | None:
    """Return what says whether a text has personal data in it, None where nobody can tell."""
    return personal if _rules() is not None else None


def personal(text: str) -> bool:
    """Return whether a text has personal data in it."""
    return bool(_rules().find(text))


def masked(text: str) -> str:
    """Return a text as it may be shown to anybody who sees a health report."""
    rules = _rules()
    return str(rules.mask(text)) if rules is not None else _DIGITS.sub(r"\1****", text)
