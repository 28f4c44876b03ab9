"""Django's registration of files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Django app “files”."""

    name = "xiuhua.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the sentences of our warnings known."""
        from xiuhua.files import phrases  # noqa: F401, PLC0415 - imported for what it registers, once apps are ready
