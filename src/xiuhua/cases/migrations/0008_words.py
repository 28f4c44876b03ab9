"""What waits is found by any two characters of its texts without reading it."""

from django.db import migrations

from xiuhua.cases.migrations._words import lower_index, raise_index


def on(apps, schema_editor):
    raise_index(schema_editor.connection)


def off(apps, schema_editor):
    lower_index(schema_editor.connection)


class Migration(migrations.Migration):
    #: On PostgreSQL each batch of cases is a transaction of its own.
    atomic = False

    dependencies = [("cases", "0007_counted")]

    operations = [migrations.RunPython(on, off)]
