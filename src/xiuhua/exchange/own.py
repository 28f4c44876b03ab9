"""Our own export of cases: the columns by which another office, or we ourselves, can read it again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import override

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage, Verdict
from xiuhua.exchange.models import Source, SourceRecord
from xiuhua.kernel.models import Tenant
from xiuhua.privacy.rules import mask
from xiuhua.tables.writing import Cell, text_of, unguarded
from xiuhua.territory.queries import options

#: The code of the mapping that reads this export (packs/mappings/xiuhua.toml), and so of its source.
CODE = "xiuhua"
#: (field of a mapping, header); "" for what no mapping reads. The headers are data: the same in every language.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("number", "案号"),
    ("reported_at", "上报时间"),
    ("due_at", "截止时间"),
    ("closed_at", "结案时间"),
    ("stage", "状态"),
    ("verdict", "平台认定"),
    ("title", "标题"),
    ("description", "问题描述"),
    ("main_class", "大类"),
    ("sub_class", "小类"),
    ("condition", "立案条件"),
    ("channel", "来源"),
    ("address", "地址"),
    ("territory_code", "地域编码"),
    ("territory_name", "地域名称"),
    ("longitude", "经度"),
    ("latitude", "纬度"),
    ("body", "责任单位"),
    ("extensions", "延期次数"),
    ("", "返工次数"),
    ("", "处置意见"),
)
HEADER = tuple(header for _field, header in COLUMNS)
WIDTHS = (22, 17, 17, 17, 10, 10, 20, 40, 14, 16, 10, 14, 30, 16, 18, 12, 12, 20, 10, 10, 30)
#: A workbook's moment at midnight is read as its day.
_MIDNIGHT = " 00:00:00"
#: What a row shows beside the case's own columns.
BESIDE = ("case_class__parent", "body", "territory")


def labels(choices: type[Stage | Verdict]) -> Mapping[str, str]:
    """Return what codes are called in the file, whatever the reader's language: {"void": "作废"}."""
    with override(settings.LANGUAGE_CODE):
        return {one.value: str(one.label) for one in choices}


class OwnRows:
    """Makes the rows of our export, its times in the office's zone, to the second, without a zone."""

    def __init__(self, tenant: Tenant) -> None:
        """Three queries, for the names of territories."""
        self._zone = ZoneInfo(tenant.zone) if tenant.zone else ZoneInfo("UTC")
        self._names = dict(options(tenant))
        self._stages, self._verdicts = labels(Stage), labels(Verdict)

    def row(self, case: Case) -> Sequence[Cell]:
        """Return the cells of one case under HEADER; no query where the case was read with BESIDE."""
        main, sub = _classes(case)
        where = case.territory
        return (
            case.number,
            self._local(case.reported_at),
            self._local(case.due_at),
            self._local(case.closed_at),
            self._stages.get(case.stage, case.stage),
            self._verdicts.get(case.platform_verdict, case.platform_verdict),
            case.title,
            case.description,
            main,
            sub,
            case.filed_under,
            case.channel,
            case.address,
            where.code if where else "",
            self._names.get(where.code, "") if where else "",
            case.longitude,
            case.latitude,
            case.body.name if case.body else "",
            case.extensions,
            case.reworks,
            case.remedy,
        )

    def rows(self, cases: Iterable[Case]) -> Iterator[Sequence[Cell]]:
        """Yield the rows of cases in their order."""
        return map(self.row, cases)

    def differing(self, case: Case, content: str, read: Collection[str]) -> list[str]:
        """Return the columns in which a row's stored content says something else than the case.

        Columns of others are passed over; an empty one counts where it is among `read`, those that the file has.
        """
        said = json.loads(content)
        told = dict(zip(HEADER, self.row(case), strict=True))
        return [name for name in HEADER if (name in said or name in read) and not _same(told[name], said.get(name, ""))]

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self._zone).replace(tzinfo=None, microsecond=0) if moment else None


def _classes(case: Case) -> tuple[str, str]:
    """Return (main class, sub-class); a class without one above it is a main class."""
    one = case.case_class
    if one is None:
        return "", ""
    return (one.parent.name, one.name) if one.parent else (one.name, "")


def cases_told(tenant: Tenant, source: Source, numbers: Sequence[str]) -> dict[str, Case]:
    """Return, by number, our own cases among those that an export of ours names; others came from another office's.

    Two queries.
    """
    theirs = SourceRecord.objects.filter(source=source, number__in=numbers).values_list("number", flat=True)
    wanted = set(numbers) - set(theirs)
    found = Case.objects.filter(tenant=tenant, number__in=wanted).select_related(*BESIDE)
    return {case.number: case for case in found}


def _same(ours: Cell, said: str) -> bool:
    """Return whether a cell of ours and what a file says of it are the same: numbers as numbers, texts without the guard."""
    if isinstance(ours, str):
        told = {said, unguarded(said).strip()}
        return ours.strip() in told or mask(ours).strip() in told  # it left masked
    if isinstance(ours, int | float):
        try:
            return float(said) == ours
        except ValueError:
            return False
    return text_of(ours).removesuffix(_MIDNIGHT) == said.removesuffix(_MIDNIGHT)
