from django.db import migrations


def by_key(apps, _editor):
    """Keep assisting units by key: a unit that takes over another code stays the unit that assists."""
    _each(apps, ("code", "pk"))


def by_code(apps, _editor):
    _each(apps, ("pk", "code"))


def _each(apps, fields):
    known = {}
    for tenant, before, after in apps.get_model("responsibility", "Body").objects.values_list("tenant_id", *fields):
        known[tenant, before] = after
    rows = apps.get_model("responsibility", "MatrixRow").objects.select_related("pack").exclude(assisting=[])
    for row in rows.iterator():
        row.assisting = [known[row.pack.tenant_id, one] for one in row.assisting if (row.pack.tenant_id, one) in known]
        row.save(update_fields=["assisting"])


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0004_duty_matrix")]
    operations = [migrations.RunPython(by_key, by_code)]
