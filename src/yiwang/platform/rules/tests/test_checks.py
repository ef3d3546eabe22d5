"""``rules check``: every slip of an expert is found, named by file and line."""

import shutil
from pathlib import Path

import pytest

from yiwang.platform.rules.library.checks import check_directories
from yiwang.platform.rules.library.places import line_of, lines_of

HERE = Path(__file__).resolve().parent
SERVICES = HERE.parents[2] / "net" / "catalogue" / "rules"
CASES = HERE.parents[2] / "net" / "cases" / "rules"

FACTS = """
[facts.age]
type = "number"
unit = "year"
high = 130
label = ["年龄", "Age"]
origin = "register"
source = ["实名", "Register"]
correct = ["窗口", "The desk"]

[facts.member]
type = "choice"
label = ["会籍", "Membership"]
origin = "asked"
source = ["你选的", "Your choice"]
correct = ["你自己", "You"]
choices = [["yes", "是", "yes"], ["no", "不是", "no"]]
"""
QUESTIONS = """
[[questions]]
key = "member"
text = ["你是会员吗？", "Are you a member?"]
options = [{ value = "a", zh = "是", en = "Yes", facts = { member = "yes" } }]
"""
PARAMETERS = """
[parameters.least]
label = ["最低年龄", "Lowest age"]
unit = "year"
values = [{ value = 16, valid_from = 2000-01-01, source = ["某法", "A law"], evidence = "verified" }]
"""
PROGRAMME = """
key = "p"
title = ["项目", "Programme"]

[[conditions]]
key = "old"
requires = ["满{least}", "At least {least}"]
when = "age >= least"
basis = ["某法", "A law"]
evidence = "verified"

[[conditions]]
key = "in_union"
requires = ["是会员", "A member"]
when = "member == 'yes'"
basis = ["某法", "A law"]
evidence = "verified"
"""
CASE_TABLE = "case,on,verdict,no,age,member\n成年会员,2026-01-01,yes,,20,yes\n"


@pytest.fixture
def folder(tmp_path):
    files = {"facts.toml": FACTS, "questions.toml": QUESTIONS, "parameters.toml": PARAMETERS}
    for name, text in {**files, "p.toml": PROGRAMME, "p.cases.csv": CASE_TABLE}.items():
        (tmp_path / name).write_text(text.lstrip(), "utf-8")
    return tmp_path


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems_of(folder):
    _, problems = check_directories([folder])
    return [(item.code, Path(item.file).name, item.line) for item in problems]


def test_sound_files_have_no_problem(folder):
    assert problems_of(folder) == []


def test_the_packaged_rules_are_sound():
    _, problems = check_directories([SERVICES, CASES])

    assert [str(item) for item in problems] == []


def test_the_aid_rules_of_the_handbook_give_its_worked_households():
    book, problems = check_directories([HERE / "aid"])

    assert [str(item) for item in problems] == []
    assert len((HERE / "aid" / "aid.cases.csv").read_text("utf-8").splitlines()) == 8
    assert list(book.rulesets) == ["aid"]


