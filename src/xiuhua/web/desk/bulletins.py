"""Doors to bulletins: the list, the editor, the versions side by side, the page as it is printed."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.assessment.models import Assessment
from xiuhua.assessment.phrases import rank_sentence, title
from xiuhua.assessment.queries import periods_with_assessments, read
from xiuhua.disclosure.actions import draft_bulletin, issued_file, save_version, take_draft
from xiuhua.disclosure.actions.drafting import LANGUAGE
from xiuhua.disclosure.actions.guards import APPROVE, ISSUE, WRITE, Stale
from xiuhua.disclosure.actions.keeping import content_kept
from xiuhua.disclosure.actions.writing import TextRefused
from xiuhua.disclosure.bulletin import BulletinState, IssuedForm
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.bulletins import (
    Standing,
    abandoned_count,
    blocks_of,
    bulletin_keyed,
    bulletins_of,
    fields_kept,
    standing_of,
    version_of,
    versions_of,
)
from xiuhua.disclosure.rules.approval import may, why_not
from xiuhua.disclosure.rules.comparing import difference
from xiuhua.disclosure.rules.numbers import shown
from xiuhua.disclosure.rules.texts import kind_of, shown_blocks
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.responsibility.rules.rights import holds
from xiuhua.ui.formats import day
from xiuhua.web.desk import bulletinfacts as facts
from xiuhua.web.desk.chosen import chosen
from xiuhua.web.desk.downloads import attachment
from xiuhua.web.desk.office import now, office, person, whole

#: The most fields that a form of a text may send.
FIELDS = 400


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Show the office's bulletins: month, title, where each stands, who acts next."""
    return _listed(request, [], HTTPStatus.OK)


def _listed(request: HttpRequest, errors: list[tuple[str, str]], status: HTTPStatus) -> HttpResponse:
    tenant = office(request)
    abandoned = request.GET.get("state") == BulletinState.ABANDONED
    rows = [
        {
            "one": one.bulletin,
            "next": facts.step_title(one.step) if one.step else _whose_turn(one.bulletin),
            "roles": facts.step_roles(one.step) if one.step else "",
        }
        for one in bulletins_of(tenant, abandoned=abandoned)
    ]
    periods = list(reversed(periods_with_assessments(tenant)))
    context = {
        "rows": rows,
        "abandoned": abandoned,
        "given_up": abandoned_count(tenant),
        "months": [(one, one) for one in periods],
        "month": request.POST.get("month", ""),
        "may_write": holds(person(request), WRITE),
        "errors": errors,
        "wrong": dict(errors).get("id_month", ""),
    }
    return render(request, "web/bulletins.html", context, status=status)


def _whose_turn(bulletin: Bulletin) -> str:
    turns = {
        BulletinState.DRAFT: _("起草的人"),
        BulletinState.APPROVED: _("发文的人"),
        BulletinState.ISSUED: "",
        BulletinState.REVIEW: "",
        BulletinState.ABANDONED: "",
    }
    return turns[BulletinState(bulletin.state)]


