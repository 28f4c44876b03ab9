"""The file of one problem."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.cases.words import Cause, PlaceMethod, Stage, Undetermined, Unruled, Verdict
from xiuhua.cases.words.moves import Channel, EvidenceKind, RequestKind, RequestState, SupervisionKind, Verb
from xiuhua.files.models import StoredFile
from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant
from xiuhua.responsibility.models import Body, MatrixRow, User
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.territory.models import Territory

#: What posts and filters of a queue go by.
_SIFTED = ("body", "territory", "case_class", "channel")


class Case(models.Model):
    """Our own record of a problem. A mirroring case follows its newest source record until its first own move."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    mirrored = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.OPEN)
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    #: Of a case that is not filed yet: what its ruling gives, so that a queue needs no other table.
    ruled_due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    undetermined = models.CharField(max_length=40, choices=Undetermined.choices, blank=True)
    title = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    #: How the problem became known, in the words of the source ("市民热线").
    channel = models.CharField(max_length=100, blank=True)
    #: Number of the filing condition, in the words of the source; empty where nobody said.
    filed_under = models.CharField(max_length=40, blank=True)
    #: How often the deadline was extended.
    extensions = models.PositiveSmallIntegerField(default=0)
    #: What the platform says of it.
    platform_verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    place_method = models.CharField(max_length=10, choices=PlaceMethod.choices, default=PlaceMethod.NONE)
    #: WGS-84 degrees.
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    #: Goes up with every move; whoever writes says which version he saw.
    version = models.PositiveIntegerField(default=0)
    #: What it is filed under, what is to be done, and who answers for it in the unit.
    condition = models.ForeignKey(FilingCondition, on_delete=models.PROTECT, null=True, related_name="+")
    remedy = models.TextField(blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: What the check before filing found; empty before it.
    confirmed = models.BooleanField(null=True)
    #: From when the clock counts, where that is not the report.
    started_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    #: When the unit handed on what it had done.
    disposed_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    #: Seconds the case lay with units that refused it.
    lost_seconds = models.BigIntegerField(default=0)
    arbitrated = models.BooleanField(default=False)
    arbitration_due_at = models.DateTimeField(null=True)
    #: Where it stood before it was suspended or merged.
    stage_before = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    #: Who has it open to work on it, until when: a courtesy to colleagues, no right.
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    #: When anything was last done with it.
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="case_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "due_at"], name="case_due"),
            models.Index(fields=["tenant", "reported_at"], name="case_reported"),
            # the order of a queue, then all that posts and filters go by: counted and looked through without reading a row
            models.Index(
                fields=["tenant", "stage", "due_at", "id", "ruled_due_at", *_SIFTED],
                name="case_queue",
            ),
            models.Index(fields=["tenant", "body", "stage", "due_at", "id"], name="case_queue_of_unit"),
            models.Index(
                fields=["tenant", "stage", "ruled_due_at", "id", "due_at", *_SIFTED],
                name="case_queue_unfiled",
            ),
            models.Index(
                fields=["tenant", "person", "stage"], condition=models.Q(person__isnull=False), name="case_mine"
            ),
            models.Index(fields=["tenant", "stage", "longitude"], name="case_near"),
        ]

    def __str__(self) -> str:
        return self.number


