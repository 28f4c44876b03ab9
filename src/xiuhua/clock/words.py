"""Words of the clock: units, limits and their stages."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What a limit is counted in. The first two run day and night, the others in working time only."""

    URGENT_HOUR = "urgent_hour", _("紧急工作时")
    CALENDAR_DAY = "calendar_day", _("自然日")
    WORK_HOUR = "work_hour", _("工作时")
    WORK_DAY = "work_day", _("工作日")


@dataclass(frozen=True, slots=True)
class Limit:
    """An allowance of time: an exact, positive number of a unit."""

    amount: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True)
class LimitStage:
    """One stage of a limit, as “stop the work within 4 hours”; a plain limit is one stage without a title."""

    limit: Limit
    title: str = ""


#: A whole limit: its stages in their order, each beginning where the one before ends.
Limits = tuple[LimitStage, ...]
