"""Bulletins and their versions, decisions and waivers; the database refuses to change what is issued or only grows.

Whoever owns the database can drop the guards; the ledger still shows the digest of what was issued (docs/ledger.md).
TRUNCATE stays possible on PostgreSQL: it empties test databases.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Tables that only grow.
GROWING = ("disclosure_bulletinversion", "disclosure_approval", "disclosure_waiver")
#: What a bulletin is about and what its numbers are, from its first day.
FIXED = ("tenant_id", "period", "kind", "scheme", "by", "month_by", "snapshot", "sheet", "fields", "correction_of_id")
REFUSED, ONLY_GROWS = "an issued bulletin does not change", "this table only grows"


def _differs(word):
    return " OR ".join(f'OLD."{column}" {word} NEW."{column}"' for column in FIXED)


SQLITE_ON = (
    f"""CREATE TRIGGER bulletin_guard_delete BEFORE DELETE ON disclosure_bulletin WHEN OLD.state = 'issued'
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER bulletin_guard_update BEFORE UPDATE ON disclosure_bulletin
    WHEN OLD.state = 'issued' OR {_differs("IS NOT")}
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    *(
        f"""CREATE TRIGGER {table}_guard_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{ONLY_GROWS}'); END"""
        for table in GROWING
        for verb in ("UPDATE", "DELETE")
    ),
)
SQLITE_OFF = (
    "DROP TRIGGER IF EXISTS bulletin_guard_delete",
    "DROP TRIGGER IF EXISTS bulletin_guard_update",
    *(f"DROP TRIGGER IF EXISTS {table}_guard_{verb}" for table in GROWING for verb in ("update", "delete")),
)
POSTGRESQL_ON = (
    f"""CREATE FUNCTION bulletin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.state = 'issued' THEN
                RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END IF;
        IF OLD.state = 'issued' OR {_differs("IS DISTINCT FROM")} THEN
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER bulletin_guard BEFORE UPDATE OR DELETE ON disclosure_bulletin
    FOR EACH ROW EXECUTE FUNCTION bulletin_guard()""",
    f"""CREATE FUNCTION bulletin_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{ONLY_GROWS}' USING ERRCODE = 'restrict_violation';
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION bulletin_grows()"""
        for table in GROWING
    ),
)
POSTGRESQL_OFF = (
    "DROP TRIGGER IF EXISTS bulletin_guard ON disclosure_bulletin",
    *(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}" for table in GROWING),
    "DROP FUNCTION IF EXISTS bulletin_guard()",
    "DROP FUNCTION IF EXISTS bulletin_grows()",
)


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

    initial = True

    dependencies = [
        ('kernel', '0006_ledger_written'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=7)),
                ('kind', models.CharField(choices=[('monthly', '月度考核通报')], default='monthly', max_length=20)),
                ('state', models.CharField(choices=[('draft', '起草中'), ('review', '审核中'), ('approved', '审核完、待发出'), ('issued', '已发出')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
                ('round', models.PositiveIntegerField(default=0)),
                ('scheme', models.CharField(max_length=40)),
                ('by', models.CharField(max_length=40)),
                ('month_by', models.CharField(max_length=10)),
                ('snapshot', models.CharField(max_length=64)),
                ('sheet', models.CharField(max_length=64)),
                ('fields', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('number', models.CharField(blank=True, max_length=100)),
                ('number_year', models.PositiveSmallIntegerField(null=True)),
                ('number_seq', models.PositiveIntegerField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('correction_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='disclosure.bulletin')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='kernel.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('round', models.PositiveIntegerField()),
                ('step', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('passed', '同意'), ('sent_back', '退回')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='disclosure.bulletin')),
            ],
        ),
        migrations.CreateModel(
            name='BulletinVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('blocks', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='disclosure.bulletin')),
            ],
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=16)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='disclosure.bulletin')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='bulletin',
            index=models.Index(fields=['tenant', '-period', '-id'], name='bulletin_list'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(fields=('tenant', 'number_year', 'number_seq'), name='bulletin_number_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', False), ('number_seq__gte', 1), ('state', 'issued'), models.Q(('number', ''), _negated=True)), models.Q(models.Q(('state', 'issued'), _negated=True), ('issued_at', None), ('number', ''), ('number_seq', None)), _connector='OR'), name='bulletin_issued_whole'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('bulletin', 'round', 'step'), name='bulletin_step_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletinversion',
            constraint=models.UniqueConstraint(fields=('bulletin', 'number'), name='bulletin_version_once'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(fields=('bulletin', 'key'), name='bulletin_waiver_once'),
        ),
        migrations.RunPython(on, off),
    ]
