"""A published figure is a new version of every rule set that counts with it; what was decided stays as it was."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model

from yiwang.kernel.clock import today
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules import actions, queries
from yiwang.platform.rules.files import packaged_book
from yiwang.platform.rules.library.compiling import compile_ruleset
from yiwang.platform.rules.library.model import RuleSet
from yiwang.platform.rules.library.receipts import Recourse, altered_parts, recompute
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.models import ParameterValue, RuleSetVersion

pytestmark = pytest.mark.django_db

KEY, NAME = "or-0003", "or-0003.postpone_days"
FACTS = {"union_role": "chair", "employer_has_union": True, "term_days_left": 60}
RECOURSE = Recourse(until=dt.date(2030, 1, 21), where=Words("上级工会", "The federation"), basis=Words("规定", "Rule"))
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def forgetful():
    yield
    queries.forget()


@pytest.fixture
def two():
    make = get_user_model().objects.create_user
    return make(phone="13900000091", name="甲"), make(phone="13900000092", name="乙")


def publish(two, *, value=30, name=NAME, key="", on=None):
    current = queries.history_of(name, key)[0]
    proposal = actions.propose_parameter(
        current,
        value=value,
        valid_from=on or today() + DAY,
        source_zh="纪要第3号",
        source_en="Minutes 3",
        evidence="design",
        reason="太宽",
        by=two[0],
    )
    actions.publish_parameter(proposal, by=two[1])
    queries.forget()


def verdict(on):
    return queries.explain(KEY, FACTS, on).verdict


def last_of(key):
    return RuleSetVersion.objects.filter(key=key).order_by("-number").first()


def test_a_published_figure_decides_from_its_day_on_and_no_sooner(two):
    before = last_of(KEY)
    assert (verdict(today()), verdict(today() + DAY)) == ("yes", "yes")

    publish(two)

    after = last_of(KEY)
    assert after.number == before.number + 1
    assert (verdict(today()), verdict(today() + DAY)) == ("yes", "no")
    assert queries.explain(KEY, {**FACTS, "term_days_left": 20}, today() + DAY).verdict == "yes"
    entry = JournalEntry.objects.get(name="rules.ruleset_published", data__key=KEY, actor_id=two[1].pk)
    assert entry.data["sha256"] == after.sha256


def test_what_was_decided_before_is_worked_out_again_to_the_same_bytes(two):
    old = actions.issue_receipt(KEY, FACTS, on=today(), subject="case", subject_id=1, recourse=RECOURSE, by=two[0])
    content = old.content

    publish(two)
    new = actions.issue_receipt(
        KEY, FACTS, on=today() + DAY, subject="case", subject_id=2, recourse=RECOURSE, by=two[0]
    )

    old.refresh_from_db()
    assert recompute(old.content) == content
    assert altered_parts(old.content, old.sha256) == []
    assert (old.verdict, new.verdict) == ("yes", "no")
    assert new.version.number == old.version.number + 1
    assert recompute(new.content) == new.content


def test_only_rule_sets_that_count_with_the_figure_get_a_version(two):
    numbers = dict(RuleSetVersion.objects.values_list("key", "number"))

    publish(two)

    changed = {key for key, number in RuleSetVersion.objects.values_list("key", "number") if numbers[key] != number}
    assert changed == {KEY}


def test_a_shared_figure_reaches_every_rule_set_that_counts_with_it(two):
    users = [
        ruleset.key
        for ruleset in packaged_book().rulesets.values()
        if any(parameter.name == "working_age" for parameter in ruleset.parameters)
    ]
    assert len(users) > 1
    numbers = {key: last_of(key).number for key in users}

    publish(two, name="working_age", value=17)

    assert {key: last_of(key).number - number for key, number in numbers.items()} == dict.fromkeys(users, 1)


def test_one_row_of_a_table_changes_and_the_others_stay(two):
    book = packaged_book()
    ruleset, table = next(
        (ruleset, parameter)
        for ruleset in book.rulesets.values()
        for parameter in ruleset.parameters
        if parameter.keys and parameter.name in book.parameters
    )
    row = ParameterValue.objects.filter(name=table.name, valid_to=None).order_by("pk").first()

    publish(two, name=table.name, key=row.key, value=row.value + 1)

    after = RuleSet.from_data(last_of(ruleset.key).body).parameter[table.name]
    day = today() + DAY
    was = {key: one.value for key, one in table.on(day).items()}
    assert {key: one.value for key, one in after.on(day).items()} == {
        key: value + 1 if "|".join(key) == row.key else value for key, value in was.items()
    }
    assert after.key_values == table.key_values


def test_the_sql_is_what_compiling_the_new_text_would_give(two):
    publish(two)

    row = last_of(KEY)
    assert compile_ruleset(RuleSet.from_data(row.body)).to_data() == row.compiled


def test_the_next_start_of_the_program_keeps_what_people_published(two):
    publish(two)
    number = last_of(KEY).number

    assert actions.publish_files() == 0

    queries.forget()
    assert last_of(KEY).number == number
    assert verdict(today() + DAY) == "no"


def test_a_second_figure_follows_the_first(two):
    publish(two)
    publish(two, value=70, on=today() + 10 * DAY)

    assert [verdict(today() + n * DAY) for n in (0, 1, 9, 10)] == ["yes", "no", "no", "yes"]


def test_a_figure_that_ends_sooner_keeps_its_last_day(two):
    current = queries.history_of(NAME, "")[0]
    ParameterValue.objects.filter(pk=current.pk).update(valid_to=today())
    queries.forget()

    publish(two, on=today() + 5 * DAY)

    current.refresh_from_db()
    assert current.valid_to == today()
    assert ParameterValue.objects.get(name=NAME, valid_to=None).valid_from == today() + 5 * DAY


def test_another_process_decides_by_it_within_seconds(two, settings):
    """What a web or worker process remembers gives way when the table shows something new."""
    settings.RULES_RECHECK_SECONDS = 0.000001
    assert verdict(today() + DAY) == "yes"
    kept = queries._kept
    current = queries.history_of(NAME, "")[0]
    proposal = actions.propose_parameter(
        current,
        value=30,
        valid_from=today() + DAY,
        source_zh="纪要",
        source_en="Minutes",
        evidence="design",
        reason="太宽",
        by=two[0],
    )
    actions.publish_parameter(proposal, by=two[1])  # its own forget() waits for a commit, which this test never has

    assert queries._kept is kept
    assert verdict(today() + DAY) == "no"
