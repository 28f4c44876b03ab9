"""CSV in the wild: plain or gzipped, UTF-8 with or without BOM, UTF-16 with BOM, GB18030; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xiuhua.tables.rules import delimiter_of
from xiuhua.tables.words import (
    MIB,
    CellTooLong,
    ContentTooLarge,
    Encoding,
    FileBroken,
    FileNotTable,
    FileNotText,
    Limits,
    Row,
    TableMalformed,
)

GZIP = b"\x1f\x8b"
#: Enough text to hold any header.
HEAD_CHARS = 256 * 1024

_BROKEN = (EOFError, OSError, zlib.error)


@dataclass(frozen=True, slots=True)
class Text:
    """A text file whose bytes have all been looked at once."""

    path: Path
    gzipped: bool
    encoding: str
    delimiter: str
    limits: Limits

    def records(self) -> Iterator[Row]:
        """Yield (record number from 1, cells), blank records as well. Raises TableMalformed, CellTooLong, FileBroken."""
        number, longest = 0, self.limits.cell_chars
        try:
            with self._text() as file:
                for cells in csv.reader(file, delimiter=self.delimiter, strict=True):
                    number += 1
                    if cells and max(map(len, cells)) > longest:
                        raise CellTooLong(row=number, limit=longest)
                    yield number, cells
        except csv.Error as error:
            raise TableMalformed(row=number + 1, reason=str(error)) from error
        except (*_BROKEN, UnicodeDecodeError) as error:  # the file has changed since it was looked at
            raise FileBroken(reason=str(error)) from error

    def _text(self) -> io.TextIOWrapper:
        raw = _bytes(self.path, gzipped=self.gzipped)
        return io.TextIOWrapper(raw, encoding=self.encoding, errors="strict", newline="")

    def head(self) -> str:
        """Return the beginning of the text, enough to hold its header."""
        with self._text() as file:
            return file.read(HEAD_CHARS)


def open_text(path: Path, *, encoding: Encoding, delimiter: str, limits: Limits) -> Text:
    """Look at every byte of a text file once and return how it is to be read; empty arguments are found out.

    Raises FileNotText, FileNotTable (binary), ContentTooLarge, FileBroken.
    """
    with path.open("rb") as file:
        gzipped = file.read(2) == GZIP
    found = _encoding(path, encoding, gzipped=gzipped, limits=limits)
    text = Text(path, gzipped, found, delimiter or ",", limits)
    return text if delimiter else Text(path, gzipped, found, delimiter_of(text.head()), limits)


def _encoding(path: Path, declared: Encoding, *, gzipped: bool, limits: Limits) -> str:
    """Return the codec of the whole file: the declared one, else by BOM, else UTF-8, else GB18030, all strictly."""
    with _bytes(path, gzipped=gzipped) as file:
        try:
            begin = file.read(2)
        except _BROKEN as error:
            raise FileBroken(reason=str(error)) from error
    if declared == "utf-16" or (not declared and begin in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = (declared,) if declared else ("utf-8", "gb18030")
    failed_at = -1
    for name in candidates:
        codec = "utf-8-sig" if name == "utf-8" else name
        position = _undecodable(path, codec, gzipped=gzipped, limits=limits)
        if position < 0:
            return codec
        failed_at = failed_at if failed_at >= 0 else position
    raise FileNotText(encoding=" / ".join(name.upper() for name in candidates), position=failed_at)


def _bytes(path: Path, *, gzipped: bool) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path) if gzipped else path.open("rb")


def _undecodable(path: Path, codec: str, *, gzipped: bool, limits: Limits) -> int:
    """Return the byte at which the file stops being text in `codec`, -1 if it never does."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    on_disk, seen = path.stat().st_size, 0
    try:
        with _bytes(path, gzipped=gzipped) as file:
            while chunk := file.read(MIB):
                if codec != "utf-16" and b"\0" in chunk:
                    raise FileNotTable(reason="NUL")
                _position(decoder, chunk)
                seen += len(chunk)
                _check_size(seen, on_disk, limits)
            decoder.decode(b"", final=True)
    except _BROKEN as error:
        raise FileBroken(reason=str(error)) from error
    except UnicodeDecodeError as error:
        return seen + error.start
    return -1


def _position(decoder: codecs.IncrementalDecoder, chunk: bytes) -> None:
    """Decode a chunk; NUL has no place in a table whatever the encoding."""
    if "\0" in decoder.decode(chunk):
        raise FileNotTable(reason="NUL")


def _check_size(seen: int, on_disk: int, limits: Limits) -> None:
    if seen > limits.text_bytes:
        raise ContentTooLarge(limit=f"{limits.text_bytes} B")
    if seen > limits.ratio_floor and seen > limits.ratio * on_disk:
        raise ContentTooLarge(limit=f"{limits.ratio} : 1")
