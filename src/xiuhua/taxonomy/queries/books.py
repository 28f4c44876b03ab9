"""The condition in force for a class on a day: one, or all of an office at once for imports."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from xiuhua.clock.rules.limits import read
from xiuhua.clock.words import Limits
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code, installed_packs, pack_on
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.taxonomy.words import KIND, ConditionOnFile, Found, Matched

#: A main class and a sub-class by their names, as a platform's export writes them; or the key of a class.
Asked = int | tuple[str, str]
_Condition = TypeVar("_Condition")


def condition_on(tenant: Tenant, case_class: CaseClass, number: str | None, day: date) -> FilingCondition | None:
    """Return the condition of a class of a scheme that is in force on a day; at most two queries.

    Without a number it is the only condition, or the one marked as default, else None: nothing is guessed. A class that
    an import observed is found by its names with `ConditionBook`.
    """
    pack = pack_on(tenant, KIND, case_class.scheme, day)
    if pack is None:
        return None
    found = list(FilingCondition.objects.filter(pack=pack, case_class=case_class))
    return _meant({one.number: one for one in found}, [one for one in found if one.default], number)


def _meant(by_number: dict[str, _Condition], defaults: list[_Condition], number: str | None) -> _Condition | None:
    if number is not None:
        return by_number.get(number)
    if len(by_number) == 1:
        return next(iter(by_number.values()))
    return defaults[0] if defaults else None


@dataclass(frozen=True, slots=True)
class _Versions:
    """The versions of one scheme: first days in order, and per version the conditions by class and number."""

    days: list[date] = field(default_factory=list)
    conditions: list[dict[int, dict[str, ConditionOnFile]]] = field(default_factory=list)

    def on(self, case_class: int, day: date) -> dict[str, ConditionOnFile]:
        """Return the conditions of a class that are in force on a day, by number."""
        at = bisect_right(self.days, day) - 1
        return self.conditions[at].get(case_class, {}) if at >= 0 else {}


@dataclass(frozen=True, slots=True)
class ConditionBook:
    """All conditions of all versions an office has installed, for finding many without a query each."""

    #: The scheme through which names are looked up, "" where the office has not decided.
    scheme: str
    _versions: dict[str, _Versions]
    #: Key of a class → its scheme.
    _schemes: dict[int, str]
    #: Names of main and sub-class → classes of the chosen scheme.
    _named: dict[tuple[str, str], list[int]]
    #: Key of an observed class → its names.
    _observed: dict[int, tuple[str, str]]

    @classmethod
    def load(cls, tenant: Tenant) -> ConditionBook:
        """Return the book of an office: three queries, four where no scheme was chosen."""
        packs = installed_packs(tenant, KIND)
        try:
            scheme = chosen_code(tenant, KIND)
        except PackUndecided:
            scheme = ""
        classes = list(CaseClass.objects.filter(tenant=tenant).select_related("parent"))
        conditions = FilingCondition.objects.filter(pack__tenant=tenant).select_related("case_class__parent", "pack")
        return cls(
            scheme,
            _by_version(packs, list(conditions)),
            {one.pk: one.scheme for one in classes if one.kind},
            _by_name([one for one in classes if one.kind and one.scheme == scheme]),
            {one.pk: _names(one) for one in classes if not one.kind},
        )

    def find(self, asked: Asked, number: str | None, day: date) -> Found | None:
        """Return the condition in force on a day, and whether its class was found by code or by name; no query.

        `asked` is the key of a class or the names of main and sub-class. Names that fit several classes of the scheme
        (an event and a component) fit none. Without a number: the only condition, else the default one, else None.
        """
        named = self._class(asked)
        if named is None:
            return None
        key, by = named
        held = self._held(key, day)
        condition = _meant(held, [one for one in held.values() if one.default], number)
        return Found(condition, by) if condition else None

    def offered(self, asked: Asked, day: date) -> list[ConditionOnFile]:
        """Return the conditions of a class that are in force on a day, in the order of the standard; no query."""
        named = self._class(asked)
        return list(self._held(named[0], day).values()) if named else []

    def _held(self, key: int, day: date) -> dict[str, ConditionOnFile]:
        return self._versions.get(self._schemes[key], _Versions()).on(key, day)

    def _class(self, asked: Asked) -> tuple[int, Matched] | None:
        if isinstance(asked, int) and asked in self._schemes:
            return asked, Matched.CODE
        names = asked if isinstance(asked, tuple) else self._observed.get(asked, ("", ""))
        classes = self._named.get((_plain(names[0]), _plain(names[1])), [])
        return (classes[0], Matched.NAME) if len(classes) == 1 else None

    def beside(self, condition: ConditionOnFile) -> list[ConditionOnFile]:
        """Return the other conditions of the same class in the same version; no query."""
        held = self._versions[condition.scheme].on(condition.case_class, condition.effective_from)
        return [one for one in held.values() if one.pk != condition.pk]

    def limits_in(self, scheme: str) -> list[Limits]:
        """Return every limit that a condition of any version of a scheme has, the most frequent first; no query."""
        versions = self._versions.get(scheme, _Versions())
        every = [
            one.limits for held in versions.conditions for by_number in held.values() for one in by_number.values()
        ]
        return [limits for limits, _count in Counter(every).most_common() if limits]


def _plain(name: str) -> str:
    return "".join(name.split())


def _names(one: CaseClass) -> tuple[str, str]:
    return (one.parent.name, one.name) if one.parent else (one.name, "")


def _by_name(classes: list[CaseClass]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in classes:
        main, sub = _names(one)
        found[_plain(main), _plain(sub)].append(one.pk)
    return dict(found)


def _by_version(packs: list[InstalledPack], conditions: list[FilingCondition]) -> dict[str, _Versions]:
    by_pack: dict[int, dict[int, dict[str, ConditionOnFile]]] = defaultdict(lambda: defaultdict(dict))
    for one in conditions:
        by_pack[one.pack_id][one.case_class_id][one.number] = on_file(one)
    found: dict[str, _Versions] = defaultdict(_Versions)
    for pack in packs:  # oldest first within a code
        found[pack.code].days.append(pack.effective_from)
        found[pack.code].conditions.append(dict(by_pack.get(pack.pk, {})))
    return dict(found)


def on_file(one: FilingCondition) -> ConditionOnFile:
    """Return a condition as a value; its class, the class's parent and its pack must have been read with it."""
    main, sub = _names(one.case_class)
    return ConditionOnFile(
        pk=one.pk,
        case_class=one.case_class_id,
        scheme=one.case_class.scheme,
        kind=one.case_class.kind,
        code=one.case_class.code,
        main=main,
        name=sub,
        number=one.number,
        text=one.text,
        limits=read(one.limits),
        limit_text=one.limit_text,
        closing=one.closing,
        remedy=one.remedy,
        default=one.default,
        version=one.pack.version,
        effective_from=one.pack.effective_from,
    )
