from dataclasses import dataclass

import pytest
from django.http import QueryDict

from yiwang.platform.forms.library import OnFile, step_form
from yiwang.platform.forms.library.widgets import MANY_OPTIONS

from .factories import IDENTITY, TODAY, Bodies, aid_form, form, options, question, text


@dataclass
class Item:
    public_id: str = "d1"
    name: str = "单据.jpg"
    size: int = 10
    is_image: bool = False
    is_ready: bool = True
    is_refused: bool = False

    def get_state_display(self):
        return "已收下"


def fill(definition, step, body, **settings):
    return step_form(definition, step, QueryDict(body), today=TODAY, **settings)


def test_valid_step_gives_answers():
    made = fill(aid_form(), "person", f"name=周文娟&who=self&idno={IDENTITY}&hospital=yes")

    assert made.is_valid()
    assert made.answers == {"name": "周文娟", "who": "self", "idno": IDENTITY, "hospital": True}
    assert made.stays is False


def test_unbound_form_has_no_answers_and_no_step_is_an_error():
    assert step_form(aid_form(), "person").answers == {}
    with pytest.raises(KeyError):
        step_form(aid_form(), "nowhere")


def test_invalid_step_keeps_what_stands_and_what_was_typed():
    made = fill(aid_form(), "money", "total=68214.5&paid=384600", answers={"hospital": True})

    assert not made.is_valid()
    assert made.answers == {"total": "68214.50"}
    assert made.typed == {"total": "68214.5", "paid": "384600", "other": []}
    assert made.errors["paid"] == ["你填了384,600元，比“总费用”68,214.50元还多。看看是不是多打了一个0。"]
    assert made.errors["bills"] == ["请上传“结算单”。"]
    assert made.suggestions["paid"].value == "38460.00"


def test_taking_the_repair_puts_it_into_the_field_and_stays_on_the_page():
    made = fill(aid_form(), "money", "total=68214.5&paid=384600&_use=paid:38460.00", answers={"hospital": True})

    assert made.stays
    assert made.answers == {"total": "68214.50", "paid": "38460.00"}
    assert 'value="38460.00"' in str(made["paid"])
    assert step_form(aid_form(), "money", {"paid": "3万", "_use": "paid:30000.00"}).answers["paid"] == "30000.00"
    assert step_form(aid_form(), "money", {"paid": "30", "_use": "x"}).answers["paid"] == "30.00"


def test_repair_is_a_button_that_needs_no_script():
    made = fill(aid_form(), "money", "total=68214.5&paid=384600", answers={"hospital": True})
    made.is_valid()

    assert '<button class="btn quiet s repair" name="_use" value="paid:38460.00" formnovalidate>' in str(made["paid"])
    assert "是38,460.00元？点这里改成它" in str(made["paid"])


def test_question_hidden_by_an_answer_on_the_same_page_is_not_missed():
    made = fill(aid_form(), "person", "name=周文娟&who=family&idno=&hospital=no")

    assert made.is_valid()
    assert "idno" in made.fields
    assert "idno" not in made.answers


def test_question_hidden_by_an_earlier_page_is_not_shown():
    hidden = step_form(aid_form(), "money", answers={"hospital": False})
    shown = step_form(aid_form(), "money", answers={"hospital": True})

    assert "total" not in hidden.fields
    assert "total" in shown.fields


def test_parts_are_questions_and_texts_in_order():
    made = step_form(aid_form(), "money", answers={"hospital": True})

    assert [(part.question.key, part.info) for part in made.parts][:2] == [("note", "照着结算单填"), ("total", "")]


def test_language_of_labels_and_options():
    made = step_form(
        form(question("q", "choice", zh="选", en="Choose", options=options("a", "b"))), "only", language="en"
    )

    assert made["q"].label == "Choose"
    assert "Pick a" in str(made["q"])


def test_unknown_keys_are_refused_and_nothing_is_lost():
    made = fill(aid_form(), "person", f"name=周文娟&who=self&idno={IDENTITY}&hospital=yes&card=1")

    assert made.errors["__all__"] == ["这一页的问题刚更新过。请看一遍，再存一次。"]
    assert made.answers["name"] == "周文娟"


def test_typed_text_comes_back_where_it_does_not_stand():
    made = step_form(aid_form(), "money", answers={"total": "68214.50", "hospital": True}, typed={"paid": "三万八"})

    assert 'value="68,214.50"' in str(made["total"])
    assert 'value="三万八"' in str(made["paid"])


