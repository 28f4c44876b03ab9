"""Doors to the office's channels: robots, webhooks, shared mailboxes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.notices.actions import add_channel, remove_channel, switch_channel, try_channel
from xiuhua.notices.actions.weekly import WeekdayUnknown, digest_weekday, set_digest_weekday
from xiuhua.notices.models import Channel
from xiuhua.notices.phrases import kind_title
from xiuhua.notices.queries import channels
from xiuhua.notices.rules.routing import ROUTES
from xiuhua.notices.rules.texts import masked
from xiuhua.notices.words import ChannelKind
from xiuhua.responsibility.models import Body
from xiuhua.web.desk.office import now, office, person, whole

OPERATE = "system.operate"
FIELDS = ("kind", "name", "address", "events", "body", "language")
#: Where the secret of a webhook that was just made waits for the next page, to be shown once.
_FRESH = "channel_secret"


@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def channel_list(request: HttpRequest) -> HttpResponse:
    """Show the office's channels, add one. Addresses are shown masked, a webhook's secret once, right after it was made."""
    tenant = office(request)
    if request.method != "POST":
        return _page(request, tenant, {})
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    errors = _missing(given)
    if errors:
        return _page(request, tenant, given, errors)
    try:
        channel = _added(request, tenant, given)
    except Refusal as refusal:
        field = "id_name" if refusal.code == "channel.name_taken" else "id_address"
        return _page(request, tenant, given, [(field, str(refusal))])
    if channel.secret:
        request.session[_FRESH] = {"name": channel.name, "secret": channel.secret}
    messages.success(request, _("已加通道“%(name)s”，可以试发一条。") % {"name": channel.name})
    return redirect("desk:channels")


def _missing(given: dict[str, str]) -> list[tuple[str, str]]:
    errors = [] if given["kind"] in ChannelKind.values else [("id_kind", _("请选一种。"))]
    errors += [] if given["name"] else [("id_name", _("请起个名字。"))]
    return errors + ([] if given["address"] else [("id_address", _("请填地址。"))])


def _added(request: HttpRequest, tenant: Tenant, given: dict[str, str]) -> Channel:
    return add_channel(
        tenant,
        kind=ChannelKind(given["kind"]),
        name=given["name"][:60],
        address=given["address"],
        events=[given["events"]] if given["events"] else [],
        body=Body.objects.filter(tenant=tenant, code=given["body"]).first() if given["body"] else None,
        language="en" if given["language"] == "en" else "zh-hans",
        by=person(request),
        at=now(),
    )


def _page(
    request: HttpRequest, tenant: Tenant, given: dict[str, str], errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    bodies = Body.objects.filter(tenant=tenant).order_by("name").values_list("code", "name")
    context: dict[str, Any] = {
        "channels": [{"is": one, "address": masked(one.address), "events": _events(one)} for one in channels(tenant)],
        "given": {"kind": ChannelKind.ROBOT.value, **given},
        "errors": errors or [],
        "by_field": dict(errors or []),
        "kinds": ChannelKind.choices,
        "event_options": [("", _("全部")), *((name, kind_title(name)) for name in ROUTES)],
        "bodies": [("", _("全部单位")), *bodies],
        "weekdays": _weekdays(),
        "weekday": str(digest_weekday(tenant)),
        "languages": (("zh-hans", "中文"), ("en", "English")),
        "fresh": request.session.pop(_FRESH, None) if request.method == "GET" else None,
    }
    return render(request, "web/channels.html", context)


def _events(channel: Channel) -> str:
    return "、".join(kind_title(name) for name in channel.events) or _("全部")


def _weekdays() -> list[tuple[str, str]]:
    """Return the days on which the weekly digest may go out, and never, as options."""
    return [*((str(number), str(WEEKDAYS[number - 1])) for number in range(1, 8)), ("0", _("不发"))]


@require_POST
def digest_day(request: HttpRequest) -> HttpResponse:
    """Set on which weekday the office's weekly digest goes out."""
    tenant = office(request)
    day = whole(request.POST.get("weekday"))
    try:
        changed = set_digest_weekday(tenant, -1 if day is None else day, by=person(request), at=now())
    except WeekdayUnknown as refusal:
        return _page(request, tenant, {}, [("id_weekday", str(refusal))])
    said = dict(_weekdays())[str(day)]
    told = _("每周提要：%(day)s。") if changed else _("每周提要没有变：%(day)s。")
    messages.success(request, told % {"day": said})
    return redirect("desk:channels")


@require_POST
def channel_do(request: HttpRequest, key: int) -> HttpResponse:
    """Test a channel, switch it on or off, or remove it."""
    tenant = office(request)
    channel = channels(tenant).filter(pk=key).first()
    if channel is None:
        raise Http404
    by, at, verb, name = person(request), now(), request.POST.get("do", ""), {"name": channel.name}
    if verb == "test":
        _test(request, channel)
    elif verb in {"on", "off"}:
        switch_channel(channel, active=verb == "on", by=by, at=at)
        told = _("“%(name)s”已启用。") if verb == "on" else _("“%(name)s”已停用，路上的消息也不再发。")
        messages.success(request, told % name)
    elif verb == "remove":
        remove_channel(channel, by=by, at=at)
        messages.success(request, _("已删去“%(name)s”。") % name)
    return redirect("desk:channels")


def _test(request: HttpRequest, channel: Channel) -> None:
    try:
        try_channel(channel, by=person(request), at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已向“%(name)s”试发一条。") % {"name": channel.name})
