"""Imports that go out: the batches, and of one batch its findings and its records."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from xiuhua.cases.policies import sees_all, visible
from xiuhua.exchange.lists.cases import CHUNK, local, zone_in
from xiuhua.exchange.lists.words import Asked, Head, Listing, ListKind
from xiuhua.exchange.models import Finding, ImportBatch
from xiuhua.exchange.queries import BatchUnknown, batch_numbered, batches, records_in
from xiuhua.kernel.phrases import code_sentence
from xiuhua.tables.writing import Cell

COUNTED = ("rows", "created", "updated", "unchanged", "refused")
_LONGEST = 15


def _batch(asked: Asked) -> ImportBatch:
    """Return the batch that is asked for. Raises BatchUnknown, also for another office's."""
    text = asked.given.get("batch", "")
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        raise BatchUnknown(batch=text)
    batch = batch_numbered(int(text))
    if batch.tenant_id != asked.tenant.pk:
        raise BatchUnknown(batch=text)
    return batch


def _batches(asked: Asked) -> Listing:
    heads = (
        Head(_("批次"), 8),
        Head(_("文件"), 30),
        Head(_("来源"), 20),
        Head(_("状态"), 10),
        Head(_("入库"), 17),
        Head(_("谁"), personal=True),
        *(Head(text, 8) for text in (_("行"), _("新建"), _("更新"), _("没变"), _("未导入"))),
    )
    zone = zone_in(asked.tenant)
    rows: Iterator[list[Cell]] = (
        [
            one.pk,
            one.file_name,
            one.source.name,
            one.get_state_display(),
            local(one.applied_at, zone),
            one.actor,
            *(one.counts.get(name) for name in COUNTED),
        ]
        for one in batches(asked.tenant)
    )
    return Listing(heads, rows)


def _findings(asked: Asked) -> Listing:
    heads = (
        Head(_("行"), 8),
        Head(_("栏"), 18),
        Head(_("案号"), 22),
        Head(_("结果"), 10),
        Head(_("内容"), 60, personal=True),
    )
    code = asked.given.get("code", "")
    found = Finding.objects.filter(batch=_batch(asked)).order_by("pk")
    found = found.filter(code=code) if code else found
    rows = (
        [one.row, one.column, one.number, one.get_severity_display(), code_sentence(one.code, one.facts)]
        for one in found.iterator(chunk_size=CHUNK)
    )
    return Listing(heads, rows)


def _records(asked: Asked) -> Listing:
    heads = (
        Head(_("行"), 8),
        Head(_("平台编号"), 22),
        Head(_("案号"), 22),
        Head(_("第几版"), 8),
        Head(_("平台认定"), 10),
        Head(_("推算"), 10),
    )
    found = records_in(_batch(asked), asked.given.get("what", ""))
    found = found if sees_all(asked.by) else found.filter(visible(asked.by, through="case__"))
    rows: Iterator[list[Cell]] = (
        [
            one.row,
            one.number,
            one.case.number,
            one.version,
            one.get_platform_verdict_display() if one.platform_verdict else "",
            one.get_own_verdict_display() if one.own_verdict else "",
        ]
        for one in found.iterator(chunk_size=CHUNK)
    )
    return Listing(heads, rows)


_OF_BATCH = {"batch": noop("批次"), "code": noop("内容"), "what": noop("内容")}
KINDS = (
    ListKind("imports", noop("导入批次"), "import.see", _batches),
    ListKind("findings", noop("提示和拒绝"), "import.see", _findings, _OF_BATCH, personal=True, alone=False),
    ListKind("records", noop("来源记录"), "import.see", _records, _OF_BATCH, alone=False),
)
