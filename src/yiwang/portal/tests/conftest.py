import pytest

from yiwang.net.catalogue.actions import load_seed


@pytest.fixture
def seeded(db):
    """The catalogue that ships with the system."""
    return load_seed()
