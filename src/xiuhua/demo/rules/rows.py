"""The export as the platform of the made-up district writes it, with the faults that such exports have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.frame import degrees
from xiuhua.demo.words import City, CommunityPlan, Incident, Spot
from xiuhua.territory.rules import from_wgs84

#: The columns of such an export in their order, and the platform's verdict that later exports add.
HEADER = (
    "上报时间",
    "任务号",
    "大类名称",
    "小类名称",
    "问题来源",
    "问题描述",
    "当前阶段名称",
    "处置部门",
    "捆绑处置截止时间",
    "结案时间",
    "所属片区",
    "问题类型",
    "地址描述",
    "所属街道",
    "所属社区",
    "监督员",
    "处置截止时间",
    "X坐标",
    "Y坐标",
    "延期理由",
    "处置意见",
    "单元网格",
    "延期次数",
    "所属区域",
    "是否超时",
)
#: The channel through which cases arrive that nobody has located.
HOTLINE = "12345热线"
COLLECTOR = "监督员上报"
#: Posts stand where a platform names people: nobody appears in the made-up street.
POSTS_PER_SECTOR = 6


@dataclass(frozen=True, slots=True)
class Where:
    """What the export says about a case's place; empty where it says nothing."""

    spot: Spot | None
    grid: str
    community: str


def table(city: City, cases: Sequence[Incident], seed: int) -> list[dict[str, str]]:
    """Return the rows of the export, in the order of report."""
    draws = Draws(seed, "export")
    writer = _Writer(city, draws)
    places = [writer.where(case) for case in cases]
    points = _points(city, places)
    return [writer.row(case, place, point) for case, place, point in zip(cases, places, points, strict=True)]


def _points(city: City, places: Sequence[Where]) -> list[tuple[str, str]]:
    """Return GCJ-02 longitude and latitude with six digits, empty where there is no point."""
    known = [degrees(place.spot, city.plan.origin) if place.spot else (np.nan, np.nan) for place in places]
    wgs = np.array(known, dtype=np.float64)
    lon, lat = from_wgs84(wgs[:, 0], wgs[:, 1], "gcj02")
    return [("", "") if np.isnan(x) else (f"{x:.6f}", f"{y:.6f}") for x, y in zip(lon, lat, strict=True)]


class _Writer:
    """Writes one row after the other: numbers count within the day."""

    def __init__(self, city: City, draws: Draws) -> None:
        self._city, self._draws = city, draws
        self._communities: dict[str, CommunityPlan] = {c.code: c for c in city.plan.communities}
        self._former = {code: name for name, code in city.plan.former_names.items()}
        self._numbers: Counter[str] = Counter()

    def where(self, case: Incident) -> Where:
        """Return what the export says about the place: the truth, but for a declared share."""
        faults, draws = self._city.faults, self._draws
        name = self._communities[case.grid.community].name
        if case.channel == HOTLINE and draws.chance(faults.default_point):
            return Where(self._city.plan.office, "", "" if draws.chance(faults.nothing) else name)
        if not draws.chance(faults.no_point):
            return Where(case.spot, case.grid.code, name)
        if draws.chance(faults.nothing):
            return Where(None, "", "")
        if case.grid.community in self._former and draws.chance(faults.former_name):
            return Where(None, "", self._former[case.grid.community])
        return Where(None, case.grid.code if draws.chance(0.7) else "", name)

    def row(self, case: Incident, place: Where, point: tuple[str, str]) -> dict[str, str]:
        """Return one row by column."""
        plan, problem = self._city.plan, case.problem
        sector = self._communities[case.grid.community].sector
        closed = case.closed <= self._city.rhythm.export_at
        values = (
            _clock(case.reported),
            self._number(case.reported),
            problem.main,
            problem.name,
            case.channel,
            self._says(case),
            self._stage(case, closed=closed),
            case.unit.name,
            _clock(case.bundled),
            _clock(case.closed) if closed and not case.void else "",
            sector,
            problem.kind,
            f"{place.community or plan.name}{case.near}",
            plan.name,
            place.community,
            f"{sector}采集岗{self._draws.whole(1, POSTS_PER_SECTOR)}" if case.channel == COLLECTOR else "",
            _clock(case.due),
            *point,
            self._draws.pick(self._city.rhythm.delays) if case.delays else "",
            self._draws.pick(problem.done) if closed and not case.void else "",
            place.grid,
            str(case.delays),
            plan.district,
            self._verdict(case, closed=closed),
        )
        return dict(zip(HEADER, values, strict=True))

    def _number(self, reported: datetime) -> str:
        day = f"{reported:%Y%m%d}"
        self._numbers[day] += 1
        return f"XH{day}{self._numbers[day]:04d}"

    def _says(self, case: Incident) -> str:
        sentence = self._draws.pick(case.problem.says).format(p=case.near)
        if case.recurrence and self._draws.chance(0.35):
            sentence += "，近期曾处置过"
        return sentence + "。"

    def _stage(self, case: Incident, *, closed: bool) -> str:
        if case.void:
            return "[作废]"
        if closed:
            return "[结案]"
        return self._draws.weighted(("[处置]", "[派遣]", "[核查]"), (7.0, 1.0, 1.0))

    def _verdict(self, case: Incident, *, closed: bool) -> str:
        """Return the platform's verdict, which differs from its own columns where an appeal or a rework changed it."""
        if case.void:
            return ""
        late = (case.closed if closed else self._city.rhythm.export_at) > case.bundled
        share = self._city.faults.verdict_differs * (5 if late else 1)
        differs = closed and self._draws.chance(share)
        return "是" if late != differs else "否"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
