"""An office in a database of its own, for a server in a process of its own: `python ground.py make|look`.

Runs apart from the tests, since what a test's transaction holds no other process sees.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from typing import Any

from xiuhua.config.setup import ready

ready()

from django.core.management import call_command  # noqa: E402 - after Django is ready
from tests.living import make_office  # noqa: E402
from tests.web.api.conftest import secret_of  # noqa: E402

from xiuhua.cases.models import Case, CaseMove, Evidence, Report  # noqa: E402
from xiuhua.files import store  # noqa: E402
from xiuhua.files.models import StoredFile  # noqa: E402
from xiuhua.kernel.actions import seal  # noqa: E402
from xiuhua.kernel.models import LedgerLine, OutboxEvent  # noqa: E402
from xiuhua.kernel.queries import prove  # noqa: E402


def make() -> dict[str, Any]:
    """Open the office and return the secret of its inspector's program."""
    call_command("migrate", verbosity=0)
    return {"secret": secret_of(make_office(), "ina")}


def look() -> dict[str, Any]:
    """Return what is stored, read from the tables and the disk: any failure to read is a failure."""
    seal()
    files = {
        one.sha256: hashlib.sha256(store.original(one.tenant_id, one.sha256).read_bytes()).hexdigest()
        for one in StoredFile.objects.all()
    }
    kept = Evidence.objects.select_related("file", "case").order_by("pk")
    return {
        "reports": {str(one.client_uuid): one.case.number for one in Report.objects.select_related("case") if one.case},
        "rows": Report.objects.count(),
        "cases": Case.objects.count(),
        "moves": CaseMove.objects.count(),
        "lines": LedgerLine.objects.filter(verb="case.report").count(),
        "events": OutboxEvent.objects.filter(name="case.report").count(),
        "whole": prove().whole,
        "files": files,
        "evidence": [[str(one.client_uuid), one.file.sha256, one.case.number if one.case else None] for one in kept],
        "doubled": [list(key) for key, n in Counter((one.client_uuid, one.file_id) for one in kept).items() if n > 1],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"make": make, "look": look}[sys.argv[1]]()))
