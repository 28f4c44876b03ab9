"""The deadline that its ruling gives stands with a case that is not filed yet."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copy(apps, schema_editor):
    ruling = apps.get_model("cases", "Ruling").objects.filter(case=OuterRef("pk"))
    unfiled = apps.get_model("cases", "Case").objects.filter(stage__in=["reported", "pre_check"])
    unfiled.update(ruled_due_at=Subquery(ruling.values("due_at")[:1]))


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_put_away")]

    operations = [
        migrations.AddField("case", "ruled_due_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "case", models.Index(fields=["tenant", "stage", "ruled_due_at", "id"], name="case_queue_unfiled")
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
