import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORMATS = [("docx", "docx"), ("odt", "odt"), ("rtf", "rtf")]
MEDIA_TYPES = [
    "message/rfc822",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/rtf",
    "text/html",
]


def company():
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relance.company")


class Migration(migrations.Migration):
    dependencies = [("relance", "0006_users")]

    operations = [
        migrations.AlterField(
            model_name="rendition",
            name="media_type",
            field=models.CharField(choices=[(value, value) for value in MEDIA_TYPES], max_length=80),
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("company", company()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("company", "name"), name="lettertemplate_name_unique")]},
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("format", models.CharField(choices=FORMATS, default="odt", max_length=20)),
                ("filename", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("compressed", models.BinaryField()),
                ("upload_sha256", models.CharField(max_length=64)),
                ("original", models.BinaryField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("company", company()),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="relance.lettertemplate"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="templateversion_number_unique"),
                    models.CheckConstraint(condition=Q(format__in=("docx", "odt", "rtf")), name="templateversion_format_known"),
                ]
            },
        ),
        migrations.CreateModel(
            name="TemplateUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("customer_type", models.CharField(blank=True, max_length=40, null=True)),
                ("company", company()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="relance.customer"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="relance.lettertemplate"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "level"), name="templateuse_level_unique"),
                    models.UniqueConstraint(fields=("company", "customer"), name="templateuse_customer_unique"),
                    models.UniqueConstraint(fields=("company", "customer_type"), name="templateuse_customer_type_unique"),
                    models.CheckConstraint(
                        condition=Q(customer__isnull=True, customer_type__isnull=True, level__isnull=False)
                        | Q(customer__isnull=False, customer_type__isnull=True, level__isnull=True)
                        | Q(customer__isnull=True, customer_type__isnull=False, level__isnull=True),
                        name="templateuse_one_target",
                    ),
                    models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=9), name="templateuse_level_known"),
                ]
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="relance.templateversion",
            ),
        ),
    ]
