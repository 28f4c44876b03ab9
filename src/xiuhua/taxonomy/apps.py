"""Django's registration of taxonomy."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    """Django app “taxonomy”."""

    name = "xiuhua.taxonomy"
    label = "taxonomy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sentences of this package's faults."""
        from xiuhua.taxonomy import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
