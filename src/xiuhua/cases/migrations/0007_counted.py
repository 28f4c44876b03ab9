"""The queues' indexes carry what posts are limited to, and one leads to what is assigned to somebody."""

from django.db import migrations, models

SCOPE = ["body", "territory", "case_class"]


class Migration(migrations.Migration):

    dependencies = [("cases", "0006_ruled_due")]

    operations = [
        migrations.RemoveIndex("case", "case_queue"),
        migrations.RemoveIndex("case", "case_queue_unfiled"),
        migrations.AddIndex(
            "case", models.Index(fields=["tenant", "stage", "due_at", "id", *SCOPE], name="case_queue")
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["tenant", "stage", "ruled_due_at", "id", *SCOPE], name="case_queue_unfiled")
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["person", "stage"], condition=models.Q(person__isnull=False), name="case_mine")
        ),
    ]
