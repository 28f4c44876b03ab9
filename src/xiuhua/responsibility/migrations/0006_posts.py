"""Posts: an account's one role becomes a post in its unit or the whole office."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


def posts_of_roles(apps, _schema):
    User, Post = apps.get_model("responsibility", "User"), apps.get_model("responsibility", "Post")
    Post.objects.bulk_create(Post(user=user, role=user.role, body=user.body) for user in User.objects.iterator())


def roles_of_posts(apps, _schema):
    """Nothing to write: the column comes back with its default, and no other role existed."""


class Migration(migrations.Migration):
    dependencies = [
        ("responsibility", "0005_assisting_by_key"),
        ("taxonomy", "0002_conditions"),
        ("territory", "0003_lineage"),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[('staff', '综合岗'), ('inspector', '监督员'), ('clerk', '受理员'), ('shift_lead', '值班长'), ('dispatcher', '派遣员'), ('unit', '处置单位'), ('handler', '处置人员'), ('verifier', '核查员'), ('supervisor', '督查员'), ('leader', '领导'), ('secretary', '社区书记'), ('admin', '管理员')], max_length=20)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("body", models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="posts", to="responsibility.body")),
                ("classes", models.ManyToManyField(related_name="+", to="taxonomy.caseclass")),
                ("deputy_of", models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="deputies", to="responsibility.post")),
                ("territory", models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="+", to="territory.territory")),
                ("user", models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="posts", to=settings.AUTH_USER_MODEL)),
            ],
            options={"indexes": [models.Index(fields=["body", "role"], name="post_body_role")]},
        ),
        migrations.RunPython(posts_of_roles, roles_of_posts),
    ]
