"""Named reads of the meeting's packs: what was made, what is being made, whether it still stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from xiuhua import __version__
from xiuhua.assessment.queries import latest_digest
from xiuhua.disclosure.models import MeetingPack, PackFile
from xiuhua.disclosure.packing import PackState
from xiuhua.disclosure.queries.labels import labels_of
from xiuhua.disclosure.queries.tasking import remedies_text
from xiuhua.disclosure.queries.told import MONTHS_OF_A_YEAR
from xiuhua.files import progress, store
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Refusal, marked

#: Settings of an office that its documents print.
_PRINTED = ("level_names", "made_up")


class PackUnknown(Refusal):
    """The office has no such pack."""

    code = "meeting.pack_unknown"
    sentence = marked("没有这份材料包。")


def source_of(tenant: Tenant, period: Period, scheme: str, by: str, month_by: str) -> str:
    """Return the digest of everything that a pack's files hang on beside their language; "" where the month is not assessed.

    That is the written assessment (which names its snapshot), the months it is compared with, the office's name, labels,
    remedies and calendars, and this program's version. Four queries. Raises what labels_of and remedies_text raise.
    """
    months = [latest_digest(tenant, period.shift(back), scheme, by, month_by) for back in (0, -1, -MONTHS_OF_A_YEAR)]
    if not months[0]:
        return ""
    installed = InstalledPack.objects.filter(tenant=tenant).order_by("digest").values_list("digest", flat=True)
    return digest(
        {
            "program": __version__,
            "months": months,
            "office": [tenant.name, tenant.zone, *(tenant.settings.get(name) for name in _PRINTED)],
            "labels": labels_of(tenant).digest,
            "remedies": remedies_text(tenant),
            "packs": list(installed),
        }
    )


def pack_keyed(tenant: Tenant, key: int) -> MeetingPack:
    """Return a pack of the office. One query. Raises PackUnknown."""
    found = MeetingPack.objects.select_related("tenant").filter(tenant=tenant, pk=key).first()
    if found is None:
        raise PackUnknown
    return found


def packs_of(tenant: Tenant) -> list[MeetingPack]:
    """Return the office's packs that are made or being made, or were not for a fault, newest month first, with their files.

    One that failed or was stopped is left out once the same choice was asked for again. Two queries.
    """
    found = MeetingPack.objects.filter(tenant=tenant).prefetch_related("files__file").order_by("-period", "-pk")
    seen: set[tuple[str, ...]] = set()
    kept = []
    for one in found:
        if one.state == PackState.MADE or (one.state != PackState.STOPPED and _choice(one) not in seen):
            kept.append(one)
        seen.add(_choice(one))
    return kept


def _choice(pack: MeetingPack) -> tuple[str, ...]:
    return pack.period, pack.scheme, pack.by, pack.month_by, pack.language


def still_standing(tenant: Tenant) -> Callable[[MeetingPack], bool]:
    """Return what answers whether a made pack would come out the same today; each choice is looked up once."""

    @cache
    def present(period: str, scheme: str, by: str, month_by: str) -> str:
        try:
            return source_of(tenant, Period.parse(period), scheme, by, month_by)
        except Refusal:  # labels that cannot be read: nothing would come out
            return ""

    return lambda pack: pack.source == present(pack.period, pack.scheme, pack.by, pack.month_by)


def made_already(pack: MeetingPack) -> bool:
    """Return whether a pack is made and all its files are there. One query."""
    if pack.state != PackState.MADE:
        return False
    return all(content_of(one).is_file() for one in pack.files.select_related("file"))


def content_of(one: PackFile) -> Path:
    """Return where the content of a pack's file lies. No query if its file is at hand."""
    return store.original(one.file.tenant_id, one.file.sha256)


def file_of(tenant: Tenant, key: int, name: str) -> PackFile | None:
    """Return a file of a made pack by its name there, None for anything else. One query."""
    found = PackFile.objects.select_related("file", "pack")
    return found.filter(pack__tenant=tenant, pack=key, pack__state=PackState.MADE, name=name).first()


def members_of(pack: MeetingPack) -> list[tuple[str, Path]]:
    """Return (name, where its content lies) of each file of a made pack by name, [] for another. One query."""
    if pack.state != PackState.MADE:
        return []
    return [(one.name, content_of(one)) for one in pack.files.select_related("file").order_by("name")]


def place_of(pack: MeetingPack) -> Path:
    """Return the place beside which the marks of a pack's work lie."""
    return store.root() / "packs" / str(pack.tenant_id) / str(pack.pk)


def progress_of(pack: MeetingPack) -> progress.Progress:
    """Return how far the work at hand has come: files done of so many, and which comes next. No query."""
    return progress.progress_of(place_of(pack), pack.attempt)


def unattended(pack: MeetingPack, now: datetime) -> bool:
    """Return whether a pack that was asked for waits longer than any running worker would let it. No query."""
    return pack.state == PackState.MAKING and progress.unattended(pack.begun_at, pack.changed_at, now)


def dead(pack: MeetingPack, now: datetime) -> bool:
    """Return whether work that began has not given a sign of life for a minute. No query."""
    return pack.state == PackState.MAKING and progress.dead(pack.begun_at, progress_of(pack), now)
