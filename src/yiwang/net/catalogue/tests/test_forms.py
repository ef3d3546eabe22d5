import pytest
from django.http import QueryDict

from yiwang.net.catalogue.comparison import differences
from yiwang.net.catalogue.definitions import tidy
from yiwang.net.catalogue.forms.rows import BundledForm
from yiwang.net.catalogue.forms.sections import BY_KEY, SECTIONS, fields_list
from yiwang.net.catalogue.forms.sheet import Sheet
from yiwang.net.catalogue.seed import seeded_services

from .factories import definition, text

pytestmark = pytest.mark.django_db


def posted(sheet, **changes):
    """What a browser sends back for a page it shows unchanged."""
    data = QueryDict(mutable=True)
    for bound in (bound for form in sheet.forms for bound in form):
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(bound.html_name, [str(part) for part in value])
        elif value is True:
            data[bound.html_name] = "on"
        elif value is not None and value is not False:
            data[bound.html_name] = str(value)
    for name, value in changes.items():
        data.setlist(name, value) if isinstance(value, list) else data.update({name: value})
    return data


def saved(told, section, *, lists=None, op="", **changes):
    """The definition after one save of one page."""
    data = posted(Sheet(told, BY_KEY[section], lists=lists), **changes)
    sheet = Sheet(told, BY_KEY[section], lists=lists, data=data)
    assert sheet.is_valid(), [form.errors for form in sheet.forms]
    return tidy({**told, **sheet.changes(op)})


@pytest.mark.parametrize("service", seeded_services(), ids=lambda service: service.code)
def test_saving_a_page_unchanged_changes_nothing(service):
    told = service.definition
    pages = [(section.key, None) for section in SECTIONS]
    pages += [("form", (fields_list(place),)) for place in range(len(told["form"]["steps"]))]

    for section, lists in pages:
        data = posted(Sheet(told, BY_KEY[section], lists=lists))
        sheet = Sheet(told, BY_KEY[section], lists=lists, data=data)
        assert sheet.is_valid()
        assert sheet.changes("") == {}


def test_the_basics_are_written():
    changes = {"main-name_zh": "送凉茶", "main-audience": ["member", "union"], "main-levels": ["4", "5"]}

    found = saved(definition(), "basics", **changes, **{"main-gain_zh": "凉茶"})

    assert found["name"]["zh"] == "送凉茶"
    assert (found["audience"], found["levels"]) == (["member", "union"], [4, 5])
    assert found["gain"] == {"label": text("你得到"), "unit": {"zh": "凉茶", "en": "x"}}


def test_limits_visits_and_season_are_written():
    found = saved(
        definition(),
        "steps",
        **{
            "main-promised_amount": "2",
            "main-legal_amount": "15",
            "main-legal_unit": "day",
            "main-legal_basis_zh": "某法第三条",
            "main-visits": "1",
            "main-visit_reason_zh": "要签字",
            "main-fee": "5.50",
            "main-timing": "window",
            "main-opens": "06-01",
            "main-closes": "09-30",
            "main-quota": "200",
        },
    )

    assert found["promised_limit"] == {"amount": 2, "unit": "workday"}
    assert found["legal_limit"] == {"amount": 15, "unit": "day", "basis": {"zh": "某法第三条"}}
    assert (found["visits"], found["fee"], found["visit_reason"]) == (1, "5.50", {"zh": "要签字"})
    assert found["window"] == {"opens": "06-01", "closes": "09-30", "quota": 200}
    assert "window" not in saved(found, "steps", **{"main-timing": "limit"})
    assert "legal_limit" not in saved(found, "steps", **{"main-legal_amount": ""})


def test_a_bad_number_is_told_and_nothing_is_lost():
    told = definition()
    data = posted(Sheet(told, BY_KEY["steps"]), **{"main-promised_amount": "很快", "steps-0-title_zh": "登记一下"})

    sheet = Sheet(told, BY_KEY["steps"], data=data)

    assert not sheet.is_valid()
    assert "promised_amount" in sheet.main.errors
    assert sheet.lists[0].rows[0].form["title_zh"].value() == "登记一下"


def test_rows_are_added_moved_and_taken_away():
    told = definition()
    keys = [row["key"] for row in told["materials"]]

    added = saved(told, "materials", op="add:materials")["materials"]
    moved = saved(told, "materials", op="down:materials:0")["materials"]
    lifted = saved(told, "materials", op="up:materials:2")["materials"]
    taken = saved(told, "materials", op="remove:materials:1")["materials"]

    assert added[-1] == {"key": "m1"}
    assert [row["key"] for row in moved] == [keys[1], keys[0], keys[2]]
    assert [row["key"] for row in lifted] == [keys[0], keys[2], keys[1]]
    assert [row["key"] for row in taken] == [keys[0], keys[2]]


@pytest.mark.parametrize("op", ["up:materials:0", "down:materials:2", "remove:materials:9", "remove:materials:x", "?"])
def test_a_row_operation_that_makes_no_sense_changes_nothing(op):
    assert saved(definition(), "materials", op=op) == tidy(definition())


