"""Django's registration of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Django app “insight”."""

    name = "xiuhua.insight"
    label = "insight"
