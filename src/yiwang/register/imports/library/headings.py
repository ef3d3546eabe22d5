"""Which column of a file is which of ours: by its own name, by names people use, by what was said before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yiwang.register.imports.errors import BadSheet
from yiwang.register.imports.library.columns import folded

if TYPE_CHECKING:
    from yiwang.register.imports.library.layouts import Layout

USUAL = {
    "name": ("会员姓名", "职工姓名", "名字"),
    "id_type": ("证件种类", "证件类别"),
    "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号", "居民身份证号码"),
    "nation": ("民族名称",),
    "education": ("文化程度", "最高学历"),
    "phone": ("手机", "手机号", "联系电话", "电话", "移动电话", "联系方式"),
    "household_type": ("户口性质", "户籍性质", "户口类型"),
    "employer_name": ("单位", "工作单位", "所在单位", "企业名称", "用人单位"),
    "uscc": ("信用代码", "社会信用代码", "单位信用代码", "统一信用代码"),
    "department": ("所在部门", "科室", "车间"),
    "post": ("岗位", "工种", "职务", "岗位名称"),
    "employ_kind": ("用工类型", "用工性质"),
    "employ_state": ("在职状态", "工作状态"),
    "is_migrant": ("农民工", "是否为农民工"),
    "new_form": ("新就业形态群体", "八大群体", "是否八大群体"),
    "skill_level": ("职业技能等级", "技能"),
    "joined_on": ("入会日期", "加入工会时间", "会籍日期"),
    "organisation": ("工会编码", "所属工会", "工会代码", "所属工会代码"),
    "group": ("小组", "所在小组"),
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """Where our columns stand in the file; headings nobody knows; required columns that are not there."""

    places: dict[str, int]
    strange: list[str]
    missing: list[str]


def match_columns(header: Sequence[str], known: Mapping[str, str], layout: "Layout") -> Match:
    """Own names win over remembered ones, those over usual ones. A heading that stands there twice is refused."""
    places: dict[str, int] = {}
    own = {heading: key for key, heading in layout.headings.items()}
    words = {word: key for key, others in layout.usual.items() for word in others}
    usual = {heading: words[bare] for heading in header if (bare := _bare(heading)) in words}
    for keys in (own, known, usual):
        for place, heading in enumerate(header):
            key = keys.get(heading) if heading and place not in places.values() else None
            if key is None:
                continue
            if key in places and header[places[key]] == heading:
                raise BadSheet("twice", _("表头里“{heading}”出现了两次。").format(heading=heading))
            places.setdefault(key, place)
    strange = [heading for place, heading in enumerate(header) if heading and place not in places.values()]
    return Match(places, strange, [column.key for column in layout.required if column.key not in places])


def _bare(heading: str) -> str:
    """Without what stands in brackets: “手机（必填）”."""
    return folded(heading.partition("（")[0].partition("(")[0])


def refuse_incomplete(keys: Iterable[str], layout: "Layout") -> None:
    missing = [column.heading for column in layout.required if column.key not in set(keys)]
    if missing:
        text = _("表头缺少这些必填的列：{names}。请用模板填写，不要改列名。")
        raise BadSheet("missing_columns", text.format(names="、".join(missing)))
