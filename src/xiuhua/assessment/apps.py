"""Django's registration of assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Django app “assessment”."""

    name = "xiuhua.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of this package's faults known."""
        from xiuhua.assessment import phrases  # noqa: F401, PLC0415 - registers once models are loaded
