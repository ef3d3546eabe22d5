import pytest
from django.db import connection


@pytest.fixture
def empty_journal(db):
    """Without what setting up the test database recorded."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_journalentry, journal_journalseal, journal_sealingprogress")
