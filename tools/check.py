"""`./xiuhua test`: format, lint, layers, types, and the whole suite on SQLite and on a real PostgreSQL.

Where it may (root and apt-get), it installs what only tests need: PostgreSQL, Chromium, CJK fonts, strace, poppler and
LibreOffice; there a test skipped for want of them fails the run. Elsewhere they are counted as skipped, with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from postgres import NoPostgres, running

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STATIC = (
    ("format", [BIN / "ruff", "format", "--check", "."]),
    ("lint", [BIN / "ruff", "check", "."]),
    ("layers", [BIN / "lint-imports"]),
    ("types", [BIN / "mypy"]),
)
#: What pytest returns where a part of the suite holds no test of this kind.
NOTHING = 5
#: Tests of doors that are run on PostgreSQL too: what they write and read goes past more than one row.
ON_BOTH = frozenset({"test_doors.py", "test_moves_door.py", "test_rights.py", "test_triage_crowd.py"})
ENGINES = ("Chromium", "PostgreSQL", "SQLite")
#: Parts of the run on SQLite that take about as long as each other, so that all processors are done together, the longest
#: first; what is in none of them is the rest. A test file is in one part, whatever is added.
SLICES = {
    "doors": (
        "tests/web/test_rights.py",
        "tests/web/test_safe_doors.py",
        "tests/web/test_doors.py",
        "tests/web/api",
    ),
    "cases": ("tests/cases", "tests/bench"),
    "pages": ("tests/web",),
    "lists": ("tests/exchange", "tests/tables", "tests/insight"),
}
#: Skips for these reasons are failures where the tools could have been installed.
NEEDED = ("chromium", "postgresql", "font", "strace", "poppler", "libreoffice")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the suite that runs in one process: on which engine, what it is called, and pytest's arguments."""

    engine: str
    title: str
    arguments: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The engine and the title, as the summary and the files of its output are called."""
        return f"{self.engine}-{self.title}" if self.title else self.engine


def may_install() -> bool:
    """Return whether system packages may be installed here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and os.environ.get("XIUHUA_NO_APT") != "1"


def missing() -> list[str]:
    """Return the Debian packages that tests need and that are not here."""
    lacking = []
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        lacking.append("postgresql")
    if not shutil.which("chromium"):
        lacking.append("chromium")
    fonts = shutil.which("fc-list") and subprocess.run(
        ["fc-list", ":lang=zh"], capture_output=True, text=True, check=False
    )
    if not fonts or not fonts.stdout.strip():
        lacking.append("fonts-noto-cjk")
    if not shutil.which("pdftotext"):
        lacking.append("poppler-utils")
    if not shutil.which("soffice"):
        lacking += ["libreoffice-writer-nogui", "libreoffice-calc-nogui"]
    if sys.platform == "linux" and not shutil.which("strace"):
        lacking.append("strace")
    return lacking


def install() -> None:
    """Install what is missing where that is allowed; failures show later as skips."""
    lacking = missing()
    if not lacking or not may_install():
        return
    print(f"installing {' '.join(lacking)} …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking],
        env=env,
        check=False,
        stdout=subprocess.DEVNULL,
    )


def static_checks() -> bool:
    """Run the checks that need no database; returns whether all passed."""
    passed = True
    for name, command in STATIC:
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{name:<8} {'ok' if done.returncode == 0 else 'FAILED'}  {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr)
            passed = False
    return passed


