"""PostgreSQL sweeps the table of cases after every hundredth change, not every fifth.

What waits is counted from entries of an index alone (0007). For a page of the table with anything changed since it was
swept, PostgreSQL looks each case up all the same, and what waits is what changes: in a million cases it would sweep
after 200,000 changes, long after all that waits has to be looked up.
"""

from django.db import migrations

SWEPT = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")


def on(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE cases_case SET ({', '.join(f'{name} = 0.01' for name in SWEPT)})")


def off(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE cases_case RESET ({', '.join(SWEPT)})")


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_words")]

    operations = [migrations.RunPython(on, off)]
