"""Django's registration of disclosure."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Django app “disclosure”."""

    name = "xiuhua.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Register the sentences."""
        from xiuhua.disclosure import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
