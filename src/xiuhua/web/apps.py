"""Django's registration of the doors."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    """The doors for people and software."""

    name = "xiuhua.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every sign-in be noted in its session."""
        from xiuhua.web.sessions import began  # noqa: PLC0415 - models are there only now

        user_logged_in.connect(began, dispatch_uid="xiuhua.web.sessions")
