"""The duty matrix of an office with everything it is read against; load it once per batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code, installed_packs
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.responsibility.rules.duty import Matrix
from xiuhua.responsibility.rules.duty.matrix import leaves
from xiuhua.responsibility.rules.duty.reading import Codes
from xiuhua.responsibility.words import ANY, DutyRow, Ground, SiteHere, Tier
from xiuhua.taxonomy.models import CaseClass
from xiuhua.taxonomy.words import KIND as TAXONOMY
from xiuhua.territory.models import Site, Succession, TerritoryVersion
from xiuhua.territory.queries import offered_types
from xiuhua.territory.queries.forms import english
from xiuhua.territory.words import SuccessionKind

#: The kind of pack that holds a duty matrix.
DUTY = "duty"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site as duty needs it."""

    key: int
    code: str
    name: str
    type: str
    territory: str
    begin: date | None
    end: date | None

    @property
    def here(self) -> SiteHere:
        """The site as part of a place."""
        return SiteHere(self.code, self.type)


@dataclass(frozen=True, slots=True)
class _Span:
    """A territory below its parent for some days; empty ends are open."""

    code: str
    parent: str | None
    name: str
    begin: date | None
    end: date | None

    def on(self, day: date) -> bool:
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the matrix with the days on which it speaks."""

    pack: str
    begin: date | None
    end: date | None
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True)
class Epoch:
    """Days, from the first (inclusive) to the end (exclusive), on which matrix, tree and sites do not change."""

    first: date
    end: date
    pack: str
    matrix: Matrix
    sites: tuple[SiteRow, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the codes that answers carry."""

    territories: Mapping[str, str]
    classes: Mapping[str, str]
    mains: Mapping[str, str]
    units: Mapping[str, str]
    sites: Mapping[str, str]
    site_types: Mapping[str, str]

    def class_name(self, key: str) -> str:
        """Return "main · sub" for a sub-class, the name of a main class, what was written for anything else."""
        own = self.classes.get(key, key)
        return f"{self.mains[key]} · {own}" if key in self.mains else own


class DutyBook:
    """Answers which matrix speaks on a day; everything is in memory."""

    def __init__(self, versions: Sequence[Version], spans: Sequence[_Span], office: _Office) -> None:
        self.versions = tuple(versions)
        self._spans = tuple(spans)
        self.office = office
        self._made: dict[tuple[object, ...], Matrix] = {}

    @classmethod
    def load(cls, tenant: Tenant, *, code: str = "") -> DutyBook:
        """Return the book of the office's duty matrix, of `code` if one is given. Twelve queries at most. Raises PackUndecided."""
        packs = installed_packs(tenant, DUTY, code or chosen_code(tenant, DUTY))
        ends = [*(pack.effective_from for pack in packs[1:]), None]
        rows = rows_of(packs)
        versions = [
            Version(str(pack), pack.effective_from, end, tuple(rows[pack.pk]))
            for pack, end in zip(packs, ends, strict=True)
        ]
        return cls(versions, _spans(tenant), _Office.load(tenant))

    @classmethod
    def empty(cls, tenant: Tenant) -> DutyBook:
        """Return a book without any matrix. Eight queries at most."""
        return cls((), _spans(tenant), _Office.load(tenant))

    def supposing(self, rows: Iterable[DutyRow], pack: str) -> DutyBook:
        """Return the book as it would be if these rows spoke on every day."""
        return DutyBook([Version(pack, None, None, tuple(rows))], self._spans, self.office)

    def content(self) -> str:
        """Return everything in the book as one text; two books that differ in anything have different texts."""
        return repr((self.versions, self._spans, self.office))

    def version_on(self, day: date) -> Version | None:
        """Return the version that speaks on a day, None before the first."""
        return next((one for one in self.versions if _holds(one.begin, one.end, day)), None)

    def row(self, key: str) -> DutyRow | None:
        """Return a row of any version by its id, None where there is none. No query."""
        return next((row for version in self.versions for row in version.rows if row.id == key), None)

    def matrix_on(self, day: date) -> Matrix:
        """Return the matrix that speaks on a day, laid against the tree of that day."""
        version = self.version_on(day)
        standing = tuple(span for span in self._spans if span.on(day))
        key = (version.pack if version else "", standing)
        if key not in self._made:
            above = {span.code: span.parent for span in standing}
            now = self._renamed(above, day)
            unit_of = {now.get(code, code): unit for code, unit in self.office.unit_of.items()}
            rows = (
                [replace(row, territory=now.get(row.territory, row.territory)) for row in version.rows]
                if version
                else []
            )
            self._made[key] = Matrix(rows, Ground(above, self.office.class_above, unit_of))
        return self._made[key]

    def _renamed(self, above: Mapping[str, str | None], day: date) -> dict[str, str]:
        """Return old code → today's code for territories that only changed their code: rows and units go along.

        A merger or a split is another ground and carries nothing: what it leaves behind is told by the check.
        """
        steps = {old: new for old, new, since in self.office.recoded if since <= day}
        found = {}
        for code in steps:
            at = code
            for _step in steps:
                at = steps.get(at, at)
            if code not in above and at in above:
                found[code] = at
        return found

    def epochs(self, first: date, end: date) -> list[Epoch]:
        """Return the days from `first` to `end` (exclusive), cut wherever matrix, tree or sites change."""
        turns = [(one.begin, one.end) for one in self.versions]
        turns += [(one.begin, one.end) for one in self._spans]
        turns += [(one.begin, one.end) for one in self.office.sites]
        turns += [(since, None) for _old, _new, since in self.office.recoded]
        cuts = sorted({first, end, *(day for pair in turns for day in pair if day and first < day < end)})
        made = []
        for begin, until in pairwise(cuts):
            version = self.version_on(begin)
            sites = tuple(site for site in self.office.sites if _holds(site.begin, site.end, begin))
            made.append(Epoch(begin, until, version.pack if version else "", self.matrix_on(begin), sites))
        return made

    def finest_classes(self, matrix: Matrix) -> tuple[str, ...]:
        """Return the finest classes of the schemes that a matrix names, of all schemes if it names no class."""
        named = _schemes(matrix.rows)
        every = leaves(self.office.class_above)
        return tuple(key for key in every if not named or key.partition(":")[0] in named)

    def schemes_on(self, day: date) -> frozenset[str]:
        """Return the schemes of classes that the matrix of a day names; empty if it names no class, or does not speak."""
        version = self.version_on(day)
        return _schemes(version.rows) if version else frozenset()

    @cached_property
    def names(self) -> Names:
        """What people call everything in the book; territories by their newest name."""
        newest = sorted(self._spans, key=lambda span: span.begin or date.min)
        return Names(
            territories={span.code: span.name for span in newest},
            classes=self.office.class_names,
            mains={
                key: self.office.class_names[above]
                for key, above in self.office.class_above.items()
                if above is not None
            },
            units=self.office.unit_names,
            sites={site.code: site.name for site in self.office.sites},
            site_types=self.office.site_types,
        )


