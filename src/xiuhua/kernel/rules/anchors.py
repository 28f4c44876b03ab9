"""Heads of the chain kept outside the database: a chain alone cannot show that its end was cut off, or all of it rewritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiuhua.kernel.rules.digests import canonical
from xiuhua.kernel.words import Refusal, marked

_HASH_LENGTH = 64


class AnchorMalformed(Refusal):
    """A line of the anchor file is none: it was cut or edited."""

    code = "anchor.malformed"
    sentence = marked("锚文件第 %(line)s 行不是一条锚记录：文件可能被改过。")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at a moment: its number (which is also how many lines there are) and its hash."""

    at: datetime
    chain_no: int
    hash: str

    def line(self) -> str:
        """Return the anchor as one line of JSON, with its end of line."""
        body = {"at": self.at.isoformat(), "chain_no": self.chain_no, "count": self.chain_no, "hash": self.hash}
        return canonical(body).decode() + "\n"


def read_anchors(text: str) -> list[Anchor]:
    """Return the anchors of a file's text, in its order. Raises AnchorMalformed with the first line that is none."""
    return [_anchor(line, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _anchor(line: str, number: int) -> Anchor:
    try:
        body: Any = json.loads(line)
        found = Anchor(datetime.fromisoformat(body["at"]), int(body["chain_no"]), str(body["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise AnchorMalformed(line=number) from error
    if len(found.hash) != _HASH_LENGTH or found.at.tzinfo is None or body.get("count") != found.chain_no:
        raise AnchorMalformed(line=number)
    return found
