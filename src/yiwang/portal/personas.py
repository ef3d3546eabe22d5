"""The people of the demo federation whom a visitor on this machine may be for a while: nine, and more."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Persona:
    """One door of the demo page; ``phone`` finds the account, ``opens`` is the page behind the door."""

    key: str
    phone: str
    name: str
    who: str | Promise
    does: str | Promise
    icon: str
    opens: str


PERSONAS: tuple[Persona, ...] = (
    Persona(
        key="worker",
        phone="13800000001",
        name="周文娟",
        who=_("职工，恒达精密装配工"),
        does=_("看看自己符合什么，补交材料，评价办完的事。"),
        icon="user",
        opens="/",
    ),
    Persona(
        key="courier",
        phone="13800000002",
        name="赵一鸣",
        who=_("快递员，还没入会"),
        does=_("扫码入会，欠薪求助。"),
        icon="truck",
        opens="/",
    ),
    Persona(
        key="chair",
        phone="13800000003",
        name="刘芳",
        who=_("恒达精密工会主席"),
        does=_("受理本单位职工的申请，替人代办。"),
        icon="users",
        opens="/work/",
    ),
    Persona(
        key="town_officer",
        phone="13800000004",
        name="顾晓东",
        who=_("玉山镇工会干部"),
        does=_("接住没有工会的小单位的事。"),
        icon="tree",
        opens="/work/",
    ),
    Persona(
        key="county_handler",
        phone="13800000005",
        name="沈佳",
        who=_("昆山市总工会经办"),
        does=_("核实、补正、转办，登记来电来访。"),
        icon="tray",
        opens="/work/",
    ),
    Persona(
        key="county_approver",
        phone="13800000006",
        name="陆明",
        who=_("昆山市总工会审批"),
        does=_("看理由作决定，发告知书。"),
        icon="check-circle",
        opens="/work/",
    ),
    Persona(
        key="city_supervisor",
        phone="13800000007",
        name="何静",
        who=_("苏州市总工会督办"),
        does=_("看逾期，督办，指定办理。"),
        icon="flag",
        opens="/work/",
    ),
    Persona(
        key="province_leader",
        phone="13800000008",
        name="江敏",
        who=_("江苏省总工会领导"),
        does=_("看全省的数，一层层点到具体的事。"),
        icon="chart",
        opens="/work/figures/",
    ),
    Persona(
        key="administrator",
        phone="13800000009",
        name="陈工",
        who=_("系统管理员"),
        does=_("看系统状态和后台任务；看不到任何人的事。"),
        icon="settings",
        opens="/work/system/",
    ),
)

# Further doors, for one matter each.
MORE: tuple[Persona, ...] = (
    Persona(
        key="refused",
        phone="13800000023",
        name="葛伟明",
        who=_("职工，申请建档没通过"),
        does=_("看差多少、每一步怎么算的，申请复核。"),
        icon="receipt",
        opens="/aid/",
    ),
    Persona(
        key="rider",
        phone="13800000024",
        name="何海峰",
        who=_("外卖骑手，平台劳动者代表"),
        does=_("看会议材料，对计价和派单规则提意见。"),
        icon="truck",
        opens="/congress/",
    ),
    Persona(
        key="finance",
        phone="13800000022",
        name="温岚",
        who=_("昆山市总工会财务"),
        does=_("把批过的批次交给银行，登回执，对平。"),
        icon="yuan",
        opens="/work/payments/",
    ),
    Persona(
        key="audit",
        phone="13800000025",
        name="冯衡",
        who=_("昆山市总工会经费审查"),
        does=_("看档案、测算、发放和操作留痕，一样也改不了。"),
        icon="shield",
        opens="/work/aid/",
    ),
)


def by_key(key: str) -> Persona | None:
    return next((persona for persona in (*PERSONAS, *MORE) if persona.key == key), None)
