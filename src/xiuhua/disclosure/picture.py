"""Part (g) of the meeting pack: one picture for the messaging group – places, rates, scores, red and black, from when.

It is read on a phone at a third of its size: nothing is written smaller than SMALL. Units only, never persons. The same
telling gives the same bytes on the same machine; another font draws other letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override, pgettext
from PIL import Image, ImageDraw

from xiuhua.assessment.phrases import title, unranked_sentence
from xiuhua.assessment.queries import named
from xiuhua.assessment.words import CutOff, SubjectView
from xiuhua.disclosure.rules.printing import place, rate, score
from xiuhua.disclosure.words import Told
from xiuhua.files.fonts import font, legible
from xiuhua.ui.formats import month as month_name
from xiuhua.ui.formats import percent

WIDTH, MARGIN = 1080, 48
#: Sizes of letters in pixels: the title, names and numbers, heads, notes.
TITLE, BODY, HEAD, SMALL = 54, 40, 30, 27
_ROW, _GAP, _BAR = 74, 24, 10
#: More subjects than this do not fit on a phone: only the two lists are drawn.
MOST = 20
# the light theme of ui/tokens.css
PAPER, WALL, TILE, ON_TILE, ON_TILE_2 = "#f5f4f0", "#ffffff", "#262d33", "#f6f4ee", "#bcc3c8"
INK, INK_2, LINE, LINE_2 = "#1a1e22", "#535b63", "#dfdcd4", "#827e74"
SEAL, ON_SEAL, BLACK, ON_BLACK, SCORE, TRACK = "#b3301f", "#ffffff", "#1a1e22", "#ffffff", "#44779c", "#eef4f7"
# left edges of the columns, right edges of the numbers
_RANK, _NAME, _RATE, _RATE_END, _SCORE_END, _MARK = 112, 176, 474, 760, 908, 932
#: Room for a name beside a bar, and where long names leave no room for bars; then they are set smaller, then cut.
_NAME_WIDTH, _WIDE_NAME, _SMALLER = _RATE - _NAME - _GAP, _RATE_END - 160 - _NAME, 32


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the picture: a subject, or a heading where `subject` is None."""

    subject: SubjectView | None
    text: str = ""


def picture(told: Told) -> bytes:
    """Return the PNG, WIDTH pixels wide, in the language of the telling."""
    with override(told.language):
        rows = list(chosen_rows(told))
        notes = [line for note in _notes(told) for line in _broken(note, SMALL, WIDTH - 2 * MARGIN)]
        height = _top() + _ROW + len(rows) * _ROW + 2 * _GAP + len(notes) * (SMALL + 13) + MARGIN
        image = Image.new("RGB", (WIDTH, height), PAPER)
        canvas = _Canvas(image)
        _head(canvas, told)
        end = _table(canvas, told, rows)
        for number, note in enumerate(notes):
            canvas.text((MARGIN, end + 2 * _GAP + number * (SMALL + 13)), note, SMALL, INK_2)
    target = BytesIO()
    image.quantize(colors=128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        target, "PNG", optimize=True
    )
    return target.getvalue()


def chosen_rows(told: Told) -> Iterator[Row]:
    """Yield what is drawn: every subject by group and rank; of more than MOST only those on the lists."""
    subjects = list(told.view.subjects)
    lists = named(told.view)
    kept = [one for one in subjects if len(subjects) <= MOST or one.code in lists]
    several = len({one.group for one in kept}) > 1
    titles = {group.code: title(group.title) for group in told.view.groups}
    for number, one in enumerate(kept):
        if several and (not number or kept[number - 1].group != one.group):
            yield Row(None, titles.get(one.group, gettext("未分组")))
        yield Row(one)
    if len(kept) < len(subjects):
        yield Row(None, gettext("其余 %(count)s 个对象略，见成绩表") % {"count": len(subjects) - len(kept)})


def _notes(told: Told) -> Iterator[str]:
    view = told.view
    until = datetime.fromisoformat(view.as_of).astimezone(ZoneInfo(told.office.zone))
    if told.office.made_up:
        yield gettext("虚构单位、虚构数据，仅供演示。")
    if view.cut_off is CutOff.RUNNING:
        yield gettext("本月未完：只是到截止时点的先后，不是榜。")
    yield gettext("数据截止 %(moment)s；按期率 = 按期结案数 ÷ 应结案数。") % {"moment": f"{until:%Y-%m-%d %H:%M}"}
    yield gettext("来源：%(office)s考核结果，方案“%(scheme)s”第 %(version)s 版，快照 %(snapshot)s。") % {
        "office": told.office.name,
        "scheme": title(view.title),
        "version": view.version,
        "snapshot": view.snapshot[:12],
    }


