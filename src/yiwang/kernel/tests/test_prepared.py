import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from yiwang.kernel.prepared import Prepared
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def users():
    return [User.objects.create(phone=f"1990000000{n}", name=f"测{n}") for n in range(3)]


def test_rows_are_those_of_the_values_given(users, django_assert_num_queries):
    between = Prepared(
        lambda low, high: User.objects.filter(pk__gte=low, pk__lte=high).order_by("pk").values_list("pk")
    )
    first, second, third = (user.pk for user in users)

    assert between.rows(low=first, high=second) == [(first,), (second,)]
    with django_assert_num_queries(1):
        assert between.rows(high=third, low=second) == [(second,), (third,)]


def test_the_query_is_built_once(users):
    built = []
    one = Prepared(lambda user: built.append(user) or User.objects.filter(pk=user))

    found = [one.records(user=user.pk) for user in users]

    assert found == [[user] for user in users]
    assert len(built) == 1


def test_records_bring_their_annotations_and_every_column(users):
    same = User.objects.filter(pk=OuterRef("pk")).values("pk")
    one = Prepared(lambda user: User.objects.filter(pk=user, name__contains="测").annotate(same=ArraySubquery(same)))

    (found,) = one.records(user=users[1].pk)

    assert (found.same, found.phone, found.get_deferred_fields()) == ([users[1].pk], users[1].phone, set())


def test_a_value_that_is_missing_is_an_error_of_ours(users):
    one = Prepared(lambda user: User.objects.filter(pk=user))

    with pytest.raises(KeyError):
        one.rows()
