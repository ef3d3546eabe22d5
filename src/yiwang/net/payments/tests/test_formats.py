"""The bytes that leave, and random ones that come in."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.net.payments import formats, formulas, wording
from yiwang.net.payments.models import Item

OUT = formats.Out(1, "6228480000000000017", "𠮷田·买买提", "320583199003012843", "102305000013", 123456, "工会帮扶金")


def test_the_bank_file_to_the_byte():
    text = formats.bank_file("YW1", [OUT]).decode("gb18030")
    assert text.split("\r\n") == [
        "H,YW1,1,123456",
        "D,1,6228480000000000017,𠮷田·买买提,102305000013,1234.56,工会帮扶金",
        "T,1,123456",
        "",
    ]


def test_the_card_file_has_fixed_columns():
    rows = formats.card_file("YW1", [OUT, OUT]).split(b"\r\n")
    assert [len(row) for row in rows] == [64, 258, 258, 24, 0]
    assert rows[1][33:93].decode("gb18030").rstrip() == "𠮷田·买买提"


def test_a_long_name_is_cut_between_characters():
    row = formats.card_file("YW1", [formats.Out(1, "1", "长" * 40, "", "", 1, "x")]).split(b"\r\n")[1]
    assert row[33:93].decode("gb18030") == "长" * 30


def test_a_number_too_wide_is_refused():
    with pytest.raises(ValueError, match="wider"):
        formats.card_file("YW1", [formats.Out(10**9, "1", "a", "", "", 1, "x")])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(formats.Unreadable):
        formats.read_answer(content)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(1, 10**9), st.booleans()), unique_by=lambda row: row[0], max_size=8
    )
)
def test_what_was_written_is_read(rows):
    given_rows = [
        (n, fen, "paid", "", "2026-11-06", f"R{n}") if paid else (n, fen, "returned", "户名不符", "", "")
        for n, fen, paid in rows
    ]
    answer = formats.read_answer(formats.answer_file("YW9", given_rows))
    assert [(r.number, r.fen, r.status == "paid") for r in answer.replies] == rows


@pytest.mark.parametrize("item", Item.values)
def test_no_packaged_purpose_tells_anything(item):
    assert wording.telltale(wording.purpose_of(item)) == ""


@pytest.mark.parametrize(
    ("reason", "code"), [("户名不符", "name"), ("该账户已销户", "closed"), ("frozen", "frozen"), ("不知道", "other")]
)
def test_reasons_of_banks_become_codes(reason, code):
    assert wording.return_code(reason) == code


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("阿依·买买提", "阿依•买买提", True), ("周 文娟", "周文娟", True), ("周文娟", "周文", False)],
)
def test_names(one, other, same):
    assert formulas.same_name(one, other) is same
    assert formulas.mask_tail("1234").endswith("1234")
