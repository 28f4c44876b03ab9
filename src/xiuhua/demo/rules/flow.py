"""What happens in the made-up street, day by day: new cases, what comes back, who handles them and how fast."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.hours import after, deadline, last_workdays
from xiuhua.demo.rules.places import INSET, address, bank, inside, kerb, wet
from xiuhua.demo.words import City, CommunityPlan, Grid, Incident, Limit, Problem, Site, Spot, Unit

#: ln(handling time / limit) of an average case, and its spread: nine of ten are done within the limit.
USUAL, SPREAD = -1.02, 0.80
#: Before an announced check everybody is faster.
HURRY = -0.30
#: A problem that comes back is reported within so many metres of the plan of where it was.
SWAY = 15.0
#: A hurried case takes at least so many seconds; one that lies takes 9 to 75 days.
LEAST_SECONDS = 11 * 60
LYING = (9, 75)
#: The unit whose duty it is gets nearly every case; the rest goes astray among the others that a class names.
RIGHT = 0.94
#: A managed estate reaches so many metres of the plan around the point that stands for it.
ESTATE, REACH = "P05", 55.0
LONG = 16 * 60


def incidents(city: City, seed: int) -> list[Incident]:
    """Return every case of the period in the order of its report."""
    flow = _Flow(city, seed)
    rhythm = city.rhythm
    days = (rhythm.last - rhythm.first).days + 1
    found = [case for i in range(days) for case in flow.day(rhythm.first + timedelta(days=i))]
    return sorted(found, key=lambda case: (case.reported, case.grid.code, case.problem.name))


class _Flow:
    """The street in motion: remembers what will come back."""

    def __init__(self, city: City, seed: int) -> None:
        self._city, self._rhythm = city, city.rhythm
        self._draws = Draws(seed, "flow")
        self._pending: dict[date, list[Incident]] = defaultdict(list)
        self._communities = {c.code: c for c in city.plan.communities}
        self._grids = {grid.code: grid for grid in city.grids}
        self._heat = {grid.code: math.exp(0.6 * self._draws.normal()) for grid in city.grids}
        self._by_community: dict[str, list[Grid]] = defaultdict(list)
        for grid in city.grids:
            self._by_community[grid.community].append(grid)
        self._sites: dict[tuple[str, str], list[Site]] = defaultdict(list)
        for site in city.sites:
            self._sites[self._grids[site.grid].community, site.type].append(site)
        self._units = _UnitBook(city)

    def day(self, day: date) -> Iterator[Incident]:
        """Yield the cases reported on a day."""
        rain = self._draws.chance(self._rhythm.rain[day.month - 1])
        for _ in range(self._draws.poisson(self._mean(day))):
            yield self._settle(*self._new(day, rain=rain), day=day, again=False)
        for before in self._pending.pop(day, ()):
            spot = self._beside(before.spot, before.grid)
            yield self._settle(before.problem, before.grid, spot, before.near, day=day, again=True)

    def _mean(self, day: date) -> float:
        rhythm = self._rhythm
        mean = rhythm.per_day * rhythm.weekday[day.weekday()] * rhythm.month[day.month - 1]
        for first, last, times in rhythm.quiet:
            mean *= times if first <= day <= last else 1.0
        return mean * (rhythm.rush if self._rush(day) else 1.0)

    def _rush(self, day: date) -> bool:
        return day in last_workdays(day.year, day.month, self._rhythm.rush_days)

    def _new(self, day: date, *, rain: bool) -> tuple[Problem, Grid, Spot, str]:
        draws, problems = self._draws, self._city.problems
        weights = [p.weight * p.months[day.month - 1] * (p.rain if rain else 1.0) for p in problems]
        problem = draws.weighted(problems, weights)
        plan = self._city.plan
        community = draws.weighted(plan.communities, [c.load for c in plan.communities])
        known = [site for kind in problem.sites for site in self._sites[community.code, kind]]
        if problem.fixed or (known and draws.chance(0.6)):
            site = draws.pick(known or [site for site in self._city.sites if site.type in problem.sites])
            grid = self._grids[site.grid]
            return problem, grid, self._beside(site.spot, grid), site.name
        grids = self._by_community[community.code]
        grid = draws.weighted(grids, [self._heat[g.code] for g in grids])
        spot = self._anywhere(problem, grid)
        return problem, grid, spot, address(spot, grid, plan)

    def _anywhere(self, problem: Problem, grid: Grid) -> Spot:
        if "river" in problem.units:
            return bank(grid, self._city.plan, self._draws)
        place = kerb if self._draws.chance(0.75) else inside
        return place(grid, self._city.plan, self._draws)

    def _beside(self, spot: Spot, grid: Grid) -> Spot:
        """Return a spot of the same grid's land a few steps away."""
        for _ in range(20):
            u = spot[0] + self._draws.between(-SWAY, SWAY)
            near = grid.rect.clamp((u, spot[1] + self._draws.between(-SWAY, SWAY)), INSET)
            if not wet(near, self._city.plan):
                return near
        return spot

    def _settle(self, problem: Problem, grid: Grid, spot: Spot, near: str, *, day: date, again: bool) -> Incident:
        draws, community = self._draws, self._communities[grid.community]
        reported = self._reported(problem, day)
        unit = self._units.pick(problem, community, spot, draws)
        due = deadline(reported, problem.limit, self._rhythm.shifts)
        closed = self._closed(problem.limit, community, unit, reported)
        bundled, delays = self._bundled(problem.limit, due, closed)
        case = Incident(
            problem=problem,
            grid=grid,
            spot=spot,
            near=near,
            unit=unit,
            channel=self._channel(day),
            reported=reported,
            due=due,
            bundled=bundled,
            delays=delays,
            closed=closed,
            void=draws.chance(self._city.faults.void),
            recurrence=again,
        )
        self._foresee(case, community)
        return case

    def _reported(self, problem: Problem, day: date) -> datetime:
        """Return the moment of report: within the hours of its class, more often in the middle than at the ends."""
        first, last = problem.hours
        share = (self._draws.between(0, 1) + self._draws.between(0, 1)) / 2
        seconds = int(60 * (first + (last - first) * share))
        return datetime.combine(day, time()) + timedelta(seconds=seconds)

    def _channel(self, day: date) -> str:
        rhythm = self._rhythm
        names = [name for name, _weight in rhythm.channels]
        extra = 14.0 if self._rush(day) else 0.0
        return self._draws.weighted(
            names, [weight + (extra if name == rhythm.rush_channel else 0.0) for name, weight in rhythm.channels]
        )

    def _closed(self, limit: Limit, community: CommunityPlan, unit: Unit, reported: datetime) -> datetime:
        draws, day = self._draws, reported.date()
        if draws.chance(unit.stuck):
            return self._lain(reported)
        months = (day.year - self._rhythm.first.year) * 12 + day.month - self._rhythm.first.month
        slow = USUAL + community.slow + community.drift * months + unit.slow + (HURRY if self._rush(day) else 0.0)
        seconds = int(limit.minutes * 60 * math.exp(slow + SPREAD * draws.normal()))
        return after(reported, max(seconds, LEAST_SECONDS), self._rhythm.shifts, urgent=limit.urgent)

    def _lain(self, reported: datetime) -> datetime:
        """Return when a case that lay for weeks is done: often only in the days before a check."""
        draws = self._draws
        day = reported.date() + timedelta(days=draws.whole(*LYING))
        if draws.chance(0.6):
            rush = last_workdays(day.year, day.month, self._rhythm.rush_days)
            day = max(draws.pick(rush), day)
        opens, closes = self._rhythm.shifts[-1]
        return datetime.combine(day, time()) + timedelta(seconds=draws.whole(opens * 60, closes * 60))

    def _bundled(self, limit: Limit, due: datetime, closed: datetime) -> tuple[datetime, int]:
        """Return the deadline with the extensions granted (each one limit more, two at most) and their number."""
        bundled, delays = due, 0
        while limit.minutes >= LONG and closed > bundled and delays <= 1 and self._draws.chance(0.4):
            bundled, delays = deadline(bundled, limit, self._rhythm.shifts), delays + 1
        return bundled, delays

    def _foresee(self, case: Incident, community: CommunityPlan) -> None:
        """Note when a problem comes back: 1 to 24 days after it was closed, sooner rather than later."""
        draws = self._draws
        if case.void or not draws.chance(min(case.problem.recur * community.recur, 0.6)):
            return
        day = case.closed.date() + timedelta(days=min(draws.whole(1, 24), draws.whole(1, 24)))
        if day.weekday() > 4 and draws.chance(0.6):  # noqa: PLR2004 - on weekends fewer people look
            day += timedelta(days=7 - day.weekday())
        self._pending[day].append(case)


class _UnitBook:
    """Which unit handles what: a team of the class's kind, the community's office, or the property company nearby."""

    def __init__(self, city: City) -> None:
        self._teams = {unit.kind: unit for unit in city.units if not unit.community}
        self._offices = {unit.community: unit for unit in city.units if unit.community}
        companies = [unit for unit in city.units if unit.kind == "property"]
        sectors = sorted({community.sector for community in city.plan.communities})
        self._companies = dict(zip(sectors, companies, strict=True))
        self._estates = [site.spot for site in city.sites if site.type == ESTATE]

    def pick(self, problem: Problem, community: CommunityPlan, spot: Spot, draws: Draws) -> Unit:
        """Return the unit that gets the case: in a managed estate its company, if the class names one, else the first."""
        company = "property" in problem.units and self._in_estate(spot)
        right = "property" if company else problem.units[0]
        others = [kind for kind in problem.units if kind != right]
        kind = right if draws.chance(RIGHT) or not others else draws.pick(others)
        if kind == "community":
            return self._offices[community.code]
        return self._companies[community.sector] if kind == "property" else self._teams[kind]

    def _in_estate(self, spot: Spot) -> bool:
        return any(math.dist(spot, estate) <= REACH for estate in self._estates)
