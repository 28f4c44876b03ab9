"""What is done with a bulletin besides writing it: handed in, approved, sent back, issued, corrected; findings settled."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.disclosure import actions
from xiuhua.disclosure.actions.writing import ReasonMissing
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.queries.bulletins import bulletin_keyed
from xiuhua.kernel.words import Refusal
from xiuhua.web.desk.bulletins import shown_page
from xiuhua.web.desk.office import now, office, person, whole

#: Longest reason that is read.
REASON = 500
#: Acts whose reason stands in a field of its own name: two fields of one page cannot share one.
FIELDS = {"abandon": "why"}


def _seen(request: HttpRequest) -> int:
    return whole(request.POST.get("seen")) or 0


def _reason(request: HttpRequest) -> str:
    return request.POST.get(FIELDS.get(request.POST.get("do", ""), "reason"), "")[:REASON]


#: What an act does; it returns where to go on and what to say.
Act = Callable[[HttpRequest, int], tuple[int, str]]


def _submit(request: HttpRequest, key: int) -> tuple[int, str]:
    actions.submit(office(request), key, seen=_seen(request), by=person(request), at=now())
    return key, _("已交审。")


def _approve(request: HttpRequest, key: int) -> tuple[int, str]:
    step = request.POST.get("step", "")
    actions.approve(office(request), key, step, seen=_seen(request), by=person(request), at=now())
    return key, _("已同意。")


def _send_back(request: HttpRequest, key: int) -> tuple[int, str]:
    actions.send_back(office(request), key, _reason(request), seen=_seen(request), by=person(request), at=now())
    return key, _("已退回，理由已写明。")


def _issue(request: HttpRequest, key: int) -> tuple[int, str]:
    done = actions.issue(office(request), key, seen=_seen(request), by=person(request), at=now())
    return key, _("已发出，文号 %(number)s。") % {"number": done.number}


def _correct(request: HttpRequest, key: int) -> tuple[int, str]:
    made = actions.correct(office(request), key, by=person(request), at=now())
    return made.pk, _("已起草更正件。原件不变。")


def _mask(request: HttpRequest, key: int) -> tuple[int, str]:
    keys = request.POST.getlist("finding")
    made = actions.mask_findings(office(request), key, keys, seen=_seen(request), by=person(request), at=now())
    return key, _("已改好，存为第 %(number)s 稿。") % {"number": made.number}


def _abandon(request: HttpRequest, key: int) -> tuple[int, str]:
    actions.abandon(office(request), key, _reason(request), seen=_seen(request), by=person(request), at=now())
    return key, _("已作废，理由已写明。文号没有占用，正文还可以查看。")


def _waive(request: HttpRequest, key: int) -> tuple[int, str]:
    finding = request.POST.get("finding", "")
    actions.waive(office(request), key, finding, _reason(request), seen=_seen(request), by=person(request), at=now())
    return key, _("已放行，理由已记入台账。")


ACTS: dict[str, Act] = {
    "abandon": _abandon,
    "submit": _submit,
    "approve": _approve,
    "send_back": _send_back,
    "issue": _issue,
    "correct": _correct,
    "mask": _mask,
    "waive": _waive,
}


@require_POST
def bulletin_act(request: HttpRequest, key: int) -> HttpResponse:
    """Do one act, then show the bulletin; what is refused is told on its page, with the reason that was typed."""
    bulletin = bulletin_keyed(office(request), key)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return redirect("desk:bulletin", key)
    try:
        going, said = act(request, key)
    except Refusal as refusal:
        return _refused(request, bulletin, refusal)
    messages.success(request, said)
    return redirect("desk:bulletin", going)


def _refused(request: HttpRequest, bulletin: Bulletin, refusal: Refusal) -> HttpResponse:
    """Return the page with what was refused, and the reason that was typed in its field."""
    finding, said, done = request.POST.get("finding", ""), str(refusal), request.POST.get("do", "")
    missing = isinstance(refusal, ReasonMissing)
    field = (f"id_reason_{finding}" if finding else f"id_{FIELDS.get(done, 'reason')}") if missing else ""
    fresh = bulletin_keyed(office(request), bulletin.pk)
    return shown_page(
        request,
        fresh,
        errors=[(field, said)],
        reason=(done, "" if finding else _reason(request), said if missing and not finding else ""),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.CONFLICT,
    )
