"""PostgreSQL's ``ltree`` as a field: the way from the root to a node as dotted labels, “n1.n33.n412”."""

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Lookup

if TYPE_CHECKING:
    TextField = models.Field[str, str]
    BooleanLookup = Lookup[bool]
else:  # Django's fields are generic for the type checker only
    TextField = models.Field
    BooleanLookup = Lookup

_PATH = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")


class LtreeField(TextField):
    """A path in a tree. Lookups: ``__descendant=path`` (in the subtree, inclusive) and ``__ancestor=path``."""

    description = "Path in a tree"

    def db_type(self, connection: object) -> str:
        return "ltree"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str) and not _PATH.fullmatch(value):
            raise ValueError("a path is labels of letters and digits joined by dots")
        return super().get_prep_value(value)


class _Containment(BooleanLookup):
    operator: str

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} ({right})::ltree", (*left_params, *right_params)


@LtreeField.register_lookup
class Descendant(_Containment):
    """``path <@ value``: the node itself or anything below it."""

    lookup_name = "descendant"
    operator = "<@"


@LtreeField.register_lookup
class Ancestor(_Containment):
    """``path @> value``: the node itself or anything above it."""

    lookup_name = "ancestor"
    operator = "@>"


def labels_of(path: str) -> list[str]:
    return path.split(".")


def is_within(path: str, root: str) -> bool:
    """Is the node in the subtree of ``root``, the root itself included?"""
    return path == root or path.startswith(f"{root}.")


def prefixes_of(path: str) -> list[str]:
    """The paths of all nodes from the root down to the node itself."""
    labels = labels_of(path)
    return [".".join(labels[:depth]) for depth in range(1, len(labels) + 1)]
