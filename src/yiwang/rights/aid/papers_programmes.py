"""项目名单 as Word: for the visit, the trip or the payment, with a column to sign (RI 1.15)."""

import io

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document

from yiwang.kernel.money import yuan_text
from yiwang.platform.ui.formats import day_text
from yiwang.rights.aid.models import Place, Programme
from yiwang.rights.aid.papers import add_rows


def programme_roll(programme: Programme, places: QuerySet[Place]) -> bytes:
    with override("zh-hans"):
        document = Document()
        document.add_heading(f"{programme.name}{_('名单')}", level=1)
        span = f"{day_text(programme.opens_on)}—{day_text(programme.closes_on)}"
        document.add_paragraph(f"{programme.organisation.name}　{programme.get_kind_display()}　{span}")
        heads = [_("序号"), _("姓名"), _("身份证号"), _("单位"), _("状态"), _("金额（元）"), _("签收")]
        rows = [
            [
                str(number),
                place.person.name,
                place.person.masked_id,
                place.organisation.name,
                str(place.get_state_display()),
                yuan_text(place.amount) if place.amount else "—",
                "",
            ]
            for number, place in enumerate(places.order_by("organisation__name", "pk"), start=1)
        ]
        add_rows(document, heads, rows)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()
