"""Samples of the parts a worker meets."""

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.icons import drawings
from yiwang.platform.ui.navigation import Group, Link, Navigation
from yiwang.platform.ui.parts import (
    Badge,
    BallotOption,
    BallotQuestion,
    Band,
    Condition,
    Eligibility,
    Mark,
    Scale,
    TimelineEntry,
)
from yiwang.platform.ui.widgets import DateInput, IdentityInput, MoneyInput, PhoneInput, PhotoInput


def nothing(request: HttpRequest) -> dict[str, Any]:
    return {}


def tokens(request: HttpRequest) -> dict[str, Any]:
    colours = [
        ("indigo-700", "靛青700 按钮、链接", "8.83"),
        ("indigo-900", "靛青900 工作台顶栏", "13.45"),
        ("indigo-600", "靛青600 焦点框、进度", "6.42"),
        ("indigo-500", "靛青500 图形", "4.16"),
        ("indigo-100", "靛青100 选中底", "1.21"),
        ("cinnabar", "朱砂 只用于标识", "5.68"),
        ("ink", "墨 正文", "16.04"),
        ("ink-2", "墨2 次要", "9.44"),
        ("ink-3", "墨3 说明", "5.84"),
        ("edge", "边 输入框", "3.37"),
        ("line", "线 分隔", "1.33"),
        ("ground", "素地 页底", "1.10"),
        ("ok", "松绿 成", "6.55"),
        ("warn", "赭 等、临期", "6.72"),
        ("bad", "赤 错、逾期", "7.55"),
        ("wait", "藤紫 停表", "7.60"),
        ("neu", "石灰 中性", "7.59"),
    ]
    sizes = [
        ("huge", "大数", "3,463件", "32 / 28"),
        ("h1", "页题", "大病致困帮扶", "24 / 22"),
        ("big", "小题", "请补交结算单", "20 / 18"),
        ("b", "列表题", "拖欠工资：尾款没结", "17 / 15"),
        ("", "正文", "家人生大病、看病花钱太多", "16 / 14"),
        ("sm", "次要", "11月25日（周三）前交", "14 / 13"),
        ("cap", "说明", "来源：会员库，今天核对", "13 / 12"),
    ]
    return {"colours": colours, "sizes": sizes, "series": range(1, 7)}


def clocks(request: HttpRequest) -> dict[str, Any]:
    faces = [
        (ClockFace("run", 8, 20, "还剩8天", "12-02"), "充裕"),
        (ClockFace("soon", 17, 20, "还剩3天", "11-25"), "3个工作日内"),
        (ClockFace("today", 19, 20, "今天18:00", "第10天"), "当天"),
        (ClockFace("over", 20, 20, "逾期1天", "应办11-19"), "过了期限"),
        (ClockFace("paused", 8, 20, "暂停第2天", "等本人"), "等材料、开庭、鉴定"),
        (ClockFace("done", 8, 12, "用了8天", "提前4天"), "已办结"),
    ]
    return {"faces": faces, "paused": faces[4][0], "soon": ClockFace("soon", 12, 15, "还剩3个工作日")}


def badges(request: HttpRequest) -> dict[str, Any]:
    groups = [
        (
            "没开始",
            [Badge("草稿", "neutral", "edit"), Badge("已撤回", "neutral", "return")],
            "还没提交。存到12月20日。",
        ),
        (
            "在办",
            [
                Badge("已受理", "info", "file-check"),
                Badge("核实中", "info", "search"),
                Badge("调解中", "info", "talks"),
            ],
            "沈佳在办，12月8日前给你结果。",
        ),
        ("等人做", [Badge("待审核", "warn", "clock"), Badge("待你补正", "warn", "camera")], "请补交出院结算单。"),
        ("停表", [Badge("时限暂停", "wait", "pause"), Badge("公示中", "wait", "eye")], "等开庭，12月3日。"),
        (
            "成了",
            [Badge("已通过", "ok", "check"), Badge("已发放", "ok", "yuan"), Badge("已办结", "ok", "check-circle")],
            "19,692.00元已打到会员卡。",
        ),
        ("没成", [Badge("未通过", "bad", "x-circle"), Badge("逾期", "bad", "alert-circle")], "没通过，因为……你可以……"),
        ("旗", [Badge("督办", "bad", "flag"), Badge("群体", "line"), Badge("匿名", "line")], "只给工作人员看。"),
    ]
    return {"groups": groups}


