"""The second step of an import: which column is what, the questions no file answers, and how five rows would be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiuhua.cases.words import Stage
from xiuhua.exchange.actions import ask_check, keep_answers
from xiuhua.exchange.guesses import Proposal
from xiuhua.exchange.intake_parts import Sample, Start, propose, sample_of
from xiuhua.exchange.models import Intake, Source
from xiuhua.exchange.phrases import reason_words, why_words
from xiuhua.exchange.previewing import Understood, understood
from xiuhua.exchange.rules.composing import STAGES, VERDICTS, Filled, asked_of, composed, faults_of, filled_by
from xiuhua.exchange.rules.drafts import written
from xiuhua.exchange.rules.mappings import MappingMalformed, read_mapping
from xiuhua.exchange.words import IntakeState
from xiuhua.kernel.phrases import code_sentence, fault_sentence
from xiuhua.kernel.words import Fault, Refusal
from xiuhua.privacy.rules import mask
from xiuhua.responsibility.models import User
from xiuhua.tables.rules import cell_text
from xiuhua.web.desk.intake_words import DAYS, FIELDS, ORDERS, SYSTEMS, failure_told, field_title, steps_of
from xiuhua.web.desk.intake_words import STAGES as STAGE_WORDS
from xiuhua.web.desk.intake_words import VERDICTS as VERDICT_WORDS
from xiuhua.web.desk.intakes import intake_of
from xiuhua.web.desk.office import now, office, person, whole

#: Values of a column that are shown under its name, and characters of each.
SHOWN, LONGEST = 4, 40
#: A header is looked for no further down than the mapping allows.
FARTHEST = 1000
#: Words of a stage or verdict column that are asked about.
WORDS = 20
#: Fields in which no sign may be hidden: numbers, times, coordinates.
_BARE = frozenset({"number", "reported_at", "due_at", "closed_at", "longitude", "latitude", "territory_code"})
_PLAIN = ("code", "name", "sheet", "crs", "meridian", "zone", "date_order", "day")


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form about a file; by POST keep it and show how it is understood now, or have the file checked by it."""
    intake = intake_of(request, key)
    if intake.state not in {IntakeState.RECEIVED, IntakeState.CHECKED, IntakeState.FAILED}:
        return redirect("desk:intake", key)
    try:
        answers = intake.answers
        row = _row_said(request.POST.get("header_row", str(answers.get("filled", {}).get("header_row", ""))))
        sample = sample_of(intake, request.POST.get("sheet", answers.get("sheet", "")), row)
        start = _start(request, intake, sample)
    except Refusal as refusal:
        return render(
            request,
            "web/intake_unread.html",
            {"intake": intake, "sentence": str(refusal), "steps": steps_of(intake, 2)},
            status=HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK,
        )
    if request.method != "POST":
        return _page(request, intake, sample, start, _opened(intake, sample, start))
    filled = _sent(request, sample, start)
    if request.POST.get("do") == "check":
        return _checked(request, intake, sample, start, filled)
    if request.headers.get("X-Requested-With") != "fetch":
        keep_answers(intake.tenant, intake.pk, _kept(start, filled), at=now())
    return _page(request, intake, sample, start, filled)


def _row_said(text: str) -> int:
    """Return the row that a person said the header is in, 0 for what is no row: then it is found."""
    row = whole(text.strip())
    return row if row is not None and 0 < row <= FARTHEST else 0


def _start(request: HttpRequest, intake: Intake, sample: Sample) -> Start:
    """Return where the form starts from: the mapping that the file has, what the person chose, or the best there is."""
    kind = request.POST.get("start", intake.answers.get("start", ""))
    start = propose(office(request), sample, kind=kind)
    if intake.mapping and not kind:
        document = read_mapping(intake.mapping)
        if set(document["columns"].values()) <= set(sample.header):
            return replace(start, kind="own", document=document)
    return start


def _opened(intake: Intake, sample: Sample, start: Start) -> Filled:
    """Return the form as it was left, or as it begins."""
    left = intake.answers.get("filled")
    if left and list(left["columns"]) == list(sample.header):
        return Filled(**left)
    found = filled_by({"columns": {}, **start.document}, sample.header)
    return replace(found, sheet=sample.sheet, header_row=sample.said_row, name=found.name or _stem(intake.name))


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0][:100]


