"""Code lists of persons and memberships (handbook GT 2.3, 2.4, 2.9); data, so that a list can grow."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

DATA = Path(__file__).parent / "data"


class Gender(models.TextChoices):
    UNKNOWN = "0", _("未知")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSTATED = "9", _("未说明")


class IdKind(models.TextChoices):
    RESIDENT = "1", _("居民身份证")
    HK_MACAU_PERMIT = "2", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "3", _("台湾居民来往大陆通行证")
    HK_MACAU_RESIDENCE = "4", _("港澳居民居住证")
    TAIWAN_RESIDENCE = "5", _("台湾居民居住证")
    FOREIGN_PERMANENT = "6", _("外国人永久居留身份证")
    PASSPORT = "7", _("护照")
    OTHER = "9", _("其他证件")


class RealnameLevel(models.IntegerChoices):
    NONE = 0, _("没有核验")
    FORMAT = 1, _("只核对了格式")
    TWO_FACTORS = 2, _("姓名和证件号一致")
    THREE_FACTORS = 3, _("姓名、证件号和手机号一致")
    IN_PERSON = 4, _("人脸或当面核验")


class Political(models.TextChoices):
    PARTY = "01", _("中共党员")
    PROBATIONARY = "02", _("中共预备党员")
    LEAGUE = "03", _("共青团员")
    REVOLUTIONARY = "04", _("民革党员")
    DEMOCRATIC_LEAGUE = "05", _("民盟盟员")
    CONSTRUCTION = "06", _("民建会员")
    PROMOTING = "07", _("民进会员")
    PEASANTS_WORKERS = "08", _("农工党党员")
    ZHI_GONG = "09", _("致公党党员")
    JIUSAN = "10", _("九三学社社员")
    TAIWAN_LEAGUE = "11", _("台盟盟员")
    NON_PARTY = "12", _("无党派人士")
    MASSES = "13", _("群众")


class Education(models.TextChoices):
    POSTGRADUATE = "10", _("研究生")
    UNDERGRADUATE = "20", _("大学本科")
    COLLEGE = "30", _("大学专科")
    VOCATIONAL = "40", _("中专、中技")
    HIGH_SCHOOL = "60", _("高中")
    MIDDLE_SCHOOL = "70", _("初中")
    PRIMARY = "80", _("小学")
    OTHER = "90", _("其他")


class Household(models.TextChoices):
    RURAL = "1", _("农业户口")
    URBAN = "2", _("非农业户口")
    RESIDENT = "3", _("居民户口")


class EmployKind(models.TextChoices):
    CONTRACT = "1", _("合同制")
    DISPATCH = "2", _("劳务派遣")
    PART_TIME = "3", _("非全日制")
    FLEXIBLE = "4", _("灵活就业")
    ESTABLISHED = "5", _("编制内")
    APPOINTED = "6", _("聘用")
    INTERN = "7", _("实习见习")
    PLATFORM = "8", _("平台自主")


class EmployState(models.TextChoices):
    ON_POST = "1", _("在岗")
    EARLY_RETIRED = "2", _("内退")
    WAITING = "3", _("待岗")
    UNEMPLOYED = "4", _("失业")
    RETIRED = "5", _("退休")
    REHIRED = "6", _("退休返聘")
    MILITARY = "7", _("服兵役")
    STUDY = "8", _("脱产学习")
    SECONDED = "9", _("借调")


class SkillLevel(models.IntegerChoices):
    """Low to high. The classic grades 五级…一级 are our 2…6: the Chinese digit runs the other way, never sort by it."""

    APPRENTICE = 1, _("学徒工")
    JUNIOR = 2, _("初级工（五级）")
    INTERMEDIATE = 3, _("中级工（四级）")
    SENIOR = 4, _("高级工（三级）")
    TECHNICIAN = 5, _("技师（二级）")
    SENIOR_TECHNICIAN = 6, _("高级技师（一级）")
    SPECIAL_TECHNICIAN = 7, _("特级技师")
    CHIEF_TECHNICIAN = 8, _("首席技师")


class JoinWay(models.TextChoices):
    PAPER = "1", _("书面")
    ONLINE = "2", _("网上")
    QR = "3", _("扫码")
    GATHERING = "4", _("集中入会")
    TRANSFER = "5", _("转入")
    IMPORT = "6", _("数据导入")


class RelationKind(models.TextChoices):
    """The three kinds of ties to a platform, as the guidance of 2021 names them."""

    EMPLOYED = "1", _("劳动关系")
    PARTLY = "2", _("不完全符合确立劳动关系情形")
    ALONE = "3", _("个人依托平台自主就业")


class UnionAt(models.TextChoices):
    DISPATCHER = "1", _("派遣单位")
    USER = "2", _("用工单位")


class Honour(models.TextChoices):
    NATIONAL_MODEL = "model_nation", _("全国劳动模范")
    PROVINCE_MODEL = "model_prov", _("省部级劳动模范")
    CITY_MODEL = "model_city", _("市级劳动模范")
    MAY_FIRST_NATION = "may1_nation", _("全国五一劳动奖章")
    MAY_FIRST_PROVINCE = "may1_prov", _("省五一劳动奖章")
    CRAFTSMAN = "craftsman", _("工匠")


class NewForm(models.TextChoices):
    TRUCK = "N01", _("货车司机")
    RIDE = "N02", _("网约车司机")
    COURIER = "N03", _("快递员")
    FOOD = "N04", _("外卖配送员")
    CARE = "N05", _("护工护理员")
    DOMESTIC = "N06", _("家政服务员")
    PROMOTER = "N07", _("商场信息员")
    ESTATE = "N08", _("房产中介员")
    GUARD = "N09", _("保安员")
    STREAMER = "N10", _("网络主播")
    CHAUFFEUR = "N11", _("代驾司机")
    ERRAND = "N12", _("即时配送、跑腿")
    HOME_SERVICE = "N13", _("网约家政、上门服务")
    OTHER_PLATFORM = "N19", _("其他平台就业")
    NONE = "N99", _("不是新就业形态")


@dataclass(frozen=True)
class NewFormGroup:
    """A category of platform and flexible work with the two campaigns it belongs to."""

    code: str
    eight_groups: bool
    four_priority: bool


@lru_cache(maxsize=1)
def new_form_groups() -> dict[str, NewFormGroup]:
    """The table ``data/new_forms.csv``: which categories the two national campaigns count."""
    with (DATA / "new_forms.csv").open(encoding="utf-8") as lines:
        return {
            row["code"]: NewFormGroup(row["code"], row["eight_groups"] == "yes", row["four_priority"] == "yes")
            for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=1)
def nations() -> dict[str, tuple[str, str]]:
    """GB/T 3304, from ``data/nations.csv``: code → (Chinese, English)."""
    with (DATA / "nations.csv").open(encoding="utf-8") as lines:
        return {row["code"]: (row["name"], row["english"]) for row in csv.DictReader(lines)}


def nation_name(code: str) -> str:
    zh, en = nations().get(code, ("", ""))
    return en if (get_language() or "").startswith("en") else zh


OCCUPATION = r"[1-8]-\d{2}-\d{2}-\d{2}"  # of the national classification: major, middle, minor group, occupation


@lru_cache(maxsize=1)
def occupation_classes() -> dict[str, tuple[str, str]]:
    """The eight major groups of the classification of occupations (2022): first digit → (Chinese, English)."""
    with (DATA / "occupations.csv").open(encoding="utf-8") as lines:
        return {row["class"]: (row["name"], row["english"]) for row in csv.DictReader(lines)}


def occupation_name(code: str) -> str:
    """“6-18-01-01 生产制造及有关人员”: the code with its major group in words."""
    if not code:
        return ""
    zh, en = occupation_classes().get(code[0], ("", ""))
    return f"{code} {en if (get_language() or '').startswith('en') else zh}".strip()


def nation_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((code, nation_name(code)) for code in nations())]


def title_choices() -> list[tuple[str, str]]:
    """The grades of professional titles as they stand in sheets (``data/titles.csv``), in the reader's language."""
    with (DATA / "titles.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    english = (get_language() or "").startswith("en")
    return [("", "—"), *((row["title"], row["english"] if english else row["title"]) for row in rows)]
