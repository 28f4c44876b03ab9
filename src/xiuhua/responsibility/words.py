"""Words of responsibility."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What an account may do. Posts (role × territory × unit × classes × period) come later."""

    STAFF = "staff", _("工作人员")
