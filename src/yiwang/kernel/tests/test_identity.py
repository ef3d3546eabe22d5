import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.identity import (
    USCC_ALPHABET,
    BadIdentity,
    IdType,
    check_identity,
    check_resident_id,
    check_uscc,
    clean_name,
    from_fifteen,
    id_check_digit,
    mask_id,
    mask_name,
    mask_phone,
    org_code,
    parse_phone,
    uscc_check_digit,
)

TODAY = dt.date(2026, 11, 22)
F, M = "2", "1"

# Handbook GT 2.8 and its edges: number, type, birth date, gender.
GOOD = [
    ("11010519491231002X", IdType.RESIDENT, dt.date(1949, 12, 31), F),
    ("320102199001010010", IdType.RESIDENT, dt.date(1990, 1, 1), M),
    ("320507198808081230", IdType.RESIDENT, dt.date(1988, 8, 8), M),
    ("810000198001010014", IdType.HK_MACAU_RESIDENCE, dt.date(1980, 1, 1), M),
    ("830000199212310023", IdType.TAIWAN_RESIDENCE, dt.date(1992, 12, 31), F),
]

BAD = [
    ("440524188001010014", "too_old"),
    ("320102199001010011", "check_digit"),
    ("320102199013010018", "birth_date"),
    ("990102199001010013", "province"),
    ("32010219900101001", "format"),
    ("3201021990010100100", "format"),
    ("32010219900101001A", "format"),
    ("", "format"),
    ("320102900101001", "old_number"),
    ("3.20102E+17", "excel_rounded"),
    ("3.20102199001010E17", "excel_rounded"),
    ("320102199001010000", "excel_rounded"),
    ("320102199001010000.0", "excel_rounded"),
]


@pytest.mark.parametrize(("number", "kind", "birth", "gender"), GOOD)
def test_a_valid_number_tells_type_birth_and_gender(number, kind, birth, gender):
    found = check_resident_id(number, TODAY)

    assert (found.number, found.id_type, found.birth_date, found.gender) == (number, kind, birth, gender)
    assert found.division == number[:6]


@pytest.mark.parametrize(("number", "reason"), BAD)
def test_an_impossible_number_is_refused_with_its_reason(number, reason):
    with pytest.raises(BadIdentity) as refusal:
        check_resident_id(number, TODAY)

    assert refusal.value.reason == reason
    assert len(str(refusal.value)) > 10


def with_check(seventeen: str) -> str:
    return seventeen + id_check_digit(seventeen)


def test_an_unknown_county_passes_and_an_unknown_province_does_not():
    assert check_resident_id(with_check("32999919900101001"), TODAY).division == "329999"
    with pytest.raises(BadIdentity) as refusal:
        check_resident_id(with_check("16999919900101001"), TODAY)
    assert refusal.value.reason == "province"


def test_a_birth_date_counts_as_future_from_the_day_asked_about():
    number = with_check("32010220261123001")

    assert check_resident_id(number, dt.date(2026, 11, 23)).birth_date == dt.date(2026, 11, 23)
    with pytest.raises(BadIdentity) as refusal:
        check_resident_id(number, dt.date(2026, 11, 22))
    assert refusal.value.reason == "future"


def test_a_real_number_that_ends_in_000_is_not_taken_for_a_rounded_one():
    number = next(n for n in (with_check(f"320102{y}0101000"[:17]) for y in range(1950, 2020)) if n.endswith("000"))

    assert check_resident_id(number, TODAY).number == number


@pytest.mark.parametrize(
    "typed",
    ["１１０１０５１９４９１２３１００２ｘ", " 110105 19491231 002x ", "110105-19491231-002X", "'11010519491231002x"],
)
def test_numbers_are_read_however_they_were_typed(typed):
    assert check_resident_id(typed, TODAY).number == "11010519491231002X"


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number, place, shift):
    seventeen = f"{number:017d}"
    wrong = seventeen[:place] + str((int(seventeen[place]) + shift) % 10) + seventeen[place + 1 :]

    assert id_check_digit(wrong) != id_check_digit(seventeen)


@given(st.dates(dt.date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_every_number_built_by_the_standard_passes(birth, sequence):
    number = with_check(f"320583{birth:%Y%m%d}{sequence:03d}")

    found = check_resident_id(number, TODAY)

    assert (found.birth_date, found.gender) == (birth, M if sequence % 2 else F)


def test_an_old_number_becomes_the_new_one_for_matching():
    assert from_fifteen("110105491231002") == "11010519491231002X"
    assert from_fifteen("11010519491231002X") is None


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("1", "320102199001010010", "320102199001010010"),
        ("2", "h12345678", "H12345678"),
        ("2", "M1234567801", "M1234567801"),
        ("3", "12345678", "12345678"),
        ("4", "810000198001010014", "810000198001010014"),
        ("5", "830000199212310023", "830000199212310023"),
        ("6", "usa110078010112", "USA110078010112"),
        ("7", "e 1234567", "E1234567"),
        ("9", "军字第1234567", "军字第1234567"),
    ],
)
def test_each_type_of_document_has_its_own_form(kind, typed, number):
    assert check_identity(kind, typed, TODAY).number == number


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        ("1", "830000199212310023", "other_type"),
        ("5", "810000198001010014", "other_type"),
        ("2", "X12345678", "format"),
        ("3", "1234567", "format"),
        ("6", "USA11007801011", "format"),
        ("7", "E123", "format"),
        ("9", "!", "format"),
        ("7", "3.20102E+17", "excel_rounded"),
    ],
)
def test_a_number_of_another_form_is_refused(kind, typed, reason):
    with pytest.raises(BadIdentity) as refusal:
        check_identity(kind, typed, TODAY)

    assert refusal.value.reason == reason


