"""The sentences of duty: every fault of a matrix, and why somebody answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext

from xiuhua.kernel.phrases import fault_sentence, sentences
from xiuhua.kernel.words import Fault
from xiuhua.kernel.words import marked as _
from xiuhua.responsibility.models import Post
from xiuhua.responsibility.queries.books import DutyBook, Names
from xiuhua.responsibility.rules.duty.blocks import Block, DaySpan
from xiuhua.responsibility.rules.duty.covering import covering
from xiuhua.responsibility.rules.duty.space import Place
from xiuhua.responsibility.rules.passwords import Profile
from xiuhua.responsibility.words import ANY, Answer, DutyRow, Ground, Loser, Role, SiteHere

sentences(
    {
        "token.name": _("要有个名称，最多 %(most)s 个字。"),
        "token.scopes_missing": _("至少选一项能做的事。"),
        "token.scope_unknown": _("令牌不能用于：%(scopes)s。"),
        "token.days": _("有效期从 1 天到 %(most)s 天。"),
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
        "password.short": _("至少 %(minimum)s 个字符，现在是 %(given)s 个"),
        "password.long": _("最多 %(maximum)s 个字符"),
        "password.kinds": _("至少要有 %(wanted)s 类字符，还缺：%(missing)s"),
        "password.common": _("太常见，别人一猜就中"),
        "password.pattern": _("不同的字符少于 %(different)s 个"),
        "password.local": _("去掉大家都知道的“%(word)s”，剩下不到 %(left)s 个字符"),
        "password.phone": _("去掉像电话或生日的数字，剩下不到 %(left)s 个字符"),
        "password.used": _("最近 %(history)s 个密码里用过"),
        "duty.empty": _("矩阵里一行也没有。"),
        "duty.tier": _("“%(text)s”不是层次；可以写：%(known)s。"),
        "duty.weekdays": _("“%(text)s”不是星期：星期一到星期日写成 1 到 7，例如 67 是周末。"),
        "duty.day": _("“%(text)s”不是日期，请写成 2026-10-04 这样。"),
        "duty.period": _("止于 %(text)s，不晚于开始的 %(begin)s；“until”是不再生效的第一天。"),
        "duty.site_twice": _("点位“%(text)s”与点位类型“%(type)s”只能写一个。"),
        "duty.number": _("“%(text)s”不是数。"),
        "duty.test_place": _("要写明在哪里：地域、点位，或者经度和纬度。"),
        "duty.territory_unknown": _("没有代码为“%(text)s”的地域。"),
        "duty.site_unknown": _("没有代码为“%(text)s”的点位。"),
        "duty.site_type_unknown": _("没有一个点位属于类型“%(text)s”。"),
        "duty.class_unknown": _("没有类别“%(text)s”。"),
        "duty.class_ambiguous": _("“%(text)s”可以指几个类别：%(found)s。请写“体系:编码”。"),
        "duty.unit_unknown": _("没有单位“%(text)s”。"),
        "duty.unit_ambiguous": _("叫“%(text)s”的单位不止一个：%(found)s。请写编码。"),
        "duty.test_failed": _(
            "应由“%(expected)s”（层次 %(tier)s），得到“%(got)s”（层次 %(got_tier)s，矩阵第 %(row)s 行）。理由：%(why)s"
        ),
        "duty.test_conflict": _("应由“%(expected)s”，却有冲突：%(got)s（矩阵第 %(row)s 行起）。理由：%(why)s"),
    }
)

sentences(
    {
        "post.role_unknown": _("没有岗位“%(role)s”。"),
        "post.scope_missing": _("“%(role)s”要说明属于哪个单位，或管哪个地域。"),
        "post.period": _("最后一天不能早于第一天 %(first)s。"),
        "post.person_off": _("这个账号已停用，先启用才能派岗位。"),
        "post.deputy_self": _("不能自己代自己。"),
        "post.deputy_chain": _("代岗不能再由别人代，请代原来的岗位。"),
        "post.deputy_outside": _("代的这段日子里，那个岗位没有人在任。"),
        "post.repeated": _("这段日子里他已经有同样的岗位。"),
        "post.unit_unknown": _("没有代码为“%(text)s”的单位。"),
        "post.territory_unknown": _("没有代码为“%(text)s”的地域。"),
        "post.class_unknown": _("没有类别“%(text)s”。"),
        "post.day": _("“%(text)s”不是日期，请写成 2026-10-04 这样。"),
        "post.need_role": _("请选岗位。"),
        "post.need_username": _("请选一个人。"),
        "post.need_first": _("请填第一天。"),
        "post.need_last": _("请填最后一天。"),
        "user.territory_unknown": _("没有代码或名称为“%(territory)s”的唯一一个地域。"),
        "user.scope_missing": _("“%(role)s”要填单位或地域。"),
    }
)


def scope_words(post: Post, names: Mapping[str, str]) -> str:
    """Return the scope of a post in brackets, "" where it reaches the whole office; `names` are those of territories."""
    said = [post.body.name] if post.body else []
    if post.territory is not None:
        said.append(names.get(post.territory.code, post.territory.code))
    classes = sorted(one.name for one in post.classes.all())
    if classes:
        said.append(gettext("只管%(classes)s") % {"classes": some(classes)})
    return f"（{'，'.join(said)}）" if said else ""


def post_words(post: Post, names: Mapping[str, str]) -> str:
    """Return a post in words: its role, its scope, and whom it stands in for."""
    held = post.deputy_of or post
    said = f"{Role(held.role).label}{scope_words(held, names)}"
    return gettext("代 %(who)s：%(post)s") % {"who": held.user, "post": said} if post.deputy_of else said


def period_words(first: date | None, end: date | None) -> str:
    """Return a period in words, its last day included; `end` is the first day no longer."""
    last = date.fromordinal(end.toordinal() - 1) if end else None
    if first and last and last < first:
        return gettext("没有上任")
    if first is None and last is None:
        return gettext("长期")
    if last is None:
        return gettext("自 %(first)s 起") % {"first": first}
    if first is None:
        return gettext("到 %(last)s 为止") % {"last": last}
    return f"{first} – {last}"


#: The four kinds of characters of a password.
KINDS = {"lower": _("小写字母"), "upper": _("大写字母"), "digit": _("数字"), "other": _("标点或汉字")}


def password_reason(faults: Sequence[Fault]) -> str:
    """Return everything a password lacks, in one sentence without a full stop."""
    told = []
    for fault in faults:
        facts = dict(fault.facts)
        if fault.code == "password.kinds":
            facts["missing"] = "、".join(gettext(KINDS[kind]) for kind in str(facts["missing"]).split(","))
        told.append(fault_sentence(Fault(fault.code, facts=facts)))
    return "；".join(told)


def profile_hint(profile: Profile) -> str:
    """Return what a new password has to be, in words."""
    if profile.kinds:
        said = gettext("至少 %(minimum)s 个字符，大小写字母、数字、标点占其中 %(kinds)s 类，可以粘贴")
        return said % {"minimum": profile.minimum, "kinds": profile.kinds}
    return gettext("至少 %(minimum)s 个字符，什么字符都行，可以粘贴") % {"minimum": profile.minimum}


#: ISO weekdays from Monday.
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def weekday(day: int) -> str:
    """Return the name of an ISO weekday, Monday 1 to Sunday 7."""
    return gettext(WEEKDAYS[day - 1])


def day_words(day: date) -> str:
    """Return a day with its weekday: "2026-10-04 周日"."""
    return f"{day.isoformat()} {weekday(day.isoweekday())}"


def span_words(span: DaySpan) -> str:
    """Return a span of days in words; the last day is included."""
    days = span.first.isoformat() if span.first == span.last else f"{span.first.isoformat()} – {span.last.isoformat()}"
    return f"{days}（{weekdays_words(span.weekdays)}）" if span.weekdays else days


def weekdays_words(days: tuple[int, ...] | frozenset[int]) -> str:
    """Return weekdays in words, in their order."""
    return "、".join(weekday(day) for day in sorted(days))


def site_words(site: SiteHere, names: Names) -> str:
    """Return a site by its name, or "any site of the type"."""
    if site.code:
        return names.sites.get(site.code, site.code)
    return gettext("%(type)s（各处）") % {"type": names.site_types.get(site.type, site.type)}


def place_words(place: Place, names: Names) -> str:
    """Return a place in words: the territory's name, then its sites."""
    where = names.territories.get(place.territory, place.territory) or gettext("未落图")
    return " · ".join([where, *(site_words(site, names) for site in place.sites)])


