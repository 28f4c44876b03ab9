"""Django's registration of exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Django app “exchange”."""

    name = "xiuhua.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our faults known."""
        from xiuhua.exchange import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
        from xiuhua.exchange.health import phrases as of_health  # noqa: F401, PLC0415 - the same
