"""Writing the other columns of the national file, taking files to the national system, and its numbers back."""

import json
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from yiwang.platform.journal.actions import record, record_many
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.errors import UnknownFiles, WordsNeeded
from yiwang.rights.aid.events import NationalExported, NationalNumbered, NationalWritten
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.queries_national import Told, heads, national_rows


@transaction.atomic
def write_national(file: AidFile, *, household: Told, members: Mapping[str, Told], by: User) -> None:
    """The rules do not look at them: a proposal stays as it is."""
    file.national = json.dumps({"file": household, "members": dict(members)}, ensure_ascii=False, sort_keys=True)
    file.save(update_fields=["national"])
    record(NationalWritten(aid_file_id=file.pk), by=by)


@transaction.atomic
def export_national(
    files: QuerySet[AidFile], *, body: Organisation, purpose: str, by: User
) -> tuple[list[str], list[list[str]]]:
    """Heads and rows with full numbers; who took them and what for stays in the journal."""
    if not purpose.strip():
        raise WordsNeeded("purpose")
    found = files.select_related("organisation").prefetch_related("members__incomes").order_by("number")
    rows = list(national_rows(found))
    record(NationalExported(organisation_id=body.pk, rows=len(rows), purpose=purpose.strip()[:200]), by=by)
    return heads(), rows


@transaction.atomic
def take_national_numbers(files: QuerySet[AidFile], text: str, *, by: User) -> int:
    """Lines of “our number, theirs”: all of them, or none and the lines that were not understood."""
    wanted = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    parts = {line: line.replace(",", " ").replace("，", " ").split() for line in wanted}
    known = {file.number: file for file in files.filter(number__in=[words[0] for words in parts.values()])}
    unknown = [line for line, words in parts.items() if len(words) != 2 or words[0] not in known]
    if unknown:
        raise UnknownFiles("；".join(unknown[:10]))
    for ours, theirs in parts.values():
        known[ours].national_number = theirs[:30]
    AidFile.objects.bulk_update(known.values(), ["national_number"])
    record_many([NationalNumbered(aid_file_id=file.pk, number=file.national_number) for file in known.values()], by=by)
    return len(known)
