"""Backup, restore and export on real databases."""

import csv
import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from config import keeping
from tests.cast import build_cast
from yiwang.kernel.errors import DomainError
from yiwang.platform.journal.actions import seal_batch


def run_yiwang(*words, url, var):
    """Our own command in a process and an installation of its own, with the keys of the tests."""
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "YIWANG_VAR": str(var),
        "YIWANG_FIELD_KEYS": settings.FIELD_KEYS,
        "YIWANG_BLIND_INDEX_KEY": settings.BLIND_INDEX_KEY,
    }
    command = [sys.executable, "-c", "from config.cli import main; main()", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def other_database(transactional_db):
    """An empty database on the same server, and its URL."""
    given = connection.settings_dict
    name = f"{given['NAME']}_other"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
    yield f"postgresql://{given['USER']}{password}@{given['HOST']}:{given['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def something_kept(transactional_db):
    build_cast()
    while seal_batch():
        pass


def test_a_restored_installation_has_its_data_and_its_journal(something_kept, other_database, tmp_path):
    made = keeping.backup(tmp_path / "backup", tell=lambda _text: None)

    done = run_yiwang("restore", str(tmp_path / "backup"), "--json", url=other_database, var=tmp_path / "var")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["journal_head"] == made["journal_head"]
    walked = run_yiwang("journal", "verify", "--json", url=other_database, var=tmp_path / "var")
    assert json.loads(walked.stdout)["ok"] is True
    assert json.loads(walked.stdout)["sealed"] == made["journal_sealed"] > 0

    again = run_yiwang("restore", str(tmp_path / "backup"), url=other_database, var=tmp_path / "var")
    assert again.returncode == 1
    assert "holds data" in again.stderr


def test_a_database_without_tables_gives_one_sentence(other_database, tmp_path):
    for words in (["prepare"], ["counters", "recount"]):
        done = run_yiwang(*words, url=other_database, var=tmp_path / "var")
        assert done.returncode == 1
        assert "yiwang migrate" in done.stderr
        assert "Traceback" not in done.stderr


def test_doctor_names_missing_tables_and_nothing_that_follows_from_it(other_database, tmp_path):
    done = run_yiwang("doctor", "--json", url=other_database, var=tmp_path / "var")

    wrong = [check for check in json.loads(done.stdout)["checks"] if not check["ok"]]
    assert done.returncode == 1
    assert len(wrong) == 1
    assert "yiwang migrate" in wrong[0]["said"]


def test_other_keys_are_refused_before_anything_is_written(something_kept, tmp_path, monkeypatch):
    keeping.backup(tmp_path / "backup", tell=lambda _text: None)
    monkeypatch.setattr(keeping, "is_in_use", lambda: False)
    monkeypatch.setattr(keeping, "fingerprint_of_keys", lambda: "of somebody else")

    with pytest.raises(DomainError, match="other keys"):
        keeping.restore(tmp_path / "backup", tell=lambda _text: None)


def test_a_folder_that_is_no_backup_is_refused(transactional_db, tmp_path):
    with pytest.raises(DomainError, match="no backup"):
        keeping.restore(tmp_path, tell=lambda _text: None)
    (tmp_path / "something").write_text("here")
    with pytest.raises(DomainError, match="not empty"):
        keeping.backup(tmp_path, tell=lambda _text: None)


def test_an_export_is_readable_without_us(something_kept, tmp_path):
    document = keeping.export(tmp_path / "export", tell=lambda _text: None)

    with open(tmp_path / "export" / "members.person.csv", encoding="utf-8-sig") as source:
        people = list(csv.DictReader(source))
    assert len(people) == document["tables"]["members.person"] > 0
    assert all(len(person["id_number"]) == 18 for person in people if person["id_type"] == "1")
    with open(tmp_path / "export" / "accounts.user.csv", encoding="utf-8-sig") as source:
        assert "password" not in next(csv.reader(source))
