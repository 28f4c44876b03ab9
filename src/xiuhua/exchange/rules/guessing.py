"""Which column is what: proposed from names and values, never taken without a person.

A guess names a column for as many fields as it can, says why, lists the columns that are left, and asks what no file
can say for certain. It decides nothing: `questions` are the reader's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from xiuhua.exchange.guesses import Guess, Proposal, Reason
from xiuhua.exchange.rules.aliases import Aliases, How, fold_name, meet
from xiuhua.exchange.rules.asking import questions
from xiuhua.exchange.rules.fits import MOST, SOME, fit
from xiuhua.exchange.rules.mappings import FIELDS, REQUIRED
from xiuhua.exchange.rules.values import Traits, traits
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.words import Cell

#: Rows that are enough to know a column by.
SAMPLE = 500
#: What a name's match is worth; a part is worth more the more of the name it is.
_WORTH: dict[How, float] = {"exact": 0.95, "filled": 0.85, "part": 0.5, "no": 0.0}
_PART_MORE = 0.25
#: Below this nothing is proposed.
LEAST = 0.35
#: A guess from values alone.
BY_VALUES = 0.4
#: Rows without which uniqueness says nothing, and characters of a number that is one.
_ENOUGH, _LONG = 20, 6
#: Characters of a class's name.
_CLASS_LENGTH = 40

_SCORE = re.compile(r"%|得分|分数|评分|扣分|score|rating|排名|rank|优秀率|合格率|percent|acceptable", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:(?:19|20)\d{2}\s*[-/.年]?\s*)?(?:0?[1-9]|1[0-2])\s*月|(?:19|20)\d{2}\s*[-/.]?\s*(?:0[1-9]|1[0-2])"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-\s.]*(?:\d{2}|\d{4})?|[一二三四]季度|Q[1-4]",
    re.IGNORECASE,
)
_FEWEST_SCORES, _SHARE_OF_SCORES = 3, 1 / 3


class NotCases(Refusal):
    """The table holds scores or observations, a column for each month or mark: it is no list of cases."""

    code = "import.not_cases"
    sentence = marked(
        "这张表不像案件表：没有逐件的编号和时间，倒有 %(count)s 栏像得分或分月数值（%(columns)s）。"
        "得分和观测不从“导入案件”进来：点位用 xiuhua site import，考核分由 xiuhua assess 按方案从案件算出；请换一份逐件列出的案件导出。"
    )


def fingerprint(header: Sequence[str]) -> str:
    """Return what tells this set of columns from others, 64 hexadecimal digits.

    The order of columns does not count, since a mapping finds them by name; the names count to the letter, since a
    mapping that names another one would not fit.
    """
    return hashlib.sha256("\x1f".join(sorted(header)).encode()).hexdigest()


class ChoiceUnknown(Refusal):
    """A person chose a field that there is not, or a column that the file has not."""

    code = "import.choice_unknown"
    sentence = marked("没有“%(field)s”这个字段，或者表里没有“%(column)s”这一栏。")


def guess(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    aliases: Aliases,
    chosen: Mapping[str, str] | None = None,
) -> Proposal:
    """Return which column is proposed for which field, from the names and up to SAMPLE rows.

    `chosen` are fields for which a person has named the column, "" for none: they stand as told. Raises NotCases,
    ChoiceUnknown.
    """
    columns = _columns(header, rows[:SAMPLE])
    found = _best(columns, aliases)
    _by_values(found, columns)
    _classes(found, columns)
    _axes(found, columns)
    _choose(found, columns, chosen or {})
    _refuse_scores(found, columns)
    taken = {one.column for one in found.values()}
    return Proposal(
        fingerprint=fingerprint(header),
        fields={one: found[one] for one in FIELDS if one in found},
        left=tuple(name for name in header if name not in taken),
        questions=questions(found, columns),
        values={one: columns[found[one].column].common for one in ("stage", "verdict") if one in found},
        missing=tuple(sorted({text for seen in columns.values() for text in seen.nothing})),
        flags=tuple(name for name, seen in columns.items() if name not in taken and seen.binary),
        lacking=tuple(one for one in REQUIRED if one not in found),
    )


def _columns(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, Traits]:
    return {name: traits([row[at] if at < len(row) else "" for row in rows]) for at, name in enumerate(header)}


def _best(columns: dict[str, Traits], aliases: Aliases) -> dict[str, Guess]:
    """Return the best column of each field, the surest pair first; each column serves once."""
    pairs = sorted(_pairs(columns, aliases), key=lambda one: (-one[1].confidence, _rank(one[0], one[1], aliases)))
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for which, one in pairs:
        if which not in found and one.column not in taken:
            found[which] = one
            taken.add(one.column)
    return found


def _rank(which: str, one: Guess, aliases: Aliases) -> int:
    """Return how late the met name stands in the tables."""
    names = aliases.fields[which].names
    return names.get(one.reasons[0].text, len(names))


def _pairs(columns: dict[str, Traits], aliases: Aliases) -> Iterator[tuple[str, Guess]]:
    for name, seen in columns.items():
        for which in FIELDS:
            how, alias = meet(name, which, aliases)
            if how == "no":
                continue
            suits, why = fit(which, seen)
            worth = _WORTH[how] + (_PART_MORE * len(alias) / len(fold_name(name)) if how == "part" else 0.0)
            if worth * suits >= LEAST:
                reasons = (Reason(f"name_{how}", alias), *([why] if why else []))
                yield which, Guess(name, round(worth * suits, 2), reasons)


def _by_values(found: dict[str, Guess], columns: dict[str, Traits]) -> None:
    """Add what only the values tell: a time in every row, a code that never repeats."""
    taken = {one.column for one in found.values()}
    free = {name: seen for name, seen in columns.items() if name not in taken and seen.filled == seen.rows > 0}
    for name, seen in free.items():
        if "reported_at" not in found and seen.times >= MOST and seen.distinct > 1:
            found["reported_at"] = Guess(name, BY_VALUES, (Reason("values_time"),))
        elif "number" not in found and _like_numbers(seen):
            found["number"] = Guess(name, BY_VALUES, (Reason("values_code"),))


def _like_numbers(seen: Traits) -> bool:
    codes = seen.codes >= MOST and seen.unique and seen.times < SOME and seen.decimals < SOME
    return codes and seen.rows >= _ENOUGH and seen.length >= _LONG


def _classes(found: dict[str, Guess], columns: dict[str, Traits]) -> None:
    """Take a "description" whose texts are short and come again for what it is: the name of a class."""
    one = found.get("description")
    if one is None or "sub_class" in found:
        return
    seen = columns[one.column]
    if seen.repeats >= SOME and seen.length <= _CLASS_LENGTH:
        found["sub_class"] = Guess(one.column, one.confidence, (*one.reasons, Reason("values_repeat")))
        del found["description"]


def _axes(found: dict[str, Guess], columns: dict[str, Traits]) -> None:
    """Exchange longitude and latitude where the values leave no other way: in surveys X points north."""
    if "longitude" not in found or "latitude" not in found:
        for one in ("longitude", "latitude"):
            found.pop(one, None)
        return
    lon, lat = found["longitude"], found["latitude"]
    if _north_first(columns[lon.column], columns[lat.column]):
        found["longitude"] = lat._replace(reasons=(*lat.reasons, Reason("axes")))
        found["latitude"] = lon._replace(reasons=(*lon.reasons, Reason("axes")))


def _north_first(x: Traits, y: Traits) -> bool:
    """Return whether x must be the northing: a latitude beside a longitude beyond 90, or metres as surveys write them."""
    degrees = max(abs(x.low), abs(x.high)) <= 90 < max(abs(y.low), abs(y.high)) <= 180  # noqa: PLR2004
    north = x.low >= 300_000 and x.high <= 6_200_000  # noqa: PLR2004 - China, in metres from the equator
    bare = y.low >= 150_000 and y.high <= 850_000 and x.low > y.high  # noqa: PLR2004 - eastings about 500 km
    numbered = y.low >= 24_000_000 and y.high <= 46_000_000  # noqa: PLR2004 - eastings with a zone number
    return degrees or (north and (bare or numbered))


def _choose(found: dict[str, Guess], columns: dict[str, Traits], chosen: Mapping[str, str]) -> None:
    """Put in what a person has chosen; a column serves once, so its other field loses it."""
    for which, name in chosen.items():
        if which not in FIELDS or (name and name not in columns):
            raise ChoiceUnknown(field=which, column=name)
        for other in [one for one in found if found[one].column == name]:
            del found[other]
        found.pop(which, None)
        if name:
            found[which] = Guess(name, 1.0, (Reason("chosen"),))


def _refuse_scores(found: dict[str, Guess], columns: dict[str, Traits]) -> None:
    if all(one in found and found[one].confidence > BY_VALUES for one in REQUIRED):
        return
    scores = [
        name
        for name, seen in columns.items()
        if (_SCORE.search(name) or _PERIOD.fullmatch(name.strip())) and (seen.numbers >= SOME or not seen.filled)
    ]
    if len(scores) >= max(_FEWEST_SCORES, _SHARE_OF_SCORES * len(columns)):
        raise NotCases(count=len(scores), columns="、".join(scores[:4]))
