"""Django's registration of cases."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    """Django app “cases”."""

    name = "xiuhua.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our faults known, and let the index of words follow the cases after every change of tables."""
        from xiuhua.cases import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready

        post_migrate.connect(_mend, sender=self)


def _mend(using: str, **_signal: Any) -> None:
    from xiuhua.cases.migrations._words import mend_index  # noqa: PLC0415 - needed by who migrates alone

    mend_index(connections[using])
