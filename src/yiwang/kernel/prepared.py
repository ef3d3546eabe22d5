"""Queries that stand around every page: their text is worked out once a process, afterwards only values change.

To build and compile one of them with the ORM takes several times what the database takes to answer it.
"""

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

STAND_IN = -(2**62)


M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """``build`` makes the query from whole numbers (ids) by name, and must not look at them: it is called once.

    ``PERSON = Prepared(lambda user: Person.objects.filter(user_id=user))``, then ``PERSON.records(user=7)``.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M, Any]]) -> None:
        self.build = build

    @cached_property
    def text(self) -> tuple[type[M], str, list[Any]]:
        """Model, SQL, and its parameters: the name of a value where one of ours goes."""
        stands_for = {STAND_IN + n: Name(name) for n, name in enumerate(inspect.signature(self.build).parameters)}
        query = self.build(**{str(name): mark for mark, name in stands_for.items()})
        sql, params = query.query.sql_with_params()
        return query.model, sql, [stands_for.get(value, value) for value in params]

    def rows(self, **values: int) -> list[tuple[Any, ...]]:
        """Plain columns as they come from the database."""
        _model, sql, params = self._filled(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def records(self, **values: int) -> list[M]:
        """Objects of the model; annotations are attributes. Related objects are not brought along."""
        model, sql, params = self._filled(values)
        return list(model._base_manager.raw(sql, params))

    def _filled(self, values: dict[str, int]) -> tuple[type[M], str, list[Any]]:
        model, sql, params = self.text
        return model, sql, [values[value] if isinstance(value, Name) else value for value in params]


class Name(str):
    """The place of a value among the parameters."""
