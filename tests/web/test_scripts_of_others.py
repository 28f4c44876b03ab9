"""Scripts of others: pinned by their content, fetched at set-up, never among our own files, and never needed."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template

import xiuhua

SRC = Path(xiuhua.__file__).parent
ROOT = SRC.parents[1]
VENDOR = SRC / "web" / "static" / "vendor"
#: Longest line of a script of ours: what somebody else's tool has packed is longer.
LONGEST = 200
sys.path.insert(0, str(ROOT / "tools"))

import scripts  # noqa: E402 - a tool of ours, outside the package


def _package(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called npm that hands out the file beside it; returns where that file lies."""
    archive = tmp_path / "package.tgz"
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncp {archive} ./some-1.0.0.tgz\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setattr(scripts, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(scripts, "LOCK", tmp_path / "lock.json")
    return archive


def _pin(content: bytes, **more: Any) -> None:
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    wanted = {"version": "1.0.0", "integrity": f"sha512-{digest}", "files": ["a.mjs"], **more}
    scripts.LOCK.write_text(json.dumps({"some": wanted}), encoding="utf-8")


def test_script_when_fetched_then_only_what_is_named_and_a_stamp(npm: Path) -> None:
    content = _package(**{"a.mjs": b"export {}", "install.js": b"evil()"})
    npm.write_bytes(content)
    _pin(content)
    scripts.main()
    there = sorted(str(one.relative_to(scripts.VENDOR)) for one in scripts.VENDOR.rglob("*") if one.is_file())
    assert there == [".lock", "some/a.mjs"]
    assert (scripts.VENDOR / ".lock").read_bytes() == scripts.LOCK.read_bytes()


@pytest.mark.parametrize(
    ("why", "more"),
    [
        ("another content", {"integrity": "sha512-AAAA"}),
        ("a file that is not there", {"files": ["b.mjs"]}),
        ("no npm", {}),
    ],
)
def test_script_when_it_cannot_be_had_then_a_sentence_nothing_written_and_no_failure(
    npm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], why: str, more: dict[str, Any]
) -> None:
    content = _package(**{"a.mjs": b"export {}"})
    npm.write_bytes(content)
    _pin(content, **more)
    if why == "no npm":
        monkeypatch.setenv("PATH", "/nowhere")
    scripts.main()
    assert not list(scripts.VENDOR.rglob("*.mjs"))
    assert not (scripts.VENDOR / ".lock").exists()
    assert "静态图" in capsys.readouterr().err


def test_page_when_a_script_is_not_here_then_names_none() -> None:
    assert Template('{% load xh %}[{% others "nobody/none.mjs" %}]').render(Context()) == "[]"


def test_scripts_of_others_are_not_among_our_files() -> None:
    known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if known.returncode:
        pytest.skip("not a clone: nobody knows which files are ours")
    files = [ROOT / line for line in known.stdout.splitlines()]
    assert not [path for path in files if VENDOR in path.parents]
    scripts_ = [path for path in files if path.suffix in {".js", ".mjs", ".cjs", ".wasm", ".map"}]
    assert len(scripts_) > 5
    packed = [path.name for path in scripts_ if max(map(len, path.read_text("utf-8").splitlines())) > LONGEST]
    assert packed == []
