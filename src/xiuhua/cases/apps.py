"""Django's registration of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Django app “cases”."""

    name = "xiuhua.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
