"""Coverage of an area from two indexes alone, the health check from one, and fewer indexes for a county to move."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

KEEP_DIVISION = """
CREATE FUNCTION organisations_link_takes_division() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Held, so that an employer who moves meanwhile waits and then finds this link.
    SELECT division_code INTO NEW.division_code FROM organisations_employer WHERE id = NEW.employer_id FOR SHARE;
    NEW.division_code := coalesce(NEW.division_code, '');
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_link_takes_division
    BEFORE INSERT OR UPDATE OF employer_id, division_code ON organisations_organisationemployer
    FOR EACH ROW EXECUTE FUNCTION organisations_link_takes_division();

CREATE FUNCTION organisations_links_follow_employer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organisations_organisationemployer SET division_code = NEW.division_code WHERE employer_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organisation_links_follow_employer
    AFTER UPDATE OF division_code ON organisations_employer
    FOR EACH ROW WHEN (OLD.division_code IS DISTINCT FROM NEW.division_code)
    EXECUTE FUNCTION organisations_links_follow_employer();

UPDATE organisations_organisationemployer l SET division_code = e.division_code
    FROM organisations_employer e WHERE e.id = l.employer_id;
"""
LET_GO = """
DROP TRIGGER organisation_links_follow_employer ON organisations_employer;
DROP FUNCTION organisations_links_follow_employer();
DROP TRIGGER organisation_link_takes_division ON organisations_organisationemployer;
DROP FUNCTION organisations_link_takes_division();
"""
# organisation_children begins with the parent; codes and public ids are compared whole; nobody asks who approved whom.
DROP = """
    DROP INDEX organisations_organisation_parent_id_6e4cf435;
    DROP INDEX organisations_organisation_approved_by_id_1b43a872;
    DROP INDEX organisations_organisation_public_id_05ca67c2_like;
    DROP INDEX organisations_organisation_code_4cc92e7a_like;
"""
CREATE = """
    CREATE INDEX organisations_organisation_parent_id_6e4cf435 ON organisations_organisation (parent_id);
    CREATE INDEX organisations_organisation_approved_by_id_1b43a872 ON organisations_organisation (approved_by_id);
    CREATE INDEX organisations_organisation_public_id_05ca67c2_like
        ON organisations_organisation (public_id varchar_pattern_ops);
    CREATE INDEX organisations_organisation_code_4cc92e7a_like ON organisations_organisation (code varchar_pattern_ops);
"""

# As in 0002, but what a statement changed is found without joining its rows pair by pair (thousands of bodies whose
# telephone is put right waited for that), and of a moved county only the body that hangs elsewhere is tried for its place.
GUARD = """
CREATE OR REPLACE FUNCTION organisations_guard_tree() RETURNS trigger LANGUAGE plpgsql
-- A few hundred changed rows are looked up by key; the planner, who can't know how few, would read the whole table.
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    bad text;
    placed bigint[];
BEGIN
    -- 1. Nothing to see when an update leaves the shape of the tree alone.
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (
            SELECT id, parent_id, path, kind, level FROM changed
            EXCEPT SELECT id, parent_id, path, kind, level FROM was
        ) THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock(7979761);
        placed := ARRAY(
            SELECT id FROM (
                SELECT id, parent_id, kind, level FROM changed EXCEPT SELECT id, parent_id, kind, level FROM was
            ) differs
        );
    ELSE
        -- 2. Bodies may be founded side by side, but not while a subtree moves; the checks see what the mover committed.
        PERFORM pg_advisory_xact_lock_shared(7979761);
        placed := ARRAY(SELECT id FROM changed);
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
        SELECT * FROM organisations_organisation WHERE id = ANY (placed)
        UNION ALL
        SELECT * FROM organisations_organisation WHERE parent_id = ANY (placed) AND TG_OP = 'UPDATE'
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
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_tree_changes")]

    operations = [
        migrations.AddField(
            model_name="organisationemployer",
            name="division_code",
            field=models.CharField(blank=True, default="", editable=False, max_length=12),
            preserve_default=False,
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_DIVISION, LET_GO),
        migrations.AddIndex(
            model_name="organisationemployer",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("division_code", name="varchar_pattern_ops"),
                name="organisation_employer_of_area",
                include=["employer", "organisation", "relation", "valid_from", "valid_to"],
            ),
        ),
        migrations.RemoveIndex(model_name="employer", name="employer_of_division"),
        migrations.AddIndex(
            model_name="employer",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("division_code", name="varchar_pattern_ops"),
                name="employer_of_area",
                include=["id", "headcount", "status", "unit_nature", "state_controlled"],
            ),
        ),
        migrations.AddIndex(
            model_name="employer",
            index=models.Index(
                condition=models.Q(("status", "cancelled")), fields=["id"], name="employer_that_is_gone"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("kind__in", ["A4", "C1", "C2", "E2"]), ("state", "suspended"), _connector="OR"),
                fields=["path"],
                name="organisation_that_may_ail",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("state__in", ["active", "suspended", "merging", "dissolving"]), _negated=True),
                fields=["id"],
                name="organisation_without_founding",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            # By name: Django would also drop organisation_name_is_free_under_parent, a unique index on the same column.
            database_operations=[migrations.RunSQL(DROP, CREATE)],
            state_operations=[
                migrations.AlterField(
                    model_name="organisation",
                    name="parent",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisations.organisation",
                        verbose_name="上级工会",
                    ),
                ),
                migrations.AlterField(
                    model_name="organisation",
                    name="approved_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="审批单位",
                    ),
                ),
            ],
        ),
    ]
