"""What rights are called. A right is a verb that posts allow (rules.roles); those to move cases are named by the moves."""

from __future__ import annotations

from collections.abc import Mapping

from xiuhua.kernel.words import Actor
from xiuhua.kernel.words import marked as _

#: Right → its name, in the order in which tables show them.
TITLES: Mapping[str, str] = {
    "month.see": _("看本月、排名、榜单、差异和地图"),
    "register.see": _("看底册：地域、点位、单位、标准、日历、责任"),
    "register.change": _("改底册：边界、点位、单位"),
    "pack.change": _("装新版数据包"),
    "import.see": _("看导入批次"),
    "import.do": _("导入案件"),
    "assess.do": _("冻结并核算一个月"),
    "bulletin.see": _("看通报"),
    "bulletin.write": _("起草和改通报"),
    "bulletin.approve": _("审通报"),
    "bulletin.issue": _("发出通报"),
    "case.see": _("看案件"),
    "reporter.see": _("看上报人"),
    "privacy.see": _("看原文里的个人信息"),
    "privacy.place": _("看原文里的门牌和车牌"),
    "evidence.add": _("加照片"),
    "evidence.original": _("看照片原件"),
    "people.see": _("看人员和岗位"),
    "people.manage": _("管人员和岗位"),
    "audit.see": _("看台账"),
    "system.operate": _("管运行：队列、通道、备份"),
    "api.token": _("管接口令牌"),
}
#: Rights over what belongs to the whole office: a post that is bounded by a territory, a unit or classes has none of them,
#: whatever its role, for its holder would reach further than anybody meant.
OFFICE_WIDE = frozenset(
    {
        *("register.change", "pack.change", "import.do", "assess.do", "people.see", "people.manage", "audit.see"),
        *("system.operate", "api.token", "bulletin.see", "bulletin.write", "bulletin.approve", "bulletin.issue"),
    }
)


def holds(actor: Actor, right: str) -> bool:
    """Return whether an actor has a right somewhere; one of OFFICE_WIDE only by a post that reaches the whole office."""
    return actor.may_everywhere(right) if right in OFFICE_WIDE else actor.may(right)
