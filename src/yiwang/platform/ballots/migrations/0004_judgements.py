import uuid

import django.db.models.deletion
from django.db import migrations, models

# A ballot leaves the box for the board, or because its proofs did not hold: then it is kept, with the reason.
FORWARD = """
CREATE OR REPLACE FUNCTION ballots_box_loses_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ballots_boardrecord WHERE election_id = OLD.election_id AND name = OLD.name)
        AND NOT EXISTS (
            SELECT 1 FROM ballots_judgement WHERE election_id = OLD.election_id AND name = OLD.name AND reason <> ''
        ) THEN
        RAISE EXCEPTION 'a ballot leaves the box only for the board';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION ballots_judgement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a judgement on a ballot is final'; END $$;
CREATE TRIGGER ballots_judgement_no_change BEFORE UPDATE OR DELETE ON ballots_judgement
    FOR EACH ROW EXECUTE FUNCTION ballots_judgement_is_final();
"""
BACKWARD = """
DROP TRIGGER ballots_judgement_no_change ON ballots_judgement;
DROP FUNCTION ballots_judgement_is_final();
CREATE OR REPLACE FUNCTION ballots_box_loses_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ballots_boardrecord WHERE election_id = OLD.election_id AND name = OLD.name) THEN
        RAISE EXCEPTION 'a ballot leaves the box only for the board';
    END IF;
    RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0003_board_credential")]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("seal", models.CharField(max_length=64)),
                ("content", models.BinaryField(default=bytes)),
                (
                    "election",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ballots.election"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("election", "name"), name="ballot_is_judged_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), models.Q(("content", b""), _negated=True), _connector="OR"),
                        name="unsound_ballot_is_kept",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