def chrome(request: HttpRequest) -> dict[str, Any]:
    tabs = (
        Link("首页", "#1", icon="home", current=True),
        Link("办事", "#2", icon="services"),
        Link("附近", "#3", icon="pin"),
        Link("我的事", "#4", icon="tray", count=2),
        Link("我的", "#5", icon="user"),
    )
    groups = (
        Group("", (Link("今天", "#6", icon="gauge"), Link("待办", "#7", icon="tray", count=23, current=True))),
        Group("组织", (Link("组织与会员", "#8", icon="tree"), Link("入会转会", "#9", icon="join", count=12))),
    )
    sample = Navigation(
        tabs=tabs,
        groups=groups,
        search_url="/search/",
        messages_url="/messages/",
        unread=6,
        person="沈佳",
        role="经办",
        organisation="昆山市总工会·职工服务中心",
        city="昆山市",
        city_url="#10",
        help_url="#11",
    )
    return {"sample": sample}


def income_scale() -> Scale:
    return Scale(
        sentence="你家722元，低于低保1,180元",
        bands=[Band(0.417, "深度困难", "deep"), Band(0.833, "相对困难", "middle"), Band(1, "不在范围", "out")],
        marks=[Mark(0.255, "你家722", "value"), Mark(0.417, "低保1,180"), Mark(0.833, "2倍2,360")],
    )


def eligibility(request: HttpRequest) -> dict[str, Any]:
    full = Eligibility(
        verdict="yes",
        title="你很可能符合",
        subtitle="5个条件：4个对上了，1个要你补",
        conditions=[
            Condition("是工会会员", True, "因为你2019年6月加入恒达精密工会，会籍有效。", "会员库，今天核对"),
            Condition(
                "扣掉看病等必要开支后，家里每人每月不到2,360元",
                True,
                "因为按你登记的收入和医保结算，估算是722元左右。",
                "工资登记、医保结算，9月到账",
                income_scale(),
            ),
            Condition("最近一次住院已经结算", None, "我们还没看到10月那次出院的结算单。没结算完也可以先申请。"),
        ],
    )
    missing = Eligibility("missing", "差1样就能定", "补上出院结算单就知道")
    no = Eligibility(
        "no",
        "这次可能不符合",
        "因为家里人均2,610元，比标准多250元",
        conditions=[Condition("家里每人每月不到2,360元", False, "因为估算是2,610元。", "工资登记")],
        other_ways=[("医疗互助", "#医疗互助")],
        apply_url="#apply",
    )
    return {"full": full, "missing": missing, "no": no}


