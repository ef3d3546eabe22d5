"""Indexes that nothing reads, and that an import of members has to write for every row.

The ``_like`` ones serve prefix searches; hashes, ids and membership numbers are only ever looked up whole, which their
unique indexes do. Members of a body and of an employer are found by the first columns of ``membership_of_…``.
"""

import django.db.models.deletion
from django.db import migrations, models

UNREAD = [
    ("members_membership", "public_id", "members_membership_public_id_9f091780_like"),
    ("members_membership", "number", "members_membership_number_159d7fd8_like"),
    ("members_person", "public_id", "members_person_public_id_5ecf8a5c_like"),
    ("members_person", "id_hash", "members_person_id_hash_2d93a45c_like"),
    ("members_identityhistory", "id_hash", "members_identityhistory_id_hash_a5de4e92_like"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0003_care_of_the_register"), ("organisations", "0003_tree_changes")]

    operations = [
        *(
            migrations.RunSQL(
                f"DROP INDEX IF EXISTS {name}",
                f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column} varchar_pattern_ops)",
            )
            for table, column, name in UNREAD
        ),
        migrations.AlterField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="organisations.organisation",
                verbose_name="所在工会",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="employer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="organisations.employer",
                verbose_name="单位",
            ),
        ),
    ]
