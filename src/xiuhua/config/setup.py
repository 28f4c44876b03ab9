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
    register_file_packs()
    register_accounts()
    register_work()


def register_work() -> None:
    """Tell the kernel who hears of events, and which jobs return."""
    from xiuhua.assessment.jobs import JOBS as ASSESSMENT
    from xiuhua.cases.jobs import JOBS as CASES
    from xiuhua.disclosure.subscribers import SUBSCRIBERS as PACKS
    from xiuhua.exchange.actions.corrections import note_move
    from xiuhua.exchange.jobs import JOBS as EXCHANGE
    from xiuhua.exchange.subscribers import JOBS as SWEEPING
    from xiuhua.exchange.subscribers import SUBSCRIBERS as INTAKES
    from xiuhua.files.jobs import JOBS as FILES
    from xiuhua.kernel.jobs import JOBS as KERNEL
    from xiuhua.kernel.registry import Subscriber, register_job, subscribe
    from xiuhua.notices.jobs import JOBS as NOTICES
    from xiuhua.notices.subscribers import SUBSCRIBERS

    for prefix, subscriber in (*SUBSCRIBERS, *INTAKES, *PACKS):
        subscribe(prefix, subscriber)
    subscribe("case.", Subscriber("corrections", note_move))
    for job in (*KERNEL, *FILES, *CASES, *EXCHANGE, *SWEEPING, *NOTICES, *ASSESSMENT):
        register_job(job)


def register_facts() -> None:
    """Tell analytics which fact tables there are."""
    from xiuhua.analytics.registry import register
    from xiuhua.cases.facts import CASE
    from xiuhua.insight.facts import RECURRENCE

    register(CASE)
    register(RECURRENCE)


def register_packs() -> None:
    """Tell the kernel which kinds of data packs there are."""
    from xiuhua.cases.packs import FLOW_KIND
    from xiuhua.clock.packs import CALENDAR_KIND, HOLIDAYS_KIND
    from xiuhua.kernel.registry import register_kind
    from xiuhua.responsibility.packs import KIND as DUTY
    from xiuhua.responsibility.queries import UNIT_KINDS
    from xiuhua.taxonomy.packs import TAXONOMY
    from xiuhua.territory.queries import SITE_TYPES

    for kind in (CALENDAR_KIND, HOLIDAYS_KIND, DUTY, UNIT_KINDS, TAXONOMY, SITE_TYPES, FLOW_KIND):
        register_kind(kind)


def register_file_packs() -> None:
    """Tell the kernel which packs are one file each, and who reads them."""
    from xiuhua.assessment.queries import scheme_faults
    from xiuhua.disclosure.rules.labels import labels_faults
    from xiuhua.disclosure.rules.tasking import remedies_faults
    from xiuhua.disclosure.rules.templates import template_faults
    from xiuhua.exchange.rules.aliases import alias_faults
    from xiuhua.exchange.rules.mappings import mapping_faults
    from xiuhua.insight.queries.settings import settings_faults
    from xiuhua.kernel.registry import FileKind, register_file_kind
    from xiuhua.territory.queries import name_pack_faults

    register_file_kind(FileKind("schemes", scheme_faults))
    register_file_kind(FileKind("mappings", mapping_faults))
    register_file_kind(FileKind("aliases", alias_faults))
    register_file_kind(FileKind("names", name_pack_faults))
    register_file_kind(FileKind("insight", settings_faults))
    register_file_kind(FileKind("documents", labels_faults))
    register_file_kind(FileKind("bulletins", template_faults))
    register_file_kind(FileKind("remedies", remedies_faults))


def register_accounts() -> None:
    """Let the links of accounts be sent, and what has run out be cleared away at night."""
    from xiuhua.kernel.registry import Job, Subscriber, register_job, subscribe
    from xiuhua.kernel.words import Daily
    from xiuhua.responsibility.actions import clear_accounts, deliver_link

    subscribe("account.", Subscriber("account-links", deliver_link))
    register_job(Job("account-clearing", Daily(3), clear_accounts))
