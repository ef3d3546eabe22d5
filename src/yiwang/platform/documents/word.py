"""Word by docxtpl: values are escaped, and a template can do no more than place them."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from yiwang.platform.documents.words import clean_words

FANGSONG, TITLE_FONT = "仿宋_GB2312", "方正小标宋简体"
RED = RGBColor(0xC0, 0x00, 0x00)
BODY, LINE = Pt(16), Pt(28)  # GB/T 9704: 3号仿宋, 28 points a line


def render_docx(template: Path | bytes, context: Mapping[str, Any]) -> bytes:
    """Fill a Word template. Values are text: XML in them is escaped, ``{{ }}`` in them stays as typed."""
    source = io.BytesIO(template) if isinstance(template, bytes) else str(template)
    document = DocxTemplate(source)
    document.render(clean_words(context), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def letter_template(kind: str) -> Path | bytes:
    """The installation's own ``<LETTER_FOLDER>/<kind>.docx`` where there is one, else the packaged letter."""
    own = Path(settings.LETTER_FOLDER) / f"{kind}.docx"
    return own if own.is_file() else packaged_letter()


@cache
def packaged_letter() -> bytes:
    """A letter as GB/T 9704 wants it, with placeholders; made here so that no binary has to be kept in step."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FANGSONG, BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    normal.paragraph_format.line_spacing = LINE
    normal.paragraph_format.space_after = Pt(0)

    head = _line(document, "{{ organisation }}", WD_ALIGN_PARAGRAPH.CENTER, indent=False)
    _dress(head, TITLE_FONT, Pt(26), RED)
    head.paragraph_format.line_spacing = Pt(40)
    _rule_under(head)
    _line(document, "{{ number }}", WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
    title = _line(document, "{{ title }}", WD_ALIGN_PARAGRAPH.CENTER, indent=False)
    _dress(title, TITLE_FONT, Pt(22), None)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    title.paragraph_format.line_spacing = Pt(34)
    _line(document, "{{ recipient }}：", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    _line(document, "{%p for paragraph in paragraphs %}", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    _line(document, "{{ paragraph }}", WD_ALIGN_PARAGRAPH.JUSTIFY, indent=True)
    _line(document, "{%p endfor %}", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    signed = _line(document, "{{ organisation }}", WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
    signed.paragraph_format.space_before = Pt(56)
    signed.paragraph_format.right_indent = Pt(32)
    dated = _line(document, "{{ date }}", WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
    dated.paragraph_format.right_indent = Pt(64)
    note = _line(document, "（{{ contact }}）", WD_ALIGN_PARAGRAPH.LEFT, indent=True)
    note.paragraph_format.space_before = Pt(28)
    _line(document, "{%p if copies %}", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    _line(document, "抄送：{{ copies|join('，') }}。", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    _line(document, "{%p endif %}", WD_ALIGN_PARAGRAPH.LEFT, indent=False)
    _footer(section.footer.paragraphs[0])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(document: Any, text: str, alignment: WD_ALIGN_PARAGRAPH, *, indent: bool) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph(text)
    paragraph.alignment = alignment
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def _dress(paragraph: Paragraph, font: str, size: Pt, colour: RGBColor | None) -> None:
    run = paragraph.runs[0]
    run.font.name, run.font.size = font, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _rule_under(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    rule = OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "4"), ("color", "C00000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    paragraph._p.get_or_add_pPr().append(borders)


def _footer(paragraph: Paragraph) -> None:
    """第n页，共m页 as fields that Word counts, then the check code."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第", "PAGE"), ("页，共", "NUMPAGES"), ("页　核验码 {{ check_code }}", "")):
        paragraph.add_run(text).font.size = Pt(10.5)
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            paragraph._p.append(field)


def render_list(page: Mapping[str, Any]) -> bytes:
    """A list on A4 across: one table, its head repeated on every page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = section.left_margin = section.right_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FANGSONG, Pt(9)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    normal.paragraph_format.space_after = Pt(0)
    title = document.add_paragraph(page["title"])
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _dress(title, TITLE_FONT, Pt(18), None)
    document.add_paragraph(f"单位：{page['body']}    打印：{page['printed_at']} {page['printed_by']}")
    table = document.add_table(rows=0, cols=len(page["heads"]))
    table.style = "Table Grid"
    for place, words in enumerate([page["heads"], *page["rows"]]):
        row = table.add_row()
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
        if place == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph(f"核验码 {page['check_code']}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
