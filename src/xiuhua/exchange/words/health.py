"""Words of a health report: checks with stable ids, what they found, and the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from xiuhua.exchange.words import Checked
from xiuhua.kernel.words import Fact

#: Rows that a check shows.
EXAMPLES = 5
#: What a check counts: rows of the file, cells of it, or records of ours that the file does not have.
Counts = Literal["rows", "cells", "records"]


class Gravity(TextChoices):
    """What a finding of a check means for the import."""

    STOPS = "stops", _("不能导入")
    LOOK = "look", _("要看一看")
    KNOW = "know", _("知道就好")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id never changes once published (docs/import-checks.md)."""

    id: str
    gravity: Gravity
    counts: Counts = "rows"

    @property
    def code(self) -> str:
        """Return the code of the sentence that says what was found, with %(n)s."""
        return f"check.{self.id}"


class Mark(NamedTuple):
    """Something a check found on a row: at which column (empty: the row), and the code and facts of its sentence."""

    check: str
    column: str
    code: str
    facts: Mapping[str, Fact]


def said(check: str, column: str, **facts: Fact) -> Mark:
    """Return a mark in the check's own words for a row."""
    return Mark(check, column, f"mark.{check}", facts)


class Example(NamedTuple):
    """A row on which a check found something; `text` is the cell with personal data masked. No row: a record of ours."""

    row: int | None
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found. A check that did not run says why: a code of its sentence; then its count says nothing."""

    id: str
    gravity: str
    counts: str
    count: int = 0
    #: Of how many: rows of the file, or records of ours.
    of: int = 0
    ran: bool = True
    why: str = ""
    #: The count by what the check tells apart (causes, months, a suspected system); may add up to more.
    parts: dict[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def share(self) -> float:
        """Return count / of, rounded to six digits; 0 of nothing is 0."""
        return round(self.count / self.of, 6) if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Month:
    """The rows of the file that count in a month, and whether that month is already frozen."""

    month: str
    rows: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The report on one file read by one mapping at one moment. `contract` is its JSON, `stored` reads it back."""

    file_name: str
    file_digest: str
    encoding: str
    columns: int
    mapping_code: str
    mapping_digest: str
    at: datetime
    rows: int
    #: Rows that an import would refuse; the others are good.
    bad: int
    #: What an import would do with the good ones.
    created: int
    updated: int
    unchanged: int
    repeated: int
    months: tuple[Month, ...]
    checks: tuple[Found, ...]

    @property
    def good(self) -> int:
        """Return how many rows an import would take, or knows already."""
        return self.rows - self.bad

    @property
    def checked(self) -> Checked:
        """Return what an import compares with its own file and mapping."""
        return Checked(self.file_digest, self.mapping_digest)

    def found(self, check: str) -> Found:
        """Return what a check found. Raises KeyError for an id that is none."""
        return {one.id: one for one in self.checks}[check]

    def contract(self) -> dict[str, Any]:
        """Return the report as JSON values, without sentences: they belong to the reader's language."""
        return {
            "file": {
                "name": self.file_name,
                "digest": self.file_digest,
                "encoding": self.encoding,
                "columns": self.columns,
            },
            "mapping": {"code": self.mapping_code, "digest": self.mapping_digest},
            "at": self.at.isoformat(),
            "rows": self.rows,
            "rows_good": self.good,
            "rows_bad": self.bad,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "months": [{"month": one.month, "rows": one.rows, "frozen": one.frozen} for one in self.months],
            "checks": [_found_json(one) for one in self.checks],
        }


def _found_json(one: Found) -> dict[str, Any]:
    return {
        "id": one.id,
        "severity": one.gravity,
        "ran": one.ran,
        "why": one.why,
        "counts": one.counts,
        "count": one.count,
        "of": one.of,
        "share": one.share,
        "parts": one.parts,
        "examples": [example._asdict() for example in one.examples],
    }


def stored(contract: Mapping[str, Any]) -> Health:
    """Return the report whose `contract` this is."""
    file, mapping = contract["file"], contract["mapping"]
    return Health(
        file_name=file["name"],
        file_digest=file["digest"],
        encoding=file["encoding"],
        columns=file["columns"],
        mapping_code=mapping["code"],
        mapping_digest=mapping["digest"],
        at=datetime.fromisoformat(contract["at"]),
        rows=contract["rows"],
        bad=contract["rows_bad"],
        **{name: contract[name] for name in ("created", "updated", "unchanged", "repeated")},
        months=tuple(Month(**one) for one in contract["months"]),
        checks=tuple(_found_of(one) for one in contract["checks"]),
    )


def _found_of(one: Mapping[str, Any]) -> Found:
    return Found(
        id=one["id"],
        gravity=one["severity"],
        examples=tuple(Example(**example) for example in one["examples"]),
        **{name: one[name] for name in ("counts", "count", "of", "ran", "why", "parts")},
    )
