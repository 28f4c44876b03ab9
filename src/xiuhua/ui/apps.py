"""Django's registration of ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Django app “ui”."""

    name = "xiuhua.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
