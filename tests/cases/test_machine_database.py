"""Generated lives through the database: two cases, four clerks with what each has seen last, moves, undo, races (R12).

The 5,000 lives of test_machine.py are pure; these 100 add what is written: rows, journal, ledger, outbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cases.life import ENDED, FORBIDDEN, FROM, INCOMPLETE, TABLE, VERBS, House, Life, Shown
from tests.cases.test_machine import ONWARD
from tests.living import Office, make_office

from xiuhua.cases.actions import move, undo
from xiuhua.cases.models import Case, CaseMove, Evidence, Hand, Request, Ruling, Supervision, Suspension
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.queues import UNFILED
from xiuhua.cases.words.moves import PENDING, EvidenceKind, Given, Verb
from xiuhua.kernel.models import LedgerLine, OutboxEvent
from xiuhua.kernel.words import EVERY, Actor, Grant, Refusal

LIVES = 100
CLERKS = ("hal", "hank", "cleo", "vera")
HOUSE = House()
#: Where the deadline is the work of the rules of time, not of the table.
DUE_FOLLOWS = frozenset(
    ["grant_extension", "grant_suspension", "resume", "force_close", "dispatch", "send_back", "correct"]
)
#: Field of the model → field of the case.
WRITTEN = {
    **{name: name for name in ("stage", "version", "remedy", "refusals", "reworks", "reopened", "extensions")},
    **{name: name for name in ("arbitrated", "stage_before", "mirrored", "confirmed")},
    "body": "body_id",
    "person": "person_id",
    "condition": "condition_id",
    "parent": "parent_id",
    "merged_into": "merged_into_id",
    "lost": "lost_seconds",
    "filed": "filed_at",
    "closed": "closed_at",
    "dispatched": "dispatched_at",
    "accepted": "accepted_at",
    "disposed": "disposed_at",
}


@dataclass
class Book:
    """One case: its key, what it should be, what each clerk has seen, and how the last move can be taken back."""

    case: Case
    life: Life
    photo: int
    seen: dict[str, int] = field(default_factory=dict)
    before: Life | None = None
    rows_before: dict[str, Any] = field(default_factory=dict)
    last: tuple[str, str, datetime] | None = None
    made: int = 0


class World:
    """Two cases of one office and the time."""

    def __init__(self, office: Office) -> None:
        self.office, self.at = office, office.now
        self.books = [self._open(), self._open()]
        self.flow = flow_of(office.tenant)

    def _open(self) -> Book:
        case = self.office.report()
        book = Book(case, Life(), self.office.photo(case, "ina", EvidenceKind.AFTER))
        book.life.case_class, book.made = case.case_class_id, 1
        self._read_due(book)
        return book

    def _read_due(self, book: Book) -> None:
        ruling = Ruling.objects.get(case=book.case)
        book.life.due = Case.objects.values_list("due_at", flat=True).get(pk=book.case.pk)
        book.life.ruled, book.life.duty = ruling.due_at, ruling.body_id

    def actor(self, name: str) -> Actor:
        """Return a clerk with every post."""
        return Actor(f"user:{name}", grants=(Grant(EVERY),), user=self.office.at(name))

    def rows(self, book: Book) -> dict[str, Any]:
        """Return everything that belongs to a case, without what counts or dates the writing itself."""
        key = book.case.pk
        case = Case.objects.filter(pk=key).values().get()
        ruling = Ruling.objects.filter(case=key).values().get()
        for name in ("version", "moved_at"):
            del case[name]
        for name in ("ruled_at", "reason"):
            del ruling[name]
        tables = (Request, Suspension, Supervision, Hand)
        found = {one.__name__: list(one.objects.filter(case=key).order_by("pk").values()) for one in tables}
        shown = list(Evidence.objects.filter(case=key).order_by("pk").values_list("pk", "move"))
        return {"case": case, "ruling": ruling, "evidence": shown, **found}

    def step(self, dice: bytes) -> None:
        """Let one clerk try one thing."""
        which, verb_die, clerk_die, shown_die, time_die = dice
        self.at += timedelta(seconds=time_die % 8) if time_die < 128 else timedelta(minutes=time_die)
        if time_die > 250:
            self.at += timedelta(days=40)
        book, other = self.books[which & 1], self.books[1 - (which & 1)]
        name = CLERKS[clerk_die % 4]
        if which >= 208:
            self.take_back(book, name)
        else:
            self.move(book, other, (verb_die, clerk_die, shown_die), name, looks=which < 176)
        self.compare(book)
        self.compare(other)

    def move(self, book: Book, other: Book, dice: tuple[int, int, int], name: str, *, looks: bool) -> None:
        """Let a clerk try a move, having looked or not; it must go as the model says."""
        verb_die, clerk_die, shown_die = dice
        life = book.life
        offered = ONWARD.get(life.stage, VERBS) if verb_die < 128 else FROM[life.stage] if verb_die < 224 else VERBS
        verb = offered[verb_die % len(offered)]
        if looks or name not in book.seen:
            book.seen[name] = life.version
        shown = self.shown(verb, book, other, shown_die, clerk_die)
        life.children_open = int(other.life.parent == book.case.pk and other.life.stage not in ENDED)
        user, today = self.office.at(name), (self.at + timedelta(hours=8)).date()
        expected = "Stale" if book.seen[name] != life.version else self.joins(verb, book, other, shown)
        expected = expected or life.refusal(verb, shown, HOUSE, user, self.at, today)
        rows = self.rows(book)
        try:
            given = Given(**{one: getattr(shown, one) for one in Shown.__dataclass_fields__})
            version = book.seen[name]
            move(
                self.office.tenant,
                book.case.pk,
                Verb(verb),
                given,
                by=self.actor(name),
                at=self.at,
                version=version,
            )
        except Refusal as refusal:
            assert (type(refusal).__name__, verb, life.stage) == (expected, verb, life.stage)  # noqa: PT017 - which one, the model says
            assert self.rows(book) == rows
            return
        assert (expected, verb, life.stage) == ("", verb, life.stage)
        book.before, book.rows_before, book.last = life.copy(), rows, (verb, name, self.at)
        life.move(verb, shown, HOUSE, user, self.at)
        if verb in {"merge", "attach"}:
            setattr(life, "merged_into" if verb == "merge" else "parent", other.case.pk)
        book.made += 1
        due = life.due
        self._read_due(book)
        assert verb in DUE_FOLLOWS or life.due == due

    def joins(self, verb: str, book: Book, other: Book, shown: Shown) -> str:
        """Return by which refusal joining two cases must fail, "" where it must not."""
        if verb not in {"merge", "attach"}:
            return ""
        if not shown.target:
            return INCOMPLETE
        below = book.case.pk in {other.life.parent, other.life.merged_into}
        deep = verb == "attach" and (other.life.parent is not None or other.life.parent == book.case.pk)
        return FORBIDDEN if below or deep or other.life.stage in ENDED else ""

    def shown(self, verb: str, book: Book, other: Book, shown_die: int, clerk_die: int) -> Shown:
        """Return what the clerk shows: everything, or all but one thing."""
        unit, person = (("sweepers", "hal"), ("repairs", "hank"))[clerk_die >> 4 & 1]
        codes = sorted(self.flow.reason_codes(Verb(verb)))
        full: dict[str, Any] = {
            "body": self.office.bodies[unit].pk,
            "person": self.office.at(person),
            "condition": self.office.condition.pk,
            "remedy": "清理",
            "reason": codes[shown_die % len(codes)] if codes else "说明理由",
            "note": "看过",
            "finding": True,
            "photos": (book.photo,),
            "until": (self.at + timedelta(hours=8)).date() + timedelta(days=30),
            "target": other.case.number,
            "demand": "尽快",
            "changes": {"title": f"第{shown_die}版"},
        }
        if shown_die > 200:
            lacking = ("remedy", "reason", "note", "finding", "photos", "until", "target", "demand", "changes")
            name = lacking[shown_die % len(lacking)]
            full[name] = {"photos": (), "changes": {}, "finding": None, "until": None}.get(name, "")
        return Shown(**full)

    def take_back(self, book: Book, name: str) -> None:
        """Let a clerk take back the last move; what was there before must be there again."""
        newest = CaseMove.objects.filter(case=book.case).order_by("-version").first()
        assert newest is not None
        verb, by, when = book.last or ("report", "ina", self.office.now)
        expected = ""
        if by != name:
            expected = "CaseUnknown"
        elif book.before is None or not TABLE[verb][4] or self.at - when > timedelta(seconds=10):
            expected = "TooLate"
        try:
            undo(self.office.tenant, book.case.pk, newest.pk, by=self.actor(name), at=self.at)
        except Refusal as refusal:
            assert type(refusal).__name__ == expected  # noqa: PT017 - which one, the model says
            return
        assert expected == ""
        assert book.before is not None
        assert self.rows(book) == book.rows_before
        version, book.life, book.before = book.life.version + 1, book.before, None
        book.life.version = version
        self._read_due(book)

    def compare(self, book: Book) -> None:
        """Hold a case's rows, journal, ledger and outbox against the model."""
        case, life = Case.objects.get(pk=book.case.pk), book.life
        told = {name: getattr(life, name) for name in WRITTEN}
        assert {name: getattr(case, kept) for name, kept in WRITTEN.items()} == told
        request = Request.objects.filter(case=case, state__in=PENDING).values_list("kind", "state", "asked_by").first()
        expected = (life.pending, life.pending_state, life.asked_by) if life.pending else None
        running = Suspension.objects.filter(case=case, ended_at=None).exists()
        hands = frozenset(Hand.objects.filter(case=case).values_list("user", flat=True))
        assert (request, running, hands) == (expected, life.stage == "suspended", life.hands)
        if case.stage in UNFILED:  # what its queue goes by is what its ruling says
            assert case.ruled_due_at == Ruling.objects.filter(case=case).values_list("due_at", flat=True).first()
        assert Suspension.objects.filter(case=case).count() == life.suspensions
        assert CaseMove.objects.filter(case=case).count() == book.made
        about = f"case:{case.number}"
        undone = CaseMove.objects.filter(case=case, undone=True).count()
        assert LedgerLine.objects.filter(about=about, verb__startswith="case.").count() == book.made + undone
        withdrawn = OutboxEvent.objects.filter(about=about, state="withdrawn").count()
        assert (withdrawn, life.version) == (undone, book.made + undone)


@pytest.mark.django_db
def test_lives_in_the_database_go_as_the_table_says() -> None:
    office = make_office()

    # without shrinking: a life through the database is slow, and its story is told by the assertion
    @settings(
        max_examples=LIVES,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(walk=st.binary(min_size=50, max_size=90))
    def live(walk: bytes) -> None:
        world = World(office)
        for at in range(0, len(walk) - 4, 5):
            world.step(walk[at : at + 5])

    live()