def _schemes(rows: Iterable[DutyRow]) -> frozenset[str]:
    return frozenset(row.case_class.partition(":")[0] for row in rows if row.case_class != ANY)


def _holds(begin: date | None, end: date | None, day: date) -> bool:
    return (begin is None or begin <= day) and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class _Office:
    """Classes, units and sites as they are now on record."""

    class_above: dict[str, str | None]
    class_names: dict[str, str]
    #: Codes of the classes of the standard that the office uses, of all classes where it has chosen none.
    class_codes: dict[str, str]
    unit_names: dict[str, str]
    unit_aliases: tuple[tuple[str, str], ...]
    unit_of: dict[str, str]
    site_types: dict[str, str]
    sites: tuple[SiteRow, ...]
    #: (old code, new code, first day) of territories that changed their code and nothing else.
    recoded: tuple[tuple[str, str, date], ...] = ()

    @classmethod
    def load(cls, tenant: Tenant) -> _Office:
        classes = list(CaseClass.objects.filter(tenant=tenant).order_by("scheme", "code"))
        keys = {one.pk: one.key for one in classes}
        scheme = _scheme(tenant)
        bodies = list(Body.objects.filter(tenant=tenant).select_related("territory").order_by("code"))
        sites = Site.objects.filter(tenant=tenant).select_related("territory").defer("geometry").order_by("code")
        return cls(
            class_above={keys[one.pk]: keys[one.parent_id] if one.parent_id else None for one in classes},
            class_names={keys[one.pk]: one.name for one in classes},
            class_codes={keys[one.pk]: one.code for one in classes if not scheme or one.scheme == scheme},
            unit_names={one.code: one.name for one in bodies},
            unit_aliases=tuple((alias, one.code) for one in bodies for alias in one.aliases),
            unit_of={one.territory.code: one.code for one in reversed(bodies) if one.territory},
            site_types={one.code: one.name(english()) for one in offered_types(tenant)},
            sites=tuple(
                SiteRow(
                    one.pk,
                    one.code,
                    one.name,
                    one.type,
                    one.territory.code if one.territory else "",
                    one.valid_from,
                    one.valid_to,
                )
                for one in sites
            ),
            recoded=tuple(
                Succession.objects.filter(tenant=tenant, kind=SuccessionKind.CODE_CHANGE)
                .order_by("day", "pk")
                .values_list("predecessor__code", "successor__code", "day")
            ),
        )


