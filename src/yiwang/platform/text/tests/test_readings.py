import pytest

from tools.readings import page
from yiwang.platform.text.library import syllables
from yiwang.platform.text.readings import DATA, readings


def test_the_packaged_readings_are_those_of_the_dictionaries():
    assert DATA.read_text("utf-8") == page()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("昆山市", ("kun", "shan", "shi")),
        ("重庆", ("chong", "qing")),  # a phrase; 重 alone is zhong
        ("重", ("zhong",)),
        ("银行行长", ("yin", "hang", "hang", "zhang")),
        ("绿", ("lv",)),
        ("𠮷b", ("ji", "b")),
    ],
)
def test_phrases_before_characters(text, read):
    assert syllables(text) == read


def test_what_nobody_reads_has_no_syllable():
    assert readings().character("b") == ""
    assert readings().phrase("昆昆昆") is None
