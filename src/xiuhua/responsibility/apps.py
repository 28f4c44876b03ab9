"""Django's registration of responsibility."""

from django.apps import AppConfig


class ResponsibilityConfig(AppConfig):
    """Django app “responsibility”."""

    name = "xiuhua.responsibility"
    label = "responsibility"
    default_auto_field = "django.db.models.BigAutoField"
