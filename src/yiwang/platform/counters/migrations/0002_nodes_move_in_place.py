from django.db import migrations

# As in ``text``: a moved county's nodes are written beside their old rows, no index holds the path. Labels are compared
# whole, never by their beginning.
ROOM = """
    DROP INDEX counters_node_label_1b3202e0_like;
    DROP INDEX counters_node_parent_691deeb2_like;
    ALTER TABLE counters_node SET (fillfactor = 45);
    CLUSTER counters_node USING counters_node_pkey;
"""
NO_ROOM = """
    ALTER TABLE counters_node RESET (fillfactor);
    CREATE INDEX counters_node_label_1b3202e0_like ON counters_node (label varchar_pattern_ops);
    CREATE INDEX counters_node_parent_691deeb2_like ON counters_node (parent varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("counters", "0001_initial")]

    operations = [migrations.RunSQL(ROOM, NO_ROOM)]
