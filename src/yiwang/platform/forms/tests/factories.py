"""A form with one question of every kind, and the people who fill it in."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model

from yiwang.kernel.identity import id_check_digit
from yiwang.platform.forms.actions import open_draft
from yiwang.platform.forms.library import FormDefinition, Picked
from yiwang.platform.forms.models import Draft

TODAY = dt.date(2026, 11, 22)
IDENTITY = "32058319860325284" + id_check_digit("32058319860325284")


def text(zh: str, en: str = "x") -> dict[str, str]:
    return {"zh": zh, "en": en}


def question(key: str, kind: str, **members: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": text(members.pop("zh", key), members.pop("en", key)), **members}


def form_json(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [{"key": "only", "title": text("只有一步", "Only step"), "fields": list(fields)}]}


def form(*fields: dict[str, Any]) -> FormDefinition:
    return FormDefinition.from_json(form_json(*fields))


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": text(f"选{value}", f"Pick {value}")} for value in values]


def aid_json() -> dict[str, Any]:
    """Three steps, conditions within a step and across steps."""
    return {
        "steps": [
            {
                "key": "person",
                "title": text("谁生病了", "Who is ill"),
                "fields": [
                    question("name", "text", zh="姓名", format="name", prefill="person.name", max_length=40),
                    question("who", "choice", zh="谁生病了", options=options("self", "family")),
                    question("idno", "identity", zh="身份证号", show_if={"field": "who", "in": ["self"]}),
                    question("hospital", "yesno", zh="住院了吗"),
                ],
            },
            {
                "key": "money",
                "title": text("花了多少", "What it cost"),
                "hint": text("看结算单", "See the bill"),
                "fields": [
                    question("note", "info", zh="照着结算单填"),
                    question("total", "money", zh="总费用", show_if={"field": "hospital", "in": [True]}),
                    question("paid", "money", zh="自己付了多少", not_above="total"),
                    question("bills", "files", zh="结算单", max_files=2),
                    question("other", "choices", zh="别处报过吗", options=options("a", "b"), optional=True),
                ],
            },
            {
                "key": "family",
                "title": text("家里人", "Family"),
                "fields": [
                    question(
                        "household",
                        "person_rows",
                        zh="家里人",
                        noun=text("一位", "a person"),
                        optional=True,
                        max_rows=3,
                        columns=[
                            question("name", "text", zh="姓名", format="name"),
                            question("idno", "identity", zh="身份证号", optional=True),
                        ],
                    ),
                    question("unit", "organisation", zh="工作单位"),
                ],
            },
        ]
    }


def aid_form() -> FormDefinition:
    return FormDefinition.from_json(aid_json())


class Bodies:
    """A list of bodies to pick from, as the register would hand in."""

    search_url = "/organisations/search/"
    known = (
        Picked("u1", "恒达精密工会", "昆山市·玉山镇"),
        Picked("u2", "联达光电工会", "太仓市"),
        Picked("u3", "恒达物流工会"),
    )

    def resolve(self, value: str) -> Picked | None:
        return next((body for body in self.known if body.value == value), None)

    def search(self, text: str) -> list[Picked]:
        return [body for body in self.known if text in body.label]


def make_user(phone: str = "13912345520", name: str = "周文娟") -> Any:
    user, _is_new = get_user_model().objects.get_or_create(phone=phone, defaults={"name": name})
    return user


def make_draft(definition: FormDefinition | None = None, *, by: Any = None, answers: Any = None) -> Draft:
    draft, _resumed = open_draft(
        "service:HP-0002", by=by or make_user(), definition=definition or aid_form(), keep_days=30, answers=answers
    )
    return draft
