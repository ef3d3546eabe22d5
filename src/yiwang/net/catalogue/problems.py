"""What stands between a draft and its publication: each a sentence that says what to change, and where.

The rules are those of handbook 6.3 and 6.10: no promise longer than the law allows, no vague papers, nothing asked
that another office already holds, both languages, steps somebody can really take.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.net.catalogue.bundling import bundle_problems
from yiwang.net.catalogue.definitions import Definition, Limit, Material, Step
from yiwang.net.catalogue.problem import Problem
from yiwang.net.catalogue.vocabulary import (
    AUDIENCES,
    CHANNELS,
    DELIVERIES,
    EVIDENCE,
    OFFLINE_CHANNELS,
    RESULTS,
    SITUATIONS,
    SOURCES,
    TIMINGS,
    UNITS,
)
from yiwang.platform.forms.library.definition import FormDefinition
from yiwang.platform.forms.library.fields import Text
from yiwang.platform.ui.icons import drawings
from yiwang.register.access.roles import CAPABILITIES, CAPABILITY_NAMES, LEVELS, Role

# 兜底材料: names that leave open what is asked (优化营商环境条例).
VAGUE = re.compile(
    r"(其他|其它|相关|有关|必要|所需|规定|指定)的?(材料|证明|资料|文件|手续|证件)"
    r"|(材料|证明|资料|文件|证件)等|等(材料|证明|资料|文件|证件)?$|视情况|^(材料|证明|资料|文件)$"
    r"|\b(other|relevant|necessary|required)\b.*\b(materials?|documents?|papers?|proofs?)\b|\betc\b",
    re.IGNORECASE,
)

# What other offices already hold: never asked of a person (国务院令716号 art. 7).
SHAREABLE = re.compile(
    r"身份证(复印件)?$|户口(簿|本)|结婚证|离婚证|营业执照|(社保|参保|缴费)证明|低保证(明)?$|学籍证明|纳税证明|不动产(证|登记证明)|无房证明|无业证明"
)

DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
LONGEST_WORDS = 10
SIMILAR = 0.6


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a definition is checked against: the rule sets that check, and the other published services."""

    code: str = ""
    is_local: bool = False
    rulesets: Collection[str] = field(default_factory=frozenset)
    provincial: Mapping[str, Definition] = field(default_factory=dict)


def problems_of(definition: Definition, around: Surroundings) -> list[Problem]:
    return [
        *_basics(definition),
        *_grounds(definition, around),
        *_materials(definition),
        *_form(definition),
        *_steps(definition),
        *_limits(definition, around),
        *_result(definition),
        *_words(definition),
        *bundle_problems(definition, around.code, around.provincial),
        *_duplicates(definition, around),
    ]


def _needed(text: Text, what: str, section: str, place: str) -> Iterator[Problem]:
    if not text.zh:
        yield Problem("no_text", _("还没写{what}。").format(what=what), section, place)
    elif not text.en:
        message = _("{what}“{text}”还没有英文。补上英文，外籍职工也看得懂。")
        yield Problem("no_english", message.format(what=what, text=text.zh), section, f"{place}-en")


def _english(text: Text, what: str, section: str, place: str) -> Iterator[Problem]:
    if text.zh:
        yield from _needed(text, what, section, place)


