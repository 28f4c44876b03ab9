"""What a message may look like: how long, on how many lines, hidden how far."""

from __future__ import annotations

from collections.abc import Sequence

#: A WeCom robot takes texts up to so many bytes of UTF-8 and refuses longer ones (errcode 40058); others take more.
ROBOT_BYTES = 2048
#: Sends a minute that WeCom and DingTalk robots allow; DingTalk shuts a robot up for ten minutes beyond.
SENDS = 20
_SHOWN = 4
#: How a byte within a character of UTF-8 begins: 10xxxxxx.
_MASK, _WITHIN = 0xC0, 0x80


def split(text: str, most: int = ROBOT_BYTES) -> list[str]:
    """Return a text in parts of at most `most` bytes of UTF-8, cut between lines where possible, never within a character.

    The parts together are the text. `most` is at least 4, the bytes of the longest character.
    """
    parts, room = [], ""
    for line in text.splitlines(keepends=True):
        if len((room + line).encode()) <= most:
            room += line
            continue
        parts += [room] if room else []
        *whole, room = _cut(line, most)
        parts += whole
    return [*parts, room] if room else parts


def _cut(line: str, most: int) -> list[str]:
    data, parts = line.encode(), []
    while len(data) > most:
        end = most
        while data[end] & _MASK == _WITHIN:
            end -= 1
        parts.append(data[:end].decode())
        data = data[end:]
    return [*parts, data.decode()]


def one_line(text: str) -> str:
    """Return a text on one line, without control characters: what may stand in a header or a subject."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def masked(address: str) -> str:
    """Return an address as it may be shown again: its scheme and web host, and of the rest the last four characters."""
    scheme, found, rest = address.partition("://")
    if not found:
        scheme, rest = "", address
    host, slash, path = rest.partition("/") if scheme in {"http", "https"} else ("", "", rest)
    shown = path[-_SHOWN:] if len(path) > 2 * _SHOWN else ""
    return f"{scheme}{found}{host}{slash}••••{shown}"


def counted(names: Sequence[str]) -> dict[str, int]:
    """Return how often each name occurs, most often first, then by name."""
    found = {name: names.count(name) for name in sorted(set(names))}
    return dict(sorted(found.items(), key=lambda one: -one[1]))
