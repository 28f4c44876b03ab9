"""Schemes, classes and conditions of an office, read for people: browse, search, translate, check."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.queries import content_of, pack_on
from xiuhua.kernel.words import Refusal, marked
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.taxonomy.rules.identifiers import next_local_code
from xiuhua.taxonomy.rules.packs import standard_of
from xiuhua.taxonomy.words import KIND, CaseKind, ClassKey, Identifier, Standard


class SchemeUnknown(Refusal):
    """No such scheme is installed, or none of its versions has begun."""

    code = "taxonomy.scheme_unknown"
    sentence = marked("%(day)s 没有叫“%(scheme)s”的分类体系；已装：%(known)s。")


class SchemeUnnamed(Refusal):
    """A code says nothing without its scheme: 0405 is one thing in the old standard and another in the present one."""

    code = "taxonomy.scheme_unnamed"
    sentence = marked("代码 %(code)s 要连分类体系一起说（--scheme），不能只看代码：%(meanings)s。")


class ClassUnknown(Refusal):
    """The scheme has no such class."""

    code = "taxonomy.class_not_found"
    sentence = marked("“%(scheme)s”里没有 %(code)s 这个类。")


class PatternUnknown(Refusal):
    """No identifier of the scheme is called so, or is so long."""

    code = "identifier.pattern_unknown"
    sentence = marked("“%(scheme)s”没有这样的编码规则（%(asked)s）；有：%(known)s。")


class IdentifierWrong(Refusal):
    """An identifier does not keep to its pattern; the faults name the segments."""

    code = "identifier.wrong"
    sentence = marked("编码 %(text)s 有 %(count)s 处毛病。")


class CodesExhausted(Refusal):
    """A main class has no free code left for another sub-class."""

    code = "taxonomy.codes_exhausted"
    sentence = marked("大类 %(main)s 的小类代码已经用完。")


class TranslationMissing(Refusal):
    """Neither of the two schemes has a table for the other."""

    code = "taxonomy.translation_missing"
    sentence = marked("没有从“%(old)s”到“%(new)s”的对照表；代码相同不等于意思相同，所以不按代码对。")


def schemes(tenant: Tenant) -> list[InstalledPack]:
    """Return the installed versions of all schemes by code, oldest first, without their files. One query."""
    found = InstalledPack.objects.filter(tenant=tenant, kind=KIND).defer("files")
    return list(found.order_by("code", "effective_from"))


def standard_in(pack: InstalledPack) -> Standard:
    """Return what an installed version says. One query at most."""
    return _said(pack.digest, pack.pk)


def scheme_on(tenant: Tenant, code: str, day: date) -> tuple[InstalledPack, Standard]:
    """Return the version of a scheme in force on a day and what it says. One query. Raises SchemeUnknown."""
    pack = pack_on(tenant, KIND, code, day)
    if pack is None:
        known = "、".join(sorted({one.code for one in schemes(tenant)}))
        raise SchemeUnknown(scheme=code, day=day.isoformat(), known=known or "—")
    return pack, standard_in(pack)


@lru_cache(maxsize=32)
def _said(_digest: str, key: int) -> Standard:
    """Return what an installed pack says; what has a digest never changes, so it is read once in a while."""
    return standard_of(content_of(InstalledPack.objects.get(pk=key)))[0]


def class_named(tenant: Tenant, scheme: str, code: str, kind: str = "") -> list[CaseClass]:
    """Return the classes with a code in a scheme: one, or an event and a component. One query.

    Raises SchemeUnnamed with all its meanings if no scheme is given, ClassUnknown.
    """
    found = CaseClass.objects.filter(tenant=tenant, code=code).exclude(kind="").select_related("parent")
    found = found.order_by("scheme", "kind")
    if not scheme:
        said = "；".join(f"{one.scheme} {one.get_kind_display()} {one.name}" for one in found)
        raise SchemeUnnamed(code=code, meanings=said or "—")
    classes = list(found.filter(scheme=scheme, kind=kind) if kind else found.filter(scheme=scheme))
    if not classes:
        raise ClassUnknown(scheme=scheme, code=code)
    return classes


def class_keyed(tenant: Tenant, key: str) -> CaseClass | None:
    """Return the class that a key stands for ("cn-national:event.0102", "platform:name"), None if none does. One query."""
    scheme, colon, rest = key.partition(":")
    kind, dot, code = rest.partition(".")
    if not colon:
        return None
    wanted = Q(kind="", code=rest)
    if dot and kind in CaseKind.values:
        wanted |= Q(kind=kind, code=code)
    return CaseClass.objects.filter(wanted, tenant=tenant, scheme=scheme).order_by("-kind").first()


def classes_known(tenant: Tenant, scheme: str = "") -> list[CaseClass]:
    """Return the classes of the office, or of one scheme, each with its main class, by scheme, kind and code. One query."""
    found = CaseClass.objects.filter(tenant=tenant).select_related("parent").order_by("scheme", "kind", "code")
    return list(found.filter(scheme=scheme) if scheme else found)


def conditions_of(pack: InstalledPack, case_class: CaseClass) -> list[FilingCondition]:
    """Return the conditions of a class in a version, in the order of the standard. One query."""
    return list(FilingCondition.objects.filter(pack=pack, case_class=case_class).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """A class of the old scheme and what it is in the new one; `to` is None where nothing is."""

    old: ClassKey
    old_name: str
    new: ClassKey | None
    new_name: str
    note: str


def translated(tenant: Tenant, old: str, new: str, day: date, *, code: str = "", kind: str = "") -> list[Meaning]:
    """Return what classes of one scheme are in another, by the table of the newer one, whichever way it is asked.

    All classes, or those with `code` (of `kind`, where an event and a component share it). Four queries at most.
    Raises SchemeUnknown, TranslationMissing, ClassUnknown.
    """
    (_pack, source), (_other, target) = scheme_on(tenant, old, day), scheme_on(tenant, new, day)
    pairs = [(one.key, one.to, one.note) for one in target.translations if one.scheme == old]
    if not pairs:
        back = [one for one in source.translations if one.scheme == new]
        pairs = [(one.to, one.key, one.note) for one in back if one.to]
        if not back:
            raise TranslationMissing(old=old, new=new)
    old_names = {row.key: row.name for row in source.classes}
    new_names = {row.key: row.name for row in target.classes}
    if code and not any(key.code == code and kind in {"", key.kind} for key in old_names):
        raise ClassUnknown(scheme=old, code=code)
    return [
        Meaning(key, old_names.get(key, ""), to, new_names.get(to, "") if to else "", note)
        for key, to, note in pairs
        if code in {"", key.code} and kind in {"", key.kind}
    ]


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A class of the old scheme beside its own successor and beside what its bare code means today."""

    meaning: Meaning
    #: Name of the class that bears the same code in the new scheme; "" if none does.
    same_code: str

    @property
    def trap(self) -> bool:
        """Return whether going by the code alone would turn one thing into another."""
        moved = self.meaning.new is None or self.meaning.new.code != self.meaning.old.code
        return bool(self.same_code) and moved


