"""The life of a case as the docs tell it, written down a second time: what tests hold the code against.

Nothing here is imported from the rules. A row says: from where, to where ("" stays or goes back), who is kept off, what
has to be shown, whether it can be taken back.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

AT_UNIT = "dispatched handling review"
WORKED = f"{AT_UNIT} filed returned arbitration checking to_close"
ALIVE = f"{WORKED} open reported pre_check suspended"
AWAKE = f"{WORKED} open reported pre_check"
ALL = f"{ALIVE} closed forced declined merged void"

TABLE: dict[str, tuple[str, str, str, str, bool]] = {
    "fix_on_spot": ("reported pre_check", "checking", "", "class remedy photo", True),
    "request_check": ("reported", "pre_check", "", "", True),
    "confirm": ("pre_check", "reported", "", "finding", True),
    "file": ("reported", "filed", "", "condition remedy deadline place", True),
    "decline": ("reported pre_check", "declined", "", "reason", True),
    "dispatch": ("filed open", "dispatched", "", "body", True),
    "redispatch": ("returned dispatched handling", "dispatched", "", "body reason", True),
    "send_back": ("filed returned", "reported", "", "reason", True),
    "refuse": ("dispatched handling", "returned", "", "reason", True),
    "arbitrate": ("arbitration", "dispatched", "", "body note", True),
    "accept": ("dispatched", "handling", "", "person", True),
    "assign": ("handling", "", "", "person", True),
    "rectify": ("handling", "review", "", "photo", True),
    "pass_review": ("review", "checking", "doers", "", True),
    "return_review": ("review", "handling", "", "note", True),
    "pass_check": ("checking", "to_close", "hands", "note", True),
    "fail_check": ("checking", "handling", "hands", "reason", True),
    "rework": ("to_close", "handling", "hands", "reason", True),
    "close": ("to_close", "closed", "hands", "", True),
    "force_close": (f"{WORKED} open suspended", "forced", "hands", "reason note", True),
    "void": (f"{WORKED} open", "void", "hands", "reason", True),
    "reopen": ("closed forced", "dispatched", "", "body reason", True),
    "request_extension": ("dispatched handling", "", "", "reason", False),
    "review_extension": ("dispatched handling", "", "", "", False),
    "grant_extension": (AT_UNIT, "", "hands", "", False),
    "deny_extension": (AT_UNIT, "", "", "note", False),
    "request_suspension": ("dispatched handling", "", "", "reason until", False),
    "grant_suspension": ("dispatched handling", "suspended", "hands", "", False),
    "deny_suspension": (AT_UNIT, "", "", "note", False),
    "withdraw_request": (AT_UNIT, "", "", "", False),
    "resume": ("suspended", "", "", "", False),
    "supervise": (f"{WORKED} open suspended", "", "", "demand", False),
    "reply_supervision": (ALIVE, "", "", "note", False),
    "settle_supervision": (ALL, "", "", "note", False),
    "merge": (AWAKE, "merged", "", "target", True),
    "unmerge": ("merged", "", "", "", True),
    "attach": (ALIVE, "", "", "target", True),
    "detach": (ALIVE, "", "", "", True),
    "comment": (ALL, "", "", "note", False),
    "correct": (AWAKE, "", "", "changes note", True),
}
VERBS = tuple(TABLE)
ENDED = frozenset(["closed", "forced", "declined", "merged", "void"])
FROM = {stage: tuple(verb for verb in VERBS if stage in TABLE[verb][0].split()) for stage in ALL.split()}
#: Moves after which nothing is left to decide about a request of the unit.
PUTS_AWAY = frozenset(["refuse", "redispatch", "rectify", "force_close", "void", "merge"])
NOT_ALLOWED, CONFLICT, INCOMPLETE, FORBIDDEN = "MoveNotAllowed", "ConflictOfInterest", "MoveIncomplete", "Forbidden"


@dataclass(frozen=True)
class House:
    """What an office set: its optional steps and its numbers."""

    review: bool = True
    check: bool = True
    refusals: int = 2
    extensions: int = 2
    extension_reviewed: bool = True
    suspensions: int = 1
    suspension_days: int = 365

    def lands(self, stage: str) -> str:
        """Return where a move to `stage` ends when steps are left out."""
        if stage == "review" and not self.review:
            stage = "checking"
        return "to_close" if stage == "checking" and not self.check else stage


@dataclass
class Shown:
    """What somebody shows."""

    body: int | None = None
    person: int | None = None
    condition: int | None = None
    remedy: str = ""
    reason: str = ""
    note: str = ""
    finding: bool | None = None
    photos: tuple[int, ...] = ()
    until: date | None = None
    target: str = ""
    demand: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Life:
    """A case as it should stand."""

    stage: str = "reported"
    version: int = 1
    body: int | None = None
    person: int | None = None
    condition: int | None = None
    remedy: str = ""
    due: datetime | None = None
    ruled: datetime | None = None
    duty: int | None = None
    case_class: int | None = 3
    placed: bool = True
    refusals: int = 0
    reworks: int = 0
    reopened: int = 0
    extensions: int = 0
    suspensions: int = 0
    arbitrated: bool = False
    dispatched: datetime | None = None
    accepted: datetime | None = None
    filed: datetime | None = None
    disposed: datetime | None = None
    closed: datetime | None = None
    lost: int = 0
    stage_before: str = ""
    confirmed: bool | None = None
    mirrored: bool = False
    children_open: int = 0
    parent: int | None = None
    merged_into: int | None = None
    pending: str | None = None
    pending_state: str | None = None
    asked_by: int | None = None
    supervised: bool = False
    hands: frozenset[int] = frozenset()
    doers: frozenset[int] = frozenset()

    def copy(self) -> Life:
        """Return it as it stands."""
        return copy.copy(self)

    def refusal(self, verb: str, shown: Shown, house: House, user: int | None, at: datetime, today: date) -> str:
        """Return by which refusal a move must fail, "" where it must not."""
        sources, _to, kept_off, needs, _undoable = TABLE[verb]
        if self.stage not in sources.split():
            return NOT_ALLOWED
        off = {"": frozenset[int](), "doers": self.doers, "hands": self.hands}[kept_off]
        if user is not None and user in off:
            return CONFLICT
        if self._forbidden(verb, house, user, at):
            return FORBIDDEN
        if not all(self._has(need, shown) for need in needs.split()):
            return INCOMPLETE
        elsewhere = verb == "dispatch" and self.duty is not None and shown.body != self.duty and not shown.note
        far = (
            verb == "request_suspension"
            and shown.until is not None
            and not 1 <= (shown.until - today).days <= house.suspension_days
        )
        return INCOMPLETE if elsewhere or far else ""

    def _forbidden(self, verb: str, house: House, user: int | None, at: datetime) -> bool:
        kind = verb.rpartition("_")[2] if verb.startswith(("review_", "grant_", "deny_")) else None
        rules = {
            "request_extension": self.pending is not None
            or self.due is None
            or at >= self.due
            or self.extensions >= house.extensions,
            "request_suspension": self.pending is not None or self.suspensions >= house.suspensions,
            "withdraw_request": self.pending is None,
            "close": self.children_open > 0,
            "force_close": self.children_open > 0,
            "void": self.children_open > 0,
            "merge": self.children_open > 0,
            "refuse": self.arbitrated,
            "detach": self.parent is None,
            "settle_supervision": not self.supervised,
            "reply_supervision": not self.supervised,
        }
        if kind is not None and self.pending != kind:
            return True
        if verb.startswith("grant_") and user is not None and user == self.asked_by:
            return True
        if verb == "review_extension" and self.pending_state == "reviewed":
            return True
        if verb == "grant_extension" and house.extension_reviewed and self.pending_state != "reviewed":
            return True
        return rules.get(verb, False)

    def _has(self, need: str, shown: Shown) -> bool:
        return {
            "place": self.placed,
            "class": self.case_class is not None,
            "condition": (shown.condition or self.condition) is not None,
            "remedy": bool(shown.remedy or self.remedy),
            "deadline": self.ruled is not None,
            "body": shown.body is not None,
            "person": shown.person is not None,
            "reason": bool(shown.reason),
            "note": bool(shown.note),
            "finding": shown.finding is not None,
            "photo": bool(shown.photos),
            "until": shown.until is not None,
            "target": bool(shown.target),
            "demand": bool(shown.demand),
            "changes": bool(shown.changes),
        }[need]

    def move(self, verb: str, shown: Shown, house: House, user: int | None, at: datetime) -> None:
        """Become what the case is after an allowed move."""
        was = self.stage
        if TABLE[verb][1]:
            self.stage = house.lands(TABLE[verb][1])
        self.version += 1
        if verb != "comment":
            self.mirrored = False
        getattr(self, f"_{verb}", lambda *_: None)(shown, house, user, at)
        if verb in {"fix_on_spot", "rectify", "pass_review"} and self.stage != "review":
            self.disposed = at
        if verb in {"close", "force_close"}:
            self.closed = at
        if verb in {"grant_suspension", "merge"}:
            self.stage_before = was
        if verb in PUTS_AWAY:
            self._decided()

    def _hand(self, who: int | None, *, doing: bool = True) -> None:
        if who is not None:
            self.hands |= {who}
            self.doers |= {who} if doing else frozenset()

    def _decided(self) -> None:
        self.pending = self.pending_state = self.asked_by = None

    def _fix_on_spot(self, shown: Shown, _house: House, user: int | None, at: datetime) -> None:
        self.remedy = shown.remedy or self.remedy
        self.filed, self.due = at, self.ruled
        self._hand(user)

    def _confirm(self, shown: Shown, *_: Any) -> None:
        self.confirmed = shown.finding

    def _file(self, shown: Shown, _house: House, _user: int | None, at: datetime) -> None:
        self.condition = shown.condition or self.condition
        self.remedy = shown.remedy or self.remedy
        self.filed, self.due = at, self.ruled

    def _dispatch(self, shown: Shown, _house: House, _user: int | None, at: datetime) -> None:
        self.body, self.person, self.dispatched, self.accepted = shown.body, None, at, None

    _redispatch = _dispatch

    def _arbitrate(self, shown: Shown, house: House, user: int | None, at: datetime) -> None:
        self._dispatch(shown, house, user, at)
        self.arbitrated = True

    def _reopen(self, shown: Shown, house: House, user: int | None, at: datetime) -> None:
        self._dispatch(shown, house, user, at)
        self.reopened += 1
        self.disposed = self.closed = None

    def _send_back(self, *_: Any) -> None:
        self.filed = self.due = None

    def _refuse(self, _shown: Shown, house: House, _user: int | None, at: datetime) -> None:
        self.refusals += 1
        self.lost += int((at - self.dispatched).total_seconds()) if self.dispatched else 0
        self.person = self.accepted = None
        if house.refusals and self.refusals >= house.refusals:
            self.stage = "arbitration"

    def _accept(self, shown: Shown, _house: House, _user: int | None, at: datetime) -> None:
        self.person, self.accepted = shown.person, at
        self._hand(shown.person)

    def _assign(self, shown: Shown, *_: Any) -> None:
        self.person = shown.person
        self._hand(shown.person)

    def _rectify(self, _shown: Shown, _house: House, user: int | None, _at: datetime) -> None:
        self._hand(user)

    def _pass_review(self, _shown: Shown, _house: House, user: int | None, _at: datetime) -> None:
        self._hand(user, doing=False)

    def _return_review(self, *_: Any) -> None:
        self.disposed = None

    def _fail_check(self, *_: Any) -> None:
        self.reworks += 1
        self.disposed = None
        if self.body is None:  # fixed on the spot: no unit has it yet
            self.stage = "filed"

    _rework = _fail_check

    def _force_close(self, *_: Any) -> None:
        self.stage_before = ""

    def _request_extension(self, _shown: Shown, _house: House, user: int | None, _at: datetime) -> None:
        self.pending, self.pending_state, self.asked_by = "extension", "asked", user

    def _request_suspension(self, _shown: Shown, _house: House, user: int | None, _at: datetime) -> None:
        self.pending, self.pending_state, self.asked_by = "suspension", "asked", user

    def _review_extension(self, *_: Any) -> None:
        self.pending_state = "reviewed"

    def _grant_extension(self, *_: Any) -> None:
        self.extensions += 1
        self._decided()

    def _grant_suspension(self, *_: Any) -> None:
        self.suspensions += 1
        self._decided()

    def _deny_extension(self, *_: Any) -> None:
        self._decided()

    _deny_suspension = _withdraw_request = _deny_extension

    def _resume(self, *_: Any) -> None:
        self.stage, self.stage_before = self.stage_before, ""

    def _unmerge(self, *_: Any) -> None:
        self.stage, self.stage_before, self.merged_into = self.stage_before, "", None

    def _detach(self, *_: Any) -> None:
        self.parent = None

    def _supervise(self, *_: Any) -> None:
        self.supervised = True

    def _settle_supervision(self, *_: Any) -> None:
        self.supervised = False
