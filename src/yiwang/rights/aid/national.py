"""Columns of the national file (困难职工档案表, RI 1.15) that the rules do not look at: what may be said in each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Column:
    """``options`` by code; free text of at most ``longest`` characters without."""

    key: str
    label: Any  # words, perhaps translated later
    options: tuple[tuple[str, Any], ...] = ()
    is_asked: bool = True  # with an asterisk in the national form
    longest: int = 40

    def shown(self, value: str) -> str:
        return str(dict(self.options).get(value, value))


YES_NO = (("yes", pgettext_lazy("column", "是")), ("no", pgettext_lazy("column", "否")))
HEALTH = (
    ("good", _("良好")), ("tumour", _("恶性肿瘤")), ("heart", _("心血管病")), ("brain", _("脑血管病")),
    ("kidney", _("终末期肾病")), ("mental", _("精神病")), ("liver", _("肝病")), ("blood", _("血液病")),
    ("diabetes", _("糖尿病")), ("back", _("腰颈椎病")), ("pressure", _("高血压病")), ("lung", _("肺病")),
    ("coma", _("深度昏迷")), ("paralysis", _("永久瘫痪")), ("alzheimer", _("严重阿尔茨海默病")),
    ("parkinson", _("严重帕金森病")), ("motor", _("严重运动神经元病")), ("common", _("一般疾病")),
    ("disabled", _("残疾")),
)  # fmt: skip
OF_MEMBER: tuple[Column, ...] = (
    Column("ethnic", _("民族"), longest=20),
    Column(
        "political",
        _("政治面貌"),
        (("party", _("中共党员")), ("league", _("共青团员")), ("masses", _("群众")), ("democratic", _("民主党派")),
         ("other", pgettext_lazy("column", "其他"))),
    ),
    Column("health", _("健康状况"), HEALTH),
    Column(
        "disability",
        _("残疾类别"),
        (("sight", _("视力")), ("hearing", _("听力")), ("speech", _("言语")), ("intellect", _("智力")),
         ("limb", _("肢体")), ("mind", _("精神")), ("multiple", _("多重"))),
        is_asked=False,
    ),
    Column(
        "marital",
        _("婚姻状况"),
        (("married", _("已婚")), ("single", _("未婚")), ("divorced", _("离异")), ("widowed", _("丧偶"))),
    ),
    Column("hukou", _("户口类型"), (("urban", _("非农业")), ("rural", _("农业")), ("converted", _("农转居")))),
    Column(
        "insurance", _("医保状况"), (("worker", _("职工医保")), ("resident", _("居民医保")), ("none", _("未参保")))
    ),
    Column(
        "model",
        _("劳模类型"),
        (("national", _("全国劳模")), ("provincial", _("省部级劳模")), ("city", _("地市级劳模")),
         ("other", _("其他劳模")), ("none", _("不是劳模"))),
        is_asked=False,
    ),
)  # fmt: skip
OF_FILE: tuple[Column, ...] = (
    Column(
        "housing",
        _("住房类型"),
        (("unit", _("承租单位公房")), ("public", _("政府廉租房、公租房")), ("own", _("自购房")), ("none", _("无房")),
         ("rented", _("租房")), ("built", _("自建房")), ("other", pgettext_lazy("column", "其他"))),
    ),
    Column("area", _("建筑面积（平方米）"), longest=8, is_asked=False),
    Column("industry", _("所属行业"), longest=30),
    Column(
        "employer_kind",
        _("单位性质"),
        (("state", _("国有机关、事业单位")), ("soe", _("国有企业")), ("collective", _("集体企业")),
         ("private", _("民营、私营、个体企业")), ("foreign", _("外资")), ("other", pgettext_lazy("column", "其他"))),
        is_asked=False,
    ),
    Column("employer_state", _("企业状况"), longest=30, is_asked=False),
    Column("working_since", _("参加工作时间"), longest=20),
    Column("able", _("有一定自救能力"), YES_NO, is_asked=False),
    Column("jobless", _("零就业家庭"), YES_NO, is_asked=False),
    Column("contact", _("其他联系方式"), is_asked=False),
    Column("postcode", _("邮政编码"), longest=6, is_asked=False),
    Column("address", _("家庭住址"), is_asked=False, longest=120),
    Column("remarks", _("备注"), is_asked=False, longest=200),
)  # fmt: skip
