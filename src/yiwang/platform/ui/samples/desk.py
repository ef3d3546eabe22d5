"""Samples of the parts staff meet."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import Badge, Contestant, JobFace, LedgerLine, StripCell, WageCell, WageRow
from yiwang.platform.ui.samples.phone import income_scale
from yiwang.platform.ui.tables import (
    BadgeColumn,
    BulkMove,
    ChoiceFilter,
    ClockColumn,
    Column,
    LinkColumn,
    SearchFilter,
    SwitchFilter,
    Table,
)
from yiwang.platform.ui.widgets import MoneyInput


@dataclass(frozen=True)
class Matter:
    public_id: str
    title: str
    number: str
    person: str
    state: Badge
    face: ClockFace
    next_step: str

    def __str__(self) -> str:
        return self.title


MATTERS = [
    Matter(
        "a1", "拖欠工资：装修班组尾款没结就不发", "维权00871·12351·花桥镇", "王德山等12人",
        Badge("调解中", "info", "talks"), ClockFace("over", 20, 20, "逾期1天", "应办11-19"), "写明逾期原因",
    ),
    Matter(
        "a2", "工伤认定缺单位盖章，单位拖着", "维权00902·手机·张浦镇", "刘强",
        Badge("核实中", "info", "search"), ClockFace("today", 10, 11, "今天18:00", "第10天"), "约单位人事，今天回复",
    ),
    Matter(
        "a3", "入会申请：网约车司机9人", "入会01120·手机·全市", "陈国庆等9人",
        Badge("待审核", "warn", "clock"), ClockFace("soon", 8, 10, "还剩2天", "11-24"), "查重已过，可通过",
    ),
    Matter(
        "a4", "合同到期不续签，没给补偿", "维权00921·12351·淀山湖镇", "朱建",
        Badge("已受理", "info", "file-check"), ClockFace("run", 4, 10, "还剩6天", "11-30"), "联系单位",
    ),
    Matter(
        "a5", "大病致困帮扶", "帮扶00417·手机·花桥镇", "周文娟",
        Badge("等补材料", "wait", "pause"), ClockFace("paused", 8, 20, "暂停第2天", "等本人"), "11-25未交自动提醒",
    ),
]  # fmt: skip


class MatterTable(Table):
    """The sample list. It stands in memory, so its filters and pages only show; a real table takes a queryset."""

    name = "matters"
    label = "待办"
    order = "pk"
    columns = [
        ClockColumn("face", "时限（工作日）", sort="pk", is_optional=False),
        LinkColumn("title", "事项", url=lambda row: f"#{row.public_id}", caption=lambda row: row.number),
        Column("person", "当事人"),
        BadgeColumn("state", "状态"),
        Column("next_step", "下一步", css="sub"),
    ]
    filters = [
        SearchFilter(label="姓名、单位、编号"),
        ChoiceFilter("kind", "类型", options=[("rights", "维权"), ("join", "入会")]),
        ChoiceFilter("place", "属地", options=[("ks", "昆山各镇"), ("tc", "太仓各镇")]),
        SwitchFilter("late", "只看逾期"),
    ]
    bulk = [
        BulkMove("accept", "通过", "/ui/echo/", "check"),
        BulkMove("pass", "转办", "/ui/echo/", "transfer"),
        BulkMove("return", "退回补充", "/ui/echo/", "return"),
    ]

    def moves_of(self, row: Any) -> set[str]:
        return {"accept", "return", "pass"} if row.state.tone == "warn" else {"pass"}

    @property
    def window(self) -> tuple[list[Any], bool, bool]:
        asked = self.given.get("q", "")
        return [row for row in MATTERS if asked in row.title + row.person], False, False

    @property
    def total(self) -> int:
        return len(self.window[0])


def table(request: HttpRequest) -> dict[str, Any]:
    return {"table": MatterTable(request, ContentType.objects.none()), "chosen": MATTERS[1]}


def strip(request: HttpRequest) -> dict[str, Any]:
    cells = [
        StripCell("1", "已逾期", url="?due=over", clock="over"),
        StripCell("3", "今天到期", url="?due=today", clock="today", is_on=True),
        StripCell("6", "3个工作日内", url="?due=soon", clock="soon"),
        StripCell("8", "还充裕", url="?due=run", clock="run"),
        StripCell("4", "时限暂停", url="?due=paused", clock="paused"),
        StripCell("96.2", "本月按时办结", unit="%", delta="上月94.8%"),
    ]
    return {"cells": cells}


@dataclass(frozen=True)
class Hit:
    value: str
    name: str
    place: str
    figure: str = ""
    is_withdrawn: bool = False


HITS = [
    Hit("h1", "恒达精密电子工会", "昆山市 / 花桥 / 商务区联合工会", "会员1,106"),
    Hit("h2", "恒达物流联合工会", "无锡市 / 新吴区", "会员212"),
    Hit("h3", "苏州恒达注塑工会", "苏州市 / 相城区", is_withdrawn=True),
]


def picker(request: HttpRequest) -> dict[str, Any]:
    return {"hits": HITS}


def found(asked: str) -> list[Hit]:
    return [hit for hit in HITS if asked in hit.name]


def jobs(request: HttpRequest) -> dict[str, Any]:
    runs = [
        JobFace("导出会员名册", "running", 12480, 38426, "约还要1分40秒。"),
        JobFace("导入组织", "queued", 0, 0),
        JobFace(
            "导入入会名单", "partly", 318, 325,
            note="318人已入会，7人没导入：5人证件号不对，2人已在别处入会。",
            failures_url="#rows", failures_text="下载这7行，改好再传",
        ),
        JobFace("重算全省数字", "done", 23563, 23563, note="用了42秒。"),
        JobFace("导出名册", "failed", 100, 900, note="磁盘满了。腾出空间后再试。"),
        JobFace("批量转办", "cancelled", 3, 40, note="已转3件，其余没动。"),
    ]  # fmt: skip
    return {"runs": runs}


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="结论",
        choices=[("yes", "同意"), ("return", "退回补正"), ("no", "不同意"), ("group", "提集体研究")],
        widget=forms.RadioSelect({"data-columns": "2"}),
    )
    amount = forms.DecimalField(
        label="核定金额", widget=MoneyInput, help_text="和核算不一样时，要写理由，并自动提集体研究。"
    )
    opinion = forms.CharField(label="意见", widget=forms.Textarea(attrs={"rows": 3}))


def ledger(request: HttpRequest) -> dict[str, Any]:
    lines = [
        LedgerLine("家庭收入（元）", kind="group"),
        LedgerLine("本人工资", "", "62,160.00", "62,160.00", "税后实发，与流水一致", [("E4", "#e4")]),
        LedgerLine("丈夫病休工资", "+", "24,720.00", "24,720.00", "9月起按病假工资", [("E4", "#e4")]),
        LedgerLine("收入合计", "", "86,880.00", "86,880.00", kind="sum"),
        LedgerLine("必要开支（元）", kind="group"),
        LedgerLine(
            "看病自己付的", "−", "41,200.00", "38,460.00", "去掉2025年10月的一张，不在12个月内",
            [("E1", "#e1"), ("细则第七条", "#7")], is_cut=True,
        ),
        LedgerLine("住院陪护", "−", "6,000.00", "6,000.00", "护工30天，每天200元", [("E7", "#e7")]),
        LedgerLine("家里每人每月剩", "=", "590.00", "722.08", "(90,720 − 56,060) ÷ 4人 ÷ 12个月", kind="result"),
        LedgerLine("合计", "", "", "19,692.00", "壹万玖仟陆佰玖拾贰元整", kind="total"),
    ]  # fmt: skip
    panel = {
        "title": "我的审批",
        "url": "/ui/echo/",
        "checks": [
            (True, "查重：民政、医保、慈善会没有同类救助"),
            (True, "系统回避检查：你与申请人无关联"),
            (False, "开支少认6,340元。通知书里会逐项写明，申请人可复核。"),
        ],
        "form": DecisionForm(initial={"amount": "19,692.00", "opinion": "情况属实，按核算金额发放。"}),
        "button": "同意，转公示",
        "consequence": "之后自动公示11月25日–12月1日，无异议12月4日前打款。",
    }
    return {"lines": lines, "panel": panel, "scale": income_scale()}


def wage_cell(figure: str, heads: int, step: str, place: int) -> WageCell:
    return WageCell(figure, f"{heads}人", f"+{110 + 10 * place}", min(heads // 15, 5), figure == "5,080", step)


def wages(request: HttpRequest) -> dict[str, Any]:
    pay = [
        ("初级工", ["3,350", "3,520", "3,690"], [48, 61, 37], "166", "", "+3.5%"),
        ("中级工", ["3,650", "3,840", "4,020"], [31, 72, 58], "206", "+9.0%", "+4.4%"),
        ("高级工", ["4,120", "4,320", "4,530"], [9, 28, 41], "115", "+12.9%", "+6.1%"),
        ("技师", ["4,650", "4,880", "5,080"], [2, 7, 12], "34", "+12.9%", "+5.8%"),
    ]
    steps = ["一档", "二档", "三档"]
    rows = [
        WageRow(
            grade,
            [
                WageCell(
                    figure, f"{heads}人", f"+{110 + 10 * place}", min(heads // 15, 5), figure == "5,080", steps[place]
                )
                for place, (figure, heads) in enumerate(zip(figures, people, strict=True))
            ],
            total,
            last,
            now,
        )
        for grade, figures, people, total, last, now in pay
    ]
    return {
        "wages": {"title": "工资表", "steps": steps, "rows": rows, "foot": "最低一格3,350元，高于当地最低工资2,660元"}
    }


def leaderboard(request: HttpRequest) -> dict[str, Any]:
    finished = [
        Contestant(
            "许文涛", "苏州", "启辰自动化", ["92.0", "95.5", "94.0", "93.0"],
            "1", "升2", [9.6, 4.5, 6, 5.6], "93.58", is_selected=True,
        ),
        Contestant(
            "钱立", "无锡", "锡新高科", ["94.5", "93.0", "93.5", "91.5"],
            "2", "", [6.6, 7, 6.5, 6.8], "93.28", "0.30",
        ),
        Contestant(
            "马晓东", "苏州", "亨泰光缆", ["90.5", "94.0", "92.5", "94.5"],
            "3", "升1", [11.4, 6, 7.5, 4.4], "92.68", "0.90",
            cut_below="以上拟授“江苏省五一创新能手”，公示无异议后生效",
        ),
        Contestant(
            "吴启航", "徐州", "彭城重机", ["89.5", "93.5", "91.0", "92.0"],
            "4", "", [12.6, 6.5, 9, 6.4], "91.38", "2.20",
            badge=Badge("复核中", "wait", "search"),
        ),
    ]  # fmt: skip
    last = ["88.0", "86.5", "90.0", "待赛"]
    waiting = [Contestant("葛世杰", "泰州", "扬子制药", last, waits="第4场3号位，15:10入场")]
    board = {
        "title": "个人名次",
        "modules": ["理论", "A 编程", "B 装调", "C 排障"],
        "finished": finished,
        "waiting": waiting,
        "waiting_title": "还没比完C的1人，只列已有分",
        "width": 11,
    }
    return {"board": board}
