"""Bills."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "过一夜": {
        "caption": "期限怎么来的",
        "lines": [
            {"what": "收到", "figure": "11月18日 周二 16:30", "kind": "start"},
            {"what": "应给时间", "figure": "4 工作时", "kind": "stage"},
            {"what": "11月18日 周二", "note": "16:30 到 18:00", "figure": "1 小时 30 分", "kind": "run"},
            {"what": "11月19日 周三", "note": "08:30 到 11:00", "figure": "2 小时 30 分", "kind": "run"},
            {"what": "到期", "figure": "11月19日 周三 11:00", "kind": "end"},
        ],
        "foot": "日历 2026 年版，两天都上班。",
    },
    "放假、停表、分段": {
        "caption": "期限怎么来的",
        "lines": [
            {"what": "收到", "figure": "9月30日 周二 16:00", "kind": "start"},
            {"what": "停工", "figure": "4 工作时", "kind": "stage"},
            {"what": "9月30日 周二", "note": "16:00 到 18:00", "figure": "2 小时", "kind": "run"},
            {"what": "10月1日 到 10月8日", "note": "国庆节、中秋节放假", "figure": "8 天不计", "kind": "off"},
            {"what": "10月9日 周四", "note": "停表，08:30 到 09:30", "figure": "顺延 1 小时", "kind": "pause"},
            {"what": "10月9日 周四", "note": "09:30 到 11:30", "figure": "2 小时", "kind": "run"},
            {"what": "阶段到期", "note": "停工", "figure": "10月9日 周四 11:30", "kind": "stage_end"},
            {"what": "整改", "figure": "1 工作日", "kind": "stage"},
            {"what": "10月11日 周六", "note": "国庆节、中秋节调休上班", "figure": "8 小时", "kind": "make_up"},
            {"what": "到期", "note": "整改", "figure": "10月11日 周六 18:00", "kind": "end"},
        ],
    },
}