class _Canvas:
    """Drawing text by its top left, top right or middle, in letters the font has."""

    def __init__(self, image: Image.Image) -> None:
        self.draw = ImageDraw.Draw(image)

    def text(
        self, at: tuple[float, float], text: str, size: int, colour: str, anchor: str = "la", *, bold: bool = False
    ) -> None:
        """Write a text; `bold` thickens the strokes, since only one weight of the font is sure to be there."""
        face = font(size)
        stroke = size / 48 if bold else 0
        self.draw.text(at, legible(text), fill=colour, font=face, anchor=anchor, stroke_width=stroke)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle."""
        self.draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)


def _width(text: str, size: int) -> float:
    return font(size).getlength(legible(text))


def _fitted(text: str, size: int, width: float) -> str:
    """Return a text that fits, cut with … where it is too long."""
    if _width(text, size) <= width:
        return text
    while text and _width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text}…"


def _broken(text: str, size: int, width: float) -> list[str]:
    """Return a text as lines that fit: broken at a space of Latin text, else after any sign, never before a mark."""
    lines: list[str] = []
    while text:
        fits = next((end for end in range(len(text), 0, -1) if _width(text[:end], size) <= width), 1)
        if fits < len(text):
            space = text.rfind(" ", 0, fits + 1)
            fits = space if space > fits // 2 else fits
            while fits > 1 and text[fits] in "，。；：、）”":
                fits -= 1
        lines.append(text[:fits].strip())
        text = text[fits:].strip()
    return lines


def _top() -> int:
    return 216


def _head(canvas: _Canvas, told: Told) -> None:
    canvas.box(0, 0, WIDTH, _top() - _GAP, TILE)
    # the house mark: a seal of one stitch
    canvas.box(MARGIN, 46, MARGIN + 14, 46 + TITLE + 6, SEAL)
    heading = gettext("%(office)s %(month)s考核") % {
        "office": told.office.name,
        "month": month_name(told.period, told.language),
    }
    canvas.text((MARGIN + 38, 40), _fitted(heading, TITLE, WIDTH - 2 * MARGIN - 38), TITLE, ON_TILE, bold=True)
    due, on_time = (told.view.totals.get(name, (0, 0))[0] for name in ("due", "on_time"))
    said = gettext("应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s%%") % {
        "due": due,
        "on_time": on_time,
        "rate": percent(on_time, due),
    }
    canvas.text((MARGIN + 38, 122), _fitted(said, HEAD, WIDTH - 2 * MARGIN - 38), HEAD, ON_TILE_2)


def _table(canvas: _Canvas, told: Told, rows: Sequence[Row]) -> float:
    """Draw the ledger; return where it ends."""
    top = _top()
    bottom = top + _ROW + len(rows) * _ROW
    canvas.box(MARGIN, top, WIDTH - MARGIN, bottom, WALL)
    # the double rule that opens every ledger
    canvas.box(MARGIN, top, WIDTH - MARGIN, top + 5, INK)
    canvas.box(MARGIN, top + 9, WIDTH - MARGIN, top + 11, INK)
    middle = top + _ROW / 2 + 6
    canvas.text((_RANK, middle), gettext("名次"), HEAD, INK_2, "mm")
    canvas.text((_NAME, middle), told.office.level, HEAD, INK_2, "lm")
    canvas.text((_RATE_END, middle), gettext("按期率"), HEAD, INK_2, "rm")
    canvas.text((_SCORE_END, middle), gettext("总分"), HEAD, INK_2, "rm")
    lists = named(told.view)
    longest = max((_width(row.subject.name, BODY) for row in rows if row.subject), default=0)
    bars = longest <= _NAME_WIDTH
    size = BODY if bars or longest <= _WIDE_NAME else _SMALLER
    for number, row in enumerate(rows, start=1):
        here = top + number * _ROW
        canvas.box(MARGIN, here, WIDTH - MARGIN, here + 1, LINE_2 if number == 1 else LINE)
        if row.subject is None:
            canvas.box(MARGIN, here + 1, WIDTH - MARGIN, here + _ROW, PAPER)
            canvas.text((_NAME, here + _ROW / 2), row.text, HEAD, INK_2, "lm")
        else:
            name = _fitted(row.subject.name, size, _NAME_WIDTH if bars else _WIDE_NAME)
            canvas.text((_NAME, here + _ROW / 2), name, size, INK, "lm")
            _line(canvas, row.subject, here, lists.get(row.subject.code, ""), bars=bars)
    canvas.box(MARGIN, bottom - 1, WIDTH - MARGIN, bottom, INK)
    canvas.box(MARGIN, bottom + 3, WIDTH - MARGIN, bottom + 7, INK)
    return bottom


def _line(canvas: _Canvas, subject: SubjectView, top: float, listed: str, *, bars: bool) -> None:
    middle = top + _ROW / 2
    canvas.text((_RANK, middle), place(subject.rank), BODY, INK, "mm", bold=True)
    kept, of = subject.counts.get("on_time", (0, 0))
    canvas.text((_RATE_END, middle), rate(kept, of), BODY, INK, "rm")
    left, right = _RATE, _RATE_END - 150
    if bars:
        canvas.box(left, middle - _BAR / 2, right, middle + _BAR / 2, TRACK)
    if bars and of:
        canvas.box(left, middle - _BAR / 2, left + max(2, (right - left) * kept / of), middle + _BAR / 2, SCORE)
    canvas.text((_SCORE_END, middle), score(subject), BODY, INK, "rm", bold=True)
    _mark(canvas, subject, middle, listed)


def _mark(canvas: _Canvas, subject: SubjectView, middle: float, listed: str) -> None:
    """Draw whether a subject is on the red or the black list, or in small letters that it is not ranked."""
    right = WIDTH - MARGIN - 12
    if listed:
        fill, ink = (SEAL, ON_SEAL) if listed == "red" else (BLACK, ON_BLACK)
        canvas.box(_MARK, middle - 23, right, middle + 23, fill)
        text = pgettext("picture", "红榜") if listed == "red" else pgettext("picture", "黑榜")
        canvas.text(((_MARK + right) / 2, middle), text, SMALL, ink, "mm")
    elif unranked_sentence(subject.unranked):
        canvas.text(((_MARK + right) / 2, middle), gettext("不排名"), SMALL, INK_2, "mm")