def test_what_is_on_file_is_filled_in_and_says_where_from():
    definition = form(question("name", "text"), question("sick", "yesno"))
    held = {"name": OnFile("周文娟", "会员登记"), "sick": OnFile(True, "医保局")}

    made = step_form(definition, "only", on_file=held)
    corrected = step_form(definition, "only", on_file=held, answers={"name": "周文涓"})

    assert 'value="周文娟"' in str(made["name"])
    assert "已从会员登记带出，不对可以改。" in str(made["name"])
    assert 'value="yes" id="id_sick_0" checked' in str(made["sick"])
    assert "带出" not in str(corrected["name"])
    retyped = step_form(definition, "only", {"name": "张3", "sick": "yes"}, on_file=held)
    assert "带出" not in str(retyped["name"])
    assert "已从医保局带出" in str(retyped["sick"])


def test_new_questions_say_that_they_are_new():
    definition = form(question("a", "text"), question("b", "text"))
    made = step_form(definition, "only", new_keys=["b"])

    assert "这一问是新加的" in str(made["b"])
    assert "这一问是新加的" not in str(made["a"])


def test_inputs_bring_the_right_keyboard():
    definition = form(
        question("name", "text", autocomplete="name", max_length=40),
        question("phone", "phone"),
        question("paid", "money"),
        question("days", "number", unit=text("天")),
        question("part", "number", decimals=2),
        question("born", "date"),
        question("card", "text", format="bank_card"),
        question("why", "textarea"),
    )
    made = step_form(definition, "only")

    assert 'autocomplete="name"' in str(made["name"])
    assert 'maxlength="80"' in str(made["name"])  # a rare character counts twice in the browser
    assert 'type="tel"' in str(made["phone"])
    assert 'autocomplete="tel-national"' in str(made["phone"])
    assert 'inputmode="decimal"' in str(made["paid"])
    assert "<span>元</span>" in str(made["paid"])
    assert 'inputmode="numeric"' in str(made["days"])
    assert "<span>天</span>" in str(made["days"])
    assert 'inputmode="decimal"' in str(made["part"])
    assert 'inputmode="numeric"' in str(made["born"])
    assert 'inputmode="numeric"' in str(made["card"])
    assert 'enterkeyhint="enter"' in str(made["why"])
    assert 'enterkeyhint="next"' in str(made["name"])


def test_classes_given_by_the_page_are_merged():
    made = step_form(form(question("paid", "money")), "only")

    assert 'class="inp num err"' in made["paid"].as_widget(attrs={"class": "inp err"})


def test_many_options_fold_into_a_list():
    many = options(*[f"o{n}" for n in range(MANY_OPTIONS + 1)])
    definition = form(question("few", "choice", options=options("a", "b")), question("many", "choice", options=many))
    made = step_form(definition, "only", {"few": "a", "many": "o3"})

    assert 'type="radio"' in str(made["few"])
    assert '<option value="o3" selected>' in str(made["many"])
    assert made["few"].id_for_label == "id_few_0"
    assert made["many"].id_for_label == "id_many"


def test_ticks_come_as_lists():
    definition = form(question("q", "choices", options=options("a", "b")))

    assert fill(definition, "only", "q=a&q=b").answers == {"q": ["a", "b"]}
    assert step_form(definition, "only", {"q": ["a"]}).answers == {"q": ["a"]}
    assert str(fill(definition, "only", "q=a")["q"]).count("checked") == 1


