"""The queues' indexes carry all that a queue is filtered by, and both deadlines for what is overdue."""

from django.db import migrations, models

SIFTED = ["body", "territory", "case_class", "channel"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_swept")]

    operations = [
        migrations.RemoveIndex("case", "case_queue"),
        migrations.RemoveIndex("case", "case_queue_unfiled"),
        migrations.AddIndex(
            "case",
            models.Index(fields=["tenant", "stage", "due_at", "id", "ruled_due_at", *SIFTED], name="case_queue"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["tenant", "stage", "ruled_due_at", "id", "due_at", *SIFTED], name="case_queue_unfiled"),
        ),
    ]
