"""What the pages of registers share: paging and sorting in the address, workbooks, and the import in two steps."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.words import Refusal
from xiuhua.tables.reading.filled import PEOPLES
from xiuhua.tables.words import FileTooLarge
from xiuhua.web.desk.downloads import attachment
from xiuhua.web.desk.office import whole

PAGE = 50
#: An upload that nobody confirmed is forgotten after so many seconds.
KEPT = 24 * 3600
#: Faults shown on the page; the table itself is where they are mended.
SHOWN = 200
_DIGEST = re.compile(r"[0-9a-f]{64}")


def download(name: str, data: bytes) -> HttpResponseBase:
    """Return a workbook as a file to save under `name`."""
    return attachment(name, "xlsx", lambda target: target.write(data))


def given_in(request: HttpRequest, names: Sequence[str]) -> dict[str, str]:
    """Return the filters that stand in the address, by name."""
    return {name: request.GET[name].strip() for name in names if request.GET.get(name, "").strip()}


def columns(given: dict[str, str], sort: str, heads: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the heads of a table from (name of the order or "", label); those that sort carry the address that does."""
    made = []
    for key, label in heads:
        head: dict[str, Any] = {"label": label}
        if key:
            other = f"-{key}" if sort == key else key
            head["href"] = f"?{urlencode({**given, 'sort': other})}"
        if key and sort.lstrip("-") == key:
            head["sorted"] = "descending" if sort.startswith("-") else "ascending"
        made.append(head)
    return made


def paged(request: HttpRequest, found: QuerySet[Any] | Sequence[Any], kept: dict[str, str]) -> dict[str, Any]:
    """Return the page of a list that the address asks for: rows, place, and the addresses beside it. Two queries, none of a sequence."""
    total = found.count() if isinstance(found, QuerySet) else len(found)
    first = whole(request.GET.get("from")) or 0
    rows = list(found[first : first + PAGE])
    return {
        "total": total,
        "shown": rows,
        "first": first + 1,
        "last": first + len(rows),
        "previous_href": f"?{urlencode({**kept, 'from': max(first - PAGE, 0)})}" if first else "",
        "next_href": f"?{urlencode({**kept, 'from': first + PAGE})}" if first + PAGE < total else "",
    }


def chips(given: dict[str, str], said: dict[str, str]) -> list[dict[str, str]]:
    """Return each condition as it is said, with the address that takes it off."""
    return [
        {"label": said[name], "href": f"?{urlencode({key: value for key, value in given.items() if key != name})}"}
        for name in given
    ]


@dataclass(frozen=True, slots=True)
class Bringing:
    """An import in the browser: how it is called and where it lives, and the action behind it.

    `take` gets the bytes, the form's choices and, as `only_try`, whether to roll back; it returns (label, count) pairs and remarks.
    """

    title: str
    home: str
    here: str
    template: str
    accept: str
    take: Callable[..., tuple[list[tuple[str, int]], list[str]]]
    choices: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()


class Done(Protocol):
    """What the import of a register says of itself."""

    @property
    def created(self) -> int:
        """How many were made."""

    @property
    def updated(self) -> int:
        """How many were changed."""

    @property
    def unchanged(self) -> int:
        """How many stayed as they were."""

    @property
    def examples(self) -> int:
        """How many rows of the template's examples were passed over."""

    @property
    def ignored(self) -> Sequence[str]:
        """The columns that were not used."""


def came_of(done: Done, *own: tuple[str, int]) -> tuple[list[tuple[str, int]], list[str]]:
    """Return what an import did as (label, count), and its remarks: its own, then what every register says."""
    counts = [(_("新建"), done.created), (_("更新"), done.updated), (_("没变"), done.unchanged)]
    told = (
        *own,
        (_("跳过示例行：%(n)s 行"), done.examples),
        (_("没有用到的栏：%(n)s 个"), len(done.ignored)),
    )
    return counts, [text % {"n": many} for text, many in told if many]


