"""Django's registration of the clock."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """Django app “clock”."""

    name = "xiuhua.clock"
    label = "clock"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sentences of faults."""
        from xiuhua.clock import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