def test_the_new_foreign_permanent_card_has_the_check_of_a_resident_number():
    number = with_check("91156019900101001")

    assert check_identity("6", number, TODAY).birth_date == dt.date(1990, 1, 1)
    with pytest.raises(BadIdentity):
        check_identity("6", number[:-1] + ("0" if number[-1] != "0" else "1"), TODAY)


def test_every_type_has_a_label():
    assert IdType.RESIDENT.label == "居民身份证"
    assert len({kind.label for kind in IdType}) == len(IdType)


USCC_GOOD = [
    "91350100M000100Y43",
    "81320000509100012B",
    "81320102MB00000195",
    "813205005091000125",
    "91320100MC12345661",
]


@pytest.mark.parametrize("code", USCC_GOOD)
def test_a_valid_credit_code_passes_in_any_width_and_case(code):
    assert check_uscc(code).code == code
    assert check_uscc(f" {code.lower()} ").code == code
    assert check_uscc(code.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})).code == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("81320000509100012A", "check_digit"),
        ("8132000050910O012B", "letter"),
        ("8132000050910001", "format"),
        ("8132A000509100012B", "division"),
    ],
)
def test_an_impossible_credit_code_is_refused(code, reason):
    with pytest.raises(BadIdentity) as refusal:
        check_uscc(code)

    assert refusal.value.reason == reason


def test_a_code_tells_whether_it_is_a_unions():
    assert check_uscc("81320000509100012B").is_union is True
    assert check_uscc("91350100M000100Y43").is_union is False


def test_a_legacy_organisation_code_and_a_new_class_are_warnings_only():
    def code(seventeen: str) -> str:
        return seventeen + uscc_check_digit(seventeen)

    assert check_uscc(code("91350100M000100Y" + "5")).warnings == ("org_code",)
    assert check_uscc(code("54350100M000100Y" + "4")).warnings == ("class",)
    assert check_uscc("91350100M000100Y43").warnings == ()
    assert check_uscc("91350100M000100Y43").org_code == "M000100Y4"


@given(st.text(USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_sign_of_a_credit_code_never_passes(code, place, shift):
    wrong = code[:place] + USCC_ALPHABET[(USCC_ALPHABET.index(code[place]) + shift) % 31] + code[place + 1 :]

    assert uscc_check_digit(wrong) != uscc_check_digit(code)


def test_organisation_codes_are_checked():
    assert org_code("D2143569-X") == "D2143569X"
    with pytest.raises(BadIdentity, match="校验位"):
        org_code("D2143569-1")
    with pytest.raises(BadIdentity, match="9位"):
        org_code("D214")


@pytest.mark.parametrize(
    "typed",
    [
        "13912345520",
        "１３９１２３４５５２０",
        "+86 139 1234 5520",
        "86-139-1234-5520",
        "0086 13912345520",
        "(139)12345520",
        "13912345520.0",
        "+8613912345520",
    ],
)
def test_telephones_are_read_however_they_were_typed(typed):
    assert parse_phone(typed) == "13912345520"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1391234552", "phone_length"),
        ("139123455201", "phone_length"),
        ("0512-57321234", "phone"),
        ("12912345520", "phone"),
        ("", "phone"),
    ],
)
def test_what_is_no_mobile_number_is_refused(typed, reason):
    with pytest.raises(BadIdentity) as refusal:
        parse_phone(typed)

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("周文娟", "周文娟"),
        (" 周 文 娟 ", "周文娟"),
        ("𠮷田", "𠮷田"),
        ("李㐂", "李㐂"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("Maria  de Souza", "Maria de Souza"),
        ("ＬｉＷｅｉ", "LiWei"),
        ("甲" * 40, "甲" * 40),
        ("张\u200b三", "张三"),
    ],
)
def test_names_keep_rare_characters_and_lose_noise(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("周", "name_length"),
        ("甲" * 41, "name_length"),
        ("", "name_length"),
        ("周3娟", "name_character"),
        ("周文娟😀", "name_character"),
        ("周<娟", "name_character"),
    ],
)
def test_what_is_no_name_is_refused(typed, reason):
    with pytest.raises(BadIdentity) as refusal:
        clean_name(typed)

    assert refusal.value.reason == reason


def test_masks_show_enough_to_recognise():
    assert mask_id("320102199001010010") == "320***********0010"
    assert mask_id("H12345678") == "H1*****78"
    assert mask_id("E1234") == "E****"
    assert mask_id("") == ""
    assert mask_phone("13912345520") == "139****5520"
    assert mask_phone("12351") == "*****"
    assert mask_name("周文娟") == "周**"
    assert mask_name("王伟") == "王*"
    assert mask_name("阿卜杜拉·买买提") == "阿**"


@given(st.text(max_size=60))
def test_no_text_breaks_a_check(text):
    for check in (lambda t: check_resident_id(t, TODAY), check_uscc, parse_phone, clean_name, org_code):
        with contextlib.suppress(BadIdentity):
            assert check(text)