def bring(request: HttpRequest, what: Bringing) -> HttpResponse:
    """Show the form; try an uploaded file and report; or do what was tried, once it is confirmed."""
    chosen = {name: request.POST.get(name, options[0][0]) for name, _label, options in what.choices}
    chosen |= {name: options[0][0] for name, _label, options in what.choices if chosen[name] not in dict(options)}
    if request.method == "POST" and request.POST.get("confirm"):
        return _confirmed(request, what, chosen)
    if request.method == "POST":
        return _tried(request, what, chosen)
    return _page(request, what, chosen)


def _page(request: HttpRequest, what: Bringing, chosen: dict[str, str], **more: Any) -> HttpResponse:
    context = {
        "what": what,
        "home_href": reverse(what.home),
        "template_href": reverse(what.template),
        "fields": [
            {"name": name, "label": label, "options": options, "value": chosen[name]}
            for name, label, options in what.choices
        ],
        "section": what.home.removeprefix("desk:"),
        **more,
    }
    return render(request, "web/bring.html", context)


def _tried(request: HttpRequest, what: Bringing, chosen: dict[str, str]) -> HttpResponse:
    try:
        name, data = uploaded(request)
        if not name:
            return _page(request, what, chosen, errors=[("id_file", _("请选一个文件。"))])
        counts, remarks = what.take(data, chosen, only_try=True)
    except Refusal as refusal:
        return _page(request, what, chosen, errors=[("id_file", str(refusal))], **faults_shown(refusal))
    digest = keep(request, data)
    tried = {"name": name, "digest": digest, "counts": counts, "remarks": remarks}
    return _page(request, what, chosen, tried=tried)


def _confirmed(request: HttpRequest, what: Bringing, chosen: dict[str, str]) -> HttpResponse:
    path = kept(request, request.POST["confirm"])
    if path is None:
        return _page(request, what, chosen, errors=[("id_file", _("试运行的文件已经不在了，请再选一次。"))])
    try:
        counts, _remarks = what.take(path.read_bytes(), chosen, only_try=False)
    except Refusal as refusal:  # the registers have changed since it was tried
        return _page(request, what, chosen, errors=[("id_file", str(refusal))])
    path.unlink(missing_ok=True)
    told = "，".join(f"{label} {count}" for label, count in counts)
    messages.success(request, _("已导入：%(told)s。") % {"told": told})
    return redirect(reverse(what.home))


def _folder() -> Path:
    return Path(settings.HOME) / "uploads"


def uploaded(request: HttpRequest, field: str = "file") -> tuple[str, bytes]:
    """Return the name and the bytes of an uploaded file, ("", b"") if none was chosen. Raises FileTooLarge."""
    upload = request.FILES.get(field)
    if upload is None:
        return "", b""
    if (upload.size or 0) > PEOPLES.file_bytes:
        raise FileTooLarge(bytes=upload.size, limit=PEOPLES.file_bytes)
    return upload.name or "", upload.read()


def faults_shown(refusal: Refusal) -> dict[str, Any]:
    """Return the faults of a refusal by row and column as the page lists them, and how many it leaves out."""
    faults = [
        {"row": fault.row, "column": fault.column, "sentence": code_sentence(fault.code, dict(fault.facts))}
        for fault in refusal.faults[:SHOWN]
    ]
    return {"faults": faults, "more": max(len(refusal.faults) - len(faults), 0)}


def kept(request: HttpRequest, digest: str) -> Path | None:
    """Return where a person's upload with this digest is kept, None if it is not there any more."""
    path = _path(request, digest)
    return path if path is not None and path.exists() else None


def _path(request: HttpRequest, digest: str) -> Path | None:
    """Return where a person's upload with this digest is kept; nobody can name another's, or another file."""
    return _folder() / f"{request.user.pk}-{digest}" if _DIGEST.fullmatch(digest) else None


def keep(request: HttpRequest, data: bytes) -> str:
    """Keep an upload until it is confirmed, forget those that never were; return its digest."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    path = _path(request, digest)
    if path is not None:
        path.write_bytes(data)
    return digest
