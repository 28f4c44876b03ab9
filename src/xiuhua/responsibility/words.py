"""Words of responsibility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a post is for; `rules.roles` says what each may do. One person may hold several posts."""

    STAFF = "staff", _("综合岗")
    INSPECTOR = "inspector", _("监督员")
    CLERK = "clerk", _("受理员")
    SHIFT_LEAD = "shift_lead", _("值班长")
    DISPATCHER = "dispatcher", _("派遣员")
    UNIT = "unit", _("处置单位")
    HANDLER = "handler", _("处置人员")
    VERIFIER = "verifier", _("核查员")
    SUPERVISOR = "supervisor", _("督查员")
    LEADER = "leader", _("领导")
    SECRETARY = "secretary", _("社区书记")
    ADMIN = "admin", _("管理员")


#: What a duty row writes where it does not narrow: the whole tree, any site, any class.
ANY = "*"


class Tier(TextChoices):
    """On what a duty row stands; an earlier tier answers before a later one."""

    OWNER = "owner", _("产权或合同")
    TRADE = "trade", _("行业主管")
    TERRITORY = "territory", _("属地")


class LostBy(TextChoices):
    """Why a duty row that applied did not answer: the first respect in which it came after the one that did."""

    TIER = "tier", _("层次在后")
    PLACE = "place", _("点位不如它具体")
    TERRITORY = "territory", _("地域不如它细")
    CLASS = "class", _("类别不如它细")
    WEEKDAYS = "weekdays", _("没有限定星期")
    PERIOD = "period", _("生效更早")
    CONFLICT = "conflict", _("同样具体而单位不同")
    REPEATED = "repeated", _("同样具体而且单位相同")


class Idle(TextChoices):
    """Why a duty row answers nowhere in the space that was checked, or no longer."""

    NO_PLACE = "no_place", _("没有这样的地点")
    PLACE_ENDED = "place_ended", _("地点已终止，后来的没有写进矩阵")
    NO_CLASS = "no_class", _("没有这样的类别")
    NO_DAY = "no_day", _("这段日子里不生效")
    BEATEN = "beaten", _("处处有更优先的行")
    CONFLICT = "conflict", _("与同样具体的行冲突，写在后面")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Where × what × when → who: one row of a duty matrix. Codes are opaque; ANY narrows nothing."""

    #: Stands for the row in answers, unique in a matrix: "code@version:line".
    id: str
    line: int
    tier: Tier
    unit: str
    #: A territory and everything below it.
    territory: str = ANY
    #: A site by code, or a type of site; at most one of them narrows.
    site: str = ANY
    site_type: str = ANY
    #: A class and everything below it.
    case_class: str = ANY
    #: First day in force and first day no longer; None is open.
    valid_from: date | None = None
    valid_to: date | None = None
    #: ISO weekdays, Monday 1 to Sunday 7; empty is every day.
    weekdays: frozenset[int] = frozenset()
    assisting: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True, order=True)
class SiteHere:
    """A site that holds the place asked about; without a code, any site of the type."""

    code: str
    type: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a matrix is read against on a day: the tree, the classes and the territories' own units."""

    #: Each territory's parent, None for a root; a territory that is absent does not exist.
    above: Mapping[str, str | None]
    #: Each class's parent, None for a main class.
    class_above: Mapping[str, str | None]
    #: The unit that answers for a territory where no row does.
    unit_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """Who answers for this class at this place on this day? A place may lie in several sites."""

    territory: str
    case_class: str
    day: date
    sites: tuple[SiteHere, ...] = ()


@dataclass(frozen=True, slots=True)
class Loser:
    """A row that applied and did not answer."""

    row: DutyRow
    why: LostBy


@dataclass(frozen=True, slots=True)
class Answer:
    """One unit, or none, with the row and everything that was weighed."""

    question: Question
    #: "" if nobody answers: a gap.
    unit: str
    assisting: tuple[str, ...]
    #: The row that answers, None for a fallback or a gap.
    row: DutyRow | None
    #: Every other row that applied, best first.
    losers: tuple[Loser, ...]
    #: All rows that are equally specific with the answer while naming different units; empty if they agree.
    conflict: tuple[DutyRow, ...]
    #: The territory whose own unit answers because no row did, "" otherwise.
    fallback: str

    @property
    def tier(self) -> Tier | None:
        """The tier that answered, None for a fallback or a gap."""
        return self.row.tier if self.row else None

    @property
    def gap(self) -> bool:
        """Whether nobody answers."""
        return not self.unit


@dataclass(frozen=True, slots=True)
class MatrixTest:
    """One expectation about a matrix, as data: here, for this class, on this day, this unit – and why."""

    line: int
    territory: str
    site: str
    site_type: str
    #: WGS-84 degrees.
    lon: float | None
    lat: float | None
    case_class: str
    day: date
    #: "" expects that nobody answers.
    unit: str
    #: The tier that has to answer; "" is any.
    tier: str
    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A test with what the matrix answered."""

    test: MatrixTest
    answer: Answer

    @property
    def passed(self) -> bool:
        """Whether the expected unit answers without conflict, in the expected tier."""
        tier = str(self.answer.tier or "")
        agreed = self.answer.unit == self.test.unit and not self.answer.conflict
        return agreed and (not self.test.tier or tier == self.test.tier)


@dataclass(frozen=True, slots=True)
class UnitMove:
    """What a change moves for one unit ("" is nobody): the numbers of the cases that stay, come and go."""

    unit: str
    kept: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def before(self) -> int:
        """How many cases the unit has now: those that stay and those that go."""
        return len(self.kept) + len(self.lost)

    @property
    def after(self) -> int:
        """How many cases the unit would have: those that stay and those that come."""
        return len(self.kept) + len(self.gained)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What an import of units did. `confirmed` of the updated had only been observed; `absent` are codes not named."""

    created: int
    updated: int
    unchanged: int
    confirmed: int = 0
    absent: tuple[str, ...] = ()
    examples: int = 0
    ignored: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class UserReport:
    """What an import of accounts did. `existing` accounts were left as they are; new ones have no password yet."""

    created: int
    existing: int
    examples: int = 0
    ignored: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class PostAsked:
    """A post as somebody asks for it: codes as they are written. Empty narrows nothing."""

    role: str
    unit: str = ""
    territory: str = ""
    #: Keys of classes ("cn-national:event.01").
    classes: tuple[str, ...] = ()
    #: First day in force, and first day no longer.
    valid_from: date | None = None
    valid_to: date | None = None


class Device(TextChoices):
    """Through which door somebody signed in; it decides how long the session lasts."""

    DESK = "desk", _("电脑")
    PHONE = "phone", _("手机")


class LinkKind(TextChoices):
    """What an address that works once is for."""

    SET_UP = "set_up", _("首次设置")
    INVITE = "invite", _("邀请")
    RESET = "reset", _("重设密码")
