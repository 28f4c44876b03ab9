"""Fetches the scripts of others that the desk's map and plots use, as `requirements/browser.json` pins them.

Run by `./xiuhua` when an environment is prepared; whatever goes wrong, the site works without them and keeps its SVG.
Each package is fetched whole by npm (from wherever this machine's npm fetches), compared with its SHA-512, and only the
named files are kept; nothing of it is run here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "browser.json"
#: Below a static folder of the site; nothing in it is committed.
VENDOR = ROOT / "src" / "xiuhua" / "web" / "static" / "vendor"
#: What `./xiuhua` compares, to know without starting Python that everything is there.
STAMP = ".lock"
#: Seconds for one package.
PATIENCE = 180
#: No file that we keep is larger.
LARGEST = 8 * 1024 * 1024


class NotFetched(Exception):
    """A package is not here, and why."""


def fetch(name: str, wanted: dict[str, Any], folder: Path) -> Path:
    """Return the archive of a package, fetched into `folder`. Raises NotFetched: no npm, no network, another content."""
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm")
    command = [npm, "pack", f"{name}@{wanted['version']}", "--ignore-scripts", "--silent", "--fetch-retries=1"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFetched(str(error)) from error
    found = sorted(folder.glob("*.tgz"))
    if done.returncode or len(found) != 1:
        raise NotFetched(done.stderr.strip()[-300:] or f"npm {done.returncode}")
    digest = base64.b64encode(hashlib.sha512(found[0].read_bytes()).digest()).decode()
    if f"sha512-{digest}" != wanted["integrity"]:
        raise NotFetched(f"{name}: sha512-{digest}")
    return found[0]


def contents(archive: Path, names: list[str]) -> dict[str, bytes]:
    """Return the named files of a package by their last names. Raises NotFetched where one is missing or too large."""
    kept = {}
    with tarfile.open(archive, "r:gz") as package:
        for name in names:
            try:
                member = package.getmember(f"package/{name}")
            except KeyError as error:
                raise NotFetched(name) from error
            file = package.extractfile(member) if member.isfile() and member.size <= LARGEST else None
            if file is None:
                raise NotFetched(name)
            kept[PurePosixPath(name).name] = file.read()
    return kept


def place(folder: Path, kept: dict[str, bytes]) -> None:
    """Put the files where the site serves them, all or none; what was there before is gone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as new:
        whole = Path(new, folder.name)
        whole.mkdir()
        for name, content in kept.items():
            (whole / name).write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        whole.rename(folder)


def main() -> None:
    """Fetch what is pinned; says in one sentence, and goes on, where that is not possible."""
    text = LOCK.read_bytes()
    try:
        for name, wanted in json.loads(text).items():
            with tempfile.TemporaryDirectory() as folder:
                place(VENDOR / name, contents(fetch(name, wanted, Path(folder)), wanted["files"]))
        (VENDOR / STAMP).write_bytes(text)
    except (NotFetched, OSError, tarfile.TarError, zlib.error) as error:
        print(
            f"地图和图表的放大功能没有装上（{error}），页面照常用静态图；有 npm 和网络时再运行一次即可。",
            file=sys.stderr,
        )
        print(f"The map and plots cannot be enlarged here ({error}); the pages keep their pictures.", file=sys.stderr)


if __name__ == "__main__":
    main()
