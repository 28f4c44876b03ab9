"""The living cases of the made-up street: told, filed, dispatched and handled by its accounts, through their own moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from xiuhua.cases.actions import move, report
from xiuhua.cases.models import Case, Report, Ruling
from xiuhua.cases.policies import may_move
from xiuhua.cases.words.moves import Channel, EvidenceKind, Given, Verb
from xiuhua.cases.words.reports import Told
from xiuhua.demo.actions.files import SEED, made_up_city
from xiuhua.demo.actions.photos import photograph
from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.frame import degrees
from xiuhua.demo.rules.lives import LIVES, Life, lives
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body, User
from xiuhua.responsibility.queries import actor_of
from xiuhua.taxonomy.models import CaseClass, FilingCondition

#: Numbers of what the demo's people send: the same in every demo, so that a second run tells nothing twice.
_NUMBERS = UUID("5a9b1e9e-3f5c-4b6e-9f5a-0d6c1b7c2e11")
#: Who speaks for a kind of unit, and who works for it.
_UNITS = {"sanitation": ("sweep", "sweeper"), "order": ("order", "officer")}
#: Stages from which photos of the result are shown.
_PHOTOGRAPHED = 3


@dataclass(frozen=True, slots=True)
class _Street:
    """What the lives need of the office: its people, units and classes by what the plan calls them."""

    tenant: Tenant
    users: dict[str, User]
    actors: dict[str, Actor]
    units: dict[str, Body]
    classes: dict[tuple[str, str], CaseClass]


def open_lives(tenant: Tenant, *, at: datetime) -> tuple[int, bool]:
    """Tell and move the living cases as of `at`; return how many there are and whether they were there already.

    A second run tells nothing twice. What happened is in the ledger like everything else.
    """
    planned = lives()
    told = Report.objects.filter(tenant=tenant, client_uuid__in=[_number(at) for at in range(len(planned))]).count()
    if told == len(planned):
        return told, True
    street, draws = _street(tenant, at), Draws(SEED, "living")
    city = made_up_city()
    for serial, life in enumerate(planned):
        grid = draws.pick(city.grids)
        spot = (
            draws.between(grid.rect.u0, grid.rect.u1),
            draws.between(grid.rect.v0, grid.rect.v1),
        )
        _live(street, life, serial, degrees(spot, city.plan.origin), at)
    return len(planned), False


def _street(tenant: Tenant, at: datetime) -> _Street:
    users = {one.username: one for one in User.objects.filter(tenant=tenant)}
    classes = CaseClass.objects.filter(tenant=tenant, scheme="demo-street", parent__isnull=False).select_related(
        "parent"
    )
    return _Street(
        tenant=Tenant.objects.get(pk=tenant.pk),  # with the revision that the opening has led to
        users=users,
        actors={name: actor_of(user, at.date()) for name, user in users.items()},
        units={kind: Body.objects.filter(tenant=tenant, kind=kind).order_by("code")[0] for kind in _UNITS},
        classes={(one.parent.name, one.name): one for one in classes if one.parent},
    )


def _number(serial: int, part: str = "") -> UUID:
    return uuid5(_NUMBERS, f"{serial}{part}")


def _live(street: _Street, life: Life, serial: int, point: tuple[float, float], at: datetime) -> None:
    """Tell one case and take it through its moves, each a while after the one before, never later than `at`."""
    moment, steps = at - life.ago, LIVES[life.until]
    held = street.classes.get(life.names)
    told = Told(
        client_uuid=_number(serial),
        channel=Channel.INSPECTOR if serial % 3 else Channel.PHONE,
        text=life.says,
        case_class=held.pk if held else None,
        longitude=point[0],
        latitude=point[1],
        noticed_at=moment,
    )
    case = report(street.tenant, told, by=street.actors["inspector"], at=moment).case
    if serial % 2 or len(steps) >= _PHOTOGRAPHED:
        _photo(street, case, serial, "inspector", moment)
    for index, step in enumerate(steps):
        moment = min(at - timedelta(minutes=len(steps) - index), moment + life.pace)
        if not _step(street, case, serial, step, moment):
            return


def _photo(street: _Street, case: Case, serial: int, who: str, at: datetime) -> int:
    """Show the corner before it was cleared away if nobody has yet, else as it is afterwards; return the evidence's key."""
    kind = EvidenceKind.AFTER if case.evidence.exists() else EvidenceKind.BEFORE
    number = _number(serial, f"{kind.value}{case.version}")
    return photograph(street.tenant, case, serial + 1, kind=kind, number=number, by=street.actors[who], at=at)


