"""An account has no role of its own any more; apart from 0006, for PostgreSQL alters no table with rows in waiting."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0006_posts")]

    operations = [migrations.RemoveField(model_name="user", name="role")]
