"""The sentence of every fault that tables of units and accounts and packs of their kinds can have."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences

sentences(
    {
        "unit.code_repeated": _("编码“%(code)s”与第 %(first)s 行重复。"),
        "unit.name_repeated": _("名称“%(name)s”与第 %(first)s 行重复。"),
        "unit.name_taken": _("名称“%(name)s”已经是单位 %(code)s 的名称。"),
        "unit.name_ambiguous": _("名称“%(name)s”对得上几个还没确认的单位：%(codes)s。"),
        "unit.kind_unknown": _("类别“%(kind)s”不在数据包里：xiuhua unit template 里的下拉表有全部类别。"),
        "unit.territory_unknown": _("“%(name)s”对不上唯一一个地域，请填编码或全称。"),
        "unit.kind_code": _("类别编码“%(code)s”只能用字母、数字、点和横线，最多 40 个字。"),
        "unit.kind_repeated": _("“%(text)s”与第 %(first)s 行重复。"),
        "user.name_malformed": _("账号“%(username)s”只能用字母、数字、点、@、横线和下划线。"),
        "user.repeated": _("账号“%(username)s”与第 %(first)s 行重复。"),
        "user.elsewhere": _("账号“%(username)s”已属于别的单位。"),
        "user.role_unknown": _("没有角色“%(role)s”；可用：%(known)s。"),
        "user.unit_unknown": _("“%(unit)s”对不上唯一一个单位，请填编码或全称。"),
    }
)
