import pytest
from django.db import connection

from yiwang.kernel.planning import BULK, look_again
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db


def rows_expected() -> int:
    """How many users the planner counts on."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM accounts_user")
        return int(str(cursor.fetchone()[0]).split("rows=")[1].split(" ")[0])


def test_after_a_bulk_change_the_planner_counts_on_what_is_there():
    User.objects.bulk_create(User(phone=f"199{n:08}", name="测") for n in range(BULK))

    look_again(User, changed=BULK)

    assert rows_expected() == User.objects.count()


def test_a_small_change_is_not_worth_a_look(django_assert_num_queries):
    with django_assert_num_queries(0):
        look_again(User, changed=BULK - 1)
