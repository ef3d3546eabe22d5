"""One world for a whole module: the cast, the samples and a signed-in browser for each role, undone at the end."""

import pytest
from django.db import transaction

from tests.access.samples import World
from tests.access.walk import ROLES, browser_of
from tests.cast import build_cast


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = World(build_cast())
        world.make_all()  # a sample made within one test would be undone with it
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(world):
    return {role: browser_of(world, who) for role, who in ROLES.items()}
