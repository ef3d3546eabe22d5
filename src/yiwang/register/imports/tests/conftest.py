import pytest

from yiwang.register.imports.actions import apply_here, stage_here
from yiwang.register.imports.tests.factories import as_xlsx, make_row


@pytest.fixture
def rows_of(unit, employer):
    """``rows_of(3)``: three right rows for the unit's union; ``changes`` spoil them all."""

    def make(count: int, *, start: int = 1, **changes: str) -> list[dict[str, str]]:
        base = {"union": unit.code, "uscc": employer.uscc, "employer": employer.name}
        return [{**make_row(start + n, **base), **changes} for n in range(count)]

    return make


@pytest.fixture
def staged():
    """A staged batch of these rows, as the command line makes it."""

    def make(rows, name="名册.xlsx"):
        return stage_here(as_xlsx(rows), file_name=name)

    return make


@pytest.fixture
def applied(staged):
    """The same, written."""

    def make(rows, name="名册.xlsx"):
        batch = staged(rows, name)
        apply_here(batch)
        return batch

    return make
