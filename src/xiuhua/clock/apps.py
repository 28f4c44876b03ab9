"""Django's registration of the clock."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """Django app “clock”."""

    name = "xiuhua.clock"
    label = "clock"
    default_auto_field = "django.db.models.BigAutoField"
