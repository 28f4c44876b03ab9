"""Django's registration of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Django app “cases”."""

    name = "xiuhua.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our faults known."""
        from xiuhua.cases import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
