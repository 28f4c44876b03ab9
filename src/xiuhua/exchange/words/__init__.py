"""Words of exchange."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from xiuhua.cases.words import Verdict
from xiuhua.kernel.words import Fact, Fault, marked


class BatchState(TextChoices):
    """Where an import stands."""

    APPLIED = "applied", _("已入库")
    UNDONE = "undone", _("已撤销")


class IntakeState(TextChoices):
    """Where a file stands on its way in."""

    UPLOADING = "uploading", _("上传中")
    RECEIVED = "received", _("已收到")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("已检查")
    APPLYING = "applying", _("入库中")
    APPLIED = "applied", _("已入库")
    CANCELLED = "cancelled", _("已丢弃")
    FAILED = "failed", _("没有完成")


class Severity(TextChoices):
    """What a finding means for its row."""

    WARNING = "warning", _("提示")
    REFUSED = "refused", _("未导入")


class Kind(TextChoices):
    """In what another platform's record and our own case disagree."""

    CLOSED_THERE = "closed_there", _("平台已结，我们未结")
    OPEN_THERE = "open_there", _("平台未结，我们已结")
    VOID_THERE = "void_there", _("平台作废，我们有效")
    VOID_HERE = "void_here", _("平台有效，我们作废")
    UNIT = "unit", _("单位不同")
    CLASS = "class", _("类别不同")
    DEADLINE = "deadline", _("期限不同")
    TERRITORY = "territory", _("地域不同")
    VANISHED = "vanished", _("新文件里没有")


class Settling(TextChoices):
    """What became of a disagreement."""

    OPEN = "open", _("待对账")
    SETTLED = "settled", _("已处理")
    GONE = "gone", _("已一致")


class FileForm(TextChoices):
    """In which form a list goes out."""

    XLSX = "xlsx", _("Excel 工作簿")
    CSV = "csv", _("CSV 文本")


DateOrder = Literal["ymd", "mdy", "dmy"]
Coordinate = tuple[float, float]

#: Heading of the column in which a file that goes back says what is wrong with a row, in either language: no content of
#: the row, so that the same file, corrected, is the same rows.
PROBLEMS = (marked("问题（检查）"), "Problems (check)")

#: Refused rows that a report carries; every one is kept as a finding of its batch.
FAULTS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Placing:
    """How rows come to territories."""

    order: tuple[str, ...]
    level: str = ""
    observe: str = "never"
    #: A coordinate carrying more rows than max(pile_min, pile_share of the rows) places nobody.
    pile_min: int = 200
    pile_share: Fraction = Fraction(1, 100)
    #: A lesser one carrying at least this many rows is listed.
    pile_listed: int = 50


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a platform's file is read; `text` is the TOML it was parsed from."""

    code: str
    name: str
    zone: str
    date_order: DateOrder
    columns: dict[str, str]
    place: Placing
    crs: str = "wgs84"
    #: Central meridian in degrees of Gauss–Krüger coordinates; None: their eastings begin with a zone number.
    meridian: float | None = None
    mirror: bool = True
    repeat_order: str = ""
    encoding: Literal["", "utf-8", "gb18030", "utf-16"] = ""
    delimiter: str = ""
    sheet: str = ""
    #: The header's first row in the file and how many rows it has; 0 is found out.
    header_row: int = 0
    header_rows: int = 0
    #: Words of a list of marks and the kind each stands for: extension, rework or overdue.
    marks: dict[str, str] = field(default_factory=dict)
    #: Columns that decide under which limit a case runs (class, queue); empty: the sub-class alone.
    limit_by: tuple[str, ...] = ()
    #: How the platform writes that it has nothing to say ("-").
    missing: frozenset[str] = frozenset()
    void: frozenset[str] = frozenset()
    #: Words of the stage column that mean closed, and open; empty where the mapping does not say.
    closed: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    #: Stages in which the close column is a close (else it is a last change); empty: in all.
    closing: frozenset[str] = frozenset()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    #: Column → what of our own case is filled into it when the file goes back.
    back: dict[str, str] = field(default_factory=dict)
    #: Columns that say a verdict by holding one of `flags`.
    verdict_columns: dict[str, Verdict] = field(default_factory=dict)
    flags: frozenset[str] = frozenset({"1"})
    text: str = ""
    #: "month": a file holds all cases of each month it covers, so that a number it lacks has vanished; empty: not said.
    complete: Literal["", "month"] = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the columns that a file must have, each once."""
        order = [self.repeat_order] if self.repeat_order else []
        return tuple(dict.fromkeys([*self.columns.values(), *self.verdict_columns, *order]))


#: The column in which the kinds of a second list stand beside a row, and in its stored content.
MARKS = "标记（另表）"


class Checked(NamedTuple):
    """What a health report was about: the digests of the file's bytes and of the mapping's text."""

    file_digest: str
    mapping_digest: str


class Moment(NamedTuple):
    """A wall-clock time of the file: the instant in UTC, its local day, and how it was found.

    `shift` is a warning code: time_gap (the clock skipped it) or time_twice (the clock showed it twice), else empty.
    """

    utc: datetime
    day: date
    whole_day: bool
    shift: str


class Note(NamedTuple):
    """Something noticed about a row that does not stop it."""

    code: str
    column: str
    facts: dict[str, Fact]


class Parsed(NamedTuple):
    """One row of a file, understood. Coordinates are in the file's own system, degrees or metres, NaN where there is no usable one."""

    row: int
    number: str
    digest: str
    content: str
    stage: str
    #: Number of the filing condition in the platform's standard, empty where the file does not say.
    condition: str
    #: How often the platform extended the deadline.
    extensions: int
    reported_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    day: date
    undetermined: str
    title: str
    description: str
    address: str
    channel: str
    main_class: str
    sub_class: str
    body: str
    territory_code: str
    territory_name: str
    lon: float
    lat: float
    platform_verdict: str
    own_verdict: str
    notes: tuple[Note, ...]
    #: How often the platform had it done again, as far as it says.
    reworks: int = 0

    @property
    def spot(self) -> Coordinate:
        """Return (longitude, latitude) as the file has them."""
        return self.lon, self.lat


