"""``{% load yw_parts %}``: documents, calculations, charts and maps of the design language (docs/reference/ui.md)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template

from yiwang.platform.ui import charts, maps, parts
from yiwang.platform.ui.weave import cloth

register = template.Library()


@register.inclusion_tag("ui/parts/ledger.html")
def ledger(lines: Iterable[parts.LedgerLine]) -> dict[str, Any]:
    """An explained calculation: sign, item, declared, allowed, why."""
    return {"lines": lines}


@register.inclusion_tag("ui/parts/approval.html", takes_context=True)
def approval(context: template.Context, panel: Any) -> dict[str, Any]:
    """Checks first, then the decision: ``panel`` has title, url, checks [(holds, words)], form, button, consequence."""
    return {"panel": panel, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/parts/ballot.html")
def ballot(paper: Any) -> dict[str, Any]:
    """``paper`` has place, title, line and questions (``parts.BallotQuestion``); nothing is chosen beforehand."""
    return {"paper": paper}


@register.inclusion_tag("ui/parts/receipt.html")
def receipt(code: str, title: object, place: object = "", facts: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """A code in groups of four, with the cloth woven from it."""
    return {"code": code, "title": title, "place": place, "facts": facts, "cloth": cloth(code)}


@register.inclusion_tag("ui/parts/wage_table.html")
def wage_table(table: Any) -> dict[str, Any]:
    """``table`` has title, steps, rows (``parts.WageRow``) and foot."""
    return {"table": table}


@register.inclusion_tag("ui/parts/leaderboard.html")
def leaderboard(board: Any) -> dict[str, Any]:
    """``board`` has title, modules, finished and waiting (``parts.Contestant``), waiting_title, width."""
    return {"board": board}


@register.inclusion_tag("ui/parts/map.html")
def area_map(shades: Iterable[maps.Shade], sentence: object, legend: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Areas shaded by class; the same figures stand in the table beside it."""
    return {"shades": shades, "sentence": sentence, "legend": legend}


@register.inclusion_tag("ui/parts/line_chart.html")
def line_chart(chart: charts.LineChart) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("ui/parts/bars.html")
def bars(bars: Iterable[charts.Bar]) -> dict[str, Any]:
    return {"bars": bars}


@register.inclusion_tag("ui/parts/spread.html")
def spread(spread: charts.Spread) -> dict[str, Any]:
    return {"spread": spread}


@register.inclusion_tag("ui/parts/ladder.html")
def ladder(rungs: Iterable[charts.Rung]) -> dict[str, Any]:
    """Where workers drop out, step by step; every loss leads to its list."""
    return {"rungs": rungs}
