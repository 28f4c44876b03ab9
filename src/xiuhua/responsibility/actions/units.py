"""The import of a table of units: all of it or, with every fault named, none of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest, merkle_root
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.responsibility.models import Body
from xiuhua.responsibility.queries.kinds import unit_kinds
from xiuhua.responsibility.queries.units import bodies_of, form
from xiuhua.responsibility.words import UnitReport
from xiuhua.tables.reading.filled import read_filled
from xiuhua.tables.words import Filled, FormRow
from xiuhua.territory.queries import CodeBook, NameBook
from xiuhua.territory.rules.names import aliases_in, fold


class UnitsRefused(Refusal):
    """Something in the file is wrong, so nothing of it was imported; `faults` says what and where."""

    code = "unit.refused"
    sentence = _("文件有 %(count)s 处毛病，一个单位也没有导入。")


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit as the file says it, and the body that it means, None for a new one."""

    code: str
    name: str
    kind: str
    territory_id: int | None
    aliases: tuple[str, ...]
    body: Body | None


def import_units(tenant: Tenant, data: bytes, *, by: Actor, at: datetime, dry_run: bool = False) -> UnitReport:
    """Import units from a table (CSV, XLSX) in one transaction with one ledger line; return what was done.

    A unit is recognised by its code; an observed one by its name, and it takes the code over and is confirmed. The
    same content again changes nothing and writes no ledger line. Kinds must be in the office's pack of kind `units`
    where it has one. `dry_run` does everything and rolls it back.
    Raises UnitsRefused with all faults, and the refusals of tables.words for a file that cannot be read at all.
    """
    file, faults = read_filled(data, form("unit"))
    with transaction.atomic():
        rows, wrong = _Reader(tenant, file).rows()
        faults += wrong
        if faults:
            raise UnitsRefused(sorted(faults, key=lambda fault: fault.row or 0), count=len(faults))
        report = _write(tenant, rows, file, by=by, at=at, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Reader:
    """Reads rows against what the office has: units, kinds, territories."""

    def __init__(self, tenant: Tenant, file: Filled) -> None:
        self._file = file
        self._coded: dict[str, Body] = {}
        self._named: defaultdict[str, list[Body]] = defaultdict(list)
        for body in bodies_of(tenant):
            self._coded[body.code] = body
            self._named[fold(body.name)].append(body)
        kinds = unit_kinds(tenant)
        self._kinds = {fold(name): one.code for one in kinds for name in (one.code, *one.title.values())}
        self._names, self._codes = NameBook.load(tenant), CodeBook.load(tenant)

    def rows(self) -> tuple[list[_Row], list[Fault]]:
        """Return the units that the rows mean and every fault of theirs."""
        faults = [*self._repeated("code"), *self._repeated("name")]
        made = []
        for row in self._file.rows:
            wrong: list[Fault] = []
            body = self._body(row, wrong)
            kind, territory = self._kind(row, wrong), self._territory(row, wrong)
            faults += wrong
            if not wrong:
                aliases = tuple(dict.fromkeys(aliases_in(row["aliases"])))
                made.append(_Row(row["code"], row["name"], kind, territory, aliases, body))
        return made, faults

    def _body(self, row: FormRow, wrong: list[Fault]) -> Body | None:
        same = self._named.get(fold(row["name"]), [])
        coded = self._coded.get(row["code"])
        # an observed unit may have its own name for a code
        others = [one for one in same if one is not coded]
        observed = [one for one in others if not one.confirmed]
        taken = [one for one in others if one.confirmed]
        if taken:
            wrong.append(self._fault(row, "name", "unit.name_taken", name=row["name"], code=taken[0].code))
        elif coded is None and len(observed) > 1:
            codes = "、".join(one.code for one in observed)
            wrong.append(self._fault(row, "name", "unit.name_ambiguous", name=row["name"], codes=codes))
        return coded or (observed[0] if observed else None)

    def _kind(self, row: FormRow, wrong: list[Fault]) -> str:
        kind = self._kinds.get(fold(row["kind"]), row["kind"])
        if row["kind"] and self._kinds and kind not in self._kinds.values():
            wrong.append(self._fault(row, "kind", "unit.kind_unknown", kind=row["kind"]))
        return kind

    def _territory(self, row: FormRow, wrong: list[Fault]) -> int | None:
        if not row["territory"]:
            return None
        found = self._codes.find(row["territory"]) or self._names.match(row["territory"]).territory_id
        if found is None:
            wrong.append(self._fault(row, "territory", "unit.territory_unknown", name=row["territory"]))
        return found

    def _repeated(self, key: str) -> Iterator[Fault]:
        first: dict[str, int] = {}
        for row in self._file.rows:
            value = row[key] if key == "code" else fold(row[key])
            if value and first.setdefault(value, row.row) != row.row:
                facts: Mapping[str, str | int] = {key: row[key], "first": first[value]}
                yield self._fault(row, key, f"unit.{key}_repeated", **facts)

    def _fault(self, row: FormRow, key: str, code: str, /, **facts: str | int) -> Fault:
        return Fault(code, row=row.row, column=self._file.headings.get(key, ""), facts=dict(facts))


def _write(tenant: Tenant, rows: Sequence[_Row], file: Filled, *, by: Actor, at: datetime, dry_run: bool) -> UnitReport:
    fresh = [_filled(Body(tenant=tenant), row) for row in rows if row.body is None]
    differ = [(row.body, row) for row in rows if row.body is not None and not _same(row.body, row)]
    confirmed = sum(not body.confirmed for body, _row in differ)
    before = merkle_root(_digest(body) for body, _row in differ) if differ else ""
    changed = [_filled(body, row) for body, row in differ]
    Body.objects.bulk_create(fresh)
    Body.objects.bulk_update(changed, ["code", "name", "kind", "territory", "aliases", "confirmed"], batch_size=200)
    named = {row.code for row in rows}
    report = UnitReport(
        created=len(fresh),
        updated=len(changed),
        unchanged=len(rows) - len(fresh) - len(changed),
        confirmed=confirmed,
        absent=tuple(body.code for body in bodies_of(tenant) if body.code not in named),
        examples=file.examples,
        ignored=file.ignored,
        dry_run=dry_run,
    )
    if fresh or changed:
        facts = {"file": file.digest, "created": report.created, "updated": report.updated, "confirmed": confirmed}
        after = merkle_root(_digest(body) for body in (*fresh, *changed))
        about = {"about": "unit-import", "before": before, "after": after}
        record("unit.import", by=by, at=at, tenant=tenant, facts=facts, **about)
    return report


def _same(body: Body, row: _Row) -> bool:
    kept = (body.code, body.name, body.kind, body.territory_id, tuple(body.aliases))
    return body.confirmed and kept == (row.code, row.name, row.kind, row.territory_id, row.aliases)


def _filled(body: Body, row: _Row) -> Body:
    body.code, body.name, body.kind = row.code, row.name, row.kind
    body.territory_id, body.aliases, body.confirmed = row.territory_id, list(row.aliases), True
    return body


def _digest(body: Body) -> str:
    return digest([body.code, body.name, body.kind, body.territory_id, body.aliases, body.confirmed])
