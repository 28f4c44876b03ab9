"""Doors to imports: the batches, what one of them did, and the rows behind each of its warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.policies import sees_all, visible
from xiuhua.cases.queries import ids_by_number
from xiuhua.cases.words import Cause, PlaceMethod, Unruled, Verdict
from xiuhua.exchange.intakes import intake_of, open_intakes
from xiuhua.exchange.models import ImportBatch, SourceRecord
from xiuhua.exchange.queries import batches, finding_counts, findings, records_in
from xiuhua.exchange.reconciling import Narrowing, narrowed, standing
from xiuhua.exchange.words import BatchState, Severity
from xiuhua.kernel.phrases import code_sentence, code_title
from xiuhua.kernel.words import Actor
from xiuhua.privacy.rules import mask
from xiuhua.web.access import may_enter
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.intake_words import steps_of
from xiuhua.web.desk.office import office, person, whole

PAGE = 100


def _batch(request: HttpRequest, key: int) -> ImportBatch:
    batch = next((one for one in batches(office(request)) if one.pk == key), None)
    if batch is None:
        raise Http404
    return batch


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show what is on its way in, to those who bring files in, and all imports, newest first, undone ones too."""
    tenant, by = office(request), person(request)
    waiting = open_intakes(tenant) if may_enter(by, "desk:intake-new", "POST") else []
    return render(
        request,
        "web/imports.html",
        {"batches": batches(tenant), "waiting": waiting, "files": buttons("desk:imports-sheet", {})},
    )


#: The counts of a batch by the name under which `records_in` lists them.
COUNTED = ("created", "updated", "unplaced", "point", "code", "name")


@dataclass(frozen=True, slots=True)
class Number:
    """A count with the address of its list, empty where no list has that count any more."""

    value: int
    href: str


def _records(batch: ImportBatch, what: str, by: Actor) -> QuerySet[SourceRecord]:
    """Return those of a batch's records whose cases somebody may see."""
    found = records_in(batch, what)
    return found if sees_all(by) else found.filter(visible(by, through="case__"))


def _number(batch: ImportBatch, what: str, value: int, by: Actor) -> Number:
    """Link a count to its list only while they agree.

    A later import or an undo may have moved the records, or some of the cases are outside of somebody's scope.
    """
    agree = value and _records(batch, what, by).count() == value
    return Number(value, f"{reverse('desk:records', args=[batch.pk])}?what={what}" if agree else "")


def _numbers(batch: ImportBatch, by: Actor) -> dict[str, Number]:
    counts = {**batch.counts, **batch.counts.get("placed", {})}
    return {what: _number(batch, what, counts.get(what, 0), by) for what in COUNTED}


def _verdicts(batch: ImportBatch, by: Actor) -> dict[str, Any]:
    """Return the table of verdicts: the platform's down, ours across."""
    heads = [*(str(label) for _value, label in Verdict.choices), _("无")]
    values = [*Verdict.values, ""]
    table = batch.counts.get("verdicts", {}).get("table", [])
    pairs = {(one["platform"] or "", one["own"] or ""): one["rows"] for one in table}
    rows = [
        (head, [_number(batch, f"{value}:{own}", pairs.get((value, own), 0), by) for own in values])
        for head, value in zip(heads, values, strict=True)
    ]
    return {"heads": heads, "rows": rows}


def _rulings(batch: ImportBatch, by: Actor) -> dict[str, Any]:
    """Return what the rules said about the batch's cases: by cause, each with its records while they still agree."""
    told = batch.counts.get("rulings", {})
    causes = {str(code): str(label) for code, label in Cause.choices}
    why = {str(code): str(label) for code, label in Unruled.choices}

    def lines(word: str, counts: dict[str, int], labels: dict[str, str]) -> list[dict[str, Any]]:
        ordered = sorted(counts.items(), key=lambda one: (one[0] != Cause.SAME, -one[1]))
        return [{"label": labels[code], "number": _number(batch, f"{word}/{code}", n, by)} for code, n in ordered]

    return {
        "ruled": told.get("ruled", 0),
        "deadlines": lines("due", told.get("deadlines", {}), causes)
        + lines("unruled", told.get("unruled", {}), why)
        + (
            [{"label": _("暂定"), "number": _number(batch, "provisional", told["provisional"], by)}]
            if told.get("provisional")
            else []
        ),
        "verdicts": lines("verdict", told.get("verdicts", {}), causes),
        "elsewhere": _number(batch, "elsewhere", told.get("elsewhere", 0), by),
    }


