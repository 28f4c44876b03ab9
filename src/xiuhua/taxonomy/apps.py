"""Django's registration of taxonomy."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    """Django app “taxonomy”."""

    name = "xiuhua.taxonomy"
    label = "taxonomy"
    default_auto_field = "django.db.models.BigAutoField"
