"""Django's registration of disclosure."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Django app “disclosure”."""

    name = "xiuhua.disclosure"
    label = "disclosure"
