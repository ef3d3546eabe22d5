import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, models
from django.db.models.functions import Now
from psycopg.errors import CheckViolation

from yiwang.kernel.copying import WORTH_IT, copy_columns, copy_rows, reserve_ids
from yiwang.kernel.fields import EncryptedTextField

CHINA = ZoneInfo("Asia/Shanghai")


class Leaf(models.Model):
    """One leaf of the test."""

    name = models.CharField(max_length=40)
    secret = EncryptedTextField(null=True)
    facts = models.JSONField(default=dict)
    on = models.DateField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "journal"
        managed = False
        db_table = "kernel_test_leaf"


@pytest.fixture
def leaves(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE kernel_test_leaf (id bigserial PRIMARY KEY, name text NOT NULL CHECK (name <> ''), secret bytea,"
            ' facts jsonb NOT NULL, "on" date, at timestamptz NOT NULL DEFAULT now()) ON COMMIT DROP'
        )
    return Leaf.objects


@pytest.mark.parametrize("count", [0, 1, WORTH_IT - 1, WORTH_IT, 500])
def test_rows_arrive_whole_however_many(leaves, count):
    made = [
        Leaf(name=f"𠮷{n}\t\\.\n", secret=f"s{n}", facts={"n": n, "zh": "叶"}, on="2026-03-02") for n in range(count)
    ]

    copy_rows(made)

    assert [leaf.pk for leaf in made] == list(leaves.order_by("pk").values_list("pk", flat=True))
    stored = list(leaves.order_by("pk"))
    assert [(leaf.name, leaf.secret, leaf.facts) for leaf in stored] == [(m.name, m.secret, m.facts) for m in made]
    assert all(leaf.at is not None and str(leaf.on) == "2026-03-02" for leaf in stored)
    assert all(leaf._state.adding is False for leaf in made)


def test_constraints_hold(leaves):
    with pytest.raises((IntegrityError, CheckViolation)):
        copy_rows([Leaf(name="") for _ in range(WORTH_IT)])


def test_keys_that_are_known_are_kept(leaves):
    copy_rows([Leaf(pk=1000 + n, name=f"{n}", on="2026-03-02", facts={}) for n in range(WORTH_IT)])

    assert leaves.order_by("pk").first().pk == 1000
    assert leaves.count() == WORTH_IT


def test_columns_arrive_whole(leaves):
    numbers = reserve_ids(Leaf, 60)
    names = [f"𠮷{n}\t\\.\n" for n in range(60)]
    secrets = [None if n % 3 else f"s{n}" for n in range(60)]

    copy_columns(Leaf, {"id": numbers, "name": names, "secret": secrets, "facts": {"zh": "叶"}, "on": None})

    stored = list(leaves.order_by("pk"))
    assert [(leaf.pk, leaf.name, leaf.secret) for leaf in stored] == list(zip(numbers, names, secrets, strict=True))
    assert all(leaf.facts == {"zh": "叶"} and leaf.at is not None and leaf.on is None for leaf in stored)


def test_a_moment_is_never_taken_for_a_day(leaves):
    late = dt.datetime(2026, 3, 1, 20, tzinfo=dt.UTC)  # the second of March in Shanghai

    copy_rows([Leaf(name="a", on=late.astimezone(CHINA)) for _ in range(WORTH_IT)])

    assert set(leaves.values_list("on", flat=True)) == {dt.date(2026, 3, 2)}


def test_columns_hold_constraints(leaves):
    with pytest.raises((IntegrityError, CheckViolation)):
        copy_columns(Leaf, {"name": ["a", ""], "facts": {}})
