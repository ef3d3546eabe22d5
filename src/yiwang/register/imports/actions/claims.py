"""People of a list who are in the register elsewhere: both unions see them on their worklist (GT 2.10, D8)."""

from django.db.models import Q

from yiwang.register.imports.models import ImportBatch, StagedRow
from yiwang.register.imports.queries.batches import unseal
from yiwang.register.members.actions import note_conflict
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

# What a row was found to be, and what stands on the worklist.
NOTED = {"D1": "D8", "D2": "D2", "D7": "D7", "D9": "D9"}
AT_ONCE = 500


def note_claims(batch: ImportBatch) -> int:
    """Once the file is written: a list that is only tried out troubles nobody. Returns how many rows were noted."""
    noted = 0
    rows = batch.rows.filter(verdict=StagedRow.Verdict.CONFLICT, person_id__isnull=False).order_by("number")
    for row in rows.iterator(chunk_size=AT_ONCE):
        said = unseal(row)
        rule = next((NOTED[problem["code"]] for problem in said.get("problems", []) if problem["code"] in NOTED), None)
        person = Person.objects.known().filter(pk=row.person_id or 0).first()
        code = said.get("values", {}).get("organisation", "-")
        union = Organisation.objects.filter(Q(code=code) | Q(uscc=code)).first()
        if rule is None or person is None or union is None:
            continue
        note_conflict(rule, person, claimed_by=union, detail=said["values"].get("name", ""), by=batch.by)
        noted += 1
    return noted
