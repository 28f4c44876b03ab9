"""The sentence of every fault a file of territories can have."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences
from xiuhua.territory.actions.versioning import KINDS, REFUSALS
from xiuhua.territory.words import SuccessionKind

sentences(
    {
        "territory.name_missing": _("没有名称。"),
        "territory.name_long": _("名称有 %(length)s 个字，最多 %(limit)s 个。"),
        "territory.name_repeated": _("名称“%(name)s”与第 %(first)s 行重复。"),
        "territory.name_ambiguous": _("名称“%(name)s”对得上几个已有的地域：%(codes)s；请加编码栏或上级。"),
        "territory.text_unusable": _("含有控制字符或残缺的字符。"),
        "territory.code_short": _("编码“%(code)s”不足 %(digits)s 位，看不出上级。"),
        "territory.change_kind": _("“%(kind)s”不是变更种类；可用：%(known)s。"),
        "territory.change_day": _("“%(day)s”不是日期；请写成 2023-06-30 这样，或用 --effective。"),
        "territory.code_missing": _("没有编码。"),
        "territory.code_long": _("编码有 %(length)s 个字，最多 %(limit)s 个。"),
        "territory.code_repeated": _("编码“%(code)s”与第 %(first)s 行重复。"),
        "territory.code_mangled": _("编码“%(code)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新导出。"),
        "territory.code_other_level": _("编码“%(code)s”已属于层级 %(level)s。"),
        "territory.parent_unknown": _("没有代码为“%(parent)s”的上级，请先导入上一级。"),
        "territory.parent_below": _("上级“%(parent)s”就是“%(code)s”本身或在它之下。"),
        "territory.effective_early": _("“%(code)s”的现行版本自 %(from)s 起，生效日不能比它早。"),
        "territory.feature_malformed": _("不是 GeoJSON 要素。"),
        "territory.cells_many": _("有 %(cells)s 格，表头只有 %(header)s 格。"),
        "territory.geometry_missing": _("没有几何图形。"),
        "territory.geometry_empty": _("几何图形没有面积。"),
        "territory.geometry_kind": _("几何类型是“%(kind)s”，需要面（Polygon 或 MultiPolygon）。"),
        "territory.coordinates_malformed": _("坐标写法不合 GeoJSON。"),
        "territory.coordinates_outside": _("坐标（%(lon)s, %(lat)s）不是经纬度，可能是投影坐标（米）。"),
        "territory.ring_short": _("面的边界不足三个不同的点。"),
        "site.code_repeated": _("编码“%(code)s”与第 %(first)s 行重复。"),
        "site.type_missing": _("没有点位类型。"),
        "site.type_unknown": _("点位类型“%(type)s”不在数据包里：xiuhua site template 里的下拉表有全部类型。"),
        "site.territory_unknown": _("“%(name)s”对不上唯一一个地域，请填编码或全称。"),
        "site.place_missing": _("没有位置：点填经度和纬度，线和面填图形。"),
        "site.shape_malformed": _("“%(text)s”读不成图形，请用 WKT 写法。"),
        "site.shape_empty": _("图形是空的，或者线没有长度。"),
        "site.days_crossed": _("停用日期 %(ends)s 不在启用日期 %(begins)s 之后。"),
        "site.type_code": _("类型编码“%(code)s”只能用字母、数字、点和横线，最多 20 个字。"),
        "site.type_shape": _("“%(shape)s”不是 point、line 或 area。"),
        "site.type_reach": _("“%(text)s”不是 0 到 %(most)s 之间的整米数。"),
        "site.type_repeated": _("“%(text)s”与第 %(first)s 行重复。"),
    }
)

# a change of a file that is refused is a fault of its row, with the same sentence
sentences({refusal.code: refusal.sentence for refusal in REFUSALS})


def kind_title(kind: str) -> str:
    """Return what a kind of change is called in the reader's language."""
    return str(KINDS[SuccessionKind(kind)])