def test_new_keys_are_free_and_new_conditions_blank():
    told = definition(materials=[{"key": "m1", "name": text("工资条")}])

    assert saved(told, "materials", op="add:materials")["materials"][-1] == {"key": "m2"}
    assert saved(told, "conditions", op="add:conditions")["conditions"][-1] == {}


def test_words_are_written_one_a_line_without_repeats():
    assert saved(definition(), "words", **{"main-aliases": "送清凉\n\n 凉茶 \n送清凉"})["aliases"] == ["送清凉", "凉茶"]


def test_questions_are_built_without_code():
    told = saved(definition(), "form", lists=(fields_list(0),), op="add:form.steps.0.fields")
    place = "form-steps-0-fields-2"

    built = saved(
        told,
        "form",
        lists=(fields_list(0),),
        **{
            f"{place}-label_zh": "要几份",
            f"{place}-label_en": "How many",
            f"{place}-kind": "choice",
            f"{place}-options": "1|一份|One\n2|两份|Two\n三份",
            f"{place}-if_field": "name",
            f"{place}-if_values": "甲，乙",
        },
    )

    question = built["form"]["steps"][0]["fields"][2]
    assert question == {
        "key": "q1",
        "kind": "choice",
        "label": text("要几份", "How many"),
        "options": [
            {"value": "1", "label": text("一份", "One")},
            {"value": "2", "label": text("两份", "Two")},
            {"value": "三份", "label": {"zh": "三份"}},
        ],
        "show_if": {"field": "name", "in": ["甲", "乙"]},
    }


def test_columns_of_people_and_bounds_of_numbers_are_built():
    place = "form-steps-0-fields-0"
    columns = {f"{place}-kind": "person_rows", f"{place}-options": "name|text|姓名|Name\nage|number|年龄|Age"}
    number = {f"{place}-kind": "number", f"{place}-min": "0", f"{place}-max": "9"}

    people = saved(definition(), "form", lists=(fields_list(0),), **columns)["form"]["steps"][0]["fields"][0]
    figure = saved(definition(), "form", lists=(fields_list(0),), **number)["form"]["steps"][0]["fields"][0]

    assert [column["kind"] for column in people["columns"]] == ["text", "number"]
    assert (figure["min"], figure["max"]) == (0, 9)


def test_pages_of_the_form_are_added():
    found = saved(definition(), "form", op="add:form.steps")

    assert found["form"]["steps"][-1] == {"key": "p1"}


def test_differences_are_told_by_place_in_words():
    old = definition()
    new = definition(minutes=4, channels=["phone", "web"], visits=0)
    new["materials"][0]["name"]["zh"] = "门口的照片"
    del new["materials"][1]
    new["form"]["steps"][0]["fields"][1]["optional"] = False

    found = {item.place: (item.old, item.new) for item in differences(old, new)}

    assert found["填表大约几分钟"] == ("2", "4")
    assert found["怎么办"] == ("web、phone", "phone、web")
    assert found["材料·photo·名称·中文"] == ("工地照片", "门口的照片")
    assert found["材料·card·名称·中文"] == ("会籍", None)
    assert "材料·card·key" not in found
    assert found["表单·步骤·who·问题·photo·可不填"] == ("是", None)
    assert "要到现场几次" not in found


def test_a_changed_order_is_one_difference():
    old, new = definition(), definition()
    new["materials"].reverse()

    found = differences(old, new)

    assert [(item.place, item.old, item.new) for item in found] == [
        ("材料·顺序", "photo、card、weather", "weather、card、photo")
    ]


def test_lists_without_keys_are_told_by_number():
    old, new = definition(), definition(conditions=[text("在户外上班"), text("满16岁")])

    found = [(item.place, item.old, item.new) for item in differences(old, new)]

    assert ("条件·第2·中文", None, "满16岁") in found
    assert differences(old, old) == []


def test_a_bundle_is_written_in_the_editor_without_losing_anything():
    part = {
        "code": "MB-0007",
        "needs": "MB-0002",
        "when": {"field": "wants", "in": ["MB-0007", "all"]},
        "answers": {"kind": "new"},
        "renamed": {"place": "pickup"},
        "later": ["organisation"],
    }
    initial = BundledForm.initial_of(part)
    form = BundledForm(initial)

    assert form.is_valid(), form.errors
    assert form.to_json(part) == part
    assert BundledForm({**initial, "code": " mb-0009 ", "answers": "kind = old\nno sign"}).is_valid()
    changed = BundledForm({**initial, "code": " mb-0009 ", "answers": "kind = old\nno sign"})
    assert changed.is_valid()
    assert (changed.to_json(part)["code"], changed.to_json(part)["answers"]) == ("MB-0009", {"kind": "old"})
    assert BundledForm.initial_of("MB-0002")["code"] == "MB-0002"
