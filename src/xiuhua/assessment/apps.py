"""Django's registration of assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Django app “assessment”."""

    name = "xiuhua.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"
