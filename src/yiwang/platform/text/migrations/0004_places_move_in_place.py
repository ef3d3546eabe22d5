from django.db import migrations

# Half of each page stays free and no index holds the path: a county that moves is written beside its old rows, and no
# index learns of it. The rewrite gives the rows that stand already the same room.
ROOM = """
    DROP INDEX IF EXISTS text_searchplace_label_252ee4e8_like;
    ALTER TABLE text_searchplace SET (fillfactor = 45);
    CLUSTER text_searchplace USING text_searchplace_pkey;
"""
NO_ROOM = """
    ALTER TABLE text_searchplace RESET (fillfactor);
    CREATE INDEX text_searchplace_label_252ee4e8_like ON text_searchplace (label varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("text", "0003_places")]

    operations = [
        migrations.RemoveIndex(model_name="searchplace", name="search_by_scope"),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
