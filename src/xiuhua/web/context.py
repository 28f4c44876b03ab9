"""What every page shows around its content: the office, where one can go, how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.queries.queues import offered
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import NoTenant, tenant_named
from xiuhua.kernel.words import Actor
from xiuhua.notices.queries import unread_count
from xiuhua.responsibility.models import User
from xiuhua.ui.stylesheet import stylesheet
from xiuhua.web.access import may_enter
from xiuhua.web.desk.mine import answers
from xiuhua.web.desk.office import person

THEMES = ("auto", "light", "dark", "field")
SIZES = ("normal", "elder")
THEME_COOKIE = f"{settings.COOKIE_PREFIX}xh_theme"
SIZE_COOKIE = f"{settings.COOKIE_PREFIX}xh_size"
#: Places of the phone's bar; the roof of the desk has all of them.
ON_PHONE = ("month", "ranking", "map", "cases")
AT_WORK = ("triage", "month", "map", "cases")
ANSWERING = ("triage", "mine", "month", "cases")
#: The section in which a page stands, by the name of its address; a page may say otherwise with `section`.
SECTIONS = {
    "home": "month",
    "ranking": "ranking",
    "sheet": "ranking",
    "analysis": "analysis",
    "warning": "ranking",
    "lists": "lists",
    "meeting": "meeting",
    "differences": "differences",
    "map": "map",
    "layers": "map",
    "again": "analysis",
    "bulletins": "bulletins",
    "bulletin-new": "bulletins",
    "bulletin": "bulletins",
    "bulletin-do": "bulletins",
    "bulletin-versions": "bulletins",
    "bulletin-paper": "bulletins",
    "cases": "cases",
    "case": "cases",
    "report": "cases",
    "move": "cases",
    "suspended": "cases",
    "supervised": "cases",
    "requests": "cases",
    "reconcile": "reconcile",
    "imports": "imports",
    "import": "imports",
    "intake": "imports",
    "intake-new": "imports",
    "intake-mapping": "imports",
    "records": "imports",
    "findings": "imports",
    "import-photos": "imports",
    "exports": "imports",
    "frozen": "month",
    "territories": "territories",
    "territory": "territories",
    "outline": "territories",
    "sites": "sites",
    "site-import": "sites",
    "units": "units",
    "unit-import": "units",
    "people": "people",
    "person": "people",
    "post-change": "people",
    "handover": "people",
    "standards": "standards",
    "standards-swap": "standards",
    "clock": "clock",
    "duty": "duty",
    "deadline": "clock",
    "triage": "triage",
    "triage-help": "triage",
    "triage-bulk": "triage",
    "triage-act": "triage",
    "inbox": "inbox",
    "inbox-wishes": "inbox",
    "channels": "channels",
    "worker": "worker",
    "account": "account",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The frame of a page."""

    office: str
    made_up: bool
    zone: tzinfo
    now: datetime
    user: str
    theme: str
    size: str
    language: str
    lang: str
    section: str
    items: list[dict[str, Any]]
    tabs: list[dict[str, Any]]
    stylesheet: str
    back: str
    #: Notices not read yet; None for who has no inbox.
    unread: int | None


class Reach:
    """Which doors of the desk a person may use, for templates: `reach.unit_import`, `reach.post_change`."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def __getitem__(self, name: str) -> bool:
        """Return whether the person may change something through a door, or read through one where nothing changes."""
        return may_enter(self._actor, f"desk:{name.replace('_', '-')}", "POST")


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return `look` and `reach` for templates, nothing for a request that was refused before anybody asked who it is."""
    if not hasattr(request, "user"):
        return {}
    tenant = _tenant(request)
    actor = person(request)
    items = _items(actor) if request.user.is_authenticated else []
    language = get_language() or "zh-hans"
    match = request.resolver_match
    return {
        "look": Look(
            office=tenant.name if tenant else _("绣花"),
            made_up=bool(tenant and tenant.settings.get("made_up")),
            zone=zone_of_office(tenant),
            now=datetime.now(UTC),
            user=str(request.user) if request.user.is_authenticated else "",
            theme=_chosen(request, THEME_COOKIE, THEMES),
            size=_chosen(request, SIZE_COOKIE, SIZES),
            language=language,
            lang="en" if language.startswith("en") else "zh-Hans",
            section=SECTIONS.get(match.url_name or "", "") if match else "",
            items=items,
            tabs=_tabs(items),
            stylesheet=stylesheet().digest,
            back=request.get_full_path() if request.method in {"GET", "HEAD"} else request.path,
            unread=unread_count(request.user) if isinstance(request.user, User) and tenant else None,
        ),
        "reach": Reach(actor),
    }