def swapped(tenant: Tenant, old: str, new: str, day: date) -> list[SwapRow]:
    """Return the old scheme class by class beside the new one. Six queries at most. Raises as `translated`."""
    names = {row.key: row.name for row in scheme_on(tenant, new, day)[1].classes}
    return [SwapRow(one, names.get(one.old, "")) for one in translated(tenant, old, new, day)]


def pattern_of(standard: Standard, *, name: str = "", length: int = 0) -> Identifier:
    """Return the pattern of a scheme with a name, else the only one of a length. Raises PatternUnknown."""
    found = [one for one in standard.identifiers if (one.name == name if name else one.length == length)]
    if len(found) != 1:
        known = "、".join(f"{one.name}（{one.length}）" for one in standard.identifiers)
        raise PatternUnknown(scheme=standard.scheme.code, asked=name or str(length), known=known or "—")
    return found[0]


def local_code(tenant: Tenant, scheme: str, kind: str, main: str) -> str | None:
    """Return the code for the next local sub-class of a main class, from 99 down; None if all are taken. One query."""
    taken = CaseClass.objects.filter(tenant=tenant, scheme=scheme, kind=kind, code__startswith=main)
    return next_local_code(main, taken.values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class MainCount:
    """A main class and how many conditions of the version it has."""

    key: ClassKey
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class StandardPage:
    """A standard as a person browses it: main classes with counts, and the chosen conditions by sub-class."""

    pack: InstalledPack
    standard: Standard
    versions: list[InstalledPack]
    mains: list[MainCount]
    total: int
    unread: int
    groups: list[tuple[CaseClass, list[FilingCondition]]]

    @property
    def shown(self) -> int:
        """Return how many conditions are shown."""
        return sum(len(conditions) for _class, conditions in self.groups)


@dataclass(frozen=True, slots=True)
class StandardFilter:
    """Which conditions: of a main class, with a text, only those whose limit was not read."""

    kind: str = ""
    main: str = ""
    text: str = ""
    unread: bool = False


def standard_page(tenant: Tenant, scheme: str, day: date, wanted: StandardFilter) -> StandardPage:
    """Return the version of a scheme in force on a day with the conditions that are wanted. Five queries at most.

    A sub-class without conditions is shown where no text is looked for. Raises SchemeUnknown.
    """
    pack, standard = scheme_on(tenant, scheme, day)
    every = list(
        FilingCondition.objects.filter(pack=pack).values_list("case_class__kind", "case_class__code", "limits")
    )
    digits = standard.scheme.main_digits
    mains = [
        MainCount(
            row.key, row.name, sum((kind, code[:digits]) == (row.key.kind, row.key.code) for kind, code, _l in every)
        )
        for row in sorted(standard.classes, key=lambda row: (row.key.kind != "event", row.key.code))
        if not row.parent
    ]
    versions = [one for one in schemes(tenant) if one.code == scheme]
    unread = sum(1 for _kind, _code, limits in every if not limits)
    return StandardPage(pack, standard, versions, mains, len(every), unread, _groups(pack, standard, wanted))


def _groups(
    pack: InstalledPack, standard: Standard, wanted: StandardFilter
) -> list[tuple[CaseClass, list[FilingCondition]]]:
    by_class: dict[int, list[FilingCondition]] = defaultdict(list)
    for one in _wanted(pack, wanted).order_by("pk"):
        by_class[one.case_class_id].append(one)
    keys = {row.key for row in standard.classes if row.parent}
    classes = CaseClass.objects.filter(tenant=pack.tenant_id, scheme=pack.code, parent__isnull=False)
    classes = classes.filter(kind=wanted.kind) if wanted.kind else classes
    classes = classes.filter(parent__code=wanted.main) if wanted.main else classes
    empty_too = not (wanted.text or wanted.unread)
    return [
        (one, by_class[one.pk])
        for one in sorted(classes.select_related("parent"), key=lambda one: (one.kind != "event", one.code))
        if ClassKey(one.kind, one.code) in keys and (by_class[one.pk] or empty_too)
    ]


def _wanted(pack: InstalledPack, wanted: StandardFilter) -> QuerySet[FilingCondition]:
    found = FilingCondition.objects.filter(pack=pack)
    found = found.filter(case_class__kind=wanted.kind) if wanted.kind else found
    found = found.filter(case_class__parent__code=wanted.main) if wanted.main else found
    found = found.filter(limits=[]) if wanted.unread else found
    if wanted.text:
        inside = Q(text__icontains=wanted.text) | Q(closing__icontains=wanted.text) | Q(remedy__icontains=wanted.text)
        named = Q(case_class__name__icontains=wanted.text) | Q(case_class__code__startswith=wanted.text)
        found = found.filter(inside | named | Q(limit_text__icontains=wanted.text))
    return found
