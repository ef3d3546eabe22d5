"""Cadres for tests, made by the very actions; each step by who may take it."""

import datetime as dt
from itertools import count

from yiwang.grassroots.cadres import actions
from yiwang.grassroots.cadres.models import Post, Team
from yiwang.kernel.clock import add_days, add_months, now, today
from yiwang.net.notices.actions import end_notice
from yiwang.net.notices.queries import notice_of
from yiwang.register.members.tests.factories import id_number
from yiwang.register.members.tests.factories import person as new_person

KEYS = count(1)
NUMBER = "昆工〔2026〕17号"
WEIGHTS = {"coverage": 25, "results": 25, "quality": 20, "logs": 15, "training": 5, "satisfaction": 10}


def person(name="周小芳", *, user=None, birth="19950307"):
    made = new_person(name, number=id_number(birth=birth))
    if user is not None:
        made.user = user
        made.save(update_fields=["user"])
    return made


def nominated(cast, *, team=Team.SOCIAL, post=Post.WORKER, organisation=None, who=None, **details):
    given = {"has_no_kin": True, **details}
    return actions.nominate(who or person(), organisation or cast.town, team=team, post=post, by=cast.handler, **given)


def publicised(cast, **more):
    cadre = nominated(cast, **more)
    actions.check(cadre, by=cast.handler)
    actions.approve(cadre, by=cast.approver)
    actions.publicise(cadre, by=cast.handler)
    return cadre


def serving(cast, *, since: dt.date | None = None, **more):
    """A social union worker of the town after every step, with a labour contract for two years."""
    cadre = publicised(cast, **more)
    end_notice(notice_of("cadre", cadre.pk), by=None, now=now())
    start = since or add_months(today(), -8)
    actions.appoint(cadre, starts_on=start, document_number=NUMBER, by=cast.handler)
    ends = add_months(start, 24)
    actions.sign_contract(cadre, kind="labour", starts_on=start, ends_on=ends, by=cast.handler)
    return cadre


def officer(cast, *, user=None, organisation=None, **more):
    """A full-time cadre with an account: the town's officer."""
    user = user or cast.town_officer
    who = person(user.name, user=user, birth="19850307")
    cadre = nominated(
        cast, team=Team.FULL_TIME, post=Post.STAFF, who=who, organisation=organisation or cast.town, **more
    )
    actions.check(cadre, by=cast.handler)
    actions.approve(cadre, by=cast.approver)
    actions.appoint(cadre, starts_on=add_months(today(), -8), document_number=NUMBER, by=cast.handler)
    return cadre


def log(cadre, *, by, **more):
    given = {"kind": "visit", "day": today(), "content": "走访装配车间", "minutes": 60, "key": f"k{next(KEYS)}"}
    return actions.write_log(cadre, by=by, **{**given, **more})


def items(score):
    return [{"key": key, "weight": weight, "score": score} for key, weight in WEIGHTS.items()]


def rated(cast, cadre, *, score=70, grade="good", period="2026H1"):
    return actions.rate(cadre, cast.county, period=period, items=items(score), grade=grade, words="", by=cast.handler)


def task(cast, cadre, **more):
    given = {"kind": "visit", "title": "走访户外班组", "due_on": add_days(today(), 7)}
    return actions.set_task(cadre, by=cast.handler, **{**given, **more})
