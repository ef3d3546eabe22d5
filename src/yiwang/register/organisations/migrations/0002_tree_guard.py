"""The database's own guard of the tree: paths follow parents, levels go down, kinds stand where they may."""

import csv
from pathlib import Path

from django.db import migrations

KINDS = Path(__file__).resolve().parent.parent / "data" / "kinds.csv"

GUARD = """
CREATE SEQUENCE organisations_serial MINVALUE 1 MAXVALUE 99999999;

{view}

CREATE FUNCTION organisations_guard_tree() RETURNS trigger LANGUAGE plpgsql
-- A few hundred changed rows are looked up by key; the planner, who can't know how few, would read the whole table.
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    bad text;
BEGIN
    -- 1. Nothing to see when an update leaves the shape of the tree alone.
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (
            SELECT FROM changed c JOIN was w ON w.id = c.id
            WHERE (c.parent_id, c.path, c.kind, c.level) IS DISTINCT FROM (w.parent_id, w.path, w.kind, w.level)
        ) THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock(7979761);
    ELSE
        -- 2. Bodies may be founded side by side, but not while a subtree moves; the checks see what the mover committed.
        PERFORM pg_advisory_xact_lock_shared(7979761);
    END IF;

    -- 3. The path is the parent's path and one's own label, for the changed and for those just below them.
    SELECT min(c.name) INTO bad FROM changed c
    LEFT JOIN organisations_organisation p ON p.id = c.parent_id
    WHERE c.path <> CASE WHEN p.id IS NULL THEN ('n' || c.id)::ltree ELSE p.path || ('n' || c.id) END;
    IF bad IS NULL AND TG_OP = 'UPDATE' THEN
        SELECT min(k.name) INTO bad FROM changed c
        JOIN organisations_organisation k ON k.parent_id = c.id
        WHERE k.path <> c.path || ('n' || k.id);
    END IF;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'the path of % does not follow its parent', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organisation_path_follows_parent';
    END IF;

    -- 4. Levels go down, kinds stand at their levels under the parents they are allowed.
    SELECT min(b.name) INTO bad FROM (
        SELECT c.* FROM changed c
        UNION ALL
        SELECT k.* FROM changed c JOIN organisations_organisation k ON k.parent_id = c.id WHERE TG_OP = 'UPDATE'
    ) b
    LEFT JOIN organisations_organisation p ON p.id = b.parent_id
    LEFT JOIN organisations_kindrule r ON r.code = b.kind
    WHERE r.code IS NULL
        OR b.level NOT BETWEEN r.level_from AND r.level_to
        OR (p.id IS NULL AND NOT r.may_be_root)
        OR (p.id IS NOT NULL AND (p.level >= b.level OR NOT p.kind = ANY (string_to_array(r.parents, ' '))));
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION '% may not stand there', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organisation_kind_may_stand_there';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER organisation_tree_on_insert AFTER INSERT ON organisations_organisation
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION organisations_guard_tree();
CREATE TRIGGER organisation_tree_on_update AFTER UPDATE ON organisations_organisation
    REFERENCING OLD TABLE AS was NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION organisations_guard_tree();
"""

UNGUARD = """
DROP TRIGGER organisation_tree_on_update ON organisations_organisation;
DROP TRIGGER organisation_tree_on_insert ON organisations_organisation;
DROP FUNCTION organisations_guard_tree();
DROP VIEW organisations_kindrule;
DROP SEQUENCE organisations_serial;
"""




def kind_rules() -> str:
    """The table of kinds as a view: what it says survives the emptying of tables."""
    with KINDS.open(encoding="utf-8") as lines:
        rows = [
            f"('{row['code']}', {row['level_from']}, {row['level_to']}, '{row['parents']}', {row['may_be_root'] == 'yes'})"
            for row in csv.DictReader(lines)
        ]
    return (
        "CREATE VIEW organisations_kindrule (code, level_from, level_to, parents, may_be_root) AS VALUES "
        + ", ".join(rows)
        + ";"
    )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [migrations.RunSQL(GUARD.replace("{view}", kind_rules()), UNGUARD)]
