"""What ends is said in time: to the officer and to who keeps the team."""

import datetime as dt

from django.urls import reverse

from yiwang.grassroots.cadres.actions.grading import settle_unappealed
from yiwang.grassroots.cadres.models import Cadre, Certificate
from yiwang.grassroots.cadres.queries.people import contracts_to_remind, rule
from yiwang.platform.notify.actions import send
from yiwang.register.access.queries import holders, nearest_with
from yiwang.register.accounts.models import User


def sweep_papers(day: dt.date) -> int:
    """Contracts and certificates that end in so many days, half of them, on the day; idempotent."""
    settle_unappealed(day)
    told = 0
    first = rule("contract_remind_days", day)
    for contract in contracts_to_remind(day, (first, first // 2, 0)):
        told += _tell(contract.cadre, "contract", str(contract.get_kind_display()), contract.ends_on)
    first = rule("certificate_remind_days", day)
    ends = [day + dt.timedelta(days=n) for n in (first, first // 2, 0)]
    rows = Certificate.objects.filter(expires_on__in=ends, cadre__state__in=("active", "suspended"))
    for row in rows.select_related("cadre__person__user", "cadre__organisation"):
        assert row.expires_on is not None  # one of the days asked for
        told += _tell(row.cadre, "certificate", row.name, row.expires_on)
    return told


def _tell(cadre: Cadre, what: str, name: str, ends: dt.date) -> int:
    keepers = nearest_with(cadre.organisation, "organisations.edit")
    people: list[User] = list(holders(keepers, "organisations.edit")) if keepers else []
    if cadre.person.user is not None and cadre.person.user not in people:
        people.append(cadre.person.user)
    told = {"person": cadre.person.name, "what": name, "day": ends.isoformat()}
    link = reverse("cadres:cadre-detail", args=[cadre.public_id])
    for user in people:
        send("cadres/ending", to=user, context=told, link=link, key=f"cadre_{what}:{cadre.pk}:{ends}:{user.pk}")
    return len(people)
