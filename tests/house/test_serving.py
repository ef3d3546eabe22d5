"""What a web process holds in memory: nothing that only jobs need."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from config import postgres

ONLY_JOBS = ("polars", "numpy", "duckdb", "pyarrow", "ibis", "pandas", "docx", "docxtpl", "typst", "pypinyin")
ONLY_JOBS += ("llvmlite",)
PAGES = {
    "wenjuan": ("/", "/search/?q=工资", "/search/?q=gongzi", "/services/", "/services/entitlements/", "/matters/"),
    "handler": ("/work/", "/work/cases/", "/work/imports/", "/work/members/", "/work/figures/"),
}
SERVE = """
import json, sys
from config.serving import application
from django.test import Client
from yiwang.register.accounts.models import User
answers = {}
for phone, pages in json.loads(sys.argv[1]).items():
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(User.objects.get(phone=phone), backend="allauth.account.auth_backends.AuthenticationBackend")
    answers |= {page: client.get(page).status_code for page in pages}
found = [name for name in sys.argv[2].split() if name in sys.modules]
print(json.dumps({"answers": answers, "found": found}))
"""


@pytest.mark.django_db(transaction=True)
def test_a_web_process_serves_the_main_pages_without_what_only_jobs_need(cast):
    pages = {getattr(cast, who).phone: urls for who, urls in PAGES.items()}
    about = connection.settings_dict
    url = f"postgresql://{about['USER']}:{about['PASSWORD']}@{about['HOST']}:{about['PORT']}/{about['NAME']}"

    served = subprocess.run(
        [sys.executable, "-c", SERVE, json.dumps(pages), " ".join(ONLY_JOBS)],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )

    said = json.loads(served.stdout.splitlines()[-1])
    assert set(said["answers"].values()) == {200}, said["answers"]
    assert said["found"] == []


def test_the_database_keeps_what_the_machine_can_spare(tmp_path, monkeypatch):
    """An eighth of the memory, of a container's where it has less than the machine; never under 256 MB."""
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(postgres, "MEMORY_LIMIT", limit)
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // postgres.MB

    limit.write_text("max\n")
    assert f"shared_buffers={min(max(machine // 8, 256), 4096)}MB" in postgres.memory_options()
    limit.write_text(f"{1024 * postgres.MB}\n")
    assert postgres.memory_options() == " -c shared_buffers=256MB -c effective_cache_size=512MB"
