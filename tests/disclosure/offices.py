"""LibreOffice as an independent reader: it recomputes workbooks, and turns documents into pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
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
#: What nobody would compute.
SPOILT = -987654


def spoiled(workbook: bytes) -> bytes:
    """Return the workbook with SPOILT in the place of every value of a formula."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b' t="str"', b"")
                content = _CACHED.sub(rb"\1<v>%d</v>" % SPOILT, content)
            out.writestr(name, content)
    return target.getvalue()


def converted(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, bytes]:
    """Return what LibreOffice makes of files by their names without endings; workbooks are recomputed."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [str(SOFFICE), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", to]
    given = [str(folder / name) for name in files]
    subprocess.run([*command, "--outdir", str(folder / "out"), *given], check=True, capture_output=True, timeout=300)
    return {path.stem: path.read_bytes() for path in sorted((folder / "out").iterdir())}