def condition_words(row: DutyRow, names: Names) -> str:
    """Return where, what and when a row applies, in words."""
    where = gettext("全域") if row.territory == ANY else names.territories.get(row.territory, row.territory)
    parts = [where]
    if row.site != ANY:
        parts.append(site_words(SiteHere(row.site, ""), names))
    elif row.site_type != ANY:
        parts.append(site_words(SiteHere("", row.site_type), names))
    parts.append(gettext("各类") if row.case_class == ANY else names.class_name(row.case_class))
    if row.weekdays:
        parts.append(weekdays_words(row.weekdays))
    if row.valid_from:
        parts.append(gettext("%(day)s 起") % {"day": row.valid_from.isoformat()})
    if row.valid_to:
        parts.append(gettext("%(day)s 前") % {"day": row.valid_to.isoformat()})
    return " · ".join(parts)


def row_sentence(row: DutyRow, names: Names) -> str:
    """Return in one short sentence what a row of the matrix says, for who already knows the case."""
    facts = {"line": row.line, "tier": row.tier.label, "condition": condition_words(row, names)}
    said = gettext("责任清单第 %(line)s 行，按%(tier)s：%(condition)s。") % facts
    return f"{said}{row.basis}" if row.basis else said


def answer_sentence(answer: Answer, names: Names) -> str:
    """Return in one sentence who answers and why."""
    asked = answer.question
    facts = {
        "place": place_words(Place(asked.territory, asked.sites), names),
        "what": names.class_name(asked.case_class),
        "day": day_words(asked.day),
        "unit": names.units.get(answer.unit, answer.unit),
    }
    if answer.row is None and answer.gap:
        return (
            gettext("%(place)s的“%(what)s”（%(day)s）没有人负责：没有一行适用，这里和上级地域也没有自己的单位。")
            % facts
        )
    if answer.row is None:
        own = names.territories.get(answer.fallback, answer.fallback)
        return gettext("%(place)s的“%(what)s”（%(day)s）由%(unit)s兜底：没有一行适用，它是%(own)s自己的单位。") % {
            **facts,
            "own": own,
        }
    why = {"tier": answer.row.tier.label, "line": answer.row.line, "condition": condition_words(answer.row, names)}
    text = gettext("%(place)s的“%(what)s”（%(day)s）由%(unit)s负责：按%(tier)s，矩阵第 %(line)s 行（%(condition)s）。")
    said = text % {**facts, **why}
    if answer.conflict:
        others = "、".join(names.units.get(row.unit, row.unit) for row in answer.conflict[1:])
        said += gettext("但这里有冲突：%(others)s同样有据，请改矩阵。") % {"others": others}
    return said


