import pytest

from yiwang.platform.forms.library import Field, read_value
from yiwang.platform.forms.library.reading import BadRows, SeveralFit, Typed, compare, is_blank
from yiwang.platform.forms.library.values import BadValue

from .factories import IDENTITY, TODAY, Bodies, options, question


def read(raw, kind="text", sources=None, **members):
    return read_value(Field.from_json(question("q", kind, zh="问题", **members)), raw, today=TODAY, sources=sources)


@pytest.mark.parametrize(
    ("kind", "members", "sentence"),
    [
        ("text", {}, "请填“问题”。"),
        ("money", {}, "请填“问题”。"),
        ("choice", {"options": options("a", "b")}, "请选“问题”。"),
        ("yesno", {}, "请选“问题”。"),
        ("organisation", {}, "请选“问题”。"),
        ("files", {}, "请上传“问题”。"),
    ],
)
@pytest.mark.parametrize("empty", ["", "   ", None, [], "\x00"])
def test_empty_question_says_what_to_do(kind, members, sentence, empty):
    with pytest.raises(BadValue) as refusal:
        read(empty, kind, **members)

    assert str(refusal.value) == sentence
    assert read(empty, kind, optional=True, **members) is None


def test_text_keeps_rare_characters_and_counts_them_as_one():
    name = "𠮷" * 40

    assert read(name, max_length=40) == name
    with pytest.raises(BadValue, match="最多40个字，你写了41个。请删掉1个。"):
        read(name + "㐂", max_length=40)


def test_text_of_ten_megabytes_is_refused_with_its_length():
    with pytest.raises(BadValue, match="最多2000个字，你写了10485760个"):
        read("长" * (10 * 1024 * 1024), "textarea")


def test_text_is_one_line_and_textarea_keeps_its_lines():
    assert read("甲\r\n乙") == "甲 乙"
    assert read("甲\r\n乙", "textarea") == "甲\n乙"


def test_text_too_short_says_how_short():
    with pytest.raises(BadValue, match="至少写10个字，你写了2个"):
        read("没钱", "textarea", min_length=10)


@pytest.mark.parametrize(
    ("format", "typed", "kept"),
    [
        ("name", "买买提•热合曼", "买买提·热合曼"),
        ("bank_card", "6222 0212 3456 7890 13", None),
        ("bank_card", "6222021234567890128", "6222021234567890128"),
        ("uscc", "91320583mA1ABCDEX", None),
    ],
)
def test_formats_of_text(format, typed, kept):
    if kept is None:
        with pytest.raises(BadValue):
            read(typed, format=format)
    else:
        assert read(typed, format=format) == kept


def test_bank_card_says_whether_length_or_a_digit_is_wrong():
    with pytest.raises(BadValue, match="12到19位数字，你填了4位"):
        read("1234", format="bank_card")
    with pytest.raises(BadValue, match="有一位写错了"):
        read("6222021234567890123", format="bank_card")


def test_name_refusal_is_the_kernels():
    with pytest.raises(BadValue, match="姓名里不能有“3”"):
        read("张3", format="name")


@pytest.mark.parametrize(("raw", "answer"), [("a", "a"), (["a"], "a"), (" a ", "a")])
def test_choice_takes_one_of_its_options(raw, answer):
    assert read(raw, "choice", options=options("a", "b")) == answer


@pytest.mark.parametrize(("raw", "sentence"), [("c", "“c”不在选项里"), (["a", "b"], "这里只能选一项")])
def test_choice_refuses_what_is_not_offered(raw, sentence):
    with pytest.raises(BadValue, match=sentence):
        read(raw, "choice", options=options("a", "b"))


def test_choices_are_a_list_without_repeats():
    assert read(["b", "a", "b", ""], "choices", options=options("a", "b")) == ["b", "a"]


@pytest.mark.parametrize(
    ("raw", "answer"), [("yes", True), ("是", True), (True, True), ("no", False), ("否", False), (False, False)]
)
def test_yes_and_no(raw, answer):
    assert read(raw, "yesno") is answer


def test_yes_or_no_takes_nothing_else():
    with pytest.raises(BadValue, match="请选“是”或“否”"):
        read("也许", "yesno")


def test_number_is_whole_or_text_with_its_decimals():
    assert read("４", "number") == 4
    assert read("4.5", "number", decimals=2) == "4.50"


