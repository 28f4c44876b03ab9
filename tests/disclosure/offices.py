"""LibreOffice as an independent reader: it recomputes a workbook, and turns documents into pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: nobody recomputes")
#: Makes LibreOffice recompute every formula when it opens a file, instead of trusting what the file says.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def spoiled(workbook: bytes) -> bytes:
    """Return the workbook with every value of a formula replaced by one that nobody would compute."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb't="str"(>|\s*><f>)', rb"\1", content)
                content = _CACHED.sub(rb"\1<v>-987654</v>", content)
            out.writestr(name, content)
    return target.getvalue()


def converted(content: bytes, suffix: str, to: str, folder: Path) -> bytes:
    """Return what LibreOffice makes of a file; workbooks are recomputed."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    given = folder / f"given{suffix}"
    given.write_bytes(content)
    command = [str(SOFFICE), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", to]
    subprocess.run([*command, "--outdir", str(folder / "out"), str(given)], check=True, capture_output=True, timeout=180)
    return next((folder / "out").glob("given.*")).read_bytes()
