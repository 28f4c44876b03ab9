"""What fields, systems of coordinates and sizes of files are called on the pages of imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.utils.translation import pgettext

from xiuhua.exchange.intakes import AT_WORK
from xiuhua.exchange.models import Intake
from xiuhua.kernel.phrases import code_sentence, refusal_said
from xiuhua.kernel.words import Fault

#: Field → what it is called, in the order in which they are offered.
FIELDS: Mapping[str, str] = {
    "number": marked("编号"),
    "reported_at": marked("上报时间"),
    "due_at": marked("截止时间"),
    "closed_at": marked("结案时间"),
    "title": marked("标题"),
    "description": marked("问题描述"),
    "address": marked("地址"),
    "channel": marked("问题来源"),
    "main_class": marked("大类"),
    "sub_class": marked("小类"),
    "condition": marked("立案条件"),
    "body": marked("处置单位"),
    "territory_name": marked("社区名称"),
    "territory_code": marked("社区或网格编码"),
    "longitude": marked("经度（X）"),
    "latitude": marked("纬度（Y）"),
    "stage": marked("阶段"),
    "verdict": marked("是否超期"),
    "extensions": marked("延期次数"),
}
SYSTEMS: Mapping[str, tuple[str, str]] = {
    "gcj02": (marked("GCJ-02"), marked("高德、腾讯，多数城管平台")),
    "wgs84": (marked("WGS-84"), marked("卫星定位原值")),
    "bd09": (marked("BD-09"), marked("百度经纬度")),
    "cgcs2000": (marked("CGCS2000 经纬度"), marked("国家大地坐标，与 WGS-84 相差几厘米")),
    "bd09mc": (marked("BD-09 墨卡托"), marked("百度的米制坐标")),
    "webmercator": (marked("Web 墨卡托"), marked("网络地图的米制坐标")),
    "cgcs2000-gk3": (marked("CGCS2000 三度带"), marked("测绘用的高斯–克吕格米制坐标")),
}
ORDERS: Mapping[str, tuple[str, str]] = {
    "ymd": (marked("年-月-日"), "2026-10-03"),
    "mdy": (marked("月/日/年"), "10/03/2026"),
    "dmy": (marked("日/月/年"), "03/10/2026"),
}
DAYS: Mapping[str, tuple[str, str]] = {
    "work_day": (marked("工作日"), marked("周末和节假日不算")),
    "natural_day": (marked("自然日"), marked("天天都算")),
}
STAGES: Mapping[str, str] = {"open": marked("还没办结"), "closed": marked("已办结"), "void": marked("作废，不计数")}
VERDICTS: Mapping[str, str] = {"on_time": marked("按期"), "overdue": marked("超期")}

_MIB = 1 << 20


def field_title(name: str) -> str:
    """Return what a field is called."""
    return _(FIELDS[name])


def size_text(size: int) -> str:
    """Return a number of bytes as people say it: "840 KB", "3.2 MB"."""
    if size < _MIB:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / _MIB:.1f}".removesuffix(".0") + " MB"


def steps_of(intake: Intake | None, current: int, addresses: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return the parameters of the component `steps`."""
    labels = (
        pgettext("step", "上传"),
        pgettext("step", "对照"),
        pgettext("step", "体检"),
        pgettext("step", "入库"),
        pgettext("step", "结果"),
    )
    back = dict(addresses or {}) if intake is None or intake.state not in AT_WORK else {}
    steps = [(label, back.get(number, "")) for number, label in enumerate(labels, start=1)]
    return {"title": _("导入一份表"), "steps": steps, "current": current}


def failure_told(intake: Intake) -> dict[str, Any] | None:
    """Return why the last job of a file did not end well, in the reader's language; None if it did."""
    failure = intake.failure
    if not failure:
        return None
    faults = [Fault(one["code"], one["row"], one["column"], one["facts"]) for one in failure.get("faults", ())]
    return {
        "text": refusal_said(failure),
        "step": failure["step"],
        "faults": [
            {"row": one.row, "column": one.column, "sentence": code_sentence(one.code, dict(one.facts))}
            for one in faults
        ],
    }