@require_safe
def batch_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show what one import did."""
    batch, by = _batch(request, key), person(request)
    counted = [
        {
            "title": code_title(one.code),
            "count": one.count,
            "refused": one.severity == Severity.REFUSED,
            "href": f"{reverse('desk:findings', args=[batch.pk])}?code={one.code}",
        }
        for one in finding_counts(batch)
    ]
    context = {
        "batch": batch,
        "counts": batch.counts,
        "counted": counted,
        "verdicts": _verdicts(batch, by),
        "numbers": _numbers(batch, by),
        "rulings": _rulings(batch, by),
        "fresh": steps_of(None, 5) if request.GET.get("new") and batch.state == BatchState.APPLIED else None,
        "may_undo": batch.state == BatchState.APPLIED and may_enter(by, "desk:import-undo", "POST"),
        "may_remap": may_enter(by, "desk:import-again", "POST") and intake_of(batch) is not None,
        "replaced_by": batch.replaced_by.order_by("pk").first(),
        "contrary": narrowed(standing(batch.tenant, by), Narrowing(batch=batch.pk)).count(),
    }
    return render(request, "web/import.html", context)


@require_safe
def finding_list(request: HttpRequest, key: int) -> HttpResponse:
    """Show the rows behind one warning or refusal."""
    batch, code = _batch(request, key), request.GET.get("code", "")
    total = next((one.count for one in finding_counts(batch) if one.code == code), 0)
    if not total:
        raise Http404
    found = findings(batch, code, after=whole(request.GET.get("after")) or 0, limit=PAGE + 1)
    shown = found[:PAGE]
    ids = ids_by_number(batch.tenant, [one.number for one in shown if one.number], by=person(request))
    context = {
        "batch": batch,
        "heading": code_title(code),
        "total": total,
        "rows": [
            {"finding": one, "case": ids.get(one.number), "sentence": mask(code_sentence(one.code, one.facts))}
            for one in shown
        ],
        "next_href": f"?code={code}&after={shown[-1].pk}" if len(found) > PAGE else "",
        "files": buttons("desk:findings-sheet", {"code": code}, key=batch.pk),
        "first_href": f"?code={code}" if request.GET.get("after") else "",
    }
    return render(request, "web/findings.html", context)


@require_safe
def record_list(request: HttpRequest, key: int) -> HttpResponse:
    """Show the records behind one count of an import."""
    batch, what = _batch(request, key), request.GET.get("what", "")
    found = _records(batch, what, person(request))
    first = whole(request.GET.get("from")) or 0
    rows = list(found[first : first + PAGE])
    total = found.count()
    context = {
        "batch": batch,
        "heading": _record_heading(what),
        "total": total,
        "beyond": records_in(batch, what).count() - total,
        "rows": rows,
        "files": buttons("desk:records-sheet", {"what": what}, key=batch.pk),
        "first": first + 1,
        "last": first + len(rows),
        "previous_href": f"?what={what}&from={max(first - PAGE, 0)}" if first else "",
        "next_href": f"?what={what}&from={first + PAGE}" if first + PAGE < total else "",
    }
    return render(request, "web/records.html", context)


def _record_heading(what: str) -> str:
    word, _stroke, value = what.partition("/")
    labels = {str(code): str(label) for code, label in (*Cause.choices, *Unruled.choices)}
    heads = {"due": _("期限对照：%(why)s"), "verdict": _("认定不同：%(why)s"), "unruled": _("没有自算期限：%(why)s")}
    if word in heads and value in labels:
        return heads[word] % {"why": labels[value]}
    if ":" in what:
        said = {"": _("无"), **{str(value): str(label) for value, label in Verdict.choices}}
        platform, own = (said.get(one, one) for one in what.split(":", 1))
        return _("平台认定：%(platform)s，推算：%(own)s") % {"platform": platform, "own": own}
    named = {"created": _("新建"), "updated": _("更新"), "unplaced": _("未落图")}
    named |= {"provisional": _("期限暂定"), "elsewhere": _("派给别家")}
    named |= {str(value): str(label) for value, label in PlaceMethod.choices}
    return named.get(what, _("全部记录"))
