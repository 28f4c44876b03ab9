"""Django's registration of analytics."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Django app “analytics”."""

    name = "xiuhua.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
