"""Plausible answers to any service's form, and the words of the requests people make."""

import datetime as dt
from typing import Any

from config.demo.fiction import Fiction
from yiwang.platform.forms.library import Field, FormDefinition, visible_answers
from yiwang.register.members.formulas import luhn_digit
from yiwang.register.members.models import Membership

# What each kind of service is asked for in the demo: (matter, what is told, weight).
MATTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "RT-0001": (
        ("试用期被辞退有没有补偿", "干了两个月，公司说不合适让我走，没有书面的东西。"),
        ("加班费按什么算", "每周六都上班，只按平时工资发。"),
        ("产假工资怎么发", "休产假第二个月，工资只发了一半。"),
        ("合同到期不续签", "合同月底到期，公司说不续了，有没有补偿。"),
    ),
    "RT-0002": (
        ("想请律师打工伤官司", "右手食指受伤，公司不认工伤，仲裁不会弄。"),
        ("违法解除要申请仲裁", "怀孕三个月被通知解除合同。"),
    ),
    "RT-0003": (
        ("公司搬迁补偿谈不拢", "公司要搬到外地，我们车间的人不愿意去。"),
        ("调岗降薪不同意", "没商量就把我从检验调到仓库，工资少了八百。"),
    ),
    "RT-0005": (
        ("工资拖了两个月没发", "九月十月的工资都没发，老板说货款没到。"),
        ("加班费一直没给", "每天干十一个小时，工资条上没有加班费。"),
        ("没有缴社保", "进厂一年多，一直没给我缴社保。"),
        ("站点乱罚款", "超时一单罚五十，一个月罚了六百多。"),
        ("高温费没有发", "车间没有空调，六月到九月的高温费没发。"),
    ),
    "RT-0006": (("对调解结果不服", "去年调解过，厂里一直没有兑现。"),),
    "SG-0001": (
        ("希望驿站晚上多开两个小时", "我们送外卖到十点多，驿站八点就关门了。"),
        ("想要电焊的夜校课", "白天上班，只有晚上有空学。"),
        ("职工书屋能不能周末开", "平时下班就关门了，一直没借成书。"),
    ),
    "HP-0002": (
        ("爱人住院花了很多钱", "爱人做心脏手术，报销以后自己还付了三万多。"),
        ("孩子看病欠了债", "孩子白血病，已经借了八万。"),
        ("工伤后家里没了收入", "我在家养伤五个月，只有爱人一份工资。"),
    ),
    "HP-0003": (("孩子考上大学学费有困难", "家里只有我一个人上班，两个孩子都在读书。"),),
    "MA-0001": (("住院互助理赔", "住院九天，出院小结和发票都有。"),),
    "EM-0001": (("想找一份离家近的工作", "原来的厂搬走了，我会开数控车床。"),),
    "PS-0001": (("晚上睡不着，想找人聊聊", "倒班以后一直睡不好，情绪很差。"),),
}
# How often each service is asked for.
WEIGHTS = {
    "RT-0001": 16, "RT-0002": 4, "RT-0003": 7, "RT-0005": 17, "RT-0006": 2, "SG-0001": 7, "HP-0001": 4, "HP-0002": 8,
    "HP-0003": 4, "MA-0001": 9, "MB-0003": 5, "MB-0004": 2, "MB-0006": 4, "MB-0007": 4, "EM-0001": 3, "PS-0001": 2,
    "CU-0001": 2, "LM-0001": 1,
}  # fmt: skip
COLUMN_WORDS = {"relation": "配偶", "name": "示例"}


class Answerer:
    """Answers the questions of one form as one person would."""

    def __init__(self, fiction: Fiction, membership: Membership, *, on: dt.date) -> None:
        self.fiction = fiction
        self.membership = membership
        self.on = on

    def fill(self, form: FormDefinition, *, fixed: dict[str, Any]) -> dict[str, Any]:
        """Answers to every question that is asked, the ``fixed`` ones as given; uploads are left out."""
        answers: dict[str, Any] = {}
        for step in form.steps:
            for field in step.fields:
                if field.key in fixed:
                    answers[field.key] = fixed[field.key]
                elif not (field.optional and self.fiction.random.random() < 0.5):
                    value = self.value(field)
                    if value is not None:
                        answers[field.key] = value
        return dict(visible_answers(form.steps, answers))

    def value(self, field: Field) -> Any:
        draw = self.fiction.random
        maker = getattr(self, f"_{field.kind}", None)
        if field.options:
            first = draw.choice(field.options).value
            return [first] if field.kind == "choices" else first
        return maker(field) if maker else None

    def _text(self, field: Field) -> str:
        known = {
            "employer": self.membership.employer.name if self.membership.employer else "自己干",
            "name": self.membership.person.name,
            "applicant_name": self.membership.person.name,
            "bank": "昆山农商行营业部",
            "account": self._card(),
            "trade": self.membership.trade,
            "post": self.membership.trade,
        }
        return known.get(field.key, "演示内容")[: field.max_length or 200]

    def _card(self) -> str:
        body = f"62284802{self.fiction.random.randrange(10**10):010}"
        return body + luhn_digit(body)

    def _textarea(self, field: Field) -> str:
        return "情况属实，请工会帮忙。"

    def _number(self, field: Field) -> int:
        low, high = int(field.minimum or 1), int(field.maximum or 12)
        return self.fiction.random.randint(low, max(low, min(high, low + 20)))

    def _money(self, field: Field) -> str:
        return f"{self.fiction.random.randrange(8, 400) * 100}.00"

    def _date(self, field: Field) -> str:
        return (self.on - dt.timedelta(days=self.fiction.random.randrange(5, 120))).isoformat()

    def _phone(self, field: Field) -> str:
        return str(self.membership.person.phone)

    def _identity(self, field: Field) -> str:
        return str(self.membership.person.id_number)

    def _yesno(self, field: Field) -> bool:
        return field.key not in ("anonymous_to_employer", "urgent")

    def _division(self, field: Field) -> dict[str, str]:
        home = self.membership.organisation
        return {"value": home.division_code, "label": home.division_code}

    def _organisation(self, field: Field) -> dict[str, str]:
        home = self.membership.organisation
        return {"value": home.public_id, "label": home.name}

    def _person_rows(self, field: Field) -> list[dict[str, Any]]:
        rows = []
        for relation, gender, age in (("配偶", "1", 40), ("子女", "2", 15)):
            human = self.fiction.person("320583", on=self.on, gender=gender, age=age)
            row: dict[str, Any] = {}
            for column in field.columns:
                if column.options:
                    fitting = (option for option in column.options if relation in str(option.label))
                    row[column.key] = next(fitting, column.options[0]).value
                elif column.kind == "identity":
                    row[column.key] = human.id_number
                elif column.kind == "money":
                    row[column.key] = "3200.00" if relation == "配偶" else "0.00"
                elif column.kind == "date":
                    row[column.key] = human.birth_date.isoformat()
                elif column.kind == "number":
                    row[column.key] = age
                elif column.kind == "yesno":
                    row[column.key] = True
                else:
                    row[column.key] = relation if column.key == "relation" else human.name
            rows.append(row)
        return rows
