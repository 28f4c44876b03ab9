"""Holding a picture against a page: what words stand where on the page, and whether the picture shows them there."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

#: How many times finer a page is rasterised than the picture: averaged down, edges grey as any renderer greys them.
_FINER = 4
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Drawn:
    """A page as an image of a pixel for every point, and its words by their boxes."""

    image: Any
    words: dict[Box, str]


def grey(content: bytes) -> Any:
    """Return a picture in shades of grey."""
    return Image.open(BytesIO(content)).convert("L")


def drawn(page: bytes, folder: Path) -> Drawn:
    """Return a page of a PDF as poppler draws and reads it."""
    path = folder / "page.pdf"
    path.write_bytes(page)
    command = ["pdftoppm", "-singlefile", "-r", str(72 * _FINER), "-png", str(path), str(folder / "page")]
    subprocess.run(command, check=True)
    image = grey((folder / "page.png").read_bytes())
    read = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    words = {
        (round(float(a)), round(float(b)), round(float(c)), round(float(d))): word
        for a, b, c, d, word in _WORD.findall(read)
    }
    return Drawn(image.resize((image.width // _FINER, image.height // _FINER), Image.Resampling.BOX), words)


def apart(one: Any, other: Any, box: Box) -> float:
    """Return how far two pictures are apart within a box: the mean difference of a pixel, of 255."""
    return float(ImageStat.Stat(ImageChops.difference(one.crop(box), other.crop(box))).mean[0])