def _basics(definition: Definition) -> Iterator[Problem]:
    yield from _needed(definition.name, _("名称"), "basics", "name")
    yield from _needed(definition.summary, _("一句话说明"), "basics", "summary")
    if definition.situation not in SITUATIONS:
        yield Problem("no_situation", _("选一个“什么时候用得上”，职工按这个找。"), "basics", "situation")
    if not definition.audience or set(definition.audience) - set(AUDIENCES):
        yield Problem("no_audience", _("选好给谁办。"), "basics", "audience")
    if not definition.levels:
        yield Problem("no_level", _("选好由哪一级办。"), "basics", "levels")
    if definition.icon not in drawings():
        yield Problem(
            "unknown_icon", _("没有叫“{icon}”的图标，换一个。").format(icon=definition.icon), "basics", "icon"
        )
    if not set(definition.channels) & OFFLINE_CHANNELS or set(definition.channels) - set(CHANNELS):
        text = _("除了网上，还要留电话或柜台：不会上网的人也要能办。")
        yield Problem("no_offline_channel", text, "basics", "channels")
    if not 1 <= definition.minutes <= 60:
        yield Problem("bad_minutes", _("填表大约几分钟，写1到60。"), "basics", "minutes")
    if definition.gain is not None:
        yield from _english(definition.gain.label, _("“得到什么”的标题"), "basics", "gain")
        yield from _english(definition.gain.unit, _("得到什么"), "basics", "gain")