class Repeat(NamedTuple):
    """One of several rows with the same number; `order` is what the mapping's order column says, None without one."""

    row: int
    digest: str
    order: Any


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of one of several rows with the same number.

    apply: in pass `wave`, 0 being the first; equal or refused: because of row `other`; known: it is on record already.
    """

    what: Literal["apply", "equal", "refused", "known"]
    wave: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class PileUp:
    """One exact coordinate (as the file has it) that carries many rows; a withheld one places nobody."""

    lon: float
    lat: float
    rows: int
    withheld: bool


@dataclass(slots=True)
class ImportReport:
    """What an import did; `contract` is what `--json` prints."""

    batch: int | None = None
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0
    unplaced: int = 0
    #: Unchanged cases that had no territory before and found one now.
    placed_now: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=lambda: {"point": 0, "code": 0, "name": 0})
    #: (platform's verdict, own verdict) → rows; empty text where one says nothing.
    verdicts: dict[tuple[str, str], int] = field(default_factory=dict)
    observed: dict[str, int] = field(default_factory=dict)
    piles: list[PileUp] = field(default_factory=list)
    corrections: dict[str, int] = field(default_factory=dict)
    #: How our own deadlines, verdicts and duties stand beside the platform's, of the records this import brought.
    rulings: dict[str, Any] = field(default_factory=dict)
    #: Disagreements with our own cases that this import brought to light, by kind.
    disagreements: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    zone: str = ""
    zone_declared: bool = False
    encoding: str = ""
    dry_run: bool = False

    def warn(self, code: str, times: int = 1) -> None:
        """Count a warning."""
        self.warnings[code] = self.warnings.get(code, 0) + times

    def contract(self) -> dict[str, Any]:
        """Return the report as JSON values; faults without their sentences, which belong to the reader's language."""
        both = {pair: n for pair, n in self.verdicts.items() if all(pair)}
        return {
            "batch": self.batch,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "refused": self.refused,
            "unplaced": self.unplaced,
            "placed_now": self.placed_now,
            "warnings": dict(sorted(self.warnings.items())),
            "verdicts": {
                "compared": sum(both.values()),
                "agree": sum(n for (theirs, own), n in both.items() if theirs == own),
                "table": [
                    {"platform": theirs or None, "own": own or None, "rows": n}
                    for (theirs, own), n in sorted(self.verdicts.items())
                ],
            },
            "placed": self.placed,
            "observed": self.observed,
            "piles": [{"lon": p.lon, "lat": p.lat, "rows": p.rows, "withheld": p.withheld} for p in self.piles],
            "corrections": dict(sorted(self.corrections.items())),
            "rulings": self.rulings,
            "disagreements": dict(sorted(self.disagreements.items())),
            "zone": self.zone,
            "zone_declared": self.zone_declared,
            "encoding": self.encoding,
            "dry_run": self.dry_run,
        }


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did: records removed, cases removed, cases that stand on an earlier version again."""

    batch: int
    records: int
    deleted: int
    restored: int
    corrections: dict[str, int]
