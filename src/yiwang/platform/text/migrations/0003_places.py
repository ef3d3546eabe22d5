from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.models import Q

import yiwang.kernel.ltree

KEEP_PLACES = """
    INSERT INTO text_searchplace (label, path)
    SELECT DISTINCT ON (1) subpath(scope_path, -1)::text, scope_path FROM text_searchentry
    WHERE scope_path IS NOT NULL ORDER BY 1, scope_path
"""
# One rewrite of the table instead of an UPDATE of every row.
KEEP_LABELS = """
    ALTER TABLE text_searchentry ALTER COLUMN scope_path TYPE varchar(20) USING subpath(scope_path, -1)::text
"""


class Migration(migrations.Migration):
    """Records say whose they are by a label; where the label stands is said once, so that moving it is one row."""

    dependencies = [("text", "0002_two_people")]

    operations = [
        migrations.CreateModel(
            name="SearchPlace",
            fields=[
                ("label", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("path", yiwang.kernel.ltree.LtreeField()),
            ],
            options={"verbose_name": "搜索范围"},
        ),
        migrations.RunSQL(KEEP_PLACES, reverse_sql=migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="searchentry", name="search_entry_is_seen_by_somebody"),
        migrations.RemoveIndex(model_name="searchentry", name="search_by_scope"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEEP_LABELS)],
            state_operations=[
                migrations.AlterField(
                    model_name="searchentry",
                    name="scope_path",
                    field=models.CharField(max_length=20, null=True),
                )
            ],
        ),
        migrations.RenameField(model_name="searchentry", old_name="scope_path", new_name="scope"),
        migrations.AddConstraint(
            model_name="searchentry",
            constraint=models.CheckConstraint(
                condition=Q(is_public=True) | Q(scope__isnull=False), name="search_entry_is_seen_by_somebody"
            ),
        ),
        migrations.AddIndex(
            model_name="searchplace", index=GistIndex(fields=["path"], name="search_by_scope")
        ),
    ]
