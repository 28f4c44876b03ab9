"""Getting Django ready outside a web server."""

from __future__ import annotations

import os
from pathlib import Path

import django


def ready() -> None:
    """Configure Django with the project's settings and fresh translations; safe to call twice."""
    from xiuhua.config.catalogues import refresh

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiuhua.config.settings")
    refresh(Path(__file__).resolve().parents[1])
    django.setup()
    register_facts()
    register_packs()


def register_facts() -> None:
    """Tell analytics which fact tables there are."""
    from xiuhua.analytics.registry import register
    from xiuhua.cases.facts import CASE

    register(CASE)


def register_packs() -> None:
    """Tell the kernel which kinds of data packs there are."""
    from xiuhua.clock.kinds import CALENDAR_KIND, HOLIDAYS_KIND
    from xiuhua.kernel.registry import register_kind
    from xiuhua.responsibility.packs import KIND as DUTY
    from xiuhua.responsibility.queries import UNIT_KINDS
    from xiuhua.taxonomy.registry import TAXONOMY
    from xiuhua.territory.queries import SITE_TYPES

    for kind in (SITE_TYPES, UNIT_KINDS, HOLIDAYS_KIND, CALENDAR_KIND, TAXONOMY, DUTY):
        register_kind(kind)