def _sent(request: HttpRequest, sample: Sample, start: Start) -> Filled:
    """Return the form as it was sent."""
    given = request.POST
    told: dict[str, Any] = {name: given.get(name, "").strip()[:200] for name in _PLAIN}
    sources = {one.code: one.name for one in Source.objects.filter(tenant=office(request))}
    code = told["code"] or str(start.document.get("code") or f"file-{start.proposal.fingerprint[:8]}")
    told |= {
        "code": code,
        "sheet": sample.sheet,
        "header_row": sample.said_row,
        "name": sources.get(code, told["name"]) if told["code"] else told["name"],
    }
    columns = {
        name: value if (value := given.get(f"c{at}", "")) in FIELDS else "" for at, name in enumerate(sample.header)
    }
    filled = Filled(columns=columns, **told)
    stages = {text: given.get(f"stage{at}", "") for at, text in enumerate(_words(filled, sample, "stage"))}
    verdicts = {text: given.get(f"verdict{at}", "") for at, text in enumerate(_words(filled, sample, "verdict"))}
    opened = filled_by({"columns": {}, **start.document}, sample.header)
    return replace(
        filled,
        stages=_meaning(stages, opened.stages, STAGES),
        verdicts=_meaning(verdicts, opened.verdicts, VERDICTS),
    )


def _meaning(sent: Mapping[str, str], before: Mapping[str, str], allowed: Sequence[str]) -> dict[str, str]:
    """Return what words mean: what was sent, and for words that the sample does not show what was known of them."""
    return {
        **{text: one for text, one in before.items() if text not in sent},
        **{t: one for t, one in sent.items() if one in allowed},
    }


def _words(filled: Filled, sample: Sample, which: str) -> list[str]:
    """Return the words of the column of stages or verdicts, the most frequent first."""
    column = filled.fields.get(which)
    if column is None:
        return []
    at = sample.header.index(column)
    counts = Counter(cell_text(cells[at]).strip() for _row, cells in sample.rows if at < len(cells))
    counts.pop("", None)
    return [text for text, _n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:WORDS]]


def _kept(start: Start, filled: Filled) -> dict[str, Any]:
    return {"filled": asdict(filled), "sheet": filled.sheet, "start": start.kind if start.kind != "own" else ""}


def _limits(proposal: Proposal) -> bool:
    return any(one.what == "day" for one in proposal.questions)


