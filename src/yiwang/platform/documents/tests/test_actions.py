import io
import threading

import pytest
from django.db import connection, transaction
from docx import Document

from yiwang.platform.documents.actions import make_form_sheet, make_letter, next_document_number
from yiwang.platform.documents.errors import BadNumberPrefix, LetterIncomplete, NumbersExhausted
from yiwang.platform.documents.formulas import read_number
from yiwang.platform.documents.letters import kinds
from yiwang.platform.documents.models import NumberSequence

from .factories import letter_data, sheet_data
from .reading import embedded_fonts, page_count, pdf_text


def word_text(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    footer = document.sections[0].footer.paragraphs
    return "\n".join(paragraph.text for paragraph in [*document.paragraphs, *footer])


@pytest.mark.django_db
def test_numbers_run_per_body_kind_and_year():
    given = [
        next_document_number("昆工", "助", 2026),
        next_document_number("昆工", "助", 2026),
        next_document_number("昆工", "受", 2026),
        next_document_number("昆工", "助", 2027),
        next_document_number("太工", "助", 2026),
        next_document_number("昆工", "", 2026),
    ]

    assert given == [
        "昆工助〔2026〕1号",
        "昆工助〔2026〕2号",
        "昆工受〔2026〕1号",
        "昆工助〔2027〕1号",
        "太工助〔2026〕1号",
        "昆工〔2026〕1号",
    ]
    assert all(read_number(number) for number in given)
    assert str(NumberSequence.objects.get(body="太工")) == "太工助〔2026〕1号"


@pytest.mark.django_db
def test_number_of_a_paper_that_failed_is_given_again():
    next_document_number("昆工", "助", 2026)
    with transaction.atomic():
        assert next_document_number("昆工", "助", 2026) == "昆工助〔2026〕2号"
        transaction.set_rollback(True)

    assert next_document_number("昆工", "助", 2026) == "昆工助〔2026〕2号"


@pytest.mark.django_db
def test_prefix_that_breaks_the_rule_is_refused():
    with pytest.raises(BadNumberPrefix, match="“KGZ助”不能作发文字号的代字"):
        next_document_number("KGZ", "助", 2026)


@pytest.mark.django_db
def test_numbers_end_at_four_digits():
    NumberSequence.objects.create(body="昆工", kind="助", year=2026, last=9998)

    assert next_document_number("昆工", "助", 2026) == "昆工助〔2026〕9999号"
    with pytest.raises(NumbersExhausted, match="2026年的发文字号已经编到9999"):
        next_document_number("昆工", "助", 2026)


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        next_document_number("昆工", "助", 2026)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_gap_or_repeat():
    given: list[str] = []

    def take(fails: bool) -> None:
        try:
            with transaction.atomic():
                number = next_document_number("昆工", "助", 2026)
                if fails:
                    transaction.set_rollback(True)
            if not fails:
                given.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(n % 4 == 0,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(read_number(number).serial for number in given) == list(range(1, 13))


OF_NO_REQUEST = ("congress_", "union_")  # papers of a union and of a congress name no case


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_letter_says_the_same_in_word_and_pdf(kind):
    data = letter_data(kind)

    paper = make_letter(kind, data)

    word, pdf = word_text(paper.docx), pdf_text(paper.pdf)
    expected = [
        paper.title,
        data["recipient"],
        *([] if kind.startswith(OF_NO_REQUEST) else [data["case_number"]]),
        data["number"],
        data["date"],
        data["contact_phone"],
    ]
    for words in expected:
        assert words in word
        assert words.replace(" ", "") in pdf
    assert paper.check_code in word
    assert f"第1页，共1页核验码{paper.check_code}" in pdf
    assert "{" not in word + pdf


def test_letter_of_several_reasons_numbers_them():
    paper = make_letter("result_no", letter_data("result_no", reasons=["甲", "乙"], other_ways="丙"))

    assert "（一）甲（二）乙你还可以：丙" in pdf_text(paper.pdf)
    assert "（二）乙" in word_text(paper.docx)


def test_letter_carries_its_fonts_and_is_archival():
    paper = make_letter("acceptance", letter_data("acceptance"))

    assert embedded_fonts(paper.pdf) == {"NotoSerifSC-Regular"}
    assert b"pdfaid:part" in paper.pdf
    assert page_count(paper.pdf) == 1


def test_rare_characters_are_drawn_and_what_no_font_has_is_marked():
    paper = make_letter("acceptance", letter_data("acceptance", recipient="𠮷㐂·买买提😀👨‍👩‍👧"))

    text = pdf_text(paper.pdf)
    assert "𠮷㐂·买买提〓〓〓〓：" in text
    assert "𠮷㐂·买买提😀" in word_text(paper.docx)
    assert "NotoSerifJP-Regular" in embedded_fonts(paper.pdf)


TRICKS = '{{ 7*7 }} {% raw %} #strong[x] $x^2$ #eval("1") <w:t>&amp; \\u0041 {recipient} \x00'


def test_nothing_a_person_typed_is_read_as_a_template():
    paper = make_letter("transfer", letter_data("transfer", summary=TRICKS))

    shown = TRICKS.replace(" \x00", "").rstrip()
    assert shown in word_text(paper.docx)
    assert shown.replace(" ", "") in pdf_text(paper.pdf)


def test_long_text_goes_on_over_pages():
    paper = make_letter("transfer", letter_data("transfer", summary="长" * 3000))

    assert page_count(paper.pdf) > 2
    assert f"第1页，共{page_count(paper.pdf)}页" in pdf_text(paper.pdf)


def test_copies_are_named_at_the_end():
    paper = make_letter("supervision", letter_data("supervision", copies=["苏州市总工会", "昆山市纪委"]))

    assert "抄送：苏州市总工会，昆山市纪委。" in pdf_text(paper.pdf)
    assert "抄送：苏州市总工会，昆山市纪委。" in word_text(paper.docx)


def test_letter_without_a_fact_names_it():
    data = letter_data("result_no", reasons=[], recourse="")

    with pytest.raises(
        LetterIncomplete, match="《办理结果告知书》还缺这些内容，不能出：不通过的理由、救济途径。"
    ) as refusal:
        make_letter("result_no", data)
    assert refusal.value.missing == ["不通过的理由", "救济途径"]


def test_form_sheet_carries_what_a_printed_form_must():
    pdf = make_form_sheet(sheet_data())

    text = pdf_text(pdf)
    for words in (
        "困难职工帮扶审批表",
        "编号：帮扶2026-昆-00417",
        "打印：2026年11月24日09:32顾明远",
        "2026.3版",
        "核验码",
        "第1页，共1页",
        "演示数据",
        "38,460.00",
        "有异议的可以申请复核。",
    ):
        assert words in text, words
    assert embedded_fonts(pdf) == {"NotoSerifSC-Regular"}


def test_form_sheet_may_be_short_but_not_nameless():
    assert make_form_sheet(sheet_data(ledger=None, amounts=None, opinions=[], mark="", footnote=""))
    with pytest.raises(LetterIncomplete, match="规则版本"):
        make_form_sheet(sheet_data(rule_version=""))
