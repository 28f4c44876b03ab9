"""Opening the made-up street as an office of this installation: through the same doors as a real one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.assessment.actions import assess, run_today
from xiuhua.assessment.models import Assessment
from xiuhua.demo.actions.accounts import ensure_accounts
from xiuhua.demo.actions.files import write_files
from xiuhua.demo.actions.living import open_lives
from xiuhua.demo.queries import plan, rhythm
from xiuhua.demo.words import Account, Step
from xiuhua.disclosure.actions import draft_bulletin
from xiuhua.disclosure.models import Bulletin
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.models import ImportBatch
from xiuhua.exchange.queries import load_mapping
from xiuhua.exchange.words import BatchState
from xiuhua.kernel.actions import create_tenant, install_pack, use_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import pack_on, read_pack, shipped_pack
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions import import_units
from xiuhua.responsibility.models import Body, User
from xiuhua.responsibility.queries import actor_of
from xiuhua.territory.actions import import_sites, import_territories
from xiuhua.territory.models import Site, Territory
from xiuhua.territory.words import Order, Reading
from xiuhua.territory.words.sites import SiteOrder

CODE = "demo"
ZONE = "Asia/Shanghai"
SCHEME = "basic"
#: What the pages of this office start from; `made_up` makes every one of them say so.
SETTINGS = {
    "made_up": True,
    "by": "community",
    "scheme": SCHEME,
    "documents": "demo-street",
    "home_level": "community",
    "level_names": {
        "street": {"zh": "街道", "en": "Street"},
        "community": {"zh": "社区", "en": "Community"},
        "grid": {"zh": "网格", "en": "Grid"},
    },
}
#: Layers in the order in which parents come before children, with the field that names the parent.
LEVELS = (("street", "street", ""), ("community", "communities", "parent"), ("grid", "grids", "parent"))
ASSESSED_BY = ("community", "unit")
#: What the street says is local about it: types of sites, kinds of units, holidays and working time, filing standards –
#: both national ones to look up old codes, and its own, which it uses.
PACKS = (
    *("sites/cn-types", "units/cn-kinds", "holidays/cn", "calendar/demo-street"),
    *("taxonomy/cn-old", "taxonomy/cn-national", "taxonomy/demo-street", "flow/demo-street"),
)
#: Which of several packs of a kind the street uses.
USED = {"taxonomy": "demo-street"}
#: Who is responsible for what; it names units, sites and classes, so it comes after them.
DUTY = "duty/demo-street"

Progress = Callable[[int, int], None]


class RealOfficeHere(Refusal):
    """A real office is served here: made-up cases and accounts have no business beside it."""

    code = "demo.real_office"
    sentence = _("这里已有单位“%(name)s”（%(code)s）。虚构样例不与真实数据同库，请另设 XIUHUA_HOME 再运行。")


def moment(now: datetime) -> datetime:
    """Return when the demo is opened: now, but never before the day of its export.

    The year of the street is fixed; a machine whose clock is behind it could not freeze months that lie ahead.
    """
    return max(now, rhythm().export_at.replace(tzinfo=ZoneInfo(ZONE)))


def open_street(home: Path, mapping: Path, *, by: Actor, at: datetime, progress: Progress | None) -> Iterator[Step]:
    """Open the office, doing only what is not done yet, and yield each step when it is finished.

    `home` holds the files and the accounts in its folder demo; `mapping` says how the export is read. Raises
    RealOfficeHere, and whatever the imports and the assessment refuse.
    """
    other = Tenant.objects.exclude(code=CODE).first()
    if other:
        raise RealOfficeHere(code=other.code, name=other.name)
    folder = home / "demo"
    yield Step("files", len(write_files(folder)))
    tenant = create_tenant(CODE, plan().name, by=by, at=at, zone=ZONE, settings=dict(SETTINGS))
    for level, stem, parent in LEVELS:
        yield _territories(tenant, folder / f"{stem}.geojson", level, parent, by=by, at=at)
    there = [_install(tenant, pack, by=by, at=at) for pack in PACKS]
    for kind, code in USED.items():
        use_pack(tenant, kind, code, by=by, at=at)
    yield _sites(tenant, folder / "sites.csv", by=by, at=at)
    yield _units(tenant, folder / "units.csv", by=by, at=at)
    there.append(_install(tenant, DUTY, by=by, at=at))
    yield Step("packs", len(there), there=all(there))
    yield _cases(tenant, folder / "cases.csv", mapping, by=by, at=at, progress=progress)
    for period in closed_months():
        yield _month(tenant, period, by=by, at=at)


def accounts(home: Path, *, by: Actor, at: datetime) -> tuple[Account, ...]:
    """Return the accounts of the opened demo, made on the first call. Raises AccountsLost."""
    return ensure_accounts(Tenant.objects.get(code=CODE), home / "demo" / "accounts.txt", by=by, at=at)


def lives(*, at: datetime) -> Step:
    """Return how many living cases the street has, told and moved by its accounts on the first call."""
    return Step("lives", *open_lives(Tenant.objects.get(code=CODE), at=at))


def today(*, at: datetime) -> Step:
    """Return the step of the month that runs, scored up to now on the first call as the worker does every night."""
    tenant = Tenant.objects.get(code=CODE)
    running = Period.of(at, ZoneInfo(ZONE))
    written = Assessment.objects.filter(tenant=tenant, period=str(running), scheme=SCHEME, month_by="due")
    wanted = [by_level for by_level in ASSESSED_BY if not written.filter(by=by_level).exists()]
    clerk = actor_of(User.objects.get(username="clerk"), at.astimezone(ZoneInfo(ZONE)).date())
    for by_level in wanted:
        run_today(tenant, scheme=SCHEME, by_level=by_level, by=clerk, at=at)
    return Step("today", len(ASSESSED_BY), there=not wanted)


def bulletin(*, at: datetime) -> Step:
    """Return the step of the street's first bulletin, of its last closed month, begun by its clerk on the first call."""
    tenant = Tenant.objects.get(code=CODE)
    if Bulletin.objects.filter(tenant=tenant).exists():
        return Step("bulletin", 1, there=True)
    clerk = actor_of(User.objects.get(username="intake"), at.astimezone(ZoneInfo(ZONE)).date())
    draft_bulletin(tenant, closed_months()[-1], scheme=SCHEME, by_level=ASSESSED_BY[0], by=clerk, at=at)
    return Step("bulletin", 1)


