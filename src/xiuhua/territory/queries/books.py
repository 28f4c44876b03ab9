"""Which territory a written name or code means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import ExternalCode, Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.queries.lineage import Lineage
from xiuhua.territory.queries.packs import contractions, name_rules
from xiuhua.territory.rules.contractions import agree, contracted
from xiuhua.territory.rules.names import fold, stem
from xiuhua.territory.rules.versions import in_force
from xiuhua.territory.words import Contracted, Contraction, How, NameMatch, NameRule, Span


class NameBook:
    """All names of a tenant's territories; load it once per batch."""

    def __init__(
        self,
        names: Iterable[tuple[int, str, bool]],
        rules: Iterable[NameRule],
        spans: dict[int, list[Span]],
        contractions: Iterable[Contraction] = (),
    ) -> None:
        """`names` are (territory, folded name, whether it is an alias)."""
        self._rules = tuple(rules)
        self._contractions = tuple(contractions)
        self._cores: defaultdict[tuple[str, str, int | None], list[tuple[int, Contracted]]] = defaultdict(list)
        self._spans = spans
        self._own: defaultdict[str, set[int]] = defaultdict(set)
        self._alias: defaultdict[str, set[int]] = defaultdict(set)
        self._stems: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for territory, folded, alias in names:
            (self._alias if alias else self._own)[folded].add(territory)
            for rule in self._rules:
                self._stems[rule.id, stem(folded, rule)].add(territory)
            for short in self._contractions:
                if said := contracted(folded, short):
                    self._cores[short.id, said.core, said.number].append((territory, said))

    @classmethod
    def load(cls, tenant: Tenant) -> NameBook:
        """Return the book of the tenant's names and name rules as they are now on record. Two queries."""
        names = TerritoryName.objects.filter(territory__tenant=tenant).values_list("territory_id", "folded", "alias")
        spans: defaultdict[int, list[Span]] = defaultdict(list)
        days = TerritoryVersion.objects.filter(territory__tenant=tenant)
        for territory, begin, end in days.values_list("territory_id", "valid_from", "valid_to"):
            spans[territory].append(Span(begin, end, same=True))
        return cls(names, name_rules(tenant), spans, contractions(tenant))

    def match(self, name: str, day: date | None = None) -> NameMatch:
        """Return what `name` means: own name before alias before ending before contraction; several are never a guess.

        With `day`, only territories in force on that day are considered. `candidates` are the territories that the
        deciding step found, in the order of their keys.
        """
        folded = fold(name)
        if not folded:
            return NameMatch(None, "unknown")
        for how, found in (("exact", self._own.get(folded)), ("alias", self._alias.get(folded))):
            if living := self._living(found or set(), day):
                return _decided(living, "exact" if how == "exact" else "alias")
        return self._by_rule(folded, day)

    def _by_rule(self, folded: str, day: date | None) -> NameMatch:
        found: dict[int, str] = {}
        for rule in self._rules:
            short = stem(folded, rule)
            for territory in self._living(self._stems.get((rule.id, short), set()) if short else set(), day):
                found.setdefault(territory, rule.id)
        if not found:
            return self._by_contraction(folded, day)
        return _decided(set(found), "rule", rule=next(iter(found.values())))

    def _by_contraction(self, folded: str, day: date | None) -> NameMatch:
        for rule in self._contractions:
            said = contracted(folded, rule)
            near = self._cores.get((rule.id, said.core, said.number), []) if said else []
            fits = {territory for territory, theirs in near if said and agree(said, theirs)}
            if living := self._living(fits, day):
                return _decided(living, "rule", rule=rule.id)
        return NameMatch(None, "unknown")

    def _living(self, territories: set[int], day: date | None) -> set[int]:
        if day is None:
            return territories
        return {one for one in territories if any(in_force(span, day) for span in self._spans.get(one, []))}


def _decided(territories: set[int], how: How, rule: str = "") -> NameMatch:
    candidates = tuple(sorted(territories))
    if len(candidates) > 1:
        return NameMatch(None, "ambiguous", candidates)
    return NameMatch(candidates[0], how, candidates, rule)


class CodeBook:
    """All codes of a tenant's territories, its own and other systems'; load it once per batch."""

    def __init__(
        self, own: dict[str, int], external: Iterable[tuple[str, int]], lineage: Lineage | None = None
    ) -> None:
        self._own = own
        self._external: defaultdict[str, set[int]] = defaultdict(set)
        for code, territory in external:
            self._external[code].add(territory)
        self._lineage = lineage
        self._known: dict[tuple[int, date], int | None] = {}

    @classmethod
    def load(cls, tenant: Tenant) -> CodeBook:
        """Return the book of the tenant's codes as they are now on record. Five queries."""
        own = dict(Territory.objects.filter(tenant=tenant).values_list("code", "pk"))
        external = ExternalCode.objects.filter(territory__tenant=tenant).values_list("code", "territory_id")
        return cls(own, external, Lineage.load(tenant))

    def find(self, code: str, day: date | None = None) -> int | None:
        """Return the territory with this own code, else the only one another system knows by it, else None.

        With `day`, an old code finds what its territory has become by that day: the one that took it over, None where
        it was split among several. A code without a successor, or one that came later, stands for itself.
        """
        code = code.strip()
        others = self._external.get(code, set())
        found = self._own.get(code) or (next(iter(others)) if len(others) == 1 else None)
        if found is None or day is None or self._lineage is None:
            return found
        key = (found, day)
        if key not in self._known:
            ends = self._lineage.ends(found, day)
            self._known[key] = found if not ends else ends[0] if len(ends) == 1 else None
        return self._known[key]
