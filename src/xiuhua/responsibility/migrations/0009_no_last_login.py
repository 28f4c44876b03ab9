"""When somebody last signed in is not kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Drops Django's column."""

    dependencies: ClassVar = [("responsibility", "0008_accounts")]
    operations: ClassVar = [migrations.RemoveField("user", "last_login")]