class SampleForm(forms.Form):
    """One of each kind of field; the living page shows it with the errors of a wrong answer."""

    phone = forms.CharField(label="手机号", help_text="收验证码，也是办结通知的号码", widget=PhoneInput)
    identity = forms.CharField(label="身份证号", widget=IdentityInput)
    paid = forms.DecimalField(label="自己付了多少", help_text="结算单上的“个人支付”，不含医保报销", widget=MoneyInput)
    day = forms.DateField(label="哪天出院", widget=DateInput, required=False)
    who = forms.ChoiceField(
        label="替谁申请",
        choices=[("me", "我自己申请"), ("other", "替家人或工友申请")],
        widget=forms.RadioSelect,
    )
    others = forms.MultipleChoiceField(
        label="还有别的地方给报过吗？",
        choices=[("firm", "单位补充医疗"), ("shop", "商业保险"), ("none", "都没有")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    city = forms.ChoiceField(label="住哪", choices=[("ks", "昆山市"), ("tc", "太仓市")])
    story = forms.CharField(label="说说情况", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photos = forms.FileField(label="结算单照片", help_text="每张不超过10兆", widget=PhotoInput, required=False)
    agree = forms.BooleanField(label="我填的是真的", help_text="故意填假的，领到的钱要退回")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {"other": "要有对方的授权短信", "firm": "已从互助系统带出：1,800元"}
        self.fields["who"].widget.choice_hints = hints
        self.fields["others"].widget.choice_hints = hints
        self.repairs = {"paid": ("38,460.00", "是38,460.00元？点这里改成它")}


def wrong_form() -> SampleForm:
    answers = {"phone": "1391234552", "paid": "384600", "others": ["firm"], "city": "ks"}
    form = SampleForm(answers, prefix="wrong")
    form.data = {f"wrong-{key}": value for key, value in answers.items()}
    form.repairs = {"paid": ("38,460.00", "是38,460.00元？点这里改成它")}
    form.errors.clear()
    form.add_error("phone", "手机号少了1位。请填11位数字。")
    form.add_error("paid", "你填了384,600元，比总费用68,214.50元还多。看看是不是多打了一个0。")
    form.add_error("who", "请选替谁申请。")
    return form


def fields(request: HttpRequest) -> dict[str, Any]:
    return {"blank": SampleForm(initial={"who": "me"}), "wrong": wrong_form()}


def flow(request: HttpRequest) -> dict[str, Any]:
    groups = [
        (
            "家里的情况",
            [("申请人", "周文娟，恒达精密电子", "name"), ("一起生活", "4人：丈夫、儿子（高二）、婆婆", "family")],
        ),
        (
            "看病花费",
            [("谁生病", "赵建国（丈夫）", "ill"), ("自己付的", "38,460.00元", "paid"), ("别处报过", "", "other")],
        ),
    ]
    urls = {key: f"#{key}" for key in ("name", "family", "ill", "paid", "other")}
    return {"groups": groups, "urls": urls}


def timeline(request: HttpRequest) -> dict[str, Any]:
    entries = [
        TimelineEntry("你提交了申请", "done", time="11月5日（周四）20:14"),
        TimelineEntry("昆山市总工会受理", "done", "经办人沈佳。比规定快1天。", "11月6日（周五）09:02"),
        TimelineEntry(
            "单位工会上门核实",
            "done",
            "刘芳到家里看过，情况属实。",
            "11月12日（周四）15:40",
            link="#r",
            link_text="看核实记录",
        ),
        TimelineEntry(
            "请你补1份材料", "now", "时限从这时起暂停，补交后接着算。", "11月18日（周三）17:26", "wait", "pause", True
        ),
        TimelineEntry("核算和审批", text="补交后约7个工作日"),
        TimelineEntry("公示5个工作日"),
        TimelineEntry("打到会员卡 尾号6041"),
    ]
    return {"entries": entries, "face": ClockFace("paused", 8, 20, "第8天暂停，等你补1份材料")}


def ballot(request: HttpRequest) -> dict[str, Any]:
    votes = [BallotOption("yes", "同意"), BallotOption("no", "不同意"), BallotOption("none", "弃权")]
    people = [
        BallotOption("1", "王立群", "注塑车间，高级工，工龄11年"),
        BallotOption("2", "李巧云", "封装车间，技师，省五一创新能手"),
        BallotOption("3", "郑海涛", "物流组，班组长，工龄6年"),
    ]
    paper = {
        "place": "昆山恒达精密电子有限公司",
        "title": "第四届职工代表大会第二次会议表决票",
        "line": "2026年11月20日·共2项",
        "questions": [
            BallotQuestion(
                "q1",
                "一、《2027年度能级工资专项集体合同（草案）》",
                "第三轮协商达成。全文8页。",
                votes,
                links=[("读全文", "#full")],
            ),
            BallotQuestion(
                "q2",
                "二、增选职工方协商代表",
                "应选2人，候选3人，按姓氏笔画排。选2人或少于2人有效，多选作废。",
                people,
                most=2,
            ),
        ],
    }
    return {
        "paper": paper,
        "code": "7KQM-2DXF-91TA",
        "facts": [("投票日", "2026年11月20日"), ("表决项", "2项，都已投")],
        "face": ClockFace("today", 17, 20, "18:00截止"),
    }


def icons(request: HttpRequest) -> dict[str, Any]:
    return {"names": list(drawings())}
