"""What an installed taxonomy pack says, written into tables."""

from __future__ import annotations

from datetime import datetime

from xiuhua.clock.rules.limits import kept
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import content_of
from xiuhua.kernel.words import Actor, Fault, PackContent
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.taxonomy.rules.packs import CLASSES, standard_of
from xiuhua.taxonomy.words import ClassKey, ClassRow, ConditionRow

#: Rows per statement.
BATCH = 500


def fit_pack(pack: PackContent, tenant: Tenant) -> list[Fault]:
    """Return the classes of a pack whose code means something else in the office already. One query.

    Within a scheme a code keeps its meaning for ever: cases filed under it would change theirs otherwise.
    """
    standard, faults = standard_of(pack)
    if faults:
        return faults
    held = {ClassKey(row.kind, row.code): row.name for row in CaseClass.objects.filter(tenant=tenant, scheme=pack.code)}
    return [
        Fault(
            "taxonomy.code_taken",
            row=row.line,
            column="name",
            facts={"text": row.key.code, "known": held[row.key], "name": row.name},
            file=CLASSES,
        )
        for row in standard.classes
        if held.get(row.key, row.name) != row.name
    ]


def apply_pack(installed: InstalledPack, _by: Actor, _at: datetime) -> None:
    """Write an installed pack's classes and conditions, in the transaction and ledger line of its installation.

    Rows of earlier versions stay as they are: each condition belongs to the version that brought it.
    """
    standard, _faults = standard_of(content_of(installed))
    mains = _ensure(installed, [row for row in standard.classes if not row.parent], {})
    classes = _ensure(installed, [row for row in standard.classes if row.parent], mains)
    FilingCondition.objects.bulk_create(
        (_condition(installed, classes | mains, row) for row in standard.conditions), batch_size=BATCH
    )


def _condition(installed: InstalledPack, classes: dict[ClassKey, CaseClass], row: ConditionRow) -> FilingCondition:
    return FilingCondition(
        pack=installed,
        case_class=classes[row.key],
        number=row.number,
        text=row.text,
        limits=kept(row.limits),
        limit_text=row.limit_text,
        closing=row.closing,
        thresholds=row.thresholds,
        basis=row.basis,
        remedy=row.remedy,
        default=row.default,
    )


def _ensure(
    installed: InstalledPack, rows: list[ClassRow], mains: dict[ClassKey, CaseClass]
) -> dict[ClassKey, CaseClass]:
    """Return the class of each row, creating those that are not there yet."""
    held = CaseClass.objects.filter(tenant=installed.tenant, scheme=installed.code, parent__isnull=not mains)
    found = {ClassKey(one.kind, one.code): one for one in held}
    CaseClass.objects.bulk_create(
        (
            CaseClass(
                tenant=installed.tenant,
                scheme=installed.code,
                kind=row.key.kind,
                code=row.key.code,
                name=row.name,
                parent=mains[ClassKey(row.key.kind, row.parent)] if row.parent else None,
            )
            for row in rows
            if row.key not in found
        ),
        batch_size=BATCH,
    )
    return {ClassKey(one.kind, one.code): one for one in held.all()}
