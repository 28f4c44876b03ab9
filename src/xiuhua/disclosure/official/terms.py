"""The fixed words of an official document; the form is Chinese, an English one borrows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and marks around the texts of a document. `printed` has a place for the day."""

    annex: str
    annexes: str
    colon: str
    stop: str
    brackets: tuple[str, str]
    copies: str
    printed: str
    signed_by: str


_CHINESE = Terms("附件", "附件：", "：", "。", ("（", "）"), "抄送：", "{day}印发", "签发人：")
_ENGLISH = Terms("Annex ", "Annexes: ", ":", ".", ("(", ")"), "Copies: ", "Printed {day}", "Signed by: ")


def terms(language: str) -> Terms:
    """Return the words for a language; everything that is not English is Chinese."""
    return _ENGLISH if language.lower().startswith("en") else _CHINESE


def annex_name(language: str, number: int, count: int) -> str:
    """Return what stands above an annex: 附件 where it is the only one, else with its number (7.3.7)."""
    word = terms(language).annex
    return f"{word}{number}" if count > 1 else word.strip()
