from django.db import migrations

FORWARD = """
CREATE FUNCTION ballots_board_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the board of an election is append-only'; END $$;
CREATE TRIGGER ballots_board_no_change BEFORE UPDATE OR DELETE ON ballots_boardrecord
    FOR EACH ROW EXECUTE FUNCTION ballots_board_is_append_only();
CREATE FUNCTION ballots_box_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a ballot in the box never changes'; END $$;
CREATE TRIGGER ballots_box_no_change BEFORE UPDATE ON ballots_boxedballot
    FOR EACH ROW EXECUTE FUNCTION ballots_box_never_changes();
-- A ballot leaves the box only for the board.
CREATE FUNCTION ballots_box_loses_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ballots_boardrecord WHERE election_id = OLD.election_id AND name = OLD.name) THEN
        RAISE EXCEPTION 'a ballot leaves the box only for the board';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER ballots_box_no_loss BEFORE DELETE ON ballots_boxedballot
    FOR EACH ROW EXECUTE FUNCTION ballots_box_loses_nothing();
"""
BACKWARD = """
DROP TRIGGER ballots_box_no_loss ON ballots_boxedballot;
DROP TRIGGER ballots_box_no_change ON ballots_boxedballot;
DROP TRIGGER ballots_board_no_change ON ballots_boardrecord;
DROP FUNCTION ballots_box_loses_nothing();
DROP FUNCTION ballots_box_never_changes();
DROP FUNCTION ballots_board_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
