"""Django's registration of exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Django app “exchange”."""

    name = "xiuhua.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
