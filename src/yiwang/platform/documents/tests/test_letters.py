import string

import pytest
from docx import Document

from yiwang.kernel.clock import now
from yiwang.platform.documents import letters
from yiwang.platform.documents.letters import COMMON, check_code, compose, compose_sheet, kinds, letter_kind
from yiwang.platform.documents.pdf import render_pages, render_pdf
from yiwang.platform.documents.word import letter_template, packaged_letter, render_docx

from .factories import letter_data, sheet_data


def test_the_letters_a_case_needs_are_there():
    assert {key: kind.title for key, kind in kinds().items()} == {
        "acceptance": "受理通知书",
        "congress_minutes": "职工代表大会会议纪要",
        "congress_report": "职代会情况报告",
        "congress_resolution": "职工代表大会决议",
        "extension": "延期告知书",
        "not_accepted": "不予受理通知书",
        "result_no": "办理结果告知书",
        "result_ok": "办理结果告知书",
        "revocation": "撤销决定告知书",
        "supervision": "督办函",
        "supplement": "补正一次性告知书",
        "transfer": "转办函",
        "union_bank": "开户证明函",
        "union_order": "责令换届通知书",
        "union_reply": "批复",
        "union_report": "选举结果报告",
        "union_request": "请示",
    }
    with pytest.raises(LookupError, match="no letter is called “poem”"):
        letter_kind("poem")


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.key)
def test_every_letter_uses_only_facts_it_names(kind):
    known = {*COMMON, *kind.needs, *kind.may, "place", "item"}

    for block in kind.blocks:
        used = {name for _text, name, _spec, _way in string.Formatter().parse(block.text) if name}
        assert used <= known
        assert {block.when, block.unless, block.each} - {""} <= known
        unsure = used & set(kind.may)
        assert unsure <= {block.when, block.each} or block.each in kind.may
    assert kind.required == {*COMMON, *kind.needs}
    assert len(kind.number_kind) <= 2


def test_blocks_come_and_go_with_their_facts():
    without = compose("supplement", letter_data("supplement"))["paragraphs"]
    told = compose("supplement", letter_data("supplement", how="拍照上传就行。"))["paragraphs"]

    assert "也可以到办理单位窗口补交。" in without[3]
    assert told[3] == "请在2026年12月8日前补交。拍照上传就行。"
    assert without[1:3] == ["（一）出院结算单", "（二）家庭成员收入证明"]


def test_a_single_item_has_no_number():
    assert compose("result_no", letter_data("result_no"))["paragraphs"][1] == "家庭人均月收入1,280.50元，高于1,180元"


def test_ordinals_go_on_past_ten():
    items = [f"第{n}" for n in range(1, 32)]

    lines = compose("supplement", letter_data("supplement", missing=items))["paragraphs"]

    assert [lines[n][: lines[n].index("）") + 1] for n in (1, 10, 11, 12, 20, 21, 31)] == [
        "（一）",
        "（十）",
        "（十一）",
        "（十二）",
        "（二十）",
        "（二十一）",
        "（三十一）",
    ]


def test_a_list_inside_a_sentence_is_one_line():
    lines = compose("not_accepted", letter_data("not_accepted", go_to=["太仓市总工会", "12351"]))["paragraphs"]

    assert "太仓市总工会；12351" in lines[2]


def test_check_code_follows_the_words():
    page = compose("acceptance", letter_data("acceptance"))
    other = compose("acceptance", letter_data("acceptance", due_on="2026年12月11日"))

    assert page["check_code"] == check_code({key: value for key, value in page.items() if key != "check_code"})
    assert page["check_code"] != other["check_code"]
    assert len(page["check_code"]) == 9


def test_check_code_of_a_form_is_the_same_at_every_printing():
    first = compose_sheet(sheet_data())
    again = compose_sheet(sheet_data(printed_at="2026年11月25日 10:00"))
    changed = compose_sheet(sheet_data(footnote="别的"))

    assert first["check_code"] == again["check_code"] != changed["check_code"]


def test_own_word_letter_takes_the_place_of_the_packaged_one(settings, tmp_path):
    settings.LETTER_FOLDER = tmp_path
    assert letter_template("acceptance") == packaged_letter()
    own = Document()
    own.add_paragraph("给{{ recipient }}")
    own.save(tmp_path / "acceptance.docx")

    made = render_docx(letter_template("acceptance"), {"recipient": "<周>&文娟"})

    (tmp_path / "made.docx").write_bytes(made)
    assert [paragraph.text for paragraph in Document(tmp_path / "made.docx").paragraphs] == ["给<周>&文娟"]


def test_a_template_can_only_place_values(settings, tmp_path):
    own = Document()
    own.add_paragraph("{{ ''.__class__.__mro__ }}")
    own.save(tmp_path / "x.docx")

    with pytest.raises(Exception, match="unsafe"):
        render_docx(tmp_path / "x.docx", {})


@pytest.mark.parametrize("name", ["nowhere", "../actions", "page/../letter"])
def test_only_our_pages_are_set(name):
    with pytest.raises(LookupError):
        render_pdf(name, {})


def test_preview_is_a_picture_of_each_page():
    pages = render_pages("letter", compose("acceptance", letter_data("acceptance")), ppi=40)

    assert [page[:8] for page in pages] == [b"\x89PNG\r\n\x1a\n"]


def test_same_data_and_time_give_the_same_bytes():
    page, moment = letters.compose("acceptance", letter_data("acceptance")), now()

    assert render_pdf("letter", page, at=moment) == render_pdf("letter", page, at=moment)
