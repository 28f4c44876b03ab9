"""The month's bulletin 通报: an official document written from what a month tells, by templates and rules.

Its order is that of the bulletins streets publish: basis – ranking – what was checked and handled – problems, each with
unit, class and number – what is asked – annexes with the tables. A sentence stands only where its numbers exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import gettext, override

from xiuhua.assessment.rules.ranks import placed
from xiuhua.assessment.words import CutOff, SubjectView, Title
from xiuhua.disclosure.annexes import annexes
from xiuhua.disclosure.official.docx import docx_bytes
from xiuhua.disclosure.official.pdf import pdf_bytes
from xiuhua.disclosure.official.words import Imprint, Layer, Official, Paragraph
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.rules.numbers import rate_moved
from xiuhua.disclosure.rules.wording import close, ordinal
from xiuhua.disclosure.words import Told
from xiuhua.insight.phrases import sentence
from xiuhua.insight.words import Against, Saying
from xiuhua.kernel.rules import Period

Said = Iterable[str]
#: Sentences of the analysis that the text takes over, about the whole office.
OFFICE_SAYINGS = ("change.overdue.up", "change.overdue.down", "overdue.units")
#: Problems that the text names.
PROBLEMS = 4
CLASSES_OF_A_UNIT = 2


def report_docx(told: Told) -> bytes:
    """Return the draft of the month's bulletin as a DOCX; its number and date are left to be filled in."""
    return docx_bytes(report(told))


def report_pdf(told: Told) -> bytes:
    """Return the draft of the month's bulletin as a PDF. Raises FontMissing."""
    return pdf_bytes(report(told))


def report(told: Told, *, number: str = "", date: str = "") -> Official:
    """Return the month's bulletin; without a number and a date it is a draft that leaves room for both."""
    with override(told.language):
        day = date or _open_day(told)
        labels = told.labels
        return Official(
            mark=filled(told, labels.mark),
            number=filled(told, labels.number, number or "\u3000"),
            title=tuple(filled(told, labels.title).split("\n")),
            addressee=filled(told, labels.addressee),
            body=tuple(_body(told)),
            attachments=annexes(told),
            issuer=filled(told, labels.issuer),
            date=day,
            sealed=True,
            note=filled(told, labels.note),
            imprint=Imprint(
                gettext("，").join(filled(told, copy) for copy in labels.copies), filled(told, labels.printed_by), day
            ),
            made=told.made,
            language=told.language,
        )


def numbered(told: Told, number: int) -> str:
    """Return the number of a part: 一 in Chinese, 1 in English."""
    return str(number) if told.language.startswith("en") else ordinal(number)


def filled(told: Told, label: Title, number: str = "") -> str:
    """Return a label in the language of the telling, its places filled."""
    year, month = told.period.split("-")
    english = told.language.startswith("en") and label.en
    text = label.en if english else label.zh
    return text.format(office=told.office.name, year=year, month=int(month), level=told.office.level, number=number)


def _open_day(told: Told) -> str:
    """Return the month of the meeting, its day left open: who signs dates."""
    after = Period.parse(told.period).shift(1)
    return gettext("%(year)s年%(month)s月　日") % {"year": after.year, "month": after.month}


def _body(told: Told) -> Iterable[Paragraph]:
    yield Paragraph(_basis(told))
    parts = [
        (gettext("考核排名"), list(_ranking(told))),
        (gettext("检查量和案件办理情况"), list(_handling(told))),
        (gettext("存在的主要问题"), list(_problems(told))),
        (gettext("下一步工作要求"), list(_requests(told))),
    ]
    number = 0
    for head, said in parts:
        if said:
            number += 1
            yield Paragraph(
                gettext("%(number)s、%(head)s") % {"number": numbered(told, number), "head": head}, Layer.ONE
            )
            yield from (Paragraph(text) for text in said)


def _basis(told: Told) -> str:
    month = Period.parse(told.period).month
    if not told.labels.basis:
        return gettext("现将%(month)s月份城市精细化管理考核情况通报如下。") % {"month": month}
    basis = gettext("、").join(filled(told, one) for one in told.labels.basis)
    return gettext("根据%(basis)s，现将%(month)s月份考核情况通报如下。") % {"basis": basis, "month": month}


