"""What a subject can still do in a running month: its open cases, and the shortest way up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from xiuhua.analytics.rules import microseconds
from xiuhua.assessment.queries.outlook import (
    Outlook,
    class_of,
    idle_cases,
    moment_of,
    of_subject,
    outlook_of,
    usual_times,
    usually_new,
)
from xiuhua.assessment.rules import lists
from xiuhua.assessment.rules.closings import HELD, closable, next_place, off_black
from xiuhua.assessment.rules.lift import closed, lifting, ranked_score, shortest
from xiuhua.assessment.rules.lists import holds
from xiuhua.assessment.rules.sheets import measures
from xiuhua.assessment.words import (
    AssessmentView,
    Closable,
    Goal,
    Idle,
    Lift,
    NoGoal,
    OpenCase,
    Others,
    Scheme,
    SubjectView,
    Target,
    WayUp,
)
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal, marked

#: So many cases that are not urgent are named.
IDLE_SHOWN = 20


class SubjectUnknown(Refusal):
    """Nobody of that code was assessed."""

    code = "lift.subject_unknown"
    sentence = marked("%(period)s 的考核里没有“%(subject)s”；有：%(known)s。")


def lift_of(
    tenant: Tenant,
    view: AssessmentView,
    code: str,
    *,
    now: datetime,
    scheme: Scheme | None = None,
    goal: Goal = Goal.NEXT_PLACE,
    others: Others = Others.NOW,
) -> WayUp:
    """Return what a subject can still do in the running month that `view` holds, and the fewest closings that lift it.

    What is open is what was frozen; whether a deadline can still be kept is judged by `now`. The subject's own score is that
    of the month's end, if only the chosen cases are closed and nothing new falls due; the others are taken at today's
    score, or at what they can still reach. Six queries at most. Raises SubjectUnknown, MonthOver, FactsGone,
    SchemeChanged, SchemeUnknown.
    """
    subject = view.subject(code)
    if subject is None:
        known = "、".join(f"{one.code} {one.name}" for one in view.subjects[:20])
        raise SubjectUnknown(period=view.period, subject=code, known=known or "—")
    outlook = outlook_of(tenant, view, scheme)
    return _Asking(tenant, view, subject, outlook, max(now, outlook.as_of), goal, others).answer()


def closables(outlook: Outlook, code: str, now: datetime) -> tuple[Closable, ...]:
    """Return the open cases of a subject that count in the month, and how each could be closed now."""
    moment = microseconds(now)
    rows = outlook.open.get(code, ())
    return tuple(closable(row["number"], row["due_us"], row["own_due_us"], moment) for row in rows)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question about one subject, and everything that is read for it."""

    tenant: Tenant
    view: AssessmentView
    subject: SubjectView
    outlook: Outlook
    now: datetime
    goal: Goal
    others: Others

    def answer(self) -> WayUp:
        """Return the way up."""
        scheme, code = self.outlook.scheme, self.subject.code
        items = closables(self.outlook, code, self.now)
        none, target, rest = self.aim()
        lift = self.way(items, target, rest) if target else None
        of = of_subject(self.tenant, self.view.by, code, self.outlook.as_of)
        cases = self.cases(items, lift)
        dull = tuple(replace(one, idle=Idle.LIFTS_NOTHING) for one, item in cases if not lifting(scheme, item))
        later, more = self.later(of)
        return WayUp(
            subject=self.subject,
            as_of=self.outlook.as_of,
            goal=self.goal,
            others=self.others,
            ahead=self.ahead() if self.goal is Goal.NEXT_PLACE else None,
            none=none,
            unranked=self.subject.unranked,
            lift=lift,
            cases=tuple(one for one, item in cases if lifting(scheme, item)),
            idle=(*dull, *later),
            idle_more=more,
            held=tuple(sorted(HELD & set(measures(scheme)))),
            usual_new=usually_new(self.tenant, of, Period.parse(self.view.period), self.outlook.as_of),
        )

    def aim(self) -> tuple[NoGoal, Target | None, dict[str, Fraction]]:
        """Return why there is nothing to reach, or the target, and the scores of the others of the group."""
        rank, scheme = self.subject.rank, self.outlook.scheme
        rest = {one.code: score for one in self.rivals() if (score := self.score_of(one)) is not None}
        if rank is None:
            return NoGoal.UNRANKED, None, rest
        if self.goal is Goal.NEXT_PLACE:
            target = next_place(scheme, rank, rest.values())
            return (NoGoal.NO if target else NoGoal.FIRST), target, rest
        if self.subject.code not in {one.code for one in lists(self.view).black}:
            return NoGoal.NOT_LISTED, None, rest
        rule = self.view.rule
        barred = {one.code for one in self.rivals() if any(holds(bar, one) for bar in rule.not_black)}
        free = {code: score for code, score in rest.items() if code not in barred}
        target = off_black(scheme, free, rule.black, rule.ties)
        return (NoGoal.NO if target else NoGoal.NOT_LISTED), target, rest

    def rivals(self) -> list[SubjectView]:
        """Return the ranked others of the group."""
        mine = self.subject
        return [
            one
            for one in self.view.subjects
            if one.group == mine.group and one.code != mine.code and one.rank is not None
        ]

    def score_of(self, other: SubjectView) -> Fraction | None:
        """Return where another is taken to end."""
        if self.others is Others.NOW:
            return other.ranked_on
        items = closables(self.outlook, other.code, self.now)
        return ranked_score(self.outlook.scheme, closed(self.outlook.counts[other.code], items))

    def way(self, items: Sequence[Closable], target: Target, rest: Mapping[str, Fraction]) -> Lift:
        """Return the shortest way to the target."""
        counts = self.outlook.counts[self.subject.code]
        return shortest(self.outlook.scheme, counts, items, target, others=tuple(rest.values()))

    def ahead(self) -> SubjectView | None:
        """Return who stands next before the subject today, the last of them if several stand there."""
        rank = self.subject.rank
        before = [one for one in self.rivals() if rank is not None and one.rank is not None and one.rank < rank]
        return max(before, key=lambda one: (one.rank or Fraction(0), one.code), default=None)

    def cases(self, items: Iterable[Closable], lift: Lift | None) -> list[tuple[OpenCase, Closable]]:
        """Return the open cases that count in the month in the order in which they are chosen. Two queries."""
        rows = {row["number"]: row for row in self.outlook.open.get(self.subject.code, ())}
        usual = usual_times(self.tenant, {class_of(row) for row in rows.values()}, self.outlook.as_of) if rows else {}
        living = _living(self.tenant, rows)
        chosen = {item.case for item in lift.items} if lift else set()
        found = [(self.case(rows[item.case], item, usual, living, chosen), item) for item in items]
        return sorted(found, key=lambda pair: (pair[1].kind.value == "late", pair[1].due_us, pair[1].case))

    def case(
        self,
        row: Mapping[str, Any],
        item: Closable,
        usual: Mapping[str, int],
        living: Mapping[str, tuple[int, datetime | None]],
        chosen: set[str],
    ) -> OpenCase:
        """Return one open case as it is shown."""
        due, takes = moment_of(item.due_us), usual.get(class_of(row))
        key, done = living.get(item.case, (None, None))
        left = (due - self.now).total_seconds()
        return OpenCase(
            number=item.case,
            key=key,
            due=due,
            class_name=class_of(row),
            unit=row["body"] or "",
            place=row["territory"] or "",
            kind=item.kind,
            chosen=item.case in chosen,
            short=takes is not None and 0 <= left < takes,
            usual_seconds=takes,
            closed_since=done is not None,
        )

    def later(self, of: Any) -> tuple[tuple[OpenCase, ...], int]:
        """Return the first cases whose closing does not count in the month, and how many more there are. Two queries."""
        cases = idle_cases(self.tenant, of, self.outlook.as_of, self.outlook.end)
        shown = cases.select_related("case_class", "body", "territory")[:IDLE_SHOWN]
        found = tuple(
            OpenCase(
                number=one.number,
                key=one.pk,
                due=one.due_at,
                class_name=one.case_class.name if one.case_class else "",
                unit=one.body.code if one.body else "",
                place=one.territory.code if one.territory else "",
                kind=None,
                closed_since=one.closed_at is not None,
                idle=Idle.AFTER if one.due_at else Idle.NO_DEADLINE,
            )
            for one in shown
        )
        return found, cases.count() - len(found) if len(found) == IDLE_SHOWN else 0


def _living(tenant: Tenant, numbers: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """Return {number: (key, closed at)} of the living cases. One query."""
    found = Case.objects.filter(tenant=tenant, number__in=list(numbers)).values_list("number", "pk", "closed_at")
    return {number: (key, closed_at) for number, key, closed_at in found}
