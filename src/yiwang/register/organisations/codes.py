"""Code lists of employers (handbook GT 1.4), as used on real union information forms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitNature(models.TextChoices):
    STATE = "110", _("国有企业")
    COLLECTIVE = "120", _("集体企业")
    SHARE_COOPERATIVE = "130", _("股份合作企业")
    JOINT_OPERATION = "140", _("联营企业")
    SOLE_STATE = "151", _("国有独资公司")
    LIMITED = "159", _("其他有限责任公司")
    STATE_SHARE = "161", _("国有控股的股份有限公司")
    SHARE = "169", _("其他股份有限公司")
    PRIVATE = "170", _("私营企业")
    OTHER_DOMESTIC = "190", _("其他内资企业")
    TAIWAN_HK_MACAU = "200", _("台港澳商投资企业")
    FOREIGN = "300", _("外商投资企业")
    INSTITUTION = "400", _("事业单位")
    ORGAN = "500", _("机关")
    SELF_EMPLOYED = "600", _("个体经济组织")
    PRIVATE_NON_ENTERPRISE = "700", _("民办非企业单位")
    SOCIETY = "710", _("社会团体")
    FOUNDATION = "720", _("基金会")
    OTHER_SOCIAL = "730", _("律所、会计所等其他社会组织")
    VILLAGE = "800", _("村（社区）")
    PLATFORM = "900", _("平台新就业群体")


class Ownership(models.TextChoices):
    STATE = "state", _("国有及国有控股")
    COLLECTIVE = "collective", _("集体")
    NON_PUBLIC = "non_public", _("非公有制")
    INSTITUTION = "institution", _("事业单位")
    ORGAN = "organ", _("机关")
    SOCIAL = "social", _("社会组织")
    VILLAGE = "village", _("村（社区）")
    PLATFORM = "platform", _("平台新就业群体")


class Industry(models.TextChoices):
    """Sections A–T of GB/T 4754."""

    AGRICULTURE = "A", _("农、林、牧、渔业")
    MINING = "B", _("采矿业")
    MANUFACTURING = "C", _("制造业")
    ENERGY = "D", _("电力、热力、燃气及水的生产和供应业")
    CONSTRUCTION = "E", _("建筑业")
    TRADE = "F", _("批发和零售业")
    TRANSPORT = "G", _("交通运输、仓储和邮政业")
    CATERING = "H", _("住宿和餐饮业")
    INFORMATION = "I", _("信息传输、软件和信息技术服务业")
    FINANCE = "J", _("金融业")
    REAL_ESTATE = "K", _("房地产业")
    LEASING = "L", _("租赁和商务服务业")
    SCIENCE = "M", _("科学研究和技术服务业")
    WATER_ENVIRONMENT = "N", _("水利、环境和公共设施管理业")
    RESIDENT_SERVICES = "O", _("居民服务、修理和其他服务业")
    EDUCATION = "P", _("教育")
    HEALTH = "Q", _("卫生和社会工作")
    CULTURE = "R", _("文化、体育和娱乐业")
    PUBLIC_ADMINISTRATION = "S", _("公共管理、社会保障和社会组织")
    INTERNATIONAL = "T", _("国际组织")


class Size(models.TextChoices):
    LARGE = "L", _("大型")
    MEDIUM = "M", _("中型")
    SMALL = "S", _("小型")
    MICRO = "X", _("微型")


BANDS = ((25, "<25"), (50, "25–49"), (100, "50–99"), (200, "100–199"), (500, "200–499"), (1000, "500–999"))

_NON_PUBLIC = {"130", "140", "159", "169", "170", "190", "200", "300"}
_ALWAYS = {
    "110": Ownership.STATE,
    "151": Ownership.STATE,
    "161": Ownership.STATE,
    "120": Ownership.COLLECTIVE,
    "400": Ownership.INSTITUTION,
    "500": Ownership.ORGAN,
    "600": Ownership.NON_PUBLIC,
    "700": Ownership.SOCIAL,
    "710": Ownership.SOCIAL,
    "720": Ownership.SOCIAL,
    "730": Ownership.SOCIAL,
    "800": Ownership.VILLAGE,
    "900": Ownership.PLATFORM,
}


def headcount_band(headcount: int) -> str:
    return next((label for limit, label in BANDS if headcount < limit), "≥1000")


def ownership(unit_nature: str, *, state_controlled: bool) -> Ownership:
    """The first-level bucket of an employer (GT 1.15); every employer falls in exactly one."""
    if unit_nature in _NON_PUBLIC:
        return Ownership.STATE if state_controlled else Ownership.NON_PUBLIC
    return _ALWAYS[unit_nature]
