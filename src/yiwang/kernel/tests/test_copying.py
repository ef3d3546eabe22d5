import pytest
from django.db import IntegrityError, connection, models
from django.db.models.functions import Now
from psycopg.errors import CheckViolation

from yiwang.kernel.copying import WORTH_IT, copy_rows
from yiwang.kernel.fields import EncryptedTextField


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
