"""The lists of the national form (RI 1.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FileClass(models.TextChoices):
    DEEP = "deep", _("深度困难")
    RELATIVE = "relative", _("相对困难")
    ACCIDENT = "accident", _("意外致困")
    EDGE = "edge", _("生活暂时困难")
    NONE = "none", pgettext_lazy("class", "不符合")


class Cause(models.TextChoices):
    CANNOT_WORK = "1", _("无劳动能力")
    NOT_EMPLOYED = "2", _("有劳动能力而未就业")
    LAID_OFF = "3", _("下岗失业")
    NOT_INSURED = "4", _("未参加社会保险")
    UNPAID_INSURANCE = "5", _("社会保险待遇落实不到位")
    ILLNESS = "6", _("患重特大疾病")
    DISASTER = "7", _("遭受自然灾害")
    ACCIDENT = "8", _("遭受意外事故")
    SCHOOLING = "9", _("子女上学")
    OTHER = "10", _("其他致困原因")


class Relation(models.TextChoices):
    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    IN_LAW = "in_law", _("岳父母或公婆")
    GRANDPARENT = "grandparent", _("祖父母")
    SIBLING = "sibling", _("兄弟姐妹")
    OTHER = "other", _("其他亲属")


class Origin(models.TextChoices):
    """Who first wrote a fact down."""

    APPLICANT = "applicant", _("本人申报")
    OFFICER = "officer", _("工会填写")


class WorkState(models.TextChoices):
    WORKING = "working", _("在岗")
    LAID_OFF = "laid_off", _("下（待）岗")
    UNEMPLOYED = "unemployed", _("失（无）业")
    RETIRED = "retired", _("退休")
    SICK_LEAVE = "sick_leave", _("病休")
    MIGRANT = "migrant", _("农民工")
    STUDENT = "student", _("学生")
    INFANT = "infant", _("学龄前")
    FARMER = "farmer", _("务农")
    SOLDIER = "soldier", _("服役")
    OTHER = "other", _("其他身份")


class Stage(models.TextChoices):
    PRESCHOOL = "preschool", _("学前")
    COMPULSORY = "compulsory", _("小学或初中")
    HIGH_SCHOOL = "high_school", _("高中或中职")
    HIGHER = "higher", _("大专及以上")


class IncomeKind(models.TextChoices):
    WAGE = "wage_net", _("到手工资")
    PENSION = "pension", _("养老金")
    UNEMPLOYMENT = "unemployment_benefit", _("失业金")
    BUSINESS = "business_net_income", _("经营净收入")
    PROPERTY = "property_income", _("房租、利息等")
    MAINTENANCE = "maintenance_received", _("赡养费、抚养费")
    OTHER = "other_transfer", _("其他转移收入")
    EXEMPT = "exempt_income", _("低保金、补贴等不计的")


class Bucket(models.TextChoices):
    MEDICAL = "medical", _("看病")
    EDUCATION = "education", _("上学")
    CARE = "care", _("因残或长期照料")
    ACCIDENT = "accident", _("意外损失")


class AssetKind(models.TextChoices):
    """RI E5."""

    HOME = "home", _("住房")
    SHOP = "shop", _("商铺")
    VEHICLE = "vehicle", _("车辆")
    MONEY = "money", _("存款、证券、理财")
    COMPANY = "company", _("企业股权、个体户")
    SPENDING = "spending", _("大额开销")


class Holding(models.TextChoices):
    OWN = "own", _("自己的")
    JOINT = "joint", _("和别人共有")
    USED = "used", _("租的、借用的")


class Housing(models.TextChoices):
    """The kinds of the national form."""

    UNIT = "unit", _("承租单位公房")
    PUBLIC = "public", _("政府廉租房、公租房")
    OWN = "own", _("自购房")
    RENTED = "rented", _("租房")
    BUILT = "built", _("自建房")
    OTHER = "other", pgettext_lazy("column", "其他")


class VehicleUse(models.TextChoices):
    AID = "aid", _("残疾、看病代步")
    TRADE = "trade", _("营运")
    PRIVATE = "private", _("私家用")


class Knowledge(models.TextChoices):
    """How a belonging came to be known."""

    APPLICANT = "applicant", _("本人申报")
    SEEN = "seen", _("入户看到、本人补充")
    CHECK = "check", _("核对平台告知")


class ItemKind(models.TextChoices):
    LIVING = "living", _("生活救助")
    MEDICAL = "medical", _("医疗救助")
    EDUCATION = "education", _("子女助学")
    ACCIDENT = "accident", _("意外救助")
    WARMTH = "warmth", _("送温暖")
    TEMPORARY = "temporary", _("临时救助")


class Level(models.TextChoices):
    COUNTY = "county", _("县级审批")
    PROVINCE = "province", _("省级审批")
    NATIONAL = "national", _("全总审批")


class Signal(models.TextChoices):
    """RI 1.12."""

    WAGE = "wage", _("申报工资低于参保基数")
    HOMES = "homes", _("两套以上住房")
    VEHICLE = "vehicle", _("名下有车")
    BUSINESS = "business", _("是股东或法定代表人")
    STATUS = "status", _("有人去世、服役或服刑")
    BALANCES = "balances", _("存款或证券超限")
    STUDENT = "student", _("学籍对不上")
    INVOICE = "invoice", _("票据验真没通过")
    SHARED = "shared", _("电话、住址或账户多户共用")
    VISITOR = "visitor", _("入户记录反常")
    RELATIVE = "relative", _("和工会干部或用人单位有亲属关系")
    THRESHOLD = "threshold", _("刚好在线边上")
    ROUND = "round", _("票据金额反常")
    OTHER_FILE = "other_file", _("家里有人在另一份档案里")
    SAME_BILL = "same_bill", _("票据在别处用过")
    REIMBURSED = "reimbursed", _("报销比总费用还多")
    SAMPLED = "sampled", _("上级抽查对不上")
    WARNING = "warning", _("资料看着不寻常")


class Paper(models.TextChoices):
    """The forms of RI 1.15 that are filled from a file."""

    APPLICATION = "application", _("困难职工帮扶申请书")
    AUTHORISATION = "authorisation", _("家庭经济状况核对授权委托书")
    INCOME = "income", _("困难职工家庭月人均收入测算表")
    VISIT = "visit", _("入户调查表")
    NOTICE = "notice", _("公示单")
    APPROVAL = "approval", _("审批表")
    REVIEW = "review", _("复核表")
    LEAVING = "leaving", _("退档告知书")
    SCHOOL = "school", _("金秋助学申请表")
    EDGE = "edge", _("生活暂时困难职工申请表")