def cautions(answer: Answer, book: DutyBook) -> list[str]:
    """Return what to mind about an answer: no matrix on that day, a class of another standard, a place in no territory."""
    asked, said = answer.question, []
    if book.version_on(asked.day) is None and book.versions:
        begin = book.versions[0].begin
        facts = {"day": day_words(asked.day), "begin": begin.isoformat() if begin else ""}
        said.append(gettext("%(day)s还没有矩阵：最早的一版自 %(begin)s 起生效，那天只有地域自己的单位兜底。") % facts)
    scheme, named = asked.case_class.partition(":")[0], book.schemes_on(asked.day)
    if named and scheme not in named:
        facts = {"scheme": scheme, "named": "、".join(sorted(named))}
        said.append(gettext("这个类别属于标准 %(scheme)s，矩阵按 %(named)s 分工：只有不限类别的行答得上。") % facts)
    if not asked.territory:
        said.append(gettext("这里不在任何地域的边界里：只有不限地域的行答得上。"))
    return said


def days_words(first: date, end: date) -> str:
    """Return the days from `first` to `end` (exclusive) in words."""
    return span_words(DaySpan(first, date.fromordinal(end.toordinal() - 1)))


def loser_sentence(loser: Loser, names: Names) -> str:
    """Return why a row that applied did not answer."""
    return gettext("第 %(line)s 行（%(tier)s，%(condition)s → %(unit)s）没有采用：%(why)s。") % {
        "line": loser.row.line,
        "tier": loser.row.tier.label,
        "condition": condition_words(loser.row, names),
        "unit": names.units.get(loser.row.unit, loser.row.unit),
        "why": loser.why.label,
    }


#: Names listed before a block says "and n more".
LISTED = 4


def block_words(block: Block, names: Names, ground: Ground) -> str:
    """Return a block in words: places × classes × days."""
    classes = [names.class_name(key) for key in covering(block.classes, ground.class_above)]
    days = [span_words(span) for span in block.days]
    return f"{places_words(block.places, names, ground)} × {some(classes)} × {some(days)}"


def places_words(places: Sequence[Place], names: Names, ground: Ground) -> str:
    """Return places in words, coarse territories standing for everything below them; sites alone are named."""
    plain = {place.territory for place in places if not place.sites}
    said = [names.territories.get(code, code) for code in covering(plain, ground.above)]
    apart: dict[tuple[SiteHere, ...], set[str]] = {}
    for place in places:
        if place.sites and place.territory not in plain:
            apart.setdefault(place.sites, set()).add(place.territory)
    for sites, territories in apart.items():
        where = covering(territories, ground.above)
        said += [place_words(Place(code, sites), names) for code in where]
    text = some(said)
    if any(place.sites and place.territory in plain for place in places):
        return gettext("%(places)s（连同点位共 %(n)s 处）") % {"places": text, "n": len(places)}
    return text


def some(names: Sequence[str]) -> str:
    """Return a list in words, cut after a few with the number of the rest."""
    said = "、".join(names[:LISTED])
    rest = len(names) - LISTED
    return gettext("%(some)s 等 %(all)s 个") % {"some": said, "all": len(names)} if rest > 0 else said
