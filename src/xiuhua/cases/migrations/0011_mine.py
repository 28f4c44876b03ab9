"""The index of what is assigned to somebody begins with the office: SQLite without statistics took any index that did."""

from django.db import migrations, models

HELD = models.Q(person__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_sifted")]

    operations = [
        migrations.RemoveIndex("case", "case_mine"),
        migrations.AddIndex(
            "case", models.Index(fields=["tenant", "person", "stage"], condition=HELD, name="case_mine")
        ),
    ]
