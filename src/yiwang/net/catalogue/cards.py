"""An answer of the rules as the card the worker reads: requirement, own fact, source, scale."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.platform.rules.library.explaining import Answer, Reason
from yiwang.platform.ui.parts import Band, Condition, Eligibility, Mark, Scale

AIR = 1.15  # the scale reaches a little beyond its last mark


def eligibility_card(answer: Answer, *, apply_url: str, other_ways: list[tuple[str, str]]) -> Eligibility:
    verdict = {"yes": "yes", "no": "no"}.get(answer.verdict, "missing")
    return Eligibility(
        verdict=verdict,  # type: ignore[arg-type]  # one of the three, by the line above
        title=_title(answer),
        subtitle=_subtitle(answer),
        conditions=[_condition(reason) for reason in answer.reasons],
        other_ways=other_ways if verdict == "no" else [],
        apply_url=apply_url,
    )


def _title(answer: Answer) -> str:
    if answer.verdict == "yes":
        return _("你符合")
    if answer.verdict == "no":
        return _("这次可能不符合")
    # One question may settle several facts.
    count = len({fact.question or fact.fact for fact in answer.missing})
    return ngettext("差{count}样就能定", "差{count}样就能定", count).format(count=count) if count else _("要人来看")


def _subtitle(answer: Answer) -> str:
    if answer.stopped:
        return answer.stopped
    total = len(answer.reasons)
    met = sum(reason.holds is True for reason in answer.reasons)
    failed = sum(reason.holds is False for reason in answer.reasons)
    open_ones = total - met - failed
    if failed:
        told = ngettext(
            "{total}个条件：{met}个对上了，{failed}个没对上", "{total}个条件：{met}个对上了，{failed}个没对上", total
        )
        return told.format(total=total, met=met, failed=failed)
    if open_ones:
        told = ngettext(
            "{total}个条件：{met}个对上了，{open}个要你补", "{total}个条件：{met}个对上了，{open}个要你补", total
        )
        return told.format(total=total, met=met, open=open_ones)
    return ngettext("{total}个条件都对上了", "{total}个条件都对上了", total).format(total=total)


def _condition(reason: Reason) -> Condition:
    return Condition(
        requirement=reason.label,
        holds=reason.holds,
        fact=_fact(reason),
        source=reason.source if reason.holds is not None else "",
        scale=_scale(reason),
    )


def _fact(reason: Reason) -> str:
    if not reason.because:
        return reason.others
    if reason.holds is None:
        sentence = _("{because}。").format(because=reason.because)
    else:
        sentence = _("因为{because}。").format(because=reason.because)
    return _("{sentence}{more}。").format(sentence=sentence, more=reason.others) if reason.others else sentence


def _scale(reason: Reason) -> Scale | None:
    """Only for figures a person compares: money with its lines."""
    if reason.unit != "yuan" or reason.value is None or not reason.marks:
        return None
    top = max(reason.value, *(mark.value for mark in reason.marks)) * AIR
    if top <= 0:
        return None
    lines = sorted(reason.marks, key=lambda mark: mark.value)
    bands = [Band(line.value / top, "", "deep" if place == 0 else "middle") for place, line in enumerate(lines)]
    mine = _("你家{amount}").format(amount=reason.fact_text)
    marks = [Mark(line.value / top, _("{label}{amount}").format(label=line.label, amount=line.text)) for line in lines]
    return Scale(
        sentence=_("{mine}，{limit}").format(mine=mine, limit=reason.label),
        bands=[*bands, Band(1.0, "", "out")],
        marks=[Mark(reason.value / top, mine, "value"), *marks],
    )
