"""Django's registration of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inboxes, preferences and channels."""

    name = "xiuhua.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sentences of faults."""
        from xiuhua.notices import phrases  # noqa: F401, PLC0415 - Django's apps come first
