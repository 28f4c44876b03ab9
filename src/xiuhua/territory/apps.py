"""Django's registration of territory."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Django app “territory”."""

    name = "xiuhua.territory"
    label = "territory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our faults known."""
        from xiuhua.territory import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