def _checked(request: HttpRequest, intake: Intake, sample: Sample, start: Start, filled: Filled) -> HttpResponse:
    faults = faults_of(filled, limits=_limits(start.proposal))
    if not faults:
        try:
            keep_answers(intake.tenant, intake.pk, _kept(start, filled), at=now())
            text = written(composed(start.document, filled, sample.header))
            ask_check(intake.tenant, intake.pk, text, by=person(request), at=now())
        except MappingMalformed as refusal:
            faults = list(refusal.faults)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:intake", intake.pk)
        else:
            return redirect("desk:intake", intake.pk)
    return _page(request, intake, sample, start, filled, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: HttpRequest,
    intake: Intake,
    sample: Sample,
    start: Start,
    filled: Filled,
    *,
    faults: Sequence[Fault] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    errors = [(_field_of(fault, sample), _sentence(fault)) for fault in faults]
    limits = _limits(start.proposal)
    context = {
        "intake": intake,
        "steps": steps_of(intake, 2),
        "sample": sample,
        "said_row": str(sample.said_row or ""),
        "start": start,
        "by": _name_of(intake, start.by),
        "filled": filled,
        "errors": errors,
        "wrong": dict(errors),
        "sheets": [(name, name) for name in sample.sheets],
        "columns": _columns(sample, start, filled, dict(errors)),
        "used": sum(1 for one in filled.columns.values() if one),
        "sources": _sources(request, start),
        "new_source": filled.code not in set(_codes(request)),
        "asked": _asked(filled, start.proposal, limits=limits, wrong=dict(errors)),
        "stages": _meanings(filled.stages, _words(filled, sample, "stage"), STAGE_WORDS),
        "verdicts": _meanings(filled.verdicts, _words(filled, sample, "verdict"), VERDICT_WORDS),
        "rows": _rows(start, filled, sample),
        "failure": failure_told(intake),
        "replaces": intake.replaces,
    }
    return render(request, "web/intake_mapping.html", context, status=status)


def _name_of(intake: Intake, actor: str) -> str:
    """Return what a person is called who confirmed a mapping; the actor's id where the account is gone."""
    user = User.objects.filter(tenant=intake.tenant, username=actor.removeprefix("user:")).first() if actor else None
    return str(user) if user else actor


def _field_of(fault: Fault, sample: Sample) -> str:
    """Return the id of the field that a fault is about."""
    if fault.column in sample.header:
        return f"id_c{sample.header.index(fault.column)}"
    if fault.code == "compose.lacking":
        return "id_c0"
    return f"id_{fault.column}"


def _sentence(fault: Fault) -> str:
    if fault.code == "compose.lacking":
        return _("“%(field)s”：%(text)s") % {"field": field_title(fault.column), "text": code_sentence(fault.code, {})}
    return code_sentence(fault.code, dict(fault.facts)) if fault.code.startswith("compose.") else fault_sentence(fault)


def _columns(sample: Sample, start: Start, filled: Filled, wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every column of the file with its first values and the field it is taken for."""
    reasons = {one.column: one.reasons for one in start.proposal.fields.values()}
    which = {one.column: name for name, one in start.proposal.fields.items()}
    options = [("", _("不用这一栏")), *((name, field_title(name)) for name in FIELDS)]
    made = []
    for at, name in enumerate(sample.header):
        cells = [cell_text(row[at]).strip() if at < len(row) else "" for _number, row in sample.rows]
        filled_ones = [text for text in cells if text]
        taken = filled.columns.get(name, "")
        said = "，".join(map(reason_words, reasons.get(name, ()))) if taken and which.get(name) == taken else ""
        made.append(
            {
                "name": name,
                "field": f"c{at}",
                "id": f"id_c{at}",
                "value": taken,
                "options": [(value, label, value == taken) for value, label in options],
                "values": [text if taken in _BARE else mask(text)[:LONGEST] for text in cells[:SHOWN]],
                "empty": not filled_ones,
                "why": said,
                "error": wrong.get(f"id_c{at}", ""),
            }
        )
    return made


def _codes(request: HttpRequest) -> list[str]:
    return [one.code for one in Source.objects.filter(tenant=office(request)).order_by("name")]


def _sources(request: HttpRequest, start: Start) -> list[tuple[str, str]]:
    """Return what the file may come from: the sources there are, and a new one."""
    known = [(one.code, one.name) for one in Source.objects.filter(tenant=office(request)).order_by("name")]
    code = str(start.document.get("code", ""))
    fresh = code if code and code not in dict(known) else f"file-{start.proposal.fingerprint[:8]}"
    return known if fresh in dict(known) else [*known, (fresh, _("新的来源"))]


def _asked(filled: Filled, proposal: Proposal, *, limits: bool, wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the questions in words. Nothing is chosen that nobody has chosen."""
    by_what = {one.what: one for one in proposal.questions}
    makers = {"crs": _systems, "zone": _zones, "date_order": _orders, "day": _days}
    labels = {
        "crs": _("坐标是哪种坐标系？"),
        "zone": _("表里的时间是哪个时区的？"),
        "date_order": _("日期是怎么写的？"),
        "day": _("“天”指什么？"),
    }
    made = []
    for what in asked_of(filled, limits=limits):
        question = by_what.get(what)
        made.append(
            {
                "what": what,
                "label": labels[what],
                "kind": "select" if what == "zone" else "radios",
                "options": makers[what](
                    [(each.value, why_words(each.why)) for each in question.candidates] if question else []
                ),
                "value": getattr(filled, what),
                "hint": (_("依据：%(text)s") % {"text": question.evidence}) if question and question.evidence else "",
                "error": wrong.get(f"id_{what}", ""),
            }
        )
    return made


Candidates = list[tuple[str, str]]


def _systems(candidates: Candidates) -> list[tuple[str, str, str]]:
    """Return the systems that the values allow, all of them where they allow none that is known."""
    possible = [value for value, _why in candidates if value in SYSTEMS] or list(SYSTEMS)
    return [(one, _(SYSTEMS[one][0]), _(SYSTEMS[one][1])) for one in dict.fromkeys(possible)]


def _zones(candidates: Candidates) -> list[tuple[str, str]]:
    near = [value for value, _why in candidates]
    rest = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    )
    return [("", _("请选")), *((one, one) for one in dict.fromkeys([*near, *rest, "UTC"]))]


def _orders(candidates: Candidates) -> list[tuple[str, str, str]]:
    possible = [value for value, _why in candidates if value in ORDERS] or list(ORDERS)
    return [(one, _(ORDERS[one][0]), ORDERS[one][1]) for one in possible]


def _days(_candidates: Candidates) -> list[tuple[str, str, str]]:
    return [(one, _(title), _(note)) for one, (title, note) in DAYS.items()]


def _meanings(told: Mapping[str, str], words: Sequence[str], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    options = [("", _("不说明")), *((value, _(title)) for value, title in titles.items())]
    return [{"at": at, "text": text, "options": options, "value": told.get(text, "")} for at, text in enumerate(words)]


def _rows(start: Start, filled: Filled, sample: Sample) -> list[dict[str, Any]]:
    """Return the first rows as they would be read, in words."""
    try:
        found = understood(start.document, filled, sample)
    except MappingMalformed:
        return []
    return [_row(one) for one in found]


def _row(one: Understood) -> dict[str, Any]:
    faults = [code_sentence(fault.code, dict(fault.facts)) for fault in one.faults]
    times = {key: f"{at:%Y-%m-%d %H:%M}" if at else "—" for key, at in one.times.items()} if one.times else None
    point = f"{one.point[0]:.5f}, {one.point[1]:.5f}" if one.point else ""
    stage = str(Stage(one.parsed.stage).label) if one.parsed and one.parsed.stage else ""
    return {"row": one.row, "is": one.parsed, "faults": faults, "times": times, "point": point, "stage": stage}
