"""The layout of the member spreadsheet (handbook GT 2.11): headings, in any order, exact to the letter."""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Choices
from django.utils import translation

from yiwang.register.members.codes import (
    Education,
    EmployKind,
    EmployState,
    Gender,
    Household,
    IdKind,
    NewForm,
    Political,
    SkillLevel,
)

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Column:
    """One column of the layout. ``key`` names its value in our code."""

    key: str
    heading: str
    is_required: bool = False


COLUMNS = (
    Column("serial", "序号"),
    Column("name", "姓名", True),
    Column("id_type", "证件类型", True),
    Column("id_number", "证件号码", True),
    Column("gender", "性别"),
    Column("nation", "民族"),
    Column("political", "政治面貌"),
    Column("education", "学历"),
    Column("phone", "手机号码", True),
    Column("household_type", "户籍类型"),
    Column("household_division", "户籍地"),
    Column("residence_division", "常住地"),
    Column("employer_name", "单位名称", True),
    Column("uscc", "统一社会信用代码", True),
    Column("department", "部门"),
    Column("post", "岗位工种"),
    Column("employ_kind", "用工形式", True),
    Column("employ_state", "就业状态", True),
    Column("is_migrant", "是否农民工"),
    Column("new_form", "新就业群体"),
    Column("skill_level", "技能等级"),
    Column("title_level", "职称"),
    Column("joined_on", "入会时间", True),
    Column("organisation", "所属工会编码", True),
    Column("group", "工会小组"),
    Column("is_full_time", "是否专职工会干部"),
    Column("remark", "备注"),
)
BY_HEADING = {column.heading: column for column in COLUMNS}
HEADINGS = {column.key: column.heading for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.is_required)
LANDMARKS = ("姓名", "证件号码")

CHOICES: dict[str, type[Choices]] = {
    "id_type": IdKind,
    "gender": Gender,
    "political": Political,
    "education": Education,
    "household_type": Household,
    "employ_kind": EmployKind,
    "employ_state": EmployState,
    "new_form": NewForm,
    "skill_level": SkillLevel,
}

# What people write beside the words of the list.
ALIASES: dict[str, dict[str, Any]] = {
    "id_type": {"身份证": "1", "二代身份证": "1", "港澳通行证": "2", "回乡证": "2", "台胞证": "3", "永久居留证": "6"},
    "gender": {"男性": "1", "女性": "2"},
    "political": {
        "党员": "01",
        "共产党员": "01",
        "预备党员": "02",
        "团员": "03",
        "民革": "04",
        "民盟": "05",
        "民建": "06",
        "民进": "07",
        "农工党": "08",
        "致公党": "09",
        "九三学社": "10",
        "台盟": "11",
        "无党派": "12",
    },
    "education": {
        "硕士": "10",
        "博士": "10",
        "硕士研究生": "10",
        "博士研究生": "10",
        "本科": "20",
        "大专": "30",
        "专科": "30",
        "中专": "40",
        "中技": "40",
        "技校": "40",
        "职高": "40",
    },
    "household_type": {"农业": "1", "非农业": "2", "居民": "3", "农村": "1", "城镇": "2"},
    "employ_kind": {
        "合同工": "1",
        "劳动合同": "1",
        "劳务派遣工": "2",
        "派遣": "2",
        "编内": "5",
        "实习": "7",
        "见习": "7",
    },
    "employ_state": {"在职": "1", "下岗": "3", "返聘": "6", "服役": "7", "参军": "7", "脱产": "8"},
    "new_form": {"外卖员": "N04", "网约送餐员": "N04", "外卖骑手": "N04", "骑手": "N04", "跑腿": "N12", "否": "N99"},
    "skill_level": {
        "初级工": 2,
        "五级": 2,
        "五级工": 2,
        "中级工": 3,
        "四级": 3,
        "四级工": 3,
        "高级工": 4,
        "三级": 4,
        "三级工": 4,
        "技师": 5,
        "二级": 5,
        "高级技师": 6,
        "一级": 6,
    },
}
YES = frozenset({"是", "√", "y", "yes", "1", "true", "对"})
NO = frozenset({"否", "×", "n", "no", "0", "false", "不是"})
PLACEHOLDERS = frozenset(
    {"", "null", "none", "n/a", "#n/a", "nan", "无", "暂无", "没有", "不详", "未知", "-", "—", "——", "/", "\\"}
)


def folded(text: str) -> str:
    """A word without the differences nobody means: width, case, spaces, punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum() or char in "√×")


@lru_cache(maxsize=1)
def code_tables() -> Mapping[str, Mapping[str, Any]]:
    """For each coded column: every accepted word or code, folded, and its code."""
    with translation.override("zh-hans"):
        tables = {
            key: {
                **{folded(str(label)): value for value, label in choices.choices},
                **{folded(str(value)): value for value in choices.values},
                **{folded(word): code for word, code in ALIASES.get(key, {}).items()},
            }
            for key, choices in CHOICES.items()
        }
    return {**tables, "nation": nations()}


@lru_cache(maxsize=1)
def nations() -> Mapping[str, str]:
    with (DATA / "nations.csv").open(encoding="utf-8") as lines:
        known = {row["name"]: row["code"] for row in csv.DictReader(lines)}
    short = {name.removesuffix("族"): code for name, code in known.items()}
    return {folded(word): code for word, code in (known | short | {code: code for code in known.values()}).items()}