@require_POST
def bulletin_new(request: HttpRequest) -> HttpResponse:
    """Begin the bulletin of a month that has been assessed, then open it."""
    tenant = office(request)
    try:
        made = draft_bulletin(
            tenant,
            Period.parse(request.POST.get("month", "")),
            scheme=str(tenant.settings.get("scheme", "basic")),
            by_level=chosen(request, tenant).by,
            by=person(request),
            at=now(),
        )
    except Refusal as refusal:
        return _listed(request, [("id_month", str(refusal))], HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("已按本月数据起草。数字是锁定的，其余文字请改成自己的话。"))
    return redirect("desk:bulletin", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show a bulletin, to who may write as its editor; save a new version."""
    tenant = office(request)
    bulletin = bulletin_keyed(tenant, key)
    if request.method != "POST":
        return shown_page(request, bulletin)
    texts = request.POST.getlist("block")[:FIELDS]
    try:
        made = save_version(
            tenant,
            key,
            seen=whole(request.POST.get("seen")) or 0,
            title=request.POST.get("title", ""),
            texts=texts,
            by=person(request),
            at=now(),
        )
    except TextRefused as refusal:
        return shown_page(request, bulletin, typed=texts, faults=refusal.faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Stale as refusal:
        return shown_page(request, bulletin, typed=texts, stale=refusal, status=HTTPStatus.CONFLICT)
    _say_saved(request, bulletin_keyed(tenant, key), made.number)
    return redirect("desk:bulletin", key)


def _say_saved(request: HttpRequest, bulletin: Bulletin, number: int) -> None:
    count = len(standing_of(bulletin).barred)
    if count:
        text = ngettext(
            "已存第 %(number)s 稿。还有 %(count)s 处不能发出，见下面。",
            "已存第 %(number)s 稿。还有 %(count)s 处不能发出，见下面。",
            count,
        )
        messages.error(request, text % {"number": number, "count": count})
        return
    messages.success(request, _("已存第 %(number)s 稿，没有发现问题。") % {"number": number})


def shown_page(
    request: HttpRequest,
    bulletin: Bulletin,
    *,
    typed: list[str] | None = None,
    faults: tuple[Fault, ...] = (),
    stale: Stale | None = None,
    errors: list[tuple[str, str]] | None = None,
    reason: tuple[str, str, str] = ("", "", ""),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Return the page of a bulletin; `typed` is what came back from its form, kept in its fields beside what is wrong.

    `reason` is for what a reason was typed ("send_back", "abandon"), the reason, and what is wrong with it.
    """
    standing, actor = standing_of(bulletin), person(request)
    editing = holds(actor, WRITE) and may(bulletin.state, "save")
    steps, current = facts.way(standing)
    told = [*_told(faults), *(errors or [])] or ([("", str(stale))] if stale else [])
    context: dict[str, Any] = {
        "one": bulletin,
        "version": standing.version,
        "standing": standing,
        "editing": editing,
        "steps": steps,
        "current": current,
        "step_rows": facts.step_rows(standing),
        "decisions": list(facts.decision_rows(standing)),
        "since": facts.last_decided(standing),
        "found": facts.finding_rows(standing),
        "errors": told,
        **_reasons(*reason),
        "stale": _meanwhile(request, standing) if stale else None,
        "may_waive": holds(actor, APPROVE) and actor.user not in standing.authors and may(bulletin.state, "waive"),
        "corrections": list(bulletin.corrections.exclude(state=BulletinState.ABANDONED).order_by("pk")),
        "kept": facts.kept_rows(bulletin),
        "forms": IssuedForm.values,
        "lacking": [one for one in IssuedForm.values if one not in {kept.form for kept in bulletin.files.all()}],
        "abandonment": getattr(bulletin, "abandonment", None),
        **_acts(standing, actor),
        **(_editor(request, standing, typed, faults) if editing else _read(standing)),
    }
    return render(request, "web/bulletin.html", context, status=status)


def _reasons(act: str, typed: str, wrong: str) -> dict[str, str]:
    """Return which form of a reason is open, and what stands in the one for sending back and in the one for giving up."""
    back, why = (typed, wrong) if act == "send_back" else ("", ""), (typed, wrong) if act == "abandon" else ("", "")
    told = {"back_typed": back[0], "back_wrong": back[1], "why_typed": why[0], "why_wrong": why[1]}
    return {"reason_for": act if typed or wrong else "", **told}


def _told(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    return [(_field(fault), code_sentence(fault.code, dict(fault.facts))) for fault in faults]


def _field(fault: Fault) -> str:
    return f"id_block_{fault.row}" if fault.row else "id_title"


def _editor(
    request: HttpRequest, standing: Standing, typed: list[str] | None, faults: tuple[Fault, ...]
) -> dict[str, Any]:
    kept = [(str(one.kind), one.text) for one in shown_blocks(standing.blocks, standing.fields)]
    texts = kept if typed is None else [(str(kind_of(text.strip())), text) for text in typed if text.strip()]
    wrong: dict[int, list[str]] = {}
    kept_rows = [row for row, text in enumerate(typed or [], start=1) if text.strip()]
    for fault in faults:
        row = kept_rows.index(fault.row) + 1 if fault.row in kept_rows else fault.row or 0
        wrong.setdefault(row, []).append(code_sentence(fault.code, dict(fault.facts)))
    head = shown(standing.version.title, standing.fields) if typed is None else request.POST.get("title", "")
    return {
        "title_text": head,
        "title_wrong": "；".join(wrong.get(0, [])),
        "fields": facts.editor_fields(standing.bulletin, texts, standing.fields, wrong),
        "offered": facts.offered(standing.bulletin, standing.fields),
    }


def _read(standing: Standing) -> dict[str, Any]:
    return {
        "blocks": [
            {"kind": str(one.kind), "runs": facts.runs_of(standing.bulletin, one, standing.fields)}
            for one in standing.blocks
        ]
    }


def _meanwhile(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """Return what others have saved since the text was opened."""
    seen = whole(request.POST.get("seen")) or 1
    bulletin = standing.bulletin
    before = version_of(bulletin, seen if 0 < seen <= bulletin.version else 1)
    return {
        "author": str(standing.version.author or ""),
        "at": standing.version.at,
        "changes": difference(
            shown_blocks(blocks_of(before), standing.fields), shown_blocks(standing.blocks, standing.fields)
        ),
    }


def _acts(standing: Standing, actor: Actor) -> dict[str, Any]:
    """Return what the person may do now, and why not where it is his turn but he may not."""
    bulletin, waiting = standing.bulletin, standing.next
    roles = {grant.post for grant in actor.granted(APPROVE) if grant.whole}
    approving = bool(waiting) and holds(actor, APPROVE)
    why = ""
    if waiting and approving:
        why = why_not(
            waiting, actor.user, roles, authors=standing.authors, taken=standing.taken, several=standing.several
        )
    barred = len(standing.barred)
    return {
        "barred": barred,
        "why_not_submit": _("还有 %(count)s 处不能发出") % {"count": barred} if barred else "",
        "may_submit": holds(actor, WRITE) and may(bulletin.state, "submit"),
        "waiting": waiting,
        "waiting_title": facts.step_title(waiting) if waiting else "",
        "may_approve": approving and not why,
        "why_not_approve": _why(why, facts.step_title(waiting)) if why and waiting else "",
        "may_send_back": (approving and not why)
        or (bulletin.state == BulletinState.APPROVED and holds(actor, APPROVE)),
        "may_issue": holds(actor, ISSUE) and may(bulletin.state, "issue"),
        "may_abandon": holds(actor, WRITE) and may(bulletin.state, "abandon"),
        "may_correct": holds(actor, WRITE) and may(bulletin.state, "correct"),
    }


def _why(code: str, step: str) -> str:
    sentences = {
        "bulletin.own_text": _("自己写过的通报不能自己审，请别人来审。"),
        "bulletin.step_twice": _("您已经审过这一稿的前一步，后面的要由别人审。"),
        "bulletin.not_your_step": _("“%(step)s”不归您的岗位。") % {"step": step},
    }
    return sentences[code]


@require_safe
def bulletin_versions(request: HttpRequest, key: int) -> HttpResponse:
    """Show what differs between two versions, word by word, and the list of all."""
    bulletin = bulletin_keyed(office(request), key)
    fields = fields_kept(bulletin)
    later = whole(request.GET.get("to")) or bulletin.version
    earlier = whole(request.GET.get("from")) or max(later - 1, 1)
    before, after = version_of(bulletin, earlier), version_of(bulletin, later)
    changes = difference(shown_blocks(blocks_of(before), fields), shown_blocks(blocks_of(after), fields))
    every = versions_of(bulletin)
    context = {
        "one": bulletin,
        "before": before,
        "after": after,
        "titles": (shown(before.title, fields), shown(after.title, fields)),
        "changes": changes,
        "count": sum(one.change != "same" for one in changes),
        "versions": every,
        "options": [(str(one.number), _("第 %(number)s 稿") % {"number": one.number}) for one in every],
    }
    return render(request, "web/bulletin_versions.html", context)


@require_safe
def bulletin_paper(request: HttpRequest, key: int) -> HttpResponse:
    """Show a bulletin as it is printed, with where its numbers come from; one that is not issued says so."""
    tenant = office(request)
    bulletin = bulletin_keyed(tenant, key)
    standing = standing_of(bulletin)
    written = Assessment.objects.filter(tenant=tenant, digest=bulletin.sheet).first()
    view = read(written) if written else None
    lines = view.subjects[0].lines if view and view.subjects else ()
    context = {
        "one": bulletin,
        "version": standing.version,
        "title_text": shown(standing.version.title, standing.fields),
        "standing": standing,
        "view": view,
        "as_of": datetime.fromisoformat(view.as_of) if view else None,
        "issued_day": day(bulletin.issued_at.astimezone(zone_of(tenant)).date(), LANGUAGE)
        if bulletin.issued_at
        else "",
        "rank_sentence": rank_sentence(view) if view else "",
        "weights": _("、").join(f"{title(line.title)} {line.full}" for line in lines),
        **_read(standing),
    }
    return render(request, "web/bulletin_paper.html", context)


@require_safe
def bulletin_file(request: HttpRequest, key: int, form: str) -> HttpResponseBase:
    """Return a bulletin as DOCX or PDF in the form of GB/T 9704: as it was issued, or as a draft that says so; else 404."""
    bulletin = bulletin_keyed(office(request), key)
    if form not in IssuedForm.values:
        raise Http404
    wanted, by, at = IssuedForm(form), person(request), now()
    if bulletin.state == BulletinState.ISSUED:
        data = content_kept(issued_file(bulletin, wanted, by=by, at=at))
        name = f"{bulletin.number}-{bulletin.title}"
    else:
        data = take_draft(bulletin, wanted, by=by, at=at)
        draft = _("草稿·未发布，第 %(number)s 稿") % {"number": bulletin.version}
        name = f"{bulletin.title}（{draft}）"
    return attachment(name, form, lambda target: target.write(data))
