"""The documents cannot rot: what is public must be described."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.db.models import TextChoices

from xiuhua.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]


def _enum_members() -> list[str]:
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("xiuhua."):
            continue
        try:
            words = importlib.import_module(f"{config.name}.words")
        except ModuleNotFoundError:
            continue
        drawers = [words, *(importlib.import_module(one.name) for one in _within(words))]
        for drawer in drawers:
            for name, value in vars(drawer).items():
                if isinstance(value, type) and issubclass(value, TextChoices) and value.__module__ == drawer.__name__:
                    found += [f"{name}.{member.name}" for member in value]
    return found


def _within(words: ModuleType) -> list[pkgutil.ModuleInfo]:
    """Return the modules of a drawer that became a folder."""
    return list(pkgutil.iter_modules(getattr(words, "__path__", []), f"{words.__name__}."))


@pytest.mark.parametrize("member", _enum_members())
def test_glossary_names_every_public_enum_member(member: str) -> None:
    assert f"`{member}`" in (ROOT / "docs/glossary.md").read_text(encoding="utf-8")


def test_structure_names_every_package() -> None:
    text = (ROOT / "docs/structure.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "src/xiuhua").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}`" not in text and f"`{name}/`" not in text} == set()


def test_readme_names_every_command() -> None:
    for readme in ("README.md", "README.en.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert {name for name in COMMANDS if f"xiuhua {name}" not in text} == set()


def _callbacks() -> list[tuple[str, list[str]]]:
    """Return every callback of a command with what its decorators are called."""
    found = []
    for path in sorted((ROOT / "src/xiuhua/cli").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                calls = [ast.unparse(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]
                found += [(f"{path.stem}.{node.name}", calls)] if "command" in calls else []
    return found


@pytest.mark.parametrize(("name", "decorators"), _callbacks(), ids=lambda one: one if isinstance(one, str) else "")
def test_command_when_written_then_it_can_be_called(name: str, decorators: list[str]) -> None:
    assert [one for one in decorators if one.endswith(".command")], name
