"""Django's registration of responsibility."""

from django.apps import AppConfig


class ResponsibilityConfig(AppConfig):
    """Django app “responsibility”."""

    name = "xiuhua.responsibility"
    label = "responsibility"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our faults known."""
        from xiuhua.responsibility import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