def test_text_that_could_be_markup_is_escaped():
    made = fill(form(question("q", "text", max_length=2)), "only", "q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>" not in made.as_div()


def test_picker_offers_several_hits_as_cards():
    made = fill(aid_form(), "family", "unit=恒达&unit-pick=&unit-for=", sources={"organisation": Bodies()})

    assert made.errors["unit"] == ["找到2个和“恒达”有关的，请选一个。"]
    assert str(made["unit"]).count('type="radio" name="unit-pick"') == 2
    assert "昆山市·玉山镇" in str(made["unit"])
    assert 'name="unit-for" value="恒达"' in str(made["unit"])
    assert made.typed["unit"] == {"text": "恒达", "value": ""}


def test_picker_takes_the_card_that_was_chosen():
    made = fill(aid_form(), "family", "unit=恒达&unit-pick=u3&unit-for=恒达", sources={"organisation": Bodies()})

    assert made.answers == {"unit": {"value": "u3", "label": "恒达物流工会"}}


@pytest.mark.parametrize("initial", [{"value": "u1", "label": "恒达精密工会"}, {"text": "恒达精密工会", "value": "u1"}])
def test_picker_shows_what_was_chosen(initial):
    made = step_form(aid_form(), "family", answers={"unit": initial}, sources={"organisation": Bodies()})

    assert 'value="恒达精密工会"' in str(made["unit"])
    assert 'name="unit-pick" value="u1"' in str(made["unit"])
    assert 'data-orgpick="/organisations/search/"' in str(made["unit"])


def test_picker_shows_plain_text_and_is_omitted_without_both_names():
    made = step_form(aid_form(), "family", typed={"unit": "恒达"})

    assert 'name="unit" value="恒达"' in str(made["unit"])
    assert 'name="unit" value=""' in str(step_form(aid_form(), "family")["unit"])
    assert made.fields["unit"].widget.value_omitted_from_data({}, {}, "unit")


def test_files_are_those_that_were_uploaded():
    definition = form(question("bills", "files", max_files=2))
    made = fill(definition, "only", "", documents={"bills": [Item("d1"), Item("d2")]})

    assert made.answers == {"bills": ["d1", "d2"]}
    assert made.typed == {"bills": ["d1", "d2"]}
    assert 'type="file"' not in str(made["bills"])  # full
    assert 'name="_remove_document" value="d1"' in str(made["bills"])
    assert made.is_multipart()
    assert not made.fields["bills"].widget.value_omitted_from_data({}, {}, "bills")


def test_files_go_up_at_once_where_their_place_is_known():
    definition = form(question("bills", "files", accept=["pdf"]))

    made = str(step_form(definition, "only", upload_place="abc", documents={"bills": [Item()]})["bills"])

    assert 'hx-post="/files/upload/draft/abc/bills/"' in made
    assert 'data-max-size="10"' in made
    assert "hx-post" not in str(step_form(definition, "only")["bills"])


def test_files_not_known_here_are_left_as_they_are():
    made = fill(form(question("bills", "files")), "only", "")

    assert made.typed == {}


def test_refused_files_are_told_beside_those_that_were_taken():
    definition = form(question("bills", "files"))
    made = fill(
        definition,
        "only",
        "_stay=bills",
        documents={"bills": [Item()]},
        file_errors={"bills": ["“a.exe”其实是Windows程序"], "gone": ["x"]},
    )

    assert made.stays
    assert made.errors["bills"] == ["“a.exe”其实是Windows程序"]
    assert "image/*" in str(made["bills"])
    assert " multiple" in str(made["bills"])


ROWS = "household-0-name=赵建国&household-0-idno=&household-2-name=周小宝&household-2-idno=1&household-x-name=x"


def test_rows_are_read_in_the_order_of_their_numbers():
    made = fill(aid_form(), "family", ROWS)

    assert made.typed["household"] == [{"name": "赵建国", "idno": ""}, {"name": "周小宝", "idno": "1"}]
    assert made.errors["household"] == ["第2行的“身份证号”：身份证号是18位：17位数字，最后一位是数字或X。你填了1位。"]
    assert [row.is_valid() for row in made.rows["household"]] == [True, False]
    assert "身份证号是18位" in str(made["household"])
    assert made["household"].id_for_label == ""
    assert not made.fields["household"].widget.value_omitted_from_data({}, {}, "household")


def test_add_a_row_keeps_what_was_typed_and_complains_of_nothing():
    made = fill(aid_form(), "family", ROWS + "&_add=household")

    assert made.stays
    assert not made.is_bound
    assert len(made.rows["household"]) == 3
    assert made.typed["household"] == [{"name": "赵建国", "idno": ""}, {"name": "周小宝", "idno": "1"}, {}]
    assert 'value="周小宝"' in str(made["household"])
    assert 'name="_add"' not in str(made["household"])  # three are the most


def test_take_a_row_out():
    made = fill(aid_form(), "family", ROWS + "&_remove=household-0")

    assert made.typed["household"] == [{"name": "周小宝", "idno": "1"}]
    assert len(made.rows["household"]) == 1


@pytest.mark.parametrize("move", ["_remove=household-9", "_remove=other-0", "_add=other", "_remove=x"])
def test_a_move_that_makes_no_sense_changes_no_row(move):
    assert len(fill(aid_form(), "family", f"{ROWS}&{move}").rows["household"]) == 2


def test_rows_begin_with_one_blank_row():
    made = step_form(aid_form(), "family")

    assert len(made.rows["household"]) == 1
    assert "第1位" in str(made["household"])
    assert "再加一位" in str(made["household"])


def test_kept_rows_are_shown_again():
    made = step_form(aid_form(), "family", answers={"household": [{"name": "赵建国"}]})

    assert 'value="赵建国"' in str(made["household"])


def test_nul_bytes_emoji_and_forty_characters():
    name = "𠮷㐂·" + "长" * 37
    made = fill(form(question("q", "text", max_length=40), question("w", "textarea")), "only", f"q={name}&w=a%00😀")

    assert made.answers == {"q": name, "w": "a😀"}
    assert made.typed == {"q": name, "w": "a😀"}
