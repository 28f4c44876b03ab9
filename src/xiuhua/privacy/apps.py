"""Django's registration of privacy."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Django app “privacy”."""

    name = "xiuhua.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Make the sentences of our faults known."""
        from xiuhua.privacy import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
