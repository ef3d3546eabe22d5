import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.platform.text.aliases import matching, packaged_words, sound_of
from yiwang.platform.text.library import (
    all_of,
    bigrams,
    cut,
    fold,
    person_keys,
    pinyin_keys,
    pinyin_query,
    pinyin_text,
    rare_pairs,
    runs,
    syllables,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("昆山市總工會", "昆山市总工会"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("  a \n b ", "a b"),
        ("𠮷野家", "𠮷野家"),
        ("a\x00b", "a b"),
    ],
)
def test_texts_are_compared_in_one_form(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_bigrams_are_pairs_last_characters_and_whole_words():
    assert bigrams("昆山市 B2B") == "'b2b' '山市' '市' '昆山'"
    assert bigrams("𠮷野家") == "'家' '野家' '𠮷野'"
    assert bigrams("") == ""


@given(st.text(max_size=60))
def test_no_text_can_break_out_of_a_lexeme(text):
    for literal in (bigrams(text), all_of(cut(text))):
        assert "\\" not in literal
        assert literal.count("'") % 2 == 0
        assert ";" not in literal


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("昆山", "'昆山'"),
        ("苏", "'苏':*"),
        ("昆山总工会", "'昆山' & '山总'"),
        ("总工会", "'总工' & '工会'"),
        ("3205", "'3205':*"),
        ("!&|()", ""),
    ],
)
def test_a_term_asks_for_its_telling_pairs(term, query):
    assert all_of(term) == query


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("单田芳", ("shantianfang", "stf")),
        ("解晓东", ("xiexiaodong", "xxd")),
        ("仇英", ("qiuying", "qy")),
        ("曾国藩", ("zengguofan", "zgf")),
        ("区小明", ("ouxiaoming", "oxm")),
        ("查良镛", ("zhaliangyong", "zly")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("尉迟", ("yuchi", "yc")),
        ("万俟雪", ("moqixue", "mqx")),
        ("吕布", ("lvbu", "lb")),
        ("𠮷田慧子", ("jitianhuizi", "jthz")),
        ("阿卜杜·热合曼", ("abodureheman", "abdrhm")),
        ("单", ("shan", "s")),
        ("单于", ("chanyu", "cy")),
    ],
)
def test_surnames_are_read_as_surnames(name, keys):
    assert person_keys(name) == keys


def test_places_are_read_as_there():
    assert pinyin_keys("六合区总工会") == ("luhequzonggonghui", "lhqzgh")
    assert pinyin_keys("浒墅关") == ("xushuguan", "xsg")
    assert pinyin_keys("重庆路") == ("chongqinglu", "cql")
    assert syllables("") == ()


def test_a_question_in_pinyin_is_told_from_one_in_words():
    assert pinyin_query("kun shan") == "kunshan"
    assert pinyin_query("xi'an") == "xian"
    assert pinyin_query("昆shan") == ""
    assert pinyin_text([("a", "b"), ("a", "c")]) == "|a|b|c|"
    assert pinyin_text([("", "")]) == ""


def test_a_long_question_is_cut():
    assert len(cut("长" * 500)) == 60


def test_rare_pairs_leave_out_what_stands_everywhere():
    assert rare_pairs("我想申请住院补助") == ["想申", "请住", "住院", "院补", "补助"]
    assert runs("a1-昆山") == ["a1", "昆山"]


def test_there_are_enough_everyday_words_and_each_leads_somewhere():
    words = packaged_words()

    assert len(words) >= 120
    assert len({word.word for word in words}) == len(words)
    assert all(word.codes or word.terms for word in words)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("老板不发钱怎么办", "RT-0005"),
        ("讨薪", "RT-0005"),
        ("讨新", "RT-0005"),
        ("taoxin", "RT-0005"),
        ("我住院了", "MA-0001"),
        ("孩子上大学", "HP-0003"),
        ("欠薪", "RT-0005"),
        ("想加入公会", "MB-0001"),
    ],
)
def test_everyday_words_are_understood(said, code):
    assert code in [found for word in matching(said, packaged_words()) for found in word.codes]


def test_ordinary_text_is_no_everyday_word():
    assert matching("玉山镇", packaged_words()) == []
    assert sound_of("昆山b2") == " kun shan b2 "
