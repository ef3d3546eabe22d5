"""The two lists of households of RI 1.15: those on file, and those in temporary difficulty, who get no file."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.clock import local_date
from yiwang.kernel.identity import mask_phone
from yiwang.kernel.money import yuan, yuan_text
from yiwang.platform.ui.spreadsheets import Record
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import FileClass
from yiwang.rights.aid.household import MEDICAL, Household
from yiwang.rights.aid.models import AidFile, Decision, Grant
from yiwang.rights.aid.queries import PAYABLE

MOST = 1_000  # each row is reckoned anew, some milliseconds


def files_of(kind: str, files: QuerySet[AidFile]) -> QuerySet[AidFile]:
    if kind == "edge":
        return files.filter(file_class=FileClass.EDGE)
    return files.filter(state__in=PAYABLE)


def columns() -> list[str]:
    return [
        _("序号"), _("所在工会"), _("姓名"), _("身份证号"), _("手机号"), _("困难类别"), _("主要致困原因"),
        _("家庭人口"), _("每人每月剩（元）"), _("看病自己付的（元）"), _("上学的人数"), _("救助金额（元）"),
    ]  # fmt: skip


def rows(files: QuerySet[AidFile]) -> Iterator[Record]:
    """By the facts of each household's last decision; numbers masked."""
    wanted = files.order_by("organisation__name", "pk").values("pk")[:MOST]
    decisions = Decision.objects.filter(file__in=list(wanted.values_list("pk", flat=True))).exclude(decided_at=None)
    newest = decisions.order_by("file_id", "-decided_at", "-pk").distinct("file_id")
    found = newest.select_related("file__applicant", "file__organisation").prefetch_related("grants")
    for place, decision in enumerate(sorted(found, key=lambda one: (one.file.organisation.name, one.file_id)), 1):
        yield dict(zip(columns(), [str(place), *_row(decision)], strict=True))


def _row(decision: Decision) -> list[str]:
    file, household = decision.file, Household.from_data(json.loads(decision.facts))
    people = household.coresidents
    back = sum(getattr(person, name) for person in people for name in MEDICAL[1:])
    self_paid = max(0, sum(person.medical_total for person in people) - back)
    proposal = assess(household, local_date(decision.prepared_at))
    given = sum((grant.payable for grant in decision.grants.all() if grant.state == Grant.State.APPROVED), yuan(0))
    return [
        file.organisation.name,
        file.applicant.name,
        file.applicant.masked_id,
        mask_phone(file.applicant.phone or ""),
        str(file.get_file_class_display()),
        str(file.get_main_cause_display()),
        str(len(people)),
        yuan_text(yuan(proposal.net_month)),
        yuan_text(yuan(self_paid)),
        str(sum(bool(person.stage) for person in people)),
        yuan_text(given),
    ]
