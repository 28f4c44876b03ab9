"""What the address of the desk says: which queue, narrowed to what, from where on, and which case is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.cases.models import Case
from xiuhua.cases.policies import right
from xiuhua.cases.queries import choices
from xiuhua.cases.queries.queues import SIZES, Narrowed
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.queues import NEXT, TIMED
from xiuhua.cases.words.moves import Channel, Flow
from xiuhua.cases.words.queues import Queue
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.privacy.rules import mask
from xiuhua.territory.queries import family, options
from xiuhua.web.desk.office import whole
from xiuhua.web.desk.triage_look import ListLook

#: Filters in the order in which they are shown.
FILTERS = ("q", "territory", "body", "main", "channel")
#: What a saved view keeps.
KEPT = ("queue", *FILTERS)
#: Metres across the map, near to far.
REACHES = (150, 400, 1000, 3000)
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at which office's desk, how, and when."""

    tenant: Tenant
    actor: Actor
    flow: Flow
    look: ListLook
    at: datetime

    @property
    def language(self) -> str | None:
        """Return the reader's language."""
        return get_language()


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one look at the desk."""

    queue: str
    given: dict[str, str]
    after: str
    case: int | None
    zoom: int

    def query(self, **changes: object) -> str:
        """Return the address's parameters with some changed; None takes one away. Page and case stay unless changed."""
        held: dict[str, object] = {"queue": self.queue, **self.given, "after": self.after, "case": self.case}
        held |= {"zoom": self.zoom if self.zoom != REACHES[1] else None}
        return urlencode([(name, value) for name, value in (held | changes).items() if value not in (None, "")])


def asked_in(sent: Mapping[str, str]) -> Asked:
    """Return what the parameters mean; what means nothing is left out."""
    queue = sent.get("queue", "")
    zoom = whole(sent.get("zoom"))
    return Asked(
        queue=queue if queue in Queue.values else "",
        given={name: text for name in FILTERS if (text := sent.get(name, "").strip()[:LONGEST])},
        after=sent.get("after", "")[:40],
        case=whole(sent.get("case")),
        zoom=zoom if zoom in REACHES else REACHES[1],
    )


def narrowed_to(tenant: Tenant, given: Mapping[str, str]) -> Narrowed:
    """Return what the filters narrow a queue to; two queries where a territory is named, else none."""
    return Narrowed(
        text=given.get("q", ""),
        territories=family(tenant, given["territory"]) if "territory" in given else None,
        body=given.get("body", ""),
        main_class=given.get("main", ""),
        channel=given.get("channel", ""),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer, as (value, label), and the names of all territories by code."""

    territories: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    mains: Sequence[tuple[str, str]]
    names: Mapping[str, str]


def choices_of(tenant: Tenant) -> Choices:
    """Return what the filters offer. No query where it was read for the office's revision, else some five."""
    kept = shelf_of(tenant).kept
    found: Choices | None = kept.get("desk.choices")
    if found is None:
        offered = choices(tenant)
        every = options(tenant)
        level = options(tenant, tenant.settings.get("by", "")) if tenant.settings.get("by") else every
        found = Choices(level, offered.bodies, [(name, name) for name in offered.main_classes], dict(every))
        kept["desk.choices"] = found
    return found


def channels() -> list[tuple[str, str]]:
    """Return the channels a case of our own comes through."""
    return [(one.value, str(one.label)) for one in Channel]


def channel_words(channel: str) -> str:
    """Return the channel in words; what another platform calls one of its own stays as it is."""
    return str(Channel(channel).label) if channel in Channel.values else channel


def filter_labels() -> dict[str, str]:
    """Return what the filters are called."""
    return {
        "q": _("案号、地址、描述、类别"),
        "territory": _("地域"),
        "body": _("责任单位"),
        "main": _("大类"),
        "channel": _("来源"),
    }


def size_in(text: str) -> int:
    """Return how many rows a page has: one of SIZES."""
    size = whole(text)
    return size if size in SIZES else SIZES[1]


def what_of(case: Case) -> str:
    """Return in a word or two what a case is about."""
    if case.case_class is not None:
        return case.case_class.name
    return mask(case.title) or _("未分类")


def landing(actor: Actor) -> str:
    """Return where somebody begins who came for nothing in particular: those on whom cases wait at their desk."""
    waits = any(actor.may(right(verb)) for stage in TIMED for verb in NEXT[stage])
    return reverse("desk:triage" if waits else "desk:home")
