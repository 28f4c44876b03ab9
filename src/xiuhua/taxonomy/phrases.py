"""The sentence of every fault of the taxonomy, and limits in words."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from xiuhua.clock.words import Limits, LimitStage, Unit
from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import marked as _
from xiuhua.taxonomy.rules.limits import number_text

sentences(
    {
        "limit.empty": _("没有写时限。"),
        "limit.long": _("时限超过 %(limit)s 个字，请分条写。"),
        "limit.stages": _("“%(text)s”分了太多段，最多 %(limit)s 段。"),
        "limit.amount_missing": _("“%(text)s”里没有数量。"),
        "limit.unit_unknown": _("“%(text)s”里没有认得的计时单位（紧急工作时、自然日、工作时、工作日、天、小时）。"),
        "limit.several": _("“%(text)s”里有几个时限，分不清先后；分段请用“→”隔开。"),
        "limit.range_reversed": _("“%(text)s”的范围前大后小。"),
        "limit.zero": _("“%(text)s”的时限是零。"),
        "limit.words": _("“%(text)s”里的“%(words)s”可能改变时限的意思，请人看过再定。"),
        "limit.day_undeclared": _("“%(text)s”：没有说明“天”指自然日还是工作日。"),
        "limit.hour_undeclared": _("“%(text)s”：没有说明“小时”指紧急工作时还是工作时。"),
        "limit.range": _("“%(text)s”是范围，按上限计：过了上限才一定是超期。"),
        "limit.chained": _("“%(text)s”没有写明先后，按一段完了接下一段计，请核对。"),
        "identifier.mangled": _("“%(text)s”是被表格软件当成数字改写过的，请把这一栏设为文本后重新导出。"),
        "identifier.not_digits": _("“%(text)s”不全是数字。"),
        "identifier.length": _("“%(text)s”有 %(length)s 位，应为 %(expected)s 位。"),
        "identifier.zero": _("这一段是“%(value)s”，不能全是零。"),
        "identifier.division_unknown": _("不认识行政区划“%(value)s”。"),
        "identifier.class_unknown": _("分类里没有“%(value)s”。"),
        "taxonomy.kind_unknown": _("“%(text)s”既不是 event（事件），也不是 component（部件）。"),
        "taxonomy.code_form": _("代码“%(text)s”应是 %(length)s 位数字，前面的零要写。"),
        "taxonomy.parent_unknown": _("没有大类“%(text)s”，或者小类代码不以它开头。"),
        "taxonomy.class_twice": _("“%(text)s”出现了两次。"),
        "taxonomy.class_unknown": _("classes.csv 里没有“%(text)s”。"),
        "taxonomy.condition_twice": _("条件“%(text)s”出现了两次。"),
        "taxonomy.default_twice": _("“%(text)s”有两个默认条件，只能有一个。"),
        "taxonomy.default_form": _("“%(text)s”应为 1 或空着。"),
        "taxonomy.text_long": _("有 %(length)s 个字，最多 %(limit)s 个。"),
        "taxonomy.code_taken": _(
            "代码 %(text)s 在这个体系里已经是“%(known)s”，不能改作“%(name)s”；代码的意思变了，就要另立体系。"
        ),
        "standard.header_missing": _("前 %(rows)s 行里没有找到表头（要有小类、立案条件、处置时限等栏名）。"),
        "standard.columns_missing": _("缺这些栏：%(columns)s。"),
        "standard.kind_missing": _("表里没有说是事件还是部件，请用 --kind 说明。"),
        "standard.kind_unknown": _("“%(text)s”看不出是事件还是部件。"),
        "standard.row_passed": _("只有一格有字（“%(text)s”），当作标题或附注略过。"),
        "standard.text_missing": _("有时限而没有立案条件。"),
        "standard.class_missing": _("没有写是哪一类，上面也没有可以沿用的。"),
        "standard.name_missing": _("%(text)s 没有写名称。"),
        "standard.sub_code_missing": _("小类“%(text)s”没有代码。"),
        "standard.name_differs": _("%(text)s 在前面叫“%(known)s”，这里叫“%(name)s”。"),
        "standard.code_form": _("代码“%(text)s”应是不超过 %(length)s 位的数字。"),
        "standard.code_main": _("小类代码 %(text)s 不以大类 %(main)s 开头。"),
        "standard.code_number": _("这一格是数字 %(text)s 而不是文本，前面的零已丢，补成 %(code)s。"),
        "standard.code_short": _("代码 %(text)s 少了位数，补成 %(code)s。"),
        "standard.condition_twice": _("条件“%(text)s”出现了两次。"),
    }
)


def limit_words(limits: Limits) -> str:
    """Return limits in the reader's words: "4 个工作时", "2 working days"; stages in their order; "" for none."""
    return gettext("，再").join(_stage(stage) for stage in limits)


def _stage(stage: LimitStage) -> str:
    said = _amount(stage.limit.amount, stage.limit.unit)
    return gettext("%(limit)s内%(title)s") % {"limit": said, "title": stage.title} if stage.title else said


def _amount(amount: Fraction, unit: Unit) -> str:
    one = {
        Unit.URGENT_HOUR: gettext("1 个紧急工作时"),
        Unit.CALENDAR_DAY: gettext("1 个自然日"),
        Unit.WORK_HOUR: gettext("1 个工作时"),
        Unit.WORK_DAY: gettext("1 个工作日"),
    }
    many = {
        Unit.URGENT_HOUR: gettext("%(n)s 个紧急工作时"),
        Unit.CALENDAR_DAY: gettext("%(n)s 个自然日"),
        Unit.WORK_HOUR: gettext("%(n)s 个工作时"),
        Unit.WORK_DAY: gettext("%(n)s 个工作日"),
    }
    return one[unit] if amount == 1 else many[unit] % {"n": number_text(amount)}
