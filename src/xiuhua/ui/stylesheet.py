"""One stylesheet of everything: tokens, ground and components, named by its digest so that it can be kept for ever."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xiuhua.ui.rendering import FOLDER, names

HERE = Path(__file__).parent
_THEME = re.compile(r'^\[data-theme="(\w+)"\] \{\n(.*?)^\}', re.DOTALL | re.MULTILINE)
_TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The text of the stylesheet and the first 16 hexadecimal digits of its SHA-256."""

    text: str
    digest: str


def themes() -> dict[str, str]:
    """Return the declarations of each theme of tokens.css."""
    return dict(_THEME.findall((HERE / "tokens.css").read_text(encoding="utf-8")))


def tokens(theme: str) -> dict[str, str]:
    """Return the colour tokens of a theme by name, as written in tokens.css."""
    return dict(_TOKEN.findall(themes()[theme]))


@cache
def stylesheet() -> Stylesheet:
    """Return the assembled stylesheet; read once per process."""
    parts = [(HERE / "tokens.css").read_text(encoding="utf-8"), _automatic()]
    parts += [(HERE / "base.css").read_text(encoding="utf-8")]
    parts += [(FOLDER / name / f"{name}.css").read_text(encoding="utf-8") for name in names()]
    parts += [_on_paper()]
    text = "\n".join(parts)
    return Stylesheet(text, hashlib.sha256(text.encode()).hexdigest()[:16])


def _automatic() -> str:
    """Who has chosen nothing gets light, or dark where the system asks for it: declared once, used twice."""
    light, dark = themes()["light"], themes()["dark"]
    return f'[data-theme="auto"] {{\n{light}}}\n@media (prefers-color-scheme: dark) {{\n[data-theme="auto"] {{\n{dark}}}\n}}'


def _on_paper() -> str:
    """Paper is white whatever the screen was."""
    return f"@media print {{\n:root[data-theme] {{\n{themes()['light']}--paper: #ffffff;\n}}\n}}"
