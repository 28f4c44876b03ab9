"""The analysis of a month, kept beside the frozen facts it was made from.

A file in the snapshot's folder holds it under the digest of everything it depends on: the frozen facts of the month and of
those it is compared with, the rule of months, the parameters, the ground on which hot spots are looked for and named, and the
source of the code that makes it. Whatever of these changes, the key is another and the analysis is made anew: what is kept is
never stale. A file that is damaged counts as none.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import xiuhua
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import folder_of
from xiuhua.analytics.words import Window
from xiuhua.insight.queries.analysis import Found, analysis_of
from xiuhua.insight.queries.hotspots import hotspots_of, last_day
from xiuhua.insight.queries.recurrence import recurrence_tally, recurrent_places, watch_of
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.keeping import Kept, Recurring, read, written
from xiuhua.kernel.rules import digest
from xiuhua.territory.queries import ground_digest, levels

log = logging.getLogger(__name__)
#: The packages whose source makes an analysis.
_MADE_BY = ("analytics", "cases", "insight", "kernel", "territory")


class Stale(ValueError):
    """What is kept is of other facts, parameters, ground or code."""


def kept_analysis(
    snapshot: Snapshot, *, by: str, window: Window, previous: Snapshot | None, last_year: Snapshot | None
) -> Kept:
    """Return the analysis of a month with its recurrent places and hot spots: the one that is kept, else made and kept.

    Arguments and refusals are those of `analysis_of` and `hotspots_of`. Where it is kept, a handful of queries for the key.
    """
    tenant, day = snapshot.tenant, last_day(snapshot)
    settings = settings_of(tenant, day)

    def made() -> Kept:
        hot = hotspots_of(snapshot, tenant, settings)
        found = Found(recurrent_places(snapshot, by=by), hot.spots, watch_of(snapshot, by))
        analysis = analysis_of(snapshot, by=by, window=window, previous=previous, last_year=last_year, found=found)
        counted = recurrence_tally(snapshot, by)
        recurring = Recurring(counted.groups, counted.total, counted.names)
        return Kept(analysis, recurring, hot.silent, hot.used, tuple(spot.cell for spot in hot.spots))

    asked = {"by": by, "month_by": window.month_by, "deadline_month": window.deadline_month}
    key = digest(
        {
            **asked,
            "code": source_digest(),
            "facts": [one.digest if one else None for one in (snapshot, previous, last_year)],
            "cut": [window.a_us, window.b_us, window.as_of_us],
            "settings": {name: str(value) for name, value in asdict(settings).items()},
            "ground": [ground_digest(tenant, day), *levels(tenant), str(tenant.settings.get("by"))],
        }
    )
    return _kept(folder_of(snapshot) / f"analysis-{digest(asked)[:16]}.json", key, made)


@cache
def source_digest() -> str:
    """Return the digest of the source that makes an analysis, once per process."""
    root, seen = Path(xiuhua.__file__).parent, hashlib.sha256()
    for file in sorted(file for name in _MADE_BY for file in (root / name).rglob("*.py")):
        seen.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return seen.hexdigest()


def _kept(file: Path, key: str, made: Callable[[], Kept]) -> Kept:
    try:
        return stored(file, key)
    except (FileNotFoundError, Stale) as why:
        log.info("analysis %s is made: %s", file.name, type(why).__name__)
    except (OSError, ValueError) as error:
        log.warning("analysis %s cannot be read (%s): made anew", file.name, error)
    found = made()
    _keep(file, key, written(found))
    return found


@lru_cache(maxsize=8)
def stored(file: Path, key: str) -> Kept:
    """Return the analysis that a file holds under a key; a few stay in memory. Raises OSError, Stale, ValueError."""
    head, _line, text = file.read_text(encoding="utf-8").partition("\n")
    if head.partition(" ")[0] != key:
        raise Stale
    if head != _head(key, text):
        raise ValueError("damaged")
    return read(text)


def _head(key: str, text: str) -> str:
    return f"{key} {hashlib.sha256(text.encode()).hexdigest()}"


def _keep(file: Path, key: str, text: str) -> None:
    """Write an analysis in one step; where the folder takes no files it is not kept, which only costs time."""
    draft = None
    try:
        with NamedTemporaryFile("w", dir=file.parent, prefix=".analysis-", delete=False, encoding="utf-8") as target:
            draft = Path(target.name)
            target.write(f"{_head(key, text)}\n{text}")
        draft.replace(file)
    except OSError as error:
        log.warning("analysis %s cannot be kept (%s)", file.name, error)
        if draft:
            draft.unlink(missing_ok=True)
