"""Samples of maps and charts."""

from typing import Any

from django.http import HttpRequest

from yiwang.platform.ui.charts import Bar, LineChart, Rung, Series, Spread
from yiwang.platform.ui.maps import Shade, cities

ON_TIME = {
    "3201": 96.8, "3202": 97.4, "3203": 92.1, "3204": 97.9, "3205": 95.2, "3206": 96.1, "3207": 93.4,
    "3208": 94.8, "3209": 94.1, "3210": 97.0, "3211": 98.2, "3212": 96.6, "3213": 91.3,
}  # fmt: skip


def tone_of(value: float) -> str:
    return "d1" if value < 93 else "d2" if value < 95 else "d3" if value < 97 else "d4"


def province(request: HttpRequest) -> dict[str, Any]:
    shades = [
        Shade(area, tone_of(ON_TIME[code[:4]]), str(ON_TIME[code[:4]]), f"?city={code[:4]}", code.startswith("3205"))
        for code, area in cities().items()
    ]
    legend = [("d4", "97%及以上"), ("d3", "95%到97%"), ("d2", "93%到95%"), ("d1", "低于93%")]
    rows = sorted(((shade.area.name, ON_TIME[shade.area.code[:4]]) for shade in shades), key=lambda row: row[1])
    spreads = [
        (name, value, Spread([value - 3, value - 1, value + 0.4, value + 1.2], value, 88, 100, 95))
        for name, value in rows
    ]
    return {"shades": shades, "legend": legend, "spreads": spreads}


def charts(request: HttpRequest) -> dict[str, Any]:
    months = ["12月", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11月"]
    taken = [2400, 2240, 1980, 2660, 2600, 2480, 2740, 2960, 2830, 2760, 2700, 2871]
    closed = [2360, 2300, 2010, 2540, 2580, 2500, 2690, 2880, 2850, 2790, 2680, 2798]
    line = LineChart(
        "近12个月求助受理和办结件数，本月受理2,871件、办结2,798件",
        months,
        [Series("受理2,871", taken, 1), Series("办结2,798", closed, 3, is_dashed=True)],
    )
    bars = [
        Bar("拖欠工资", 0.98, "31.4%", "(35.0)"),
        Bar("解除补偿", 0.59, "18.9%", "(16.2)"),
        Bar("工伤待遇", 0.44, "14.2%", "(14.8)"),
        Bar("平台扣罚", 0.25, "8.1%", "(5.4)", is_behind=True),
    ]
    targets = [
        Bar("外卖骑手", 0.58, "58.3", " / 84.1", 0.6, full=0.84),
        Bar("货车司机", 0.52, "51.9", " / 92.4", 0.62, is_behind=True, full=0.92),
    ]
    rungs = [
        Rung("全市职工", "112.64", 1),
        Rung("单位已建会", "104.19", 0.925, 0.075, "比上一步少8.45万，", "#2918", "2,918家没建会"),
        Rung("本人是会员", "98.23", 0.872, 0.053, "比上一步少5.96万，", "#p", "多为劳务派遣工"),
        Rung("一年内用过服务", "31.85", 0.283, 0.553, "比上一步少62.32万，", "#n", "一次也没用过"),
    ]
    return {"line": line, "bars": bars, "targets": targets, "rungs": rungs}