@pytest.mark.parametrize(("raw", "sentence"), [("0", "你填了0，不能少于1"), ("21", "你填了21，不能多于20")])
def test_number_has_bounds(raw, sentence):
    with pytest.raises(BadValue, match=sentence):
        read(raw, "number", min=1, max=20)


def test_money_is_text_with_two_places():
    assert read("38460", "money") == "38460.00"


def test_money_has_bounds_and_guesses_a_zero_too_many():
    with pytest.raises(BadValue, match="看看是不是多打了一个0") as refusal:
        read("384600", "money", max=50000)
    assert refusal.value.suggestion.value == "38460.00"
    with pytest.raises(BadValue) as refusal:
        read("384600.5", "money", max=50000)
    assert refusal.value.suggestion is None
    with pytest.raises(BadValue, match="不能少于0.00元") as refusal:
        read("-100", "money")
    assert refusal.value.suggestion.value == "100.00"
    with pytest.raises(BadValue, match="不能少于10.00元") as refusal:
        read("-100", "money", min=10)
    assert refusal.value.suggestion is None


def test_date_is_iso_text():
    assert read("2026年11月5日", "date") == "2026-11-05"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("2026-11-23", "你填了2026年11月23日，这一天还没到"),
        ("1899-01-01", "你填了1899年1月1日，不能早于1900年1月1日"),
    ],
)
def test_date_has_bounds(raw, sentence):
    with pytest.raises(BadValue, match=sentence):
        read(raw, "date", min="1900-01-01", max="today")


def test_date_may_end_in_the_future():
    with pytest.raises(BadValue, match="不能晚于2026年12月22日"):
        read("2027-01-01", "date", max="today+30d")


@pytest.mark.parametrize(
    ("raw", "members", "answer"),
    [
        ("139 1234 5520", {}, "13912345520"),
        ("+86 13912345520", {}, "13912345520"),
        ("１３９１２３４５５２０", {}, "13912345520"),
        ("0512-57301234", {"landline": True}, "0512-57301234"),
        ("(0512)57301234", {"landline": True}, "0512-57301234"),
        ("13912345520", {"landline": True}, "13912345520"),
    ],
)
def test_phone_is_read_however_it_is_typed(raw, members, answer):
    assert read(raw, "phone", **members) == answer


def test_phone_says_what_is_wrong():
    with pytest.raises(BadValue, match="手机号是11位，你填了10位"):
        read("1391234552", "phone")
    with pytest.raises(BadValue, match="这不是手机号"):
        read("0512-57301234", "phone")


def test_identity_is_normalised_and_refused_by_the_kernel():
    assert read(f"３２０５８３ {IDENTITY[6:14]} {IDENTITY[14:].lower()}", "identity") == IDENTITY
    with pytest.raises(BadValue, match="18位"):
        read("3205831986", "identity")


def test_identity_of_other_types_when_they_are_allowed():
    assert read("H12345678", "identity", id_types=["1", "2"]) == "H12345678"
    with pytest.raises(BadValue, match="18位"):
        read("H12345678", "identity")


def test_pick_takes_an_identifier_an_exact_name_or_the_only_one():
    sources = {"organisation": Bodies()}

    assert read("u1", "organisation", sources) == {"value": "u1", "label": "恒达精密工会"}
    assert read("恒达精密工会", "organisation", sources)["value"] == "u1"
    assert read(Typed("恒达", "u3", "恒达"), "organisation", sources)["value"] == "u3"
    assert read(Typed("", "u3"), "organisation", sources)["value"] == "u3"
    assert read({"value": "u2", "label": "别的名字"}, "organisation", sources) == {
        "value": "u2",
        "label": "联达光电工会",
    }


def test_pick_with_changed_text_searches_anew():
    sources = {"organisation": Bodies()}

    assert read(Typed("联达光电工会", "u1", "恒达"), "organisation", sources)["value"] == "u2"


def test_pick_with_several_hits_asks_which():
    with pytest.raises(SeveralFit, match="找到2个和“恒达”有关的") as refusal:
        read("恒达", "organisation", {"organisation": Bodies()})

    assert [hit.value for hit in refusal.value.choices] == ["u1", "u3"]


