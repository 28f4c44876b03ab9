"""Django's registration of the doors."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The doors for people and software."""

    name = "xiuhua.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
