"""How things that several addresses show are shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from xiuhua.cases.models import Case, Evidence
from xiuhua.cases.queries.story import Told
from xiuhua.privacy.rules import mask
from xiuhua.taxonomy.models import CaseClass


def class_told(one: CaseClass) -> dict[str, Any]:
    """Return a class by its key. No query where it was read with its main class."""
    return {"key": one.key, "name": one.name, "parent": one.parent.key if one.parent else None}


def evidence_told(one: Evidence, case: Case | None) -> dict[str, Any]:
    """Return a photo as `EvidenceOut` shows it. No query where it was read with its file."""
    return {
        "id": one.pk,
        "case": case.number if case else None,
        "client_uuid": one.client_uuid,
        "kind": one.kind,
        "sha256": one.file.sha256,
        "size": one.file.size,
        "media_type": one.file.media_type,
        "at": one.at,
    }


def line_told(one: Told) -> dict[str, Any]:
    """Return a line of a case's history as `LineOut` shows it. No query."""
    line, move = one.line, one.move
    return {
        "at": line.at,
        "verb": line.verb,
        "by": one.actor,
        "post": one.post,
        "via": one.via,
        "reason": mask(line.reason),
        "note": mask(one.note),
        "stage_from": str(line.facts.get("from") or ""),
        "stage_to": str(line.facts.get("to") or ""),
        "version": move.version if move else None,
        "move": move.pk if move else None,
        "undone": one.undone,
    }


def in_words(titles: dict[str, str]) -> str:
    """Return a text of a pack in the reader's language."""
    english = (get_language() or "").startswith("en")
    return titles.get("en" if english else "zh") or titles.get("zh", "")


def choices_told(choices: tuple[tuple[str, dict[str, str]], ...]) -> list[dict[str, str]]:
    """Return texts that an office has agreed on, in the reader's language."""
    return [{"code": code, "title": in_words(titles)} for code, titles in choices]
