from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_intakes")]

    operations = [
        migrations.AddField(model_name="intake", name="marks", field=models.JSONField(default=dict)),
    ]
