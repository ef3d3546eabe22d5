"""What a web process holds in memory: nothing that only jobs need."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

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
