"""A small office with people in their posts, for tests of the living case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings

from xiuhua.cases.actions import Moved, add_evidence, move, report
from xiuhua.cases.models import Case
from xiuhua.cases.words.moves import Channel, EvidenceKind, Given, Verb
from xiuhua.cases.words.reports import Told
from xiuhua.files.models import StoredFile
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.queries import actor_of
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.territory.models import Territory, TerritoryVersion

#: A Monday at ten in Shanghai.
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
#: user name → (role, unit's code or "").
PEOPLE = {
    "ina": (Role.INSPECTOR, ""),
    "cleo": (Role.CLERK, ""),
    "lea": (Role.SHIFT_LEAD, ""),
    "dan": (Role.DISPATCHER, ""),
    "uma": (Role.UNIT, "sweepers"),
    "hal": (Role.HANDLER, "sweepers"),
    "uri": (Role.UNIT, "repairs"),
    "hank": (Role.HANDLER, "repairs"),
    "vera": (Role.VERIFIER, ""),
    "sue": (Role.SUPERVISOR, ""),
    "bo": (Role.LEADER, ""),
    "ada": (Role.ADMIN, ""),
    "stan": (Role.STAFF, ""),
}
NAMESPACE = UUID("00000000-0000-0000-0000-00000000cafe")


@dataclass
class Office:
    """An office, its people as actors, its units, places and one class with a condition."""

    tenant: Tenant
    users: dict[str, User]
    bodies: dict[str, Body]
    places: dict[str, Territory]
    condition: FilingCondition
    now: datetime = START
    told: int = 0

    def actor(self, name: str) -> Actor:
        """Return a person with the grants of the day."""
        return actor_of(self.users[name], date(2026, 11, 23))

    def later(self, **span: float) -> datetime:
        """Let time pass and return the new moment."""
        self.now += timedelta(**span)
        return self.now

    def report(self, by: str = "ina", place: str = "A", **more: object) -> Case:
        """Take a new report of litter."""
        self.told += 1
        told = Told(
            client_uuid=uuid5(NAMESPACE, str(self.told)),
            channel=Channel.INSPECTOR,
            text="路口有一堆垃圾",
            case_class=self.condition.case_class_id,
            territory=self.places[place].pk,
            **more,  # type: ignore[arg-type]
        )
        return report(self.tenant, told, by=self.actor(by), at=self.now).case

    def move(self, case: Case, verb: Verb, by: str, **given: object) -> Moved:
        """Make a move a minute later, as somebody who has just seen the case."""
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
        done = move(
            self.tenant,
            case.pk,
            verb,
            Given(**given),  # type: ignore[arg-type]
            by=self.actor(by),
            at=self.later(minutes=1),
            version=version,
        )
        case.refresh_from_db()
        return done

    def file(self, case: Case) -> Case:
        """File it as the clerk does."""
        self.move(case, Verb.FILE, "cleo", condition=self.condition.pk, remedy="清理干净")
        return case

    def dispatch(self, case: Case, body: str = "sweepers") -> Case:
        """Dispatch it to a unit."""
        self.move(case, Verb.DISPATCH, "dan", body=self.bodies[body].pk, note="请尽快")
        return case

    def photo(self, case: Case, by: str, kind: EvidenceKind = EvidenceKind.AFTER) -> int:
        """Put a photo with a case and return its key."""
        self.told += 1
        file = StoredFile.objects.create(
            tenant=self.tenant,
            sha256=f"{self.told:064x}",
            size=1,
            media_type="image/jpeg",
            kind="photo",
            created_at=self.now,
        )
        number = uuid5(NAMESPACE, str(self.told))
        return add_evidence(
            self.tenant, file, client_uuid=number, kind=kind, by=self.actor(by), at=self.now, key=case.pk
        ).pk

    def at(self, name: str) -> int:
        """Return the key of a person."""
        return self.users[name].pk


def make_office(code: str = "living") -> Office:
    """Open the office: calendar, classes and flow of the made-up street, two communities, two units, one post each."""
    by = Actor("shell:test")
    tenant = create_tenant(code, "星河街道", by=by, at=START, zone="Asia/Shanghai")
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street", "flow/demo-street"):
        install_pack(tenant, read_pack(shipped_pack(Path(settings.PACKS), name)), by=by, at=START)
    street = _territory(tenant, "S", "street", None)
    places = {name: _territory(tenant, name, "community", street) for name in ("A", "B")}
    bodies = {
        name: Body.objects.create(tenant=tenant, code=name, name=title)
        for name, title in (("sweepers", "环卫所"), ("repairs", "市政队"))
    }
    users = {}
    for name, (role, body) in PEOPLE.items():
        user = User.objects.create(username=f"{name}@{code}", name=name, tenant=tenant, body=bodies.get(body))
        Post.objects.create(user=user, role=role, body=bodies.get(body))
        users[name] = user
    litter = CaseClass.objects.get(
        tenant=tenant, scheme="demo-street", kind="event", parent__isnull=False, name="暴露垃圾"
    )
    condition = FilingCondition.objects.filter(case_class=litter).order_by("pk").first()
    assert condition is not None
    tenant.refresh_from_db()
    return Office(tenant, users, bodies, {**places, "S": street}, condition)


def _territory(tenant: Tenant, code: str, level: str, parent: Territory | None) -> Territory:
    made = Territory.objects.create(tenant=tenant, code=code, level=level)
    TerritoryVersion.objects.create(territory=made, parent=parent, name=code)
    return made
