"""Doors to imports: the batches, what one of them did, and the rows behind each of its warnings."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.exchange.models import ImportBatch
from xiuhua.exchange.queries import as_fault, batches, finding_counts, findings
from xiuhua.exchange.words import Severity, Verdict
from xiuhua.kernel.phrases import code_title, fault_sentence
from xiuhua.web.desk.office import office, whole

PAGE = 100


def _batch(request: HttpRequest, key: int) -> ImportBatch:
    batch = next((one for one in batches(office(request)) if one.pk == key), None)
    if batch is None:
        raise Http404
    return batch


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show all imports, newest first, undone ones too."""
    return render(request, "web/imports.html", {"batches": batches(office(request))})


def _verdicts(counts: dict[str, Any]) -> dict[str, Any]:
    """Return the table of verdicts: the platform's down, ours across."""
    heads = [*(str(label) for _value, label in Verdict.choices), _("无")]
    values = [*Verdict.values, ""]
    table = counts.get("verdicts", {}).get("table", [])
    pairs = {(one["platform"] or "", one["own"] or ""): one["rows"] for one in table}
    rows = [
        {"cells": [head, *((pairs.get((value, own), 0), True) for own in values)]}
        for head, value in zip(heads, values, strict=True)
    ]
    return {"heads": heads, "rows": rows}


@require_safe
def batch_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show what one import did."""
    batch = _batch(request, key)
    counted = [
        {
            "title": code_title(one.code),
            "count": one.count,
            "refused": one.severity == Severity.REFUSED,
            "href": f"{reverse('desk:findings', args=[batch.pk])}?code={one.code}",
        }
        for one in finding_counts(batch)
    ]
    context = {"batch": batch, "counts": batch.counts, "counted": counted, "verdicts": _verdicts(batch.counts)}
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
    context = {
        "batch": batch,
        "heading": code_title(code),
        "total": total,
        "rows": [{"finding": one, "sentence": fault_sentence(as_fault(one))} for one in shown],
        "next_href": f"?code={code}&after={shown[-1].pk}" if len(found) > PAGE else "",
        "first_href": f"?code={code}" if request.GET.get("after") else "",
    }
    return render(request, "web/findings.html", context)
