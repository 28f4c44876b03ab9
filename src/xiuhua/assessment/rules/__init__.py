"""Pure decisions of assessment: points, ranks, lists, evidence, bytes."""

from xiuhua.assessment.rules.evidence import dispersion, wilson
from xiuhua.assessment.rules.lists import change, changes, comparable, lists, named
from xiuhua.assessment.rules.ranks import placed, ranks
from xiuhua.assessment.rules.reading import view
from xiuhua.assessment.rules.rounding import plain, printed, rounded
from xiuhua.assessment.rules.schemes import SchemeFaulty, scheme
from xiuhua.assessment.rules.sheets import measures, rates, sheets
from xiuhua.assessment.rules.writing import clustering_json, rank_json, sheet_bytes

__all__ = [
    "SchemeFaulty",
    "change",
    "changes",
    "clustering_json",
    "comparable",
    "dispersion",
    "lists",
    "measures",
    "named",
    "placed",
    "plain",
    "printed",
    "rank_json",
    "ranks",
    "rates",
    "rounded",
    "scheme",
    "sheet_bytes",
    "sheets",
    "view",
    "wilson",
]
