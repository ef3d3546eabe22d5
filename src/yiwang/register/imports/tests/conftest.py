import datetime as dt

import pytest

from yiwang.kernel.identity import org_check_digit, uscc_check_digit
from yiwang.register.imports.actions import apply_here, portions, stage_here
from yiwang.register.imports.tests.factories import as_xlsx, make_row
from yiwang.register.organisations.models import OrganisationEmployer


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


@pytest.fixture
def by_column(monkeypatch):
    """Also for few rows."""
    monkeypatch.setattr(portions, "WORTH_IT", 1)


@pytest.fixture
def covered(unit, employer):
    """Nothing to remark: a faultless code, covered by a union that is older than every joining day."""
    body = "91320583MA1K4P7X"
    employer.uscc = (seventeen := body + org_check_digit(body[8:])) + uscc_check_digit(seventeen)
    employer.save()
    OrganisationEmployer.objects.get_or_create(
        organisation=unit, employer=employer, valid_to=None, defaults={"valid_from": dt.date(2000, 1, 1)}
    )
    type(unit).objects.filter(pk=unit.pk).update(founded_on=dt.date(2000, 1, 1))
