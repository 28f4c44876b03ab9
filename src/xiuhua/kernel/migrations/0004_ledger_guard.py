"""The database refuses to delete a ledger line, or to change one in anything but its sealing.

Whoever owns the database can drop the guard; the chain and its anchors show what he did then (docs/ledger.md).
TRUNCATE stays possible on PostgreSQL: it empties test databases.
"""

from django.db import migrations, models

CONTENT = ("id", "tenant_id", "at", "actor", "post", "verb", "about", "before", "after", "reason", "facts")
REFUSED = "the ledger only grows"


def sqlite_on(content):
    same = " AND ".join(f'OLD."{c}" IS NEW."{c}"' for c in content)
    return (
        f"""CREATE TRIGGER ledger_guard_delete BEFORE DELETE ON kernel_ledgerline
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
        f"""CREATE TRIGGER ledger_guard_update BEFORE UPDATE ON kernel_ledgerline
        WHEN NOT (OLD.chain_no IS NULL AND NEW.chain_no IS NOT NULL AND {same})
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    )


def postgresql_on(content):
    same = " AND ".join(f'OLD."{c}" IS NOT DISTINCT FROM NEW."{c}"' for c in content)
    return (
        f"""CREATE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF OLD.chain_no IS NULL AND NEW.chain_no IS NOT NULL AND {same} THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation';
        END $$""",
        """CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE ON kernel_ledgerline
        FOR EACH ROW EXECUTE FUNCTION ledger_guard()""",
    )


SQLITE_OFF = ("DROP TRIGGER IF EXISTS ledger_guard_delete", "DROP TRIGGER IF EXISTS ledger_guard_update")
POSTGRESQL_OFF = (
    "DROP TRIGGER IF EXISTS ledger_guard ON kernel_ledgerline",
    "DROP FUNCTION IF EXISTS ledger_guard()",
)


def run(schema_editor, sqlite, postgresql):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def on(apps, schema_editor):
    run(schema_editor, sqlite_on(CONTENT), postgresql_on(CONTENT))


def off(apps, schema_editor):
    run(schema_editor, SQLITE_OFF, POSTGRESQL_OFF)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_outbox")]

    operations = [
        migrations.AddIndex(
            model_name="ledgerline",
            index=models.Index(condition=models.Q(("chain_no", None)), fields=["id"], name="ledger_unsealed"),
        ),
        migrations.RunPython(on, off),
    ]