def _step(street: _Street, case: Case, serial: int, step: str, at: datetime) -> bool:
    """Make one move of a life; return False where the case lies with a unit that has no account here."""
    verb_text, who, word = (*step.split(":"), "")[:3]
    verb = Verb(verb_text)
    who = _person(street, case, who)
    if not who or not may_move(street.actors[who], verb, case):
        return False
    given = _GIVEN.get(verb, _nothing)(street, case, serial, word, who, at)
    done = move(street.tenant, case.pk, verb, Given(**given), by=street.actors[who], at=at, version=case.version)
    case.refresh_from_db()
    return done.created


def _person(street: _Street, case: Case, who: str) -> str:
    if who not in {"unit", "handler"}:
        return who
    kind = next((kind for kind, unit in street.units.items() if unit.pk == case.body_id), "")
    return _UNITS[kind][who == "handler"] if kind else ""


_Made = dict[str, Any]


def _nothing(_street: _Street, _case: Case, _serial: int, word: str, _who: str, _at: datetime) -> _Made:
    return {"reason": word}


def _filing(_street: _Street, case: Case, _serial: int, _word: str, _who: str, at: datetime) -> _Made:
    ruling = Ruling.objects.filter(case=case).first()
    condition = ruling.condition if ruling and ruling.condition else None
    condition = condition or FilingCondition.objects.filter(case_class=case.case_class).order_by("pk").first()
    ruled = ruling is not None and ruling.due_at is not None
    by_hand = {} if ruled else {"due_at": at + timedelta(days=2), "note": "规则没有给出期限，暂按两天"}
    return {"condition": condition.pk if condition else None, "remedy": "清理干净，恢复原状", **by_hand}


def _dispatching(street: _Street, case: Case, serial: int, word: str, _who: str, _at: datetime) -> _Made:
    """Send it to the unit that the matrix names if that has people here, else to one of the two that have."""
    named = Ruling.objects.filter(case=case).values_list("body_id", flat=True).first()
    ours = {unit.pk for unit in street.units.values()}
    first = named if named in ours else sorted(ours)[serial % len(ours)]
    body = next(iter(ours - {case.body_id})) if word else first
    return {"body": body, "reason": word, "note": "请按时限到现场处置，上传整改后的照片。"}


def _accepting(street: _Street, case: Case, _serial: int, _word: str, _who: str, _at: datetime) -> _Made:
    return {"person": street.users[_person(street, case, "handler")].pk}


def _rectifying(street: _Street, case: Case, serial: int, _word: str, who: str, at: datetime) -> _Made:
    return {"photos": (_photo(street, case, serial, who, at),), "note": "已清理完毕。"}


def _asking(_street: _Street, _case: Case, serial: int, word: str, _who: str, at: datetime) -> _Made:
    return {"reason": word, "until": (at + timedelta(days=20 + serial)).date()}


def _supervising(_street: _Street, _case: Case, _serial: int, _word: str, _who: str, at: datetime) -> _Made:
    return {"kind": "leader", "demand": "请于两日内办结并说明原因。", "due_at": at + timedelta(days=2)}


_GIVEN: dict[Verb, Callable[[_Street, Case, int, str, str, datetime], _Made]] = {
    Verb.CONFIRM: lambda *_asked: {"finding": True, "note": "现场属实"},
    Verb.FILE: _filing,
    Verb.DISPATCH: _dispatching,
    Verb.REDISPATCH: _dispatching,
    Verb.ACCEPT: _accepting,
    Verb.RECTIFY: _rectifying,
    Verb.PASS_CHECK: lambda *_asked: {"note": "到现场看过，已整改到位。"},
    Verb.REQUEST_SUSPENSION: _asking,
    Verb.SUPERVISE: _supervising,
}