SLIPS = {
    ("p.toml", "age >= least", "age >= leest"): ("unknown_name", "p.toml", 7),
    ("p.toml", "member == 'yes'", "member == 'maybe'"): ("unknown_choice", "p.toml", 14),
    ("p.toml", "age >= least", "age >= 16"): ("bare_number", "p.toml", 7),
    ("p.toml", "age >= least", "age >= least + 120 - 0"): ("never", "p.toml", 7),
    ("p.toml", "age >= least", "age >= 0"): ("always", "p.toml", 7),
    ("p.toml", "age >= least", "age >="): ("expression", "p.toml", 7),
    ("p.toml", "age >= least", "age"): ("expression", "p.toml", 7),
    ("p.toml", '"满{least}", "At least {least}"', '"满{least}", "At least"'): ("translation", "p.toml", 4),
    ("p.toml", '"是会员", "A member"', '"是会员", ""'): ("translation", "p.toml", 11),
    ("p.toml", '"是会员", "A member"', '"是会员", "是会员"'): ("translation", "p.toml", 11),
    ("p.toml", '"满{least}", "At least {least}"', '"满{x}", "At least {x}"'): ("unknown_name", "p.toml", 4),
    ("p.toml", 'basis = ["某法", "A law"]', 'basis = ["", ""]'): ("no_source", "p.toml", 8),
    ("p.toml", 'evidence = "verified"', 'evidence = "sure"'): ("evidence", "p.toml", 9),
    ("p.toml", 'requires = ["是会员", "A member"]\n', ""): ("shape", "p.toml", 11),
    ("p.toml", 'key = "p"', 'key = "q"'): ("key", "p.toml", 1),
    ("p.toml", 'key = "old"', 'key = "age"'): ("twice", "p.toml", 7),
    ("p.toml", 'key = "old"', 'key = "class"'): ("key", "p.toml", 7),
    ("p.toml", 'key = "old"', 'key = "old"\nabout = "nobody"'): ("unknown_name", "p.toml", 6),
    ("p.toml", 'key = "old"', 'key = "old"\nmarks = ["nobody"]'): ("unknown_name", "p.toml", 6),
    ("p.toml", 'key = "old"', 'key = "old"\nwhom = "all"'): ("shape", "p.toml", 6),
    ("p.toml", 'key = "old"', 'use = "old"'): ("unknown_name", "p.toml", 5),
    ("p.toml", 'key = "p"', 'key = "p"\ntotal = "x"'): ("unknown_name", "p.toml", 2),
    ("p.toml", 'key = "p"', 'key = "p"\nverdict = "old and new"'): ("unknown_name", "p.toml", 2),
    ("p.toml", 'key = "p"', 'key = "p'): ("toml", "p.toml", 1),
    ("parameters.toml", "2000-01-01", "2000-13-01"): ("toml", "parameters.toml", 4),
    ("parameters.toml", "2000-01-01", '"soon"'): ("shape", "parameters.toml", 4),
    ("parameters.toml", '"year"', '"furlong"'): ("unit", "parameters.toml", 3),
    ("parameters.toml", "value = 16", 'value = "16.5"'): ("figure", "parameters.toml", 4),
    ("parameters.toml", '"verified"', '"sure"'): ("evidence", "parameters.toml", 4),
    ("parameters.toml", '["某法", "A law"]', '["某法", ""]'): ("no_source", "parameters.toml", 4),
    ("facts.toml", 'type = "number"', 'type = "float"'): ("shape", "facts.toml", 2),
    ("facts.toml", 'origin = "register"', 'origin = "heaven"'): ("shape", "facts.toml", 6),
    ("facts.toml", 'unit = "year"', 'unit = "furlong"'): ("unit", "facts.toml", 3),
    ("facts.toml", '["年龄", "Age"]', '["年龄", "年龄"]'): ("translation", "facts.toml", 1),
    ("facts.toml", 'choices = [["yes", "是", "yes"], ["no", "不是", "no"]]', ""): ("shape", "facts.toml", 10),
    ("questions.toml", 'member = "yes"', 'member = "maybe"'): ("bad_fact", "questions.toml", 1),
    ("questions.toml", 'member = "yes"', 'nobody = "yes"'): ("unknown_name", "questions.toml", 1),
    ("questions.toml", 'facts = { member = "yes" }', "facts = {}"): ("questions", "questions.toml", 1),
    ("p.cases.csv", ",yes,,20", ",no,,20"): ("case", "p.cases.csv", 2),
    ("p.cases.csv", ",yes,,20", ",no,old,15"): None,
    ("p.cases.csv", ",yes,,20", ",no,in_union,15"): ("case", "p.cases.csv", 2),
    ("p.cases.csv", "2026-01-01", "soon"): ("case", "p.cases.csv", 2),
    ("p.cases.csv", "20,yes", "old,yes"): ("case", "p.cases.csv", 2),
    ("p.cases.csv", "age,member", "age,nobody"): ("case", "p.cases.csv", 2),
    ("p.cases.csv", "case,on", "programme,on"): ("case", "p.cases.csv", 2),
}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip[0]}: {slip[2][:30]}")
def test_every_slip_is_found_where_it_stands(folder, slip):
    change(folder, *slip)

    found = problems_of(folder)

    expected = SLIPS[slip]
    assert (found == []) if expected is None else (expected in found), found


