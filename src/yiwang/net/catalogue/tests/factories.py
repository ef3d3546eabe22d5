"""Definitions and versions for tests: complete, short, and put in force through actions."""

import copy

from yiwang.net.catalogue.actions import create_service, publish_version, submit_for_review


def text(zh, en="x"):
    return {"zh": zh, "en": en}


COMPLETE = {
    "name": text("夏季送清凉登记", "Summer cooling parcels"),
    "summary": text("高温天给户外职工送清凉。", "Parcels for outdoor workers on hot days."),
    "gain": {"label": text("你得到"), "unit": text("一份清凉包")},
    "situation": "culture",
    "audience": ["worker"],
    "levels": [4],
    "legal_basis": [{"title": text("本会送清凉约定"), "text": text("高温橙色预警以上发放。"), "evidence": "design"}],
    "conditions": [text("在户外上班")],
    "form": {
        "steps": [
            {
                "key": "who",
                "title": text("你是谁"),
                "fields": [
                    {"key": "name", "kind": "text", "label": text("姓名"), "prefill": "person.name"},
                    {"key": "photo", "kind": "file", "label": text("工地照片"), "optional": True},
                ],
            }
        ]
    },
    "materials": [
        {"key": "photo", "name": text("工地照片"), "source": "upload", "field": "photo", "optional": True},
        {"key": "card", "name": text("会籍"), "source": "on_file"},
        {"key": "weather", "name": text("高温预警"), "source": "shared", "origin": text("气象部门")},
    ],
    "steps": [
        {
            "key": "s1",
            "title": text("登记"),
            "level": 4,
            "role": "county_handler",
            "capability": "cases.handle",
            "limit_days": 3,
            "limit_unit": "workday",
        }
    ],
    "promised_limit": {"amount": 3, "unit": "workday"},
    "result": {"kind": "record", "name": text("登记回执"), "delivery": ["in_app"], "template": "record_note"},
    "channels": ["web", "phone"],
    "aliases": ["送清凉", "高温补贴"],
    "icon": "heat",
    "minutes": 2,
}


def definition(**changes):
    return copy.deepcopy({**COMPLETE, **changes})


def draft(cast, *, code="CU-KS01", by=None, owner=None, **changes):
    return create_service(code, owner=owner or cast.county, definition=definition(**changes), by=by or cast.handler)


def published(cast, *, code="CU-KS01", **changes):
    version = draft(cast, code=code, **changes)
    submit_for_review(version, note="", by=cast.handler)
    publish_version(version, by=cast.approver)
    return version
