"""The mark on a display copy: lines in a band of their own under the picture, so that nothing of it is covered."""

from __future__ import annotations

from PIL import Image, ImageDraw

from xiuhua.files.fonts import Font, font, legible

#: The band is at least this wide: a tiny picture still says where it comes from.
NARROWEST = 480
#: Letters per width of the picture, and the smallest letters, in pixels.
_LETTERS = 40
_SMALLEST = 18
_GROUND = (24, 28, 34)
_INK = (255, 255, 255)


def marked_copy(picture: Image.Image, lines: tuple[str, ...]) -> Image.Image:
    """Return the picture with the lines in white on a dark band under it, wrapped to its width; unchanged without any.

    Characters that no font here can draw are left out, and a line of which nothing is left with them.
    """
    wanted = [text for text in (legible(line) for line in lines) if text]
    if not wanted:
        return picture
    width = max(picture.width, NARROWEST)
    letters = font(max(_SMALLEST, width // _LETTERS))
    step, edge = round(letters.size * 1.4), round(letters.size * 0.6)
    rows = [row for text in wanted for row in wrapped(text, letters, width - 2 * edge)]
    sheet = Image.new("RGB", (width, picture.height + step * len(rows) + edge), _GROUND)
    sheet.paste(picture, ((width - picture.width) // 2, 0))
    draw = ImageDraw.Draw(sheet)
    for number, row in enumerate(rows):
        draw.text((edge, picture.height + edge // 2 + number * step), row, font=letters, fill=_INK)
    return sheet


def wrapped(text: str, letters: Font, width: int) -> list[str]:
    """Return the text cut into rows of at most `width` pixels: between words where there are any, else anywhere."""
    rows, row = [], ""
    for char in text:
        if row and letters.getlength(row + char) > width:
            head, space, tail = row.rpartition(" ") if char != " " else (row, "", "")
            broken = bool(space and head and char.isascii())
            rows.append(head if broken else row)
            row = (tail if broken else "") + char.lstrip()
        else:
            row += char
    return [*rows, row] if row else rows
