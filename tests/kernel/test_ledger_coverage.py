"""Every act that writes leaves a line in the ledger: held against the source of every action module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import xiuhua

SRC = Path(xiuhua.__file__).parent
#: Calls by which something gets into the database.
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES |= {"insert_many", "executemany"}
#: Acts without a line of their own, and why.
SILENT = {
    ("kernel", "record"): "is the line",
    ("kernel", "seal"): "chains lines that are there",
    ("kernel", "seal_pending"): "chains lines that are there",
    ("kernel", "anchor"): "writes a file outside, about the chain itself",
    ("kernel", "emit"): "is part of the act that has the line",
    ("kernel", "withdraw"): "is part of an undo, which has the line",
    ("kernel", "sweep"): "clears events that were delivered",
}
#: Acts that are parts of others: their caller writes the line.
PARTS = {
    ("cases", "open_case"): "the report's line",
    ("exchange", "forget"): "the line of the undo of an import",
    ("cases", "join_evidence"): "the report's or move's line",
    ("cases", "bring_back"): "the undo's line",
    ("cases", "keep_view"): "a person's own filter, nothing of the office's",
    ("cases", "forget_view"): "a person's own filter, nothing of the office's",
    ("cases", "release"): "a courtesy among colleagues for minutes, no right",
    ("responsibility", "note_use"): "the day of a token's last use; what it did has lines",
    ("demo", "picture"): "draws, saves no row",
    ("exchange", "count_use"): "how often a mapping served; the import's line",
    ("exchange", "follow"): "the import's line",
    **{
        ("exchange", verb): "a file on its way in, not in the books; the import's line names it"
        for verb in ("discard", "keep_answers", "keep_as_is", "ask_stop", "remap")
    },
    ("disclosure", "ask_pack"): "asked for; the line comes when it is made",
    ("disclosure", "stop_pack"): "nothing was made",
    ("responsibility", "new_post"): "post.give",
    ("responsibility", "end_sessions"): "the line of what ends them: password, switching off",
    ("responsibility", "check_new_password"): "writes nothing",
    ("territory", "keep_externals"): "the import's line",
    ("territory", "keep_names"): "the import's line",
    ("territory", "name_new"): "the import's line",
    ("territory", "next_version"): "the line of the change",
    ("files", "begin"): "pieces of an upload; the file's line comes when it is whole",
    # How far something has come, not what was done: deliveries, read marks, tries and what has run out.
    ("kernel", "fail"): "a delivery's state",
    ("kernel", "postpone"): "a delivery's state",
    ("kernel", "spread"): "deliveries of an event that has its line",
    ("notices", "mark_read"): "a person's own mark; nobody watches what is read",
    ("notices", "slots_of"): "counts what robots may still send",
    ("responsibility", "begin_second_factor"): "nothing holds before it is confirmed, which has a line",
    ("responsibility", "clear_accounts"): "what has run out",
    ("responsibility", "clear_sessions"): "what has run out",
    ("responsibility", "clear_tries"): "what has run out",
    ("responsibility", "pass_try"): "the sign-in's line",
}


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SRC.glob("*/actions.py")):
        yield path.parent.name, path
    for path in sorted(SRC.glob("*/actions/*.py")):
        yield path.parent.parent.name, path


def _called(node: ast.AST) -> set[str]:
    """Return the names of everything that is called, or named where it is called later."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            found.add(one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", ""))
        elif isinstance(one, ast.Name):
            found.add(one.id)
    return found


def _functions() -> dict[str, set[str]]:
    """Return what each function, method and class of the action modules reaches by name."""
    found: dict[str, set[str]] = {}
    for _package, path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.setdefault(node.name, set()).update(_called(node))
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, set()).update(_called(node.value))
    return found


def _reach(name: str, functions: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        waiting += functions.get(one, ())
    return seen


def _acts() -> Iterator[tuple[str, str]]:
    """Yield (package, name) of every public function of the action modules."""
    for package, path in _modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield package, node.name


def test_act_when_it_writes_then_it_leaves_a_line_in_the_ledger_or_says_why_not() -> None:
    functions = _functions()
    mute = {
        act for act in _acts() if (reached := _reach(act[1], functions)) & WRITES and "record" not in reached - {act[1]}
    }
    assert mute - SILENT.keys() - PARTS.keys() == set()


def test_exception_when_listed_then_it_is_still_one() -> None:
    acts = set(_acts())
    assert (SILENT.keys() | PARTS.keys()) - acts == set()
