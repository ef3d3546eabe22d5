import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules import actions, queries
from yiwang.platform.rules.errors import BadRuleFiles, MissingParameter, UnknownRuleSet
from yiwang.platform.rules.files import packaged_book
from yiwang.platform.rules.library.book import Book
from yiwang.platform.rules.library.errors import Problem
from yiwang.platform.rules.library.receipts import Recourse, altered_parts, recompute
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.models import ParameterValue, Receipt, RuleSetVersion, WorkdayOverride
from yiwang.platform.rules.tests.factories import DAY, condition, fact, parameter, ruleset

pytestmark = pytest.mark.django_db
RECOURSE = Recourse(until=dt.date(2027, 1, 21), where=Words("上级工会", "The federation"), basis=Words("规定", "Rule"))
MEMBER = {"membership_state": "active", "months_in_union": 85}


@pytest.fixture(autouse=True)
def _memory_as_before():
    yield
    queries.forget()


def test_publishing_the_same_files_again_changes_nothing():
    before = list(RuleSetVersion.objects.values_list("key", "number", "sha256"))

    assert actions.publish_files() == 0
    assert list(RuleSetVersion.objects.values_list("key", "number", "sha256")) == before


def test_every_programme_of_the_files_is_published_once_and_journalled():
    keys = list(RuleSetVersion.objects.values_list("key", flat=True))

    assert sorted(keys) == sorted(packaged_book().rulesets)
    assert len(keys) >= 40


def test_a_changed_text_becomes_the_next_version_and_the_old_one_stays(django_capture_on_commit_callbacks):
    first = ruleset(condition("old", "age >= 12"), facts=[fact("age", unit="year")], key="t-1")
    second = ruleset(condition("old", "age >= 2"), facts=[fact("age", unit="year")], key="t-1")

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.publish_rulesets([first], by=None) == 1
        assert actions.publish_rulesets([first], by=None) == 0
        assert actions.publish_rulesets([second], by=None) == 1

    rows = RuleSetVersion.objects.filter(key="t-1").order_by("number")
    assert [(row.number, row.sha256) for row in rows] == [(1, first.sha256), (2, second.sha256)]
    assert JournalEntry.objects.filter(name="rules.ruleset_published", data__key="t-1").count() == 2
    assert queries.version("t-1", dt.date(2026, 1, 1)).number == 1
    assert queries.version("t-1", dt.date(2100, 1, 1)).number == 2


def test_wrong_files_publish_nothing(monkeypatch):
    book = Book(problems=[Problem("never", "永远不会成立", "p.toml", 7)])
    monkeypatch.setattr(actions, "packaged_book", lambda: book)

    with pytest.raises(BadRuleFiles, match=r"p.toml:7"):
        actions.publish_files()


@pytest.mark.parametrize("change", [{"body": {}}, {"sha256": "x"}, {"number": 99}])
def test_the_database_refuses_to_change_a_version(change):
    row = RuleSetVersion.objects.filter(key="mb-0001")

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        row.update(**change)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        row.delete()


