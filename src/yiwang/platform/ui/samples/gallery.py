"""Which pages the living page has, and what each shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yiwang.platform.ui.samples import desk, figures, phone


@dataclass(frozen=True)
class Part:
    """One page of the gallery; its template is ``ui/living/parts/<key>.html``."""

    key: str
    title: str | Promise
    rule: str | Promise
    context: Callable[[HttpRequest], dict[str, Any]]
    frame: str = "both"

    @property
    def template(self) -> str:
        return f"ui/living/parts/{self.key}.html"


PARTS = [
    Part("tokens", gettext_lazy("颜色和字号"), gettext_lazy("右边是在白底上的对比度。"), phone.tokens, "desk"),
    Part("clock", gettext_lazy("时限钟"), gettext_lazy("圆弧是已用的时间，旁边一定有字。"), phone.clocks),
    Part("badge", gettext_lazy("状态徽章"), gettext_lazy("颜色、图标、文字，三样都有。"), phone.badges),
    Part("button", gettext_lazy("按钮"), gettext_lazy("写做什么，不写确定。"), phone.nothing),
    Part("chrome", gettext_lazy("顶栏、标签和侧栏"), gettext_lazy("深色顶栏是工作台。"), phone.chrome, "desk"),
    Part("service", gettext_lazy("服务卡和资格卡"), gettext_lazy("说“因为”，给出处，总有别的路。"), phone.eligibility),
    Part("field", gettext_lazy("输入和出错"), gettext_lazy("标签在上，错误说清怎么改。"), phone.fields, "phone"),
    Part("flow", gettext_lazy("分步填写和核对"), gettext_lazy("一页一件事，随时能存。"), phone.flow, "phone"),
    Part("timeline", gettext_lazy("办理进度"), gettext_lazy("做过的、现在的、还要多久。"), phone.timeline),
    Part("table", gettext_lazy("数据表"), gettext_lazy("筛选在网址里，按键翻页。"), desk.table, "desk"),
    Part("strip", gettext_lazy("数字条"), gettext_lazy("数字打得开它数的名单。"), desk.strip),
    Part("picker", gettext_lazy("选组织"), gettext_lazy("先搜再点。"), desk.picker, "phone"),
    Part("job", gettext_lazy("长任务"), gettext_lazy("部分成功是单独一种结果。"), desk.jobs),
    Part("state", gettext_lazy("空、等、错"), gettext_lazy("说发生了什么、什么还在、能做什么。"), phone.nothing),
    Part("message", gettext_lazy("消息和对话框"), gettext_lazy("对话框只在不能反悔之前出现。"), phone.nothing),
    Part("ledger", gettext_lazy("核算和审批"), gettext_lazy("证据、计算、决定，从左到右。"), desk.ledger, "desk"),
    Part("ballot", gettext_lazy("选票和回执"), gettext_lazy("像印出来的票，没有默认选项。"), phone.ballot, "phone"),
    Part("wages", gettext_lazy("工资表"), gettext_lazy("一格：工资、人数、变化。"), desk.wages, "desk"),
    Part("leaderboard", gettext_lazy("成绩榜"), gettext_lazy("没比完的不排名。"), desk.leaderboard, "desk"),
    Part("map", gettext_lazy("地图"), gettext_lazy("旁边的表里有同样的数。"), figures.province, "desk"),
    Part("chart", gettext_lazy("图表"), gettext_lazy("标题是问题，每张图都有表。"), figures.charts, "desk"),
    Part("icon", gettext_lazy("图标"), gettext_lazy("按意思命名，自绘。"), phone.icons, "desk"),
]

BY_KEY = {part.key: part for part in PARTS}