def run(part: Part, folder: Path, arguments: Sequence[str], url: str) -> int:
    """Run pytest on one part of the suite; its output and its counts go into `folder`. Returns pytest's exit code."""
    began = time.monotonic()
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    env.pop("DATABASE_URL", None)
    # hundreds of processes are started, and each would compile a thousand modules
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if part.engine == "PostgreSQL":
        env["DATABASE_URL"] = url
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        f"--junitxml={folder / part.name}.xml",
        "-p",
        "no:cacheprovider",
        *(arguments or part.arguments),
        "-m",
        "browser" if part.engine == "Chromium" else "not browser",
    ]
    with (folder / f"{part.name}.txt").open("wb") as out:
        code = subprocess.run(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    word = "ok" if code in {0, NOTHING} else "FAILED"
    print(f"{part.name:<18} {word}  {time.monotonic() - began:.0f} s", flush=True)
    return code


def counts(report: Path) -> tuple[int, int, list[str]]:
    """Return (passed, failed, reasons of skips) from a JUnit report; a missing report is one failure."""
    if not report.exists():
        return 0, 1, []
    # pytest wrote this file a moment ago: it is not untrusted
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own file
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skips = [skip.get("message", "") for case in cases if (skip := case.find("skipped")) is not None]
    return len(cases) - failed - len(skips), failed, skips


def summary(results: dict[str, tuple[int, int, list[str]]]) -> bool:
    """Print a line per engine, the reasons of skips and the closing line; returns whether nothing failed."""
    strict = may_install()
    failed = skipped = passed = 0
    for name, (good, bad, skips) in results.items():
        print(f"{name:<11}{good} passed, {bad} failed, {len(skips)} skipped")
        for reason in sorted(set(skips)):
            print(f"           skipped ×{skips.count(reason)}: {reason}")
        wanting = [reason for reason in skips if any(word in reason.lower() for word in NEEDED)]
        if strict and wanting:
            print("           FAILED: here the tools could be installed, so these skips count as failures")
            failed += len(wanting)
        failed, skipped, passed = failed + bad, skipped + len(skips), passed + good
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed == 0


def pages() -> list[str]:
    """Return the options that leave out the tests of pages: what a page shows hangs on no engine, what its door writes does."""
    ours = sorted((ROOT / "tests/web").glob("test_*.py"))
    return [f"--ignore={path.relative_to(ROOT)}" for path in ours if path.name not in ON_BOTH]


def browsers() -> list[str]:
    """Return the files with tests that drive a browser: to read all others takes as long as twenty such tests."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if "mark.browser" in path.read_text(encoding="utf-8")]


def parts(arguments: Sequence[str]) -> list[Part]:
    """Return the parts of the run, the longest first: one of each engine where it is told what to run."""
    if arguments:
        return [Part(engine, "") for engine in ENGINES]
    shared = [path for paths in SLICES.values() for path in paths]
    sqlite = [Part("SQLite", name, _without(paths, shared)) for name, paths in SLICES.items()]
    rest = Part("SQLite", "rest", [f"--ignore={path}" for path in shared])
    return [Part("Chromium", "", browsers()), Part("PostgreSQL", "", pages()), rest, *sqlite]


def _without(paths: Sequence[str], shared: Iterable[str]) -> list[str]:
    """Return the arguments for some paths: what is in one of them and in another slice by its own name is left to that."""
    inner = [one for one in shared if one not in paths and any(one.startswith(f"{path}/") for path in paths)]
    return [*paths, *(f"--ignore={one}" for one in inner)]


def suites(folder: Path, arguments: list[str], workers: Executor) -> dict[str, tuple[int, int, list[str]]]:
    """Let the workers run all parts, and print what each said; returns the counts of each engine."""
    results: dict[str, tuple[int, int, list[str]]] = {engine: (0, 0, []) for engine in ENGINES}
    todo, url = parts(arguments), ""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running(folder))
        except NoPostgres as reason:
            results["PostgreSQL"] = (0, 0, [f"PostgreSQL suite not run: {reason}"])
            todo = [part for part in todo if part.engine != "PostgreSQL"]
        codes = list(workers.map(lambda part: run(part, folder, arguments, url), todo))
    for part, code in zip(todo, codes, strict=True):
        print(f"\n── {part.name} " + "─" * 60)
        print((folder / f"{part.name}.txt").read_text(encoding="utf-8", errors="replace"))
        passed, failed, skips = counts(folder / f"{part.name}.xml")
        if code not in {0, 1, NOTHING}:
            failed = max(failed, 1)
        before = results[part.engine]
        results[part.engine] = (before[0] + passed, before[1] + failed, before[2] + skips)
    return results


def main() -> int:
    """Run everything; returns the exit code."""
    began = time.monotonic()
    install()
    with tempfile.TemporaryDirectory(prefix="xiuhua-check-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with ThreadPoolExecutor(max(os.cpu_count() or 2, 2)) as workers:
            checked = workers.submit(static_checks)
            results = suites(folder, sys.argv[1:], workers)
        passed = summary(results) and checked.result()
    print(f"{'all green' if passed else 'NOT GREEN'} in {time.monotonic() - began:.0f} s")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