def _grounds(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    if not definition.ruleset and not definition.conditions:
        yield Problem("no_conditions", _("还没写谁能办。选一套规则，或写出条件。"), "conditions", "conditions")
    if definition.ruleset and definition.ruleset not in around.rulesets:
        text = _("规则“{ruleset}”不存在或没通过检查，不能用。换一套，或先改好规则。")
        yield Problem("bad_ruleset", text.format(ruleset=definition.ruleset), "conditions", "ruleset")
    for place, condition in enumerate(definition.conditions):
        yield from _needed(condition, _("第{n}个条件").format(n=place + 1), "conditions", f"conditions-{place}")
    if not definition.legal_basis:
        yield Problem("no_basis", _("还没写依据。是本会自己的约定就选“本会自己的约定”。"), "conditions", "legal_basis")
    for place, basis in enumerate(definition.legal_basis):
        where = f"legal_basis-{place}"
        yield from _needed(basis.title, _("第{n}条依据").format(n=place + 1), "conditions", where)
        if basis.evidence not in EVIDENCE:
            text = _("依据“{title}”没选是否核对过原文。没核对的不会给职工看。")
            yield Problem("no_evidence", text.format(title=basis.title), "conditions", where)


def _materials(definition: Definition) -> Iterator[Problem]:
    if not definition.materials:
        text = _("还没写材料。什么都不用交，也写一条“已有，不用交”。")
        yield Problem("no_materials", text, "materials", "materials")
    fields = FormDefinition.from_json(definition.form).by_key
    file_keys = {key for key, part in fields.items() if part.is_file}
    for place, material in enumerate(definition.materials):
        yield from _material(material, f"materials-{place}", place + 1, file_keys)
    listed = {material.field for material in definition.materials if material.is_asked}
    for key in sorted(file_keys - listed):
        text = _("表单里要人上传“{label}”，材料里却没列。列进材料，或从表单里拿掉。")
        yield Problem("unlisted_upload", text.format(label=fields[key].label), "materials", "materials")


def _material(material: Material, where: str, number: int, file_keys: set[str]) -> Iterator[Problem]:
    yield from _needed(material.name, _("第{n}样材料").format(n=number), "materials", where)
    yield from _english(material.hint, _("材料的提示"), "materials", where)
    if material.source not in SOURCES:
        text = _("“{name}”没选怎么来：要人交，还是已有，还是我们去查。")
        yield Problem("no_source", text.format(name=material.name), "materials", where)
    if VAGUE.search(material.name.zh) or VAGUE.search(material.name.en):
        text = _("“{name}”说得太宽，是兜底材料，不能要。写清楚是哪一样。")
        yield Problem("vague_material", text.format(name=material.name), "materials", where)
    if material.is_asked and SHAREABLE.search(material.name.zh):
        text = _("“{name}”别的部门已经有，我们去查，不能让人交。改成“不用交，我们去查”。")
        yield Problem("shareable_asked", text.format(name=material.name), "materials", where)
    if material.source == "shared" and material.field:
        text = _("“{name}”是我们去查的，表单里却还在要。去掉表单里的那一项。")
        yield Problem("shared_asked", text.format(name=material.name), "materials", where)
    if material.source == "shared" and not material.origin.zh:
        text = _("“{name}”向哪个部门查，还没写。")
        yield Problem("no_origin", text.format(name=material.name), "materials", where)
    if material.is_asked and material.field not in file_keys:
        text = _("“{name}”要人交，但表单里没有上传它的地方。在表单里加一项，或选对是哪一项。")
        yield Problem("no_upload", text.format(name=material.name), "materials", where)


def _form(definition: Definition) -> Iterator[Problem]:
    for text in FormDefinition.from_json(definition.form).problems():
        yield Problem("form", text, "form", "form")


def _steps(definition: Definition) -> Iterator[Problem]:
    if not definition.steps:
        yield Problem("no_steps", _("还没写申请之后怎么办。至少写一步。"), "steps", "steps")
    for place, step in enumerate(definition.steps):
        yield from _step(step, f"steps-{place}", place + 1)
    if definition.timing == "limit" and _steps_outlast(definition):
        text = _("各步加起来比承诺的时间长。缩短某一步，或放长承诺。")
        yield Problem("steps_too_long", text, "steps", "steps")


def _steps_outlast(definition: Definition) -> bool:
    promised = definition.promised_limit
    limits = [step.limit for step in definition.steps if step.limit]
    if promised is None or promised.unit not in UNITS:
        return False
    if all(limit.unit == promised.unit for limit in limits):
        return sum(limit.amount for limit in limits) > promised.amount
    # Turning working days into days rounds each step up by less than a day.
    return sum(limit.days for limit in limits) > promised.days + len(limits)


def _step(step: Step, where: str, number: int) -> Iterator[Problem]:
    what = _("第{n}步").format(n=number)
    yield from _needed(step.title, what, "steps", where)
    yield from _english(step.text, _("{what}的说明").format(what=what), "steps", where)
    if step.role not in Role.values:
        text = _("{what}没选谁来办，或选的角色不存在。")
        yield Problem("unknown_role", text.format(what=what), "steps", where)
        return
    role = Role(step.role)
    if step.level not in LEVELS[role]:
        text = _("{what}：{role}不在第{level}级。换一个角色，或换一级。")
        yield Problem("role_not_at_level", text.format(what=what, role=role.label, level=step.level), "steps", where)
    if step.capability not in CAPABILITY_NAMES:
        yield Problem("unknown_capability", _("{what}没选办理权。").format(what=what), "steps", where)
    elif step.capability not in CAPABILITIES[role]:
        text = _("{what}：{role}没有这一步要的权。换一个角色。")
        yield Problem("role_lacks_capability", text.format(what=what, role=role.label), "steps", where)
    if step.limit is None or step.limit.amount < 1 or step.limit.unit not in UNITS:
        text = _("{what}最多几天没写全：数字和单位都要有。")
        yield Problem("step_without_limit", text.format(what=what), "steps", where)


def _limits(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    promised, legal = definition.promised_limit, definition.legal_limit
    if definition.timing not in TIMINGS:
        yield Problem("no_timing", _("选好什么时候能申请。"), "steps", "timing")
    if promised is None:
        yield Problem("no_promise", _("还没写承诺多久有结果。"), "steps", "promised_limit")
    for limit, where in ((promised, "promised_limit"), (legal, "legal_limit")):
        if limit and (limit.unit not in UNITS or limit.amount < 1):
            text = _("时限写了{amount}，没写清是工作日还是天。")
            yield Problem("limit_without_unit", text.format(amount=limit.amount), "steps", where)
    if _longer(promised, legal):
        text = _("承诺{promised}，比最长时限{legal}还长，不能发布。把承诺改短。")
        text = text.format(promised=limit_text(promised), legal=limit_text(legal))
        yield Problem("promise_over_legal", text, "steps", "promised_limit")
    above = around.provincial.get(definition.province_item)
    if around.is_local and above and _longer(promised, above.promised_limit):
        text = _("全省承诺最多{limit}，本地只能更短。")
        text = text.format(limit=limit_text(above.promised_limit))
        yield Problem("promise_over_province", text, "steps", "promised_limit")
    yield from _window(definition)
    if definition.visits and not definition.visit_reason.zh:
        yield Problem("visit_without_reason", _("要人跑一趟，得写明为什么非来不可。"), "steps", "visit_reason")
    yield from _english(definition.visit_reason, _("到现场的原因"), "steps", "visit_reason")
    if definition.fee < 0 or (definition.fee and not definition.fee_basis.zh):
        yield Problem("fee_without_basis", _("要收费就得写明依据；没有依据不能收。"), "steps", "fee_basis")


def _window(definition: Definition) -> Iterator[Problem]:
    if definition.timing != "window":
        return
    window = definition.window
    if window is None or not DAY.fullmatch(window.opens) or not DAY.fullmatch(window.closes):
        text = _("按期申报的，要写哪天开始、哪天截止，像03-01。")
        yield Problem("no_window", text, "steps", "window")


def _longer(one: Limit | None, other: Limit | None) -> bool:
    return bool(one and other and one.unit in UNITS and other.unit in UNITS and one.days > other.days)


def limit_text(limit: Limit | None) -> str:
    if limit is None:
        return ""
    lengths = {
        "workday": ngettext("{n}个工作日", "{n}个工作日", limit.amount),
        "day": ngettext("{n}天", "{n}天", limit.amount),
        "hour": ngettext("{n}小时", "{n}小时", limit.amount),
    }
    return lengths.get(limit.unit, "{n}").format(n=limit.amount)


def _result(definition: Definition) -> Iterator[Problem]:
    result = definition.result
    if result.kind not in RESULTS:
        yield Problem("no_result", _("选好最后给人什么。"), "result", "result")
    yield from _needed(result.name, _("结果的名称"), "result", "result")
    if not result.delivery or set(result.delivery) - set(DELIVERIES):
        yield Problem("no_delivery", _("选好结果怎么送到。"), "result", "delivery")
    if "pickup" in result.delivery and len(result.delivery) == 1 and not definition.visits:
        text = _("结果只能到柜台领，那就要跑一趟：到现场次数写1，并写原因。")
        yield Problem("pickup_is_a_visit", text, "result", "delivery")


def _words(definition: Definition) -> Iterator[Problem]:
    if not definition.aliases:
        yield Problem("no_words", _("写几个老百姓的说法，不然搜不到。"), "words", "aliases")
    for word in definition.aliases:
        if len(word) > LONGEST_WORDS:
            yield Problem("long_word", _("“{word}”太长，没人这样搜。").format(word=word), "words", "aliases")
    for place, way in enumerate(definition.other_ways):
        yield from _english(way, _("第{n}个别的办法").format(n=place + 1), "words", f"other_ways-{place}")


def _duplicates(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    if not around.is_local:
        return
    if definition.province_item and definition.province_item not in around.provincial:
        text = _("全省没有编码“{code}”的事项。")
        yield Problem("unknown_province_item", text.format(code=definition.province_item), "basics", "province_item")
    if definition.province_item:
        return
    for code, other in around.provincial.items():
        if definition.name.zh and is_same_matter(definition, other):
            text = _("全省已有“{name}”（{code}），看起来是同一件事。选它作对应的全省事项，或改个名字。")
            yield Problem("duplicate", text.format(name=other.name, code=code), "basics", "province_item")
            return


def is_same_matter(one: Definition, other: Definition) -> bool:
    """Same name, one's name among the other's everyday words, or most pairs of characters in common."""
    name = one.name.zh
    if name == other.name.zh or name in other.aliases:
        return True
    mine, theirs = _pairs(name), _pairs(other.name.zh)
    return bool(mine and theirs) and len(mine & theirs) >= SIMILAR * len(mine | theirs)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