def _ranking(told: Told) -> Said:
    view = told.view
    ranked = [one for one in view.subjects if one.ranked_on is not None]
    given = {"level": told.office.level, "all": len(view.subjects), "ranked": len(ranked)}
    if not ranked:
        yield gettext("本月没有达到排名条件的%(level)s，成绩见附件1。") % given
        return
    if len(ranked) == len(view.subjects):
        text = gettext("参加考核和排名的%(level)s共%(all)s个。") % given
    else:
        text = gettext("参加考核的%(level)s共%(all)s个，其中参加排名%(ranked)s个。") % given
    groups = [(group, [one for one in ranked if one.group == group.code]) for group in view.groups]
    present = [(group, members) for group, members in groups if members]
    for group, members in present:
        name = group.title.en if told.language.startswith("en") and group.title.en else group.title.zh
        text += _ends(told, members, name if len(present) > 1 else "")
    yield text + _moved(told) + gettext("各%(level)s成绩见附件1。") % given
    yield from _listed(told)


def _ends(told: Told, members: Sequence[SubjectView], group: str) -> str:
    """Return the first and the last of a group; nobody stands at both ends where few are ranked."""
    places = min(told.labels.named, len(members) // 2)
    if not places:
        return ""
    totals = {one.code: one.ranked_on for one in members if one.ranked_on is not None}
    by_code = {one.code: one for one in members}
    best, worst = (
        [by_code[code] for code in placed(totals, places, told.view.rule.ties, best=end)] for end in (True, False)
    )
    if {one.code for one in best} & {one.code for one in worst}:  # a tie reaches from one end to the other
        return ""
    given = {"group": group, "places": places, "best": _scored(best), "worst": _scored(worst)}
    return gettext("%(group)s前%(places)s名依次为：%(best)s；后%(places)s名由低到高依次为：%(worst)s。") % given


def _scored(subjects: Sequence[SubjectView]) -> str:
    return gettext("、").join(
        gettext("%(name)s（%(score)s分）") % {"name": one.name, "score": printing.score(one)} for one in subjects
    )


def _moved(told: Told) -> str:
    """Return who rose and who fell the most places against last month, all where several moved alike."""
    moved = {code: change.places for code, change in told.changes.items() if change.places}
    up, down = max(moved.values(), default=Fraction(0)), min(moved.values(), default=Fraction(0))
    parts = []
    for most, text in (
        (up, gettext("名次上升最多的是%(names)s（%(by)s位）")),
        (down, gettext("名次下降最多的是%(names)s（%(by)s位）")),
    ):
        if most and (most > 0) == (most is up):
            names = gettext("、").join(told.name(code) for code, places in moved.items() if places == most)
            parts.append(text % {"names": names, "by": printing.place(abs(most))})
    if not parts:
        return ""
    last = Period.parse(told.period).shift(-1).month
    return gettext("与%(month)s月份相比，%(parts)s。") % {"month": last, "parts": gettext("，").join(parts)}


def _listed(told: Told) -> Said:
    if told.view.cut_off is CutOff.RUNNING:
        yield gettext("本月未完，不出红黑榜。")
        return
    red, black = told.listed.red, told.listed.black
    if red or black:
        names = [gettext("、").join(one.name for one in side) or gettext("无") for side in (red, black)]
        yield gettext("按考核方案，列入红榜的为：%(red)s；列入黑榜的为：%(black)s。") % {
            "red": names[0],
            "black": names[1],
        }


def _handling(told: Told) -> Said:
    month = Period.parse(told.period).month
    totals = told.view.totals
    closed, on_time = (totals.get(name, (0, 0)) for name in ("closed", "on_time"))
    if not totals.get("due", (0, 0))[0]:
        yield gettext("%(month)s月份没有应结案件。") % {"month": month}
        return
    text = gettext(
        "%(month)s月份应结案%(due)s件，结案%(closed)s件，结案率%(closed_rate)s；按期结案%(on_time)s件，按期结案率%(rate)s%(rate_moved)s；超期未结%(overdue)s件%(overdue_moved)s。"
    )
    yield text % {
        "month": month,
        "due": printing.kept(totals, "due"),
        "closed": printing.kept(totals, "closed"),
        "closed_rate": printing.rate(*closed),
        "on_time": printing.kept(totals, "on_time"),
        "rate": printing.rate(*on_time),
        "rate_moved": _rate_moved(told),
        "overdue": printing.kept(totals, "overdue_open"),
        "overdue_moved": _overdue_moved(told),
    }
    yield from (_set(told, sentence(one)) for one in told.sayings if _taken(one))
    inspected = told.lacks("inspected")
    if inspected:
        given = {"part": inspected.part, "source": inspected.source}
        yield gettext("%(part)s暂缺，缺%(source)s。") % given


def _set(told: Told, text: str) -> str:
    return text if told.language.startswith("en") else close(text)


def _taken(saying: Saying) -> bool:
    """Return whether the text takes over a sentence: about the whole office, and of changes those since last month."""
    if saying.subject or saying.code not in OFFICE_SAYINGS:
        return False
    return saying.facts.get("against", Against.MONTH) == Against.MONTH


def _last(told: Told) -> int:
    return Period.parse(told.period).shift(-1).month


def _rate_moved(told: Told) -> str:
    """Return by how many points the on-time rate moved, in words; nothing where the months do not compare."""
    moved = rate_moved(told, "on_time")
    if moved is None:
        return ""
    if not moved:
        return gettext("，与%(month)s月份持平") % {"month": _last(told)}
    text = (
        gettext("，比%(month)s月份提高%(points)s个百分点")
        if moved > 0
        else gettext("，比%(month)s月份降低%(points)s个百分点")
    )
    return text % {"month": _last(told), "points": printing.points(abs(moved), 1)}


def _overdue_moved(told: Told) -> str:
    if not told.previous or not all("overdue_open" in view.totals for view in (told.view, told.previous)):
        return ""
    now, before = (view.totals["overdue_open"][0] for view in (told.view, told.previous))
    if now == before:
        return gettext("，与%(month)s月份持平") % {"month": _last(told)}
    text = gettext("，比%(month)s月份增加%(count)s件") if now > before else gettext("，比%(month)s月份减少%(count)s件")
    return text % {"month": _last(told), "count": abs(now - before)}


def _problems(told: Told) -> Said:
    """Yield 一是, 二是 …: the units with the most overdue cases, then what the whole office suffers from."""
    said = [*_of_units(told), *_of_classes(told), *_of_places(told), *_of_spots(told)]
    for number, text in enumerate(said, 1):
        yield gettext("%(number)s是%(text)s") % {"number": numbered(told, number), "text": text}


def _of_units(told: Told) -> Said:
    def overdue(one: SubjectView) -> int:
        return one.counts.get("overdue_open", (0, 0))[0]

    worst = sorted((one for one in told.view.subjects if overdue(one)), key=lambda one: (-overdue(one), one.code))
    for subject in worst[:PROBLEMS]:
        classes = [pair for pair in told.matrix if pair.subject == subject.code and pair.overdue]
        parts = gettext("、").join(
            gettext("“%(class)s”%(count)s件") % {"class": pair.class_name or gettext("未分类"), "count": pair.overdue}
            for pair in classes[:CLASSES_OF_A_UNIT]
        )
        yield gettext("%(name)s超期未结%(count)s件%(parts)s，按期结案率%(rate)s%(place)s。") % {
            "name": subject.name,
            "count": overdue(subject),
            "parts": gettext("，其中%(parts)s") % {"parts": parts} if parts else "",
            "rate": printing.rate(*subject.counts.get("on_time", (0, 0))),
            "place": gettext("，排第%(rank)s名") % {"rank": printing.place(subject.rank)} if subject.rank else "",
        }


def _of_classes(told: Told) -> Said:
    worst = next(iter(told.classes), None)
    if worst and worst.overdue > 1:
        yield gettext("“%(class)s”问题集中，全月应结案%(due)s件，超期未结%(overdue)s件，逾期结案%(late)s件。") % {
            "class": worst.class_name or gettext("未分类"),
            "due": worst.due,
            "overdue": worst.overdue,
            "late": worst.late,
        }


def _of_places(told: Told) -> Said:
    for place in (told.recurrent or ())[:1]:
        yield gettext("%(where)s（%(unit)s）“%(class)s”结案后又发生%(times)s次；全月重复点位共%(count)s处。") % {
            "where": place.where,
            "unit": told.name(place.subject),
            "class": place.class_name,
            "times": place.times,
            "count": len(told.recurrent or ()),
        }


def _of_spots(told: Told) -> Said:
    if told.hot:
        names = gettext("、").join(
            gettext("%(name)s（%(count)s件）") % {"name": spot.name, "count": spot.count}
            for spot in told.hot[:PROBLEMS]
        )
        yield gettext("案件在空间上集中于%(names)s。") % {"names": names}


def _requests(told: Told) -> Said:
    said = [filled(told, one) for one in told.labels.requirements]
    if told.tasks:
        said.append(gettext("附件2所列%(count)s项任务，请责任单位按完成时限办结并反馈。") % {"count": len(told.tasks)})
    for number, text in enumerate(said, 1):
        yield gettext("（%(number)s）%(text)s") % {"number": numbered(told, number), "text": text}