class Ruling(models.Model):
    """What the rules say about one case: by when, and whose. Worked out by machine, again only with a reason.

    The steps of the deadline are not stored: start, limit, calendar and extensions are, the calendar's version never
    changes, and the bill worked out from them arrives at `due_at` (ADR 0007).
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="ruling")
    condition = models.ForeignKey(FilingCondition, on_delete=models.PROTECT, null=True, related_name="+")
    #: Our own deadline; empty with the reason in `unruled`.
    due_at = models.DateTimeField(null=True)
    unruled = models.CharField(max_length=20, choices=Unruled.choices, blank=True)
    #: Versions of the calendar and its holiday tables, and their digest.
    calendar = models.CharField(max_length=200, blank=True)
    calendar_digest = models.CharField(max_length=64, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    #: Whether days were counted whose holidays had not been announced.
    provisional = models.BooleanField(default=False)
    #: Why the platform's deadline is not ours, with facts for the sentence; why its verdict is not.
    due_cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    due_facts: Any = models.JSONField(default=dict)
    verdict_cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    #: Whose it is by the duty matrix in force on the day of the report, and the row that says so.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    duty_row = models.ForeignKey(MatrixRow, on_delete=models.PROTECT, null=True, related_name="+")
    conflict = models.BooleanField(default=False)
    ruled_at = models.DateTimeField()
    #: Why it was worked out, or worked out again.
    reason = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provisional"], name="ruling_provisional")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Report(models.Model):
    """What one person told us: many may tell of one case. Who it was stays hidden from the units."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: Given by the sender and never used again for anything else.
    client_uuid = models.UUIDField()
    #: Over what was sent: the same again is accepted, anything else under the same number is not.
    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="reports")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    #: Whether the reporter wants to hear what became of it.
    follow_up = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    #: By the sender's clock; ours is `received_at`.
    noticed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    #: Radius in metres within which the sender's device believed to be.
    accuracy_m = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "client_uuid"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.client_uuid}"


class CaseMove(models.Model):
    """One move, as a journal: idempotent by `client_uuid`, undone by `changes`. Its telling is its ledger line."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    #: Of the case after it.
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=30, choices=Verb.choices)
    stage_from = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    stage_to = models.CharField(max_length=20, choices=Stage.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    client_uuid = models.UUIDField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    #: Field → [before, after].
    changes: Any = models.JSONField(default=dict)
    #: What it ended beside the case, as it was: {"request": {…}, "suspension": key}.
    put_away: Any = models.JSONField(default=dict)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    #: Unit that had the case when it was done.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    undone = models.BooleanField(default=False)
    line = models.ForeignKey(LedgerLine, on_delete=models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(OutboxEvent, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "version"], name="case_move_once")]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version} {self.verb}"


class Hand(models.Model):
    """A person who handled a case: from then on he neither verifies nor closes it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hands")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: The move by which he handled it; an undone move takes its hand back.
    move = models.ForeignKey(CaseMove, on_delete=models.CASCADE, related_name="+")
    #: False for who only reviewed it for the unit.
    doing = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "user", "move"], name="hand_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class Request(models.Model):
    """A unit asks for more time, or for a suspension."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=20, choices=RequestKind.choices)
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.ASKED)
    reason = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    #: First day on which a suspension no longer holds.
    until = models.DateField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: The deadline as it stood when it was asked, and as the decision left it: both stay in sight.
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state__in=["asked", "reviewed"]), name="request_pending_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "kind"], name="request_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.state}"


class Suspension(models.Model):
    """A time in which the clock of a case stood still; listed publicly within the office, so that nothing is buried."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    since = models.DateTimeField()
    #: When it ends by itself.
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], condition=models.Q(ended_at__isnull=True), name="suspension_running")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.since}"


class Supervision(models.Model):
    """Somebody above wants to see it done: kind, demand, limit, reply. It has a clock of its own."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions")
    kind = models.CharField(max_length=20, choices=SupervisionKind.choices)
    demand = models.TextField()
    due_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "settled_at"], name="supervision_open"),
            models.Index(fields=["settled_at"], name="supervision_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Evidence(models.Model):
    """A photo of a case. It may arrive before its case does: then it waits under the sender's number."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="evidence")
    #: Of the report or move that it belongs to.
    client_uuid = models.UUIDField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    #: The move that showed it.
    move = models.ForeignKey(CaseMove, on_delete=models.SET_NULL, null=True, related_name="evidence")
    #: What looks odd about it, as [{"code", "facts"}]: warnings, never verdicts.
    warnings: Any = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "client_uuid", "file"], name="evidence_once")
        ]
        indexes: ClassVar = [models.Index(fields=["case", "kind"], name="evidence_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class SavedView(models.Model):
    """A queue narrowed the way one person likes it, under a name of his own: a bookmark, nothing the office knows by."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    #: The address's parameters, without the page and the case.
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name