def test_two_values_for_one_day_are_refused_by_the_database():
    row = ParameterValue.objects.get(name="working_age")
    row.pk, row.valid_from = None, row.valid_from + dt.timedelta(days=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_figures_that_people_published_are_not_overwritten_by_files():
    ParameterValue.objects.filter(name="working_age").update(value=17, origin=ParameterValue.Origin.PUBLISHED)
    ParameterValue.objects.filter(name="checked_name").update(value=4)

    actions.publish_files()

    assert ParameterValue.objects.get(name="working_age").value == 17
    assert ParameterValue.objects.get(name="checked_name").value == 2
    assert JournalEntry.objects.filter(data__parameter="checked_name").exists()


def test_a_parameter_answers_for_its_day_and_stops_where_it_has_no_value():
    assert queries.parameter("dibao_line", dt.date(2025, 6, 30), "320500") == 115_500
    assert queries.parameter("dibao_line", dt.date(2025, 7, 1), "320500") == 120_800
    assert queries.parameter_value("hp-0003.window_opens", DAY).evidence == "design"
    with pytest.raises(MissingParameter, match="dibao_line"):
        queries.parameter("dibao_line", dt.date(2020, 1, 1), "320500")
    with pytest.raises(MissingParameter):
        queries.parameter("nothing", DAY)


def test_once_warm_nothing_asks_the_database(django_assert_num_queries):
    queries.warm()

    with django_assert_num_queries(0):
        queries.parameter("working_age", DAY)
        queries.work_calendar()
        answers = queries.explain_many(queries.ruleset_keys(), MEMBER, DAY)

    assert len(answers) == len(queries.ruleset_keys())


def test_another_process_sees_a_publication_within_seconds(settings):
    settings.RULES_RECHECK_SECONDS = 0.000001
    assert queries.parameter("working_age", DAY) == 16
    assert queries.parameter("working_age", DAY) == 16

    ParameterValue.objects.filter(name="working_age").update(value=18)
    assert queries.parameter("working_age", DAY) == 18

    WorkdayOverride.objects.filter(day=dt.date(2027, 2, 8)).delete()
    assert queries.work_calendar().is_workday(dt.date(2027, 2, 8))


def test_a_text_is_compiled_once_per_process():
    rules = packaged_book().rulesets["mb-0001"]

    assert actions._compiled(rules) is actions._compiled(rules)


def test_next_year_has_its_holidays_and_an_entered_day_wins():
    calendar = queries.work_calendar()
    assert not calendar.is_workday(dt.date(2027, 2, 8))
    assert calendar.is_workday(dt.date(2027, 2, 9))
    assert not calendar.is_workday(dt.date(2026, 10, 1))

    WorkdayOverride.objects.create(day=dt.date(2026, 11, 28), is_workday=True, note="调休")
    queries.forget()
    assert queries.work_calendar().is_workday(dt.date(2026, 11, 28))


def test_a_receipt_keeps_its_bytes_encrypted_and_can_be_worked_out_again():
    facts = {**MEMBER, "hardship_class": "deep", "city": "320500", "medical_self_paid": 1_100_000}

    receipt = actions.issue_receipt("hp-0002", facts, on=DAY, subject="case", subject_id=7, recourse=RECOURSE, by=None)

    stored = Receipt.objects.get()
    assert (stored.verdict, stored.amount) == ("yes", 1_208_000)
    assert stored.body == {"conditions": [{"key": "member", "holds": True}, {"key": "on_file", "holds": True}]}
    assert recompute(stored.content) == stored.content
    assert altered_parts(stored.content, stored.sha256) == []
    assert queries.receipts_of("case", 7) == [receipt]
    assert JournalEntry.objects.filter(name="rules.receipt_issued", data__about_id=7).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM rules_receipt")
        assert b"deep" not in bytes(cursor.fetchone()[0])


def test_the_database_refuses_to_change_a_receipt():
    actions.issue_receipt("rt-0001", {}, on=DAY, subject="case", subject_id=7, recourse=RECOURSE, by=None)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Receipt.objects.update(verdict="no")
    Receipt.objects.get().save(update_fields=["sealed"])


def test_rules_that_were_never_published_are_refused():
    with pytest.raises(UnknownRuleSet):
        queries.explain("zz-9999", {}, DAY)
    assert queries.explain_many(["zz-9999", "rt-0001"], {}, DAY).keys() == {"rt-0001"}


def test_questions_that_decide_most_come_first():
    answers = queries.explain_many(queries.ruleset_keys(), {**MEMBER, "employ_state": "working"}, DAY)

    asked = [question.key for question in queries.next_questions(list(answers.values()))]

    assert set(asked) <= {question.key for question in queries.questions()}
    assert asked[0] in ("trouble", "wish")
    facts = queries.facts_from_answers({"trouble": ["none"], "wish": ["none"]})
    later = queries.explain_many(queries.ruleset_keys(), {**MEMBER, "employ_state": "working", **facts}, DAY)
    assert not {"trouble", "wish"} & {question.key for question in queries.next_questions(list(later.values()))}


def test_answers_come_in_the_language_asked_for():
    zh, en = (queries.explain("mb-0001", {"age": 15}, DAY, language) for language in ("zh-hans", "en"))

    assert (zh.title, en.title) == ("网上入会", "Join the union online")
    assert not any("\u4e00" <= letter <= "\u9fff" for reason in en.reasons for letter in reason.label + reason.because)


def test_rows_and_versions_name_themselves():
    assert str(ParameterValue(name="a", key="b", value=1, valid_from=DAY)) == "a[b] = 1 (2026-11-22)"
    assert str(RuleSetVersion(key="a", number=2)) == "a v2"
    assert str(WorkdayOverride(day=DAY, note="假")) == "2026-11-22 假"
    assert str(Receipt(public_id="abc")) == "abc"


def test_a_table_parameter_is_loaded_with_its_keys():
    line = parameter("line", (1, None, None, ("a", "b")), keys=("x", "y"))

    actions.load_parameters(Book(parameters={"line": line}), by=None)

    assert ParameterValue.objects.get(name="line").key == "a|b"
