"""Services and cases for tests: dull, and every state reached through actions."""

import datetime as dt
from itertools import count
from typing import Any

from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import digest_of
from yiwang.net.catalogue.models import Service, ServiceVersion

NOW = dt.datetime(2026, 11, 5, 2, 0, tzinfo=dt.UTC)  # a Thursday, 10:00 in Kunshan
KEYS = count(1)

STEP = {"title": {"zh": "核对", "en": "Check"}, "limit_days": 5, "limit_unit": "workday"}


def step(key: str, *, level: int = 4, capability: str = "cases.handle", **more: Any) -> dict[str, Any]:
    return {**STEP, "key": key, "level": level, "role": "", "capability": capability, **more}


TWO_STEPS = [step("review"), step("decide", capability="cases.decide")]


def make_service(code: str = "HP-0900", **definition: Any) -> ServiceVersion:
    """A published service of the county: a handler checks, an approver decides within ten working days."""
    content = {
        "name": {"zh": "大病致困帮扶", "en": "Hardship aid after illness"},
        "audience": ["worker"],
        "steps": TWO_STEPS,
        "promised_limit": {"amount": 10, "unit": "workday"},
        "legal_limit": {"amount": 13, "unit": "workday"},
        "form": {
            "steps": [
                {
                    "key": "need",
                    "title": {"zh": "说说情况", "en": "Tell us"},
                    "fields": [
                        {"key": "reason", "kind": "textarea", "label": {"zh": "家里的情况", "en": "Situation"}},
                        {
                            "key": "illness",
                            "kind": "text",
                            "sensitive": True,
                            "optional": True,
                            "label": {"zh": "什么病", "en": "Illness"},
                        },
                        {
                            "key": "papers",
                            "kind": "files",
                            "optional": True,
                            "max_files": 3,
                            "label": {"zh": "单据", "en": "Papers"},
                        },
                    ],
                }
            ]
        },
        "result": {"kind": "payment", "name": {"zh": "帮扶金", "en": "Aid"}},
        **definition,
    }
    service, _ = Service.objects.get_or_create(code=code, defaults={"domain": code[:2]})
    return ServiceVersion.objects.create(
        service=service,
        number=service.versions.count() + 1,
        state=ServiceVersion.State.PUBLISHED,
        definition=content,
        digest=digest_of(content),
        published_at=NOW,
    )


def submit(version: ServiceVersion, applicant: Any, *, now: dt.datetime = NOW, **more: Any) -> Case:
    """One request by the person's own account."""
    answers = more.pop("answers", {"reason": "住院花了很多钱"})
    by = more.pop("by", None) or applicant.user
    key = more.pop("key", f"test:{next(KEYS)}")
    return actions.submit_case(
        version, applicant=applicant, answers=answers, by=by, idempotency_key=key, now=now, **more
    )


def later(**span: int) -> dt.datetime:
    return NOW + dt.timedelta(**span)


def accepted(version: ServiceVersion, applicant: Any, *, by: Any, **more: Any) -> Case:
    case = submit(version, applicant, **more)
    actions.accept_case(case, by=by, now=NOW)
    return case


def at_decision(version: ServiceVersion, applicant: Any, *, by: Any, **more: Any) -> Case:
    """The first step signed: the approver's turn."""
    case = accepted(version, applicant, by=by, **more)
    actions.complete_step(case, opinion="情况属实", by=by, now=NOW)
    return case


YES = actions.Verdict(outcome="ok", reason="情况属实，符合规定")
NO = actions.Verdict(
    outcome="no", reason="家里每人每月剩的钱高于规定", other_ways="可以申请医疗互助", recourse="15天内可以申请复核"
)


def decided(version: ServiceVersion, applicant: Any, *, handler: Any, approver: Any, verdict: Any = YES) -> Case:
    case = at_decision(version, applicant, by=handler)
    actions.decide(case, verdict, by=approver, now=later(days=4))
    return case
