"""Issued bulletins keep their files, drafts can be given up; both tables only grow, as those of 0001 do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GROWING = ("disclosure_issuedfile", "disclosure_abandonment")
SQLITE_ON = tuple(
    f"""CREATE TRIGGER {table}_guard_{verb.lower()} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, 'this table only grows'); END"""
    for table in GROWING
    for verb in ("UPDATE", "DELETE")
)
SQLITE_OFF = tuple(f"DROP TRIGGER IF EXISTS {table}_guard_{verb}" for table in GROWING for verb in ("update", "delete"))
#: The function is that of migration 0001.
POSTGRESQL_ON = tuple(
    f"""CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION bulletin_grows()"""
    for table in GROWING
)
POSTGRESQL_OFF = tuple(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}" for table in GROWING)


def run(schema_editor, sqlite, postgresql):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def on(apps, schema_editor):
    run(schema_editor, SQLITE_ON, POSTGRESQL_ON)


def off(apps, schema_editor):
    run(schema_editor, SQLITE_OFF, POSTGRESQL_OFF)


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0002_meeting_packs'),
        ('files', '0001_content'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='bulletin',
            name='state',
            field=models.CharField(choices=[('draft', '起草中'), ('review', '审核中'), ('approved', '审核完、待发出'), ('issued', '已发出'), ('abandoned', '已作废')], default='draft', max_length=10),
        ),
        migrations.CreateModel(
            name='Abandonment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('bulletin', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='abandonment', to='disclosure.bulletin')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='IssuedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('docx', 'DOCX'), ('pdf', 'PDF')], max_length=4)),
                ('at', models.DateTimeField()),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='disclosure.bulletin')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'form'), name='bulletin_file_once')],
            },
        ),
        migrations.RunPython(on, off),
    ]
