"""Members' numbers come from a sequence: “32”, ten digits, a check digit."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE members_serial MINVALUE 1 MAXVALUE 9999999999", "DROP SEQUENCE members_serial"
        ),
    ]
