"""Django's registration of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel: tenants and the ledger."""

    name = "xiuhua.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
