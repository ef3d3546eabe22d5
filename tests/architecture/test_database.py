"""What the models promise of the database is in the database, whatever the migrations did on the way."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

TABLES = [model for model in apps.get_models() if model.__module__.startswith("yiwang.") and model._meta.managed]


def missing(model) -> set[str]:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {rule.name for rule in [*model._meta.constraints, *model._meta.indexes]} - there.keys()


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_every_constraint_and_index_of_a_model_is_there(model):
    assert not missing(model)


def test_one_that_is_gone_is_named():
    model = apps.get_model("payments", "line")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX line_is_live_or_paid_once")

    assert missing(model) == {"line_is_live_or_paid_once"}
