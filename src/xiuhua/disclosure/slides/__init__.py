"""Pages for the screen of a meeting room, 16:9: the month, the ranking, the lists, one page for every subject, the tasks."""

from __future__ import annotations

from django.utils.translation import override

from xiuhua.disclosure.slides.overall import opening, tasked
from xiuhua.disclosure.slides.subjects import subject_pages
from xiuhua.disclosure.typesetting import pdf
from xiuhua.disclosure.words import Told


def slides_pdf(told: Told) -> bytes:
    """Return the pages for the screen as one PDF; equal tellings give equal bytes. Raises FontMissing."""
    with override(told.language):
        pages = [*opening(told), *subject_pages(told), *tasked(told)]
        english = told.language.startswith("en")
        data = {
            "lang": "en" if english else "zh",
            "region": "GB" if english else "CN",
            "author": told.office.name,
            "pages": pages,
        }
        return pdf("slides/slides.typ", data, told.made)