def _tabs(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the places of the phone's bar: four, the desk or one's own page in place of others for those who have them."""
    places = [each for item in items for each in item.get("group", [item])]
    keys = {item["key"] for item in places}
    wanted = ANSWERING if "mine" in keys else AT_WORK if "triage" in keys else ON_PHONE
    return [item for item in places if item["key"] in wanted]


def _tenant(request: HttpRequest) -> Tenant | None:
    if isinstance(request.user, User):
        return request.user.tenant
    try:  # before signing in, the only office there is may be named
        return tenant_named()
    except NoTenant:
        return None


def _chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...]) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else allowed[0]


def zone_of_office(tenant: Tenant | None) -> tzinfo:
    """Return the office's zone for showing times, UTC while there is none."""
    return ZoneInfo(tenant.zone) if tenant and tenant.zone else UTC


def _items(actor: Actor) -> list[dict[str, Any]]:
    """Return where a person may go; the registers, on which all else stands, share one place of the roof."""
    found: list[dict[str, Any]] = _there(actor, ("triage", _("工作台"), "desk:triage")) if offered(actor) else []
    found += _there(actor, ("mine", _("我的成绩"), "desk:mine")) if answers(actor) else []
    found += _there(
        actor,
        ("month", _("本月"), "desk:home"),
        ("ranking", _("排名"), "desk:ranking"),
        ("lists", _("榜单"), "desk:lists"),
    )
    looked = _there(actor, ("analysis", _("分析"), "desk:analysis"), ("map", _("地图"), "desk:map"))
    found += [{"key": "looked", "label": _("分析"), "group": looked}] if looked else []
    told = _there(actor, ("bulletins", _("通报"), "desk:bulletins"), ("meeting", _("例会"), "desk:meeting"))
    found += [{"key": "told", "label": _("通报"), "group": told}] if told else []
    found += _there(actor, ("cases", _("案件"), "desk:cases"))
    brought = _there(
        actor,
        ("imports", _("导入"), "desk:imports"),
        ("differences", _("差异"), "desk:differences"),
        ("reconcile", _("对账"), "desk:reconcile"),
    )
    found += [{"key": "brought", "label": _("导入"), "group": brought}] if brought else []
    registers = _there(
        actor,
        ("territories", _("地域"), "desk:territories"),
        ("sites", _("点位"), "desk:sites"),
        ("units", _("单位"), "desk:units"),
        ("people", _("人员"), "desk:people"),
        ("standards", _("标准"), "desk:standards"),
        ("clock", _("日历"), "desk:clock"),
        ("duty", _("责任"), "desk:duty"),
    )
    found += [{"key": "registers", "label": _("底册"), "group": registers}] if registers else []
    system = _there(actor, ("worker", _("后台"), "desk:worker"), ("channels", _("通道"), "desk:channels"))
    return [*found, {"key": "system", "label": _("系统"), "group": system}] if system else found


def _there(actor: Actor, *named: tuple[str, str, str]) -> list[dict[str, Any]]:
    found = []
    for key, label, name in named:
        if not may_enter(actor, name):
            continue
        try:
            found.append({"key": key, "label": label, "href": reverse(name)})
        except NoReverseMatch:  # a page that is not there is not offered
            continue
    return found
