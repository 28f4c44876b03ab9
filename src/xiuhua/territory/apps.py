"""Django's registration of territory."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Django app “territory”."""

    name = "xiuhua.territory"
    label = "territory"
    default_auto_field = "django.db.models.BigAutoField"
