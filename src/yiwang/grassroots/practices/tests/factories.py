"""Practices for tests, made by the very actions."""

from decimal import Decimal
from itertools import count

from yiwang.grassroots.practices import actions
from yiwang.register.organisations.models import Organisation

SERIAL = count(1)
TEXTS = {
    "title": "下夜班有热汤",
    "subject": "culture",
    "problem": "夜班十二点下班，食堂关了，外卖贵",
    "what": "食堂留一口锅，保安十一点半点火，班组长轮流盛，周末请工会小组长顶班。",
    "cost_yuan": 1800,
    "hours": 20,
    "effect": "三个月里夜班离职少了一半，大家说下班有盼头，汤一天没剩过。",
    "measure": "每月夜班离职人数",
    "before": Decimal(6),
    "after": Decimal(3),
    "needs": "有食堂或者微波炉",
}
REPORT = {
    "verdict": "works",
    "words": "我们没有食堂，改成驿站的微波炉，志愿者轮班，两个月没断过。",
    "before": Decimal(4),
    "after": Decimal(1),
    "cost_yuan": 300,
    "people": 41,
}


def told(cast, **more):
    return actions.tell(cast.unit, by=cast.chair, **{**TEXTS, **more})


def shown(cast, **more):
    practice = told(cast, **more)
    actions.send_up(practice, by=cast.chair)
    actions.show(practice, by=cast.town_officer)
    return practice


def union(parent, name=""):
    """Another union below a town."""
    n = next(SERIAL)
    return Organisation.objects.create(
        pk=900_000 + n,
        code=f"320583100E1{n:06}",
        name=name or f"第{n}家工会",
        short_name=name or f"第{n}家工会",
        kind="E1",
        level=7,
        parent=parent,
        path=f"{parent.path}.n{900_000 + n}",
        division_code=parent.division_code,
        valid_from=parent.valid_from,
    )


def tried(practice, organisation, *, by=None, **more):
    """Begun and reported, in words of its own."""
    adoption = actions.begin_adoption(practice, organisation, plan="先试一个班", by=by)
    words = f"{organisation.name}：{REPORT['words']}"
    actions.report_adoption(adoption, by=by, **{**REPORT, "words": words, **more})
    return adoption
