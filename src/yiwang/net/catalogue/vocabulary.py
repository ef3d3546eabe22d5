"""The closed lists a definition chooses from, with the words people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, str | Promise]

# When in life a service is of use: how workers find it, and the groups of the list.
SITUATIONS: Words = {
    "bundle": _("一件事，一次办"),
    "rights": _("权益受损"),
    "hardship": _("遇到困难"),
    "health": _("看病和身心"),
    "membership": _("入会转会"),
    "skills": _("学技能、找工作"),
    "culture": _("文体和生活"),
    "voice": _("说说想法"),
    "organisation": _("工会组织办事"),
}

AUDIENCES: Words = {
    "worker": _("职工"),
    "member": _("会员"),
    "new_form": _("新就业劳动者"),
    "hardship": _("困难职工"),
    "model_worker": _("劳模"),
    "union": _("工会组织"),
    "cadre": _("工会干部"),
}

CHANNELS: Words = {
    "web": _("网上"),
    "phone": _("打12351"),
    "counter": _("到柜台"),
    "station": _("到驿站"),
    "delegate": _("找人代办"),
    "post": _("写信"),
}

# How someone who does not use the net gets the same service: one of these must be offered (handbook 6.2).
OFFLINE_CHANNELS = frozenset({"phone", "counter"})

SOURCES: Words = {
    "upload": _("要你交"),
    "on_file": _("已有，不用交"),
    "shared": _("不用交，我们去查"),
}

UNITS: Words = {
    "workday": _("个工作日"),
    "day": _("天"),
    "hour": _("小时"),
}

TIMINGS: Words = {
    "limit": _("随时申请，限时办结"),
    "instant": _("当场办好"),
    "window": _("一年一次，按期申报"),
}

RESULTS: Words = {
    "card": _("卡"),
    "record": _("登记"),
    "notice": _("告知书"),
    "approval": _("批复"),
    "certificate": _("证书"),
    "award": _("命名"),
    "answer": _("答复"),
    "decision": _("决定"),
    "agreement": _("协议"),
    "visit": _("上门"),
    "letter": _("函"),
    "opinion": _("处理意见"),
    "file": _("档案"),
    "payment": _("发钱"),
    "enrol": _("录取"),
    "code": _("预约码"),
    "seat": _("名额"),
    "loan": _("借阅"),
    "access": _("开门"),
    "match": _("推荐"),
    "session": _("预约"),
    "coupon": _("券"),
    "reply": _("回复"),
}

DELIVERIES: Words = {
    "in_app": _("在“我的事”里看"),
    "sms": _("发短信"),
    "pickup": _("到柜台领"),
    "post": _("寄给你"),
    "bank": _("打到卡上"),
}

EVIDENCE: Words = {
    "verified": _("读过原文"),
    "comparator": _("别处的规定，供参考"),
    "unverified": _("没核对过原文，不给职工看"),
    "design": _("本会自己的约定"),
}

# The two letters a code starts with.
DOMAINS: Words = {
    "BD": _("一件事"),
    "MB": _("会籍"),
    "OR": pgettext_lazy("domain", "组织"),
    "RT": _("维权"),
    "HP": _("帮扶"),
    "MA": _("互助"),
    "SK": _("技能"),
    "LM": _("劳模"),
    "CU": _("文体"),
    "ST": pgettext_lazy("domain", "驿站"),
    "EM": _("就业"),
    "PS": _("心理"),
    "FD": _("普惠"),
    "SG": _("建议"),
}

# Results worth telling a person about unasked, the most useful first; the rest is paperwork.
BENEFITS = ("payment", "card", "enrol", "seat", "coupon", "session", "match", "code", "loan", "access", "decision")
