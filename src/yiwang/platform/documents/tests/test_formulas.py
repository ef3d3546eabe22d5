import pytest

from yiwang.platform.documents.formulas import DocumentNumber, is_prefix, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("昆工助〔2026〕17号", DocumentNumber("昆工助", 2026, 17)),
        ("苏工办〔2019〕84号", DocumentNumber("苏工办", 2019, 84)),
        ("总工发〔1999〕9999号", DocumentNumber("总工发", 1999, 9999)),
    ],
)
def test_official_number_is_read_and_written_back(text, number):
    assert read_number(text) == number
    assert str(number) == text


@pytest.mark.parametrize(
    "text",
    [
        "昆工助[2026]17号",
        "昆工助（2026）17号",
        "昆工助〔26〕17号",
        "昆工助〔2126〕17号",
        "昆工助〔2026〕12345号",
        "昆工助〔2026〕号",
        "KGZ〔2026〕17号",
        "〔2026〕17号",
        "昆工助〔2026〕17号附",
        "昆工助昆工助昆工助昆工〔2026〕1号",
    ],
)
def test_what_is_no_official_number(text):
    assert read_number(text) is None


def test_prefixes():
    assert is_prefix("昆工助")
    assert not is_prefix("")
    assert not is_prefix("昆-工")