@pytest.mark.parametrize(
    ("second", "code"),
    [("2010-01-01", "overlap"), ("2012-01-01", "gap"), ("2011-01-01", None)],
)
def test_dates_of_a_figure_may_neither_overlap_nor_leave_a_gap(folder, second, code):
    row = '{ value = 17, valid_from = DAY, source = ["某法", "A law"], evidence = "verified" }'.replace("DAY", second)
    change(folder, "parameters.toml", "2000-01-01", "2000-01-01, valid_to = 2010-12-31")
    change(folder, "parameters.toml", '"verified" }]', f'"verified" }}, {row}]')

    assert [item[0] for item in problems_of(folder)] == ([code] if code else [])


def test_an_end_before_the_beginning_is_found(folder):
    change(folder, "parameters.toml", "2000-01-01", "2000-01-01, valid_to = 1999-12-31")

    assert "dates" in {item[0] for item in problems_of(folder)}


def test_conditions_that_exclude_each_other_are_found(folder):
    change(folder, "p.toml", "member == 'yes'", "age < least")

    assert ("never", "p.toml", 4) in problems_of(folder)


def test_an_unused_parameter_of_a_programme_is_found(folder):
    own = '\n[parameters.spare]\nlabel = ["多余", "Spare"]\nvalues = [{ value = 1, valid_from = 2000-01-01, source = ["某法", "A law"], evidence = "design" }]\n'
    change(folder, "p.toml", PROGRAMME.lstrip(), PROGRAMME.lstrip() + own)

    assert [item[0] for item in problems_of(folder)] == ["unused"]


def test_a_programme_without_a_case_is_found(folder):
    (folder / "p.cases.csv").unlink()

    assert problems_of(folder) == [("no_case", "p.toml", 1)]


def test_a_table_names_the_row_that_lacks_something(folder):
    change(
        folder,
        "parameters.toml",
        'values = [{ value = 16, valid_from = 2000-01-01, source = ["某法", "A law"], evidence = "verified" }]',
        'keys = ["member"]\ntable = "least.csv"',
    )
    assert ("file", "parameters.toml", 5) in problems_of(folder)

    (folder / "least.csv").write_text(
        "member,value,valid_from,source_zh,source_en,evidence\nyes,,2000-01-01,某法,A law,verified\n", "utf-8"
    )
    assert ("table", "least.csv", 2) in problems_of(folder)

    (folder / "least.csv").write_text(
        "member,value,valid_from,source_zh,source_en,evidence\nyes,16,2000-01-01,某法,A law,verified\n", "utf-8"
    )
    change(folder, "p.toml", "age >= least", "age >= least[member]")
    change(folder, "p.toml", '["满{least}", "At least {least}"]', '["年龄够", "Old enough"]')
    assert problems_of(folder) == []


def test_a_circle_and_a_wrong_formula_are_reported_once(folder):
    formulas = '\n[[formulas]]\nkey = "a"\nlabel = ["甲", "A"]\nvalue = "b + nobody"\n\n[[formulas]]\nkey = "b"\nlabel = ["乙", "B"]\nvalue = "age + nobody"\n'
    change(folder, "p.toml", PROGRAMME.lstrip(), PROGRAMME.lstrip() + formulas)

    assert [item[0] for item in problems_of(folder)] == ["unknown_name"]


def test_more_than_six_questions_are_too_many(folder):
    text = (folder / "questions.toml").read_text("utf-8")
    (folder / "questions.toml").write_text("\n".join(text.replace('"member"', f'"q{n}"', 1) for n in range(7)), "utf-8")

    assert "questions" in {item[0] for item in problems_of(folder)}


def test_a_folder_can_be_checked_wherever_it_lies(tmp_path):
    shutil.copytree(SERVICES, tmp_path / "copy")

    assert problems_of(tmp_path / "copy") == []


def test_lines_are_found_for_tables_rows_and_quoted_names():
    lines = lines_of('a = 1\n[t."x.y"]\nb = 2\n[[r]]\nc = 3\n[[r]]\nc.d = 4\n')

    assert line_of(lines, ("t", "x.y", "b")) == 3
    assert line_of(lines, ("r", 1, "c", "d")) == 7
    assert line_of(lines, ("r", 1, "z")) == 6
    assert line_of(lines, ("nowhere",)) == 1