def _scheme(tenant: Tenant) -> str:
    """Return the standard that the office uses, "" where it has installed none or chosen none of several."""
    try:
        return chosen_code(tenant, TAXONOMY)
    except PackUndecided:
        return ""


def _spans(tenant: Tenant) -> list[_Span]:
    found = TerritoryVersion.objects.filter(territory__tenant=tenant).select_related("territory", "parent")
    return [
        _Span(one.territory.code, one.parent.code if one.parent else None, one.name, one.valid_from, one.valid_to)
        for one in found.defer("outline").order_by("pk")
    ]


def rows_of(packs: Sequence[InstalledPack]) -> dict[int, list[DutyRow]]:
    """Return the rows of installed packs by pack, in the order of their lines. Two queries."""
    found: defaultdict[int, list[DutyRow]] = defaultdict(list)
    names = {pack.pk: f"{pack.code}@{pack.version}" for pack in packs}
    codes = dict(Body.objects.filter(tenant__in={pack.tenant_id for pack in packs}).values_list("pk", "code"))
    stored = MatrixRow.objects.filter(pack__in=names).select_related("territory", "site", "case_class", "unit")
    for one in stored.order_by("pack", "line"):
        found[one.pack_id].append(
            DutyRow(
                id=f"{names[one.pack_id]}:{one.line}",
                line=one.line,
                tier=Tier(one.tier),
                unit=one.unit.code,
                territory=one.territory.code if one.territory else ANY,
                site=one.site.code if one.site else ANY,
                site_type=one.site_type or ANY,
                case_class=one.case_class.key if one.case_class else ANY,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                weekdays=frozenset(int(sign) for sign in one.weekdays),
                assisting=tuple(codes[key] for key in one.assisting if key in codes),
                basis=one.basis,
            )
        )
    return found


def installed_code(tenant: Tenant) -> str:
    """Return the code of the office's duty matrix, "street" where it has none yet. One query. Raises PackUndecided."""
    if not installed_packs(tenant, DUTY):
        return "street"
    return chosen_code(tenant, DUTY)


def codes_of(book: DutyBook) -> Codes:
    """Return what a table may write in this office: codes, and names where they are unique.

    A class is written by its key ("scheme:kind.code"), or by its code, "main/sub" names or name in the standard that the
    office uses; a unit by its code, name or other name.
    What is a code of something is never read as a name of something else.
    """
    office = book.office
    names = book.names
    keys, codes = office.class_above, office.class_codes
    by_code = [(code, key) for key, code in codes.items()]
    by_path = [(f"{main}/{names.classes[key]}", key) for key, main in names.mains.items() if key in codes]
    by_name = [(name, key) for key, name in office.class_names.items() if key in codes]
    unit_names = [(name, code) for code, name in office.unit_names.items()]
    return Codes(
        territories=frozenset(names.territories),
        sites={site.code: site.type for site in office.sites},
        site_types=frozenset(site.type for site in office.sites) | frozenset(office.site_types),
        classes=_texts([(key, key) for key in keys], by_code, by_path, by_name),
        units=_texts([(code, code) for code in office.unit_names], unit_names, office.unit_aliases),
    )


def _texts(*ways: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the keys that each text means, from (text, key); a text of an earlier way is not read in a later one."""
    found: dict[str, tuple[str, ...]] = {}
    for way in ways:
        fresh: defaultdict[str, list[str]] = defaultdict(list)
        for text, key in way:
            fresh[text].append(key)
        found = {**{text: tuple(keys) for text, keys in fresh.items()}, **found}
    return found


def rows_written(rows: Iterable[DutyRow]) -> list[dict[str, str]]:
    """Return rows as the cells of matrix.csv, by column: what was installed can be written again and says the same."""
    return [
        {
            "tier": str(row.tier),
            "territory": row.territory,
            "site_type": "" if row.site_type == ANY else row.site_type,
            "site": "" if row.site == ANY else row.site,
            "class": row.case_class,
            "weekdays": "".join(str(day) for day in sorted(row.weekdays)),
            "from": row.valid_from.isoformat() if row.valid_from else "",
            "until": row.valid_to.isoformat() if row.valid_to else "",
            "unit": row.unit,
            "assisting": ";".join(row.assisting),
            "basis": row.basis,
        }
        for row in rows
    ]