def closed_months() -> list[Period]:
    """Return the months of the street that are over on the day of its export, oldest first."""
    first, last = rhythm().first, rhythm().last
    months = (last.year - first.year) * 12 + last.month - first.month
    return [Period(first.year, first.month).shift(i) for i in range(months)]


def _install(tenant: Tenant, name: str, *, by: Actor, at: datetime) -> bool:
    """Install a pack that is shipped; returns whether it was there already."""
    pack = read_pack(shipped_pack(Path(settings.PACKS), name))
    there = pack_on(tenant, pack.kind, pack.code, pack.effective_from) is not None
    install_pack(tenant, pack, by=by, at=at)
    return there


def _territories(tenant: Tenant, path: Path, level: str, parent: str, *, by: Actor, at: datetime) -> Step:
    held = Territory.objects.filter(tenant=tenant, level=level).count()
    if held:
        return Step(level, held, there=True)
    reading = Reading(name_field="name", code_field="code", parent_field=parent)
    done = import_territories(tenant, path.read_bytes(), Order(level=level, reading=reading), by=by, at=at)
    return Step(level, done.created)


def _sites(tenant: Tenant, path: Path, *, by: Actor, at: datetime) -> Step:
    held = Site.objects.filter(tenant=tenant).count()
    if held:
        return Step("sites", held, there=True)
    return Step("sites", import_sites(tenant, path.read_bytes(), SiteOrder(), by=by, at=at).created)


def _units(tenant: Tenant, path: Path, *, by: Actor, at: datetime) -> Step:
    """Bring the units in before the cases, so that these find them and observe none by name."""
    held = Body.objects.filter(tenant=tenant, confirmed=True).count()
    if held:
        return Step("units", held, there=True)
    done = import_units(tenant, path.read_bytes(), by=by, at=at)
    return Step("units", done.created + done.updated)


def _cases(tenant: Tenant, path: Path, mapping: Path, *, by: Actor, at: datetime, progress: Progress | None) -> Step:
    rules = load_mapping(mapping)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    same = {"file_digest": digest, "mapping": rules.text, "state": BatchState.APPLIED}
    batch = ImportBatch.objects.filter(tenant=tenant, **same).first()
    if batch:
        return Step("cases", batch.counts["rows"], there=True)
    done = import_cases(tenant, path, rules, by=by, at=at, progress=progress)
    return Step("cases", done.created)


def _month(tenant: Tenant, period: Period, *, by: Actor, at: datetime) -> Step:
    """Assess a month by community and by unit, unless both have been written."""
    written = Assessment.objects.filter(tenant=tenant, period=str(period), scheme=SCHEME, month_by="due")
    wanted = [by_level for by_level in ASSESSED_BY if not written.filter(by=by_level).exists()]
    for by_level in wanted:
        assess(tenant, period, scheme=SCHEME, by_level=by_level, month_by="due", as_of=None, by=by, at=at)
    return Step(str(period), len(ASSESSED_BY), there=not wanted)
