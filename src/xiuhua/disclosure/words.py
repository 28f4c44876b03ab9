"""What a month tells: one frozen set of numbers from which every file of the meeting pack is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A line of the task list 任务清单 before the meeting has adopted it: problem, remedy, deadline, unit and person.

    `person` is a post ("社区书记"), never a name; `due` is ISO 8601 (a day); `cases` are the numbers behind it.
    """

    problem: str
    remedy: str
    due: str
    unit: str
    person: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A column or part that has no source: it prints as —, and says which source is missing."""

    part: str
    source: str
