"""A line says when the database's own clock saw it written, and the guard watches over that too.

The moment a line tells of may lie in the past (an import, a paper form typed in later); a clock that was set back shows
only against another clock.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("xiuhua.kernel.migrations.0004_ledger_guard")
CONTENT = (*before.CONTENT, "written_at")
SQLITE_ON, SQLITE_OFF = before.sqlite_on(CONTENT), before.SQLITE_OFF
POSTGRESQL_ON, POSTGRESQL_OFF = before.postgresql_on(CONTENT), before.POSTGRESQL_OFF


def on(apps, schema_editor):
    before.run(schema_editor, SQLITE_ON, POSTGRESQL_ON)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_tenant_revision")]

    operations = [
        migrations.RunPython(before.off, before.on),
        migrations.AddField("ledgerline", "written_at", models.DateTimeField(null=True)),
        migrations.RunPython(on, before.off),
    ]
