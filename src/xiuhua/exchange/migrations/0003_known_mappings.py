"""Mappings that were confirmed for a set of columns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('exchange', '0002_renewals'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('confirmed_by', models.CharField(max_length=100)),
                ('confirmed_at', models.DateTimeField()),
                ('times_used', models.IntegerField(default=0)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'fingerprint'), name='known_mapping_once')],
            },
        ),
    ]