@pytest.mark.parametrize(
    ("raw", "sources", "sentence"),
    [
        ("没有的单位", {"organisation": Bodies()}, "没有找到“没有的单位”"),
        (Typed("", "stale"), {"organisation": Bodies()}, "找到3个"),
        ("恒达", None, "现在查不到名单"),
    ],
)
def test_pick_that_finds_nothing(raw, sources, sentence):
    with pytest.raises(BadValue, match=sentence):
        read(raw, "organisation", sources)


def test_files_are_counted():
    assert read(["d1", "d2"], "files", max_files=2) == ["d1", "d2"]
    assert read("d1", "file") == ["d1"]
    with pytest.raises(BadValue, match="最多1个文件，你传了2个。请去掉1个"):
        read(["d1", "d2"], "file")


COLUMNS = [question("name", "text", zh="姓名", format="name"), question("age", "number", zh="年龄", optional=True)]


def test_rows_drop_blank_ones_and_leave_out_empty_cells():
    rows = [{"name": "周文娟", "age": ""}, {"name": " ", "age": None}, {"name": "赵建国", "age": "４５"}, "stray"]

    assert read(rows, "person_rows", columns=COLUMNS) == [{"name": "周文娟"}, {"name": "赵建国", "age": 45}]


def test_rows_tell_every_cell_that_is_wrong():
    with pytest.raises(BadRows, match="有2处要改") as refusal:
        read([{"name": ""}, {"name": "张3", "age": "三"}, {"name": "周文娟"}], "person_rows", columns=COLUMNS)

    assert [(place, key) for place, key, _bad in refusal.value.cells] == [(1, "name"), (1, "age")]


@pytest.mark.parametrize(
    ("rows", "members", "sentence"),
    [
        ([], {}, "至少填1行，你填了0行"),
        ([{"name": "周文娟"}], {"min_rows": 2}, "至少填2行，你填了1行"),
        ([{"name": "周文娟"}] * 3, {"max_rows": 2}, "最多填2行，你填了3行"),
    ],
)
def test_rows_have_bounds(rows, members, sentence):
    with pytest.raises(BadValue, match=sentence):
        read(rows, "person_rows", columns=COLUMNS, **members)


def test_no_rows_where_rows_are_optional():
    assert read([], "person_rows", columns=COLUMNS, optional=True) is None


@pytest.mark.parametrize(
    ("kind", "value", "other", "sentence", "suggestion"),
    [
        (
            "money",
            "384600.00",
            "68214.50",
            "你填了384,600元，比“别的”68,214.50元还多。看看是不是多打了一个0。",
            "38460.00",
        ),
        ("money", "68215.50", "68214.50", "你填了68,215.50元，比“别的”68,214.50元还多。", None),
        ("number", 5, 4, "你填了5人，比“别的”4人还多。", None),
        ("date", "2026-11-05", "2026-11-04", "你填了2026年11月5日，比“别的”2026年11月4日还晚。", None),
    ],
)
def test_answer_above_what_it_may_not_pass(kind, value, other, sentence, suggestion):
    unit = {"unit": {"zh": "人", "en": ""}} if kind == "number" else {}
    mine = Field.from_json(question("q", kind, not_above="o", **unit))
    fields = {"o": Field.from_json(question("o", kind, zh="别的", **unit))}

    refusal = compare(mine, value, {"o": other}, fields)

    assert str(refusal) == sentence
    assert (refusal.suggestion.value if refusal.suggestion else None) == suggestion
    assert compare(mine, other, {"o": value}, fields) is None


@pytest.mark.parametrize(
    ("kind", "value", "other", "sentence"),
    [
        ("money", "1.00", "2.00", "你填了1元，比“别的”2元还少。"),
        ("date", "2026-11-03", "2026-11-04", "你填了2026年11月3日，比“别的”2026年11月4日还早。"),
    ],
)
def test_answer_below_what_it_may_not_pass(kind, value, other, sentence):
    mine = Field.from_json(question("q", kind, not_below="o"))

    assert str(compare(mine, value, {"o": other}, {"o": Field.from_json(question("o", kind, zh="别的"))})) == sentence
    assert compare(mine, value, {}, {}) is None


def test_blank_is_blank_all_the_way_down():
    assert is_blank({"a": [" ", None]})
    assert not is_blank([{"a": 0}])
