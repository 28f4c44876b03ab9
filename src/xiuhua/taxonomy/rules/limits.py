"""The grammar of limits as people write them in standards, and the form in which we write them ourselves.

    limits    = stage { ("→" | "->" | ";" | "," | "、" | line end) stage }
    stage     = [ title ] [ filler ] amount [ ("-" | "~" | "至" | "到") amount ] [ "个" ] unit [ "半" ] [ "内" ] [ title ]
    amount    = digits [ "." digits | "/" digits ] [ "半" ] | Chinese numeral [ "个半" ] | "半"
    unit      = 紧急工作时 | 紧急工作日 | 自然日 | 工作时 | 工作日 | 天 | 日 | 小时 | 分钟 | the English names

What 天 and 小时 mean is declared, never assumed. Anything left over that could change the meaning (a condition, a second
number, "after", "every") refuses the text: an unread limit is shown to people, a wrong one makes wrong deadlines.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from xiuhua.clock.words import Limit, Limits, LimitStage, Unit
from xiuhua.kernel.words import Fact, Fault
from xiuhua.taxonomy.words import LimitReading, Means

#: No limit of a standard is as long as this; what is longer is a whole regulation in one cell.
MOST_CHARS = 200
MOST_TITLE = 20
MOST_STAGES = 8
#: Units by their names, longest first, so that 紧急工作日 is not read as 日.
_UNITS: tuple[tuple[str, Unit], ...] = (
    (r"紧急工作小?时|紧急小时|urgent[ _](?:working )?hours?", Unit.URGENT_HOUR),
    (r"紧急工作[日天]|自然[日天]|日历[日天]|calendar[ _]days?|urgent[ _]days?", Unit.CALENDAR_DAY),
    (r"工作小?时|工时|work(?:ing)?[ _]hours?", Unit.WORK_HOUR),
    (r"工作[日天]|work(?:ing)?[ _]days?", Unit.WORK_DAY),
)
_BARE_DAY = r"天|日|days?"
_BARE_HOUR = r"小时|hours?"
_MINUTE = r"分钟|minutes?"
_NUMERAL = "零一二两三四五六七八九十百"
_AMOUNT = (
    rf"(?:\d{{1,4}}(?:\.\d{{1,3}}|/\d{{1,3}})?|[{_NUMERAL}]{{1,6}}|半)(?:个?半(?=个?(?:紧急|自然|日历|工|天|日|小时)))?"
)
_LIMIT = re.compile(
    rf"(?<![\d./第])(?P<low>{_AMOUNT})(?:个)?(?:[-~—–至到]+(?P<high>{_AMOUNT}))? ?个? ?"
    rf"(?:{'|'.join(f'(?P<u{place}>{names})' for place, (names, _unit) in enumerate(_UNITS))}"
    rf"|(?P<day>{_BARE_DAY})|(?P<hour>{_BARE_HOUR})|(?P<minute>{_MINUTE}))(?P<half>半)?(?P<within>以内|之内|内)?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:→|⇒|->|=>|;|,|、|。|\n|/(?=\D))\s*")
_ARROW = re.compile(r"→|⇒|->|=>")
_FILLER = re.compile(
    r"^(?:在|于|限期?|应在?|须在?|不超过|不得超过|至多|最多|最长|≤|<=|within)+|(?:在|于|限期?|应在?|须在?|≤|<=)+$"
)
#: Words that make a text say something else than "so long, then this".
_CONDITION = re.compile(
    r"[或若如视遇逢每约另不]|除[非外]|^除|紧急|工作|以?[上下外前后]$|^以?[上下外前后]|起|左右|雨|夏|冬|节假|\bor\b|\bif\b|after|before|every"
)
_TITLE = re.compile(r"[^\W\d_]*(?: [^\W\d_]+)*")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_CODES = {
    Unit.URGENT_HOUR: "紧急工作时",
    Unit.CALENDAR_DAY: "自然日",
    Unit.WORK_HOUR: "工作时",
    Unit.WORK_DAY: "工作日",
}


class _Unread(Exception):
    """Carries the fault out of the depths."""

    def __init__(self, code: str, **facts: Fact) -> None:
        self.fault = Fault(code, facts=facts)
        super().__init__(code)


def read_limit(text: str, means: Means) -> LimitReading:
    """Return the limits that a text states, in its order; or the fault that says why it states none we are sure of.

    A range of amounts is its upper end, with the note "limit.range": only after it is the work late for certain.
    Stages that no arrow joins follow one another all the same, with the note "limit.chained" for a person to check.
    """
    plain = _plain(text)
    if len(plain) > MOST_CHARS:
        return LimitReading(fault=Fault("limit.long", facts={"limit": MOST_CHARS}))
    parts = [part for part in _SEPARATOR.split(plain) if part]
    if not parts:
        return LimitReading(fault=Fault("limit.empty"))
    if len(parts) > MOST_STAGES:
        return LimitReading(fault=Fault("limit.stages", facts={"text": text, "limit": MOST_STAGES}))
    try:
        stages = [_stage(part, means) for part in parts]
    except _Unread as unread:
        return LimitReading(fault=unread.fault)
    notes = ["limit.range"] if any(ranged for _stage_, ranged in stages) else []
    notes += ["limit.chained"] if len(stages) > 1 and len(_ARROW.split(plain)) != len(stages) else []
    return LimitReading(tuple(stage for stage, _ranged in stages), notes=tuple(notes))


def needs(text: str) -> frozenset[str]:
    """Return which declarations a text waits for: "day" where it says a bare 天, "hour" for a bare 小时 or 分钟."""
    found = {name for match in _LIMIT.finditer(_plain(text)) for name in ("day", "hour", "minute") if match[name]}
    return frozenset("hour" if name == "minute" else name for name in found)


def limit_text(limits: Limits) -> str:
    """Return limits in the notation that `read_limit` reads back to the same limits, whatever 天 and 小时 mean."""
    return "→".join(f"{stage.title}{number_text(stage.limit.amount)}{_CODES[stage.limit.unit]}" for stage in limits)


def number_text(amount: Fraction) -> str:
    """Return an exact number as people write it: "4", "1.5", "1/3"."""
    if amount.denominator == 1:
        return str(amount.numerator)
    for places in range(1, 4):
        scaled = amount * 10**places
        if scaled.denominator == 1:
            whole, rest = divmod(scaled.numerator, 10**places)
            return f"{whole}.{rest:0{places}d}"
    return f"{amount.numerator}/{amount.denominator}"


def _plain(text: str) -> str:
    """Return a text with full-width signs narrowed; spaces stay between Latin letters only."""
    narrow = re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", narrow)


def _stage(part: str, means: Means) -> tuple[LimitStage, bool]:
    matches = list(_LIMIT.finditer(part))
    if not matches:
        raise _Unread(_without(part), text=part)
    if len(matches) > 1:
        raise _Unread("limit.several", text=part)
    match = matches[0]
    low = _amount(match["low"])
    high = _amount(match["high"]) if match["high"] else low
    if high < low:
        raise _Unread("limit.range_reversed", text=part)
    amount = high + (Fraction(1, 2) if match["half"] else 0)
    if amount <= 0:
        raise _Unread("limit.zero", text=part)
    unit = _unit(match, means)
    amount = amount / 60 if match["minute"] else amount
    return LimitStage(Limit(amount, unit), _title(part[: match.start()], part[match.end() :], part)), high > low


def _without(part: str) -> str:
    """Return why a text without a limit has none: no number, or a number of something that is no unit of ours."""
    return "limit.unit_unknown" if re.search(rf"\d|[{_NUMERAL}半]", part) else "limit.amount_missing"


def _unit(match: re.Match[str], means: Means) -> Unit:
    for place, (_names, unit) in enumerate(_UNITS):
        if match[f"u{place}"]:
            return unit
    declared = means.day if match["day"] else means.hour
    if declared is None:
        raise _Unread("limit.day_undeclared" if match["day"] else "limit.hour_undeclared", text=match[0])
    return declared


def _title(before: str, after: str, part: str) -> str:
    """Return what is to be done in the stage. Raises _Unread where words around the limit may change its meaning."""
    before = _FILLER.sub("", before.strip(" :()"))
    after = after.strip(" :()")
    title = before or after
    if before and after:
        raise _Unread("limit.words", text=part, words=f"{before}…{after}")
    if _CONDITION.search(title) or not _TITLE.fullmatch(title) or len(title) > MOST_TITLE:
        raise _Unread("limit.words", text=part, words=title)
    return title


def _amount(text: str) -> Fraction:
    """Return a number in digits or Chinese numerals: "1.5", "1/2", "两", "十五", "一个半", "半"."""
    if text == "半":
        return Fraction(1, 2)
    if text.endswith("半"):
        return _amount(text.removesuffix("半").removesuffix("个")) + Fraction(1, 2)
    if text[0].isdigit():
        if text.endswith(("/0", "/00", "/000")):
            raise _Unread("limit.unit_unknown", text=text)
        return Fraction(text)
    return Fraction(_numeral(text))


def _numeral(text: str) -> int:
    """Return a Chinese numeral below 1000; one digit at least stands before 百, none may stand before 十."""
    match = re.fullmatch(
        r"(?:([一二两三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十))?([零一二两三四五六七八九])?", text
    )
    if not match:
        raise _Unread("limit.unit_unknown", text=text)
    hundreds, tens, ten, ones = match.groups()
    value = 100 * _DIGITS.get(hundreds or "零", 0) + _DIGITS.get(ones or "零", 0)
    return value + (10 * _DIGITS.get(tens or "一", 1) if ten else 0)
