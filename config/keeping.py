"""Backup, restore and export: the whole installation into a folder and back, and the data readable without us."""

import csv
import datetime as dt
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import JSONField, Model

from config.postgres import WHEEL
from yiwang.kernel.clock import now
from yiwang.kernel.crypto import authenticate
from yiwang.kernel.errors import DomainError
from yiwang.platform.journal.queries import verify

DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"
TOOLS = WHEEL / "pginstall" / "bin"
# What only runs this installation, or would let a reader sign in as somebody.
NOT_EXPORTED = frozenset({"sessions", "procrastinate", "mfa", "contenttypes", "auth", "account", "socialaccount"})
NOT_EXPORTED_COLUMNS = frozenset({"password"})
Tell = Callable[[str], None]


class KeepingTrouble(DomainError):
    """A backup, restore or export can't go on; the text says why and what to do."""

    code = "keeping_trouble"


def backup(folder: Path, *, tell: Tell) -> dict[str, Any]:
    """Database and files at one moment. The keys are not in it: keep them elsewhere."""
    fresh_folder(folder)
    verdict = verify()
    tell("the database")
    postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(folder / DUMP))
    tell("the files")
    files = copy_files(Path(settings.MEDIA_ROOT), folder / FILES)
    manifest = {
        "made_at": now().isoformat(timespec="seconds"),
        "journal_sealed": verdict.sealed,
        "journal_head": verdict.head,
        "files": files,
        "keys": fingerprint_of_keys(),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def restore(folder: Path, *, tell: Tell) -> dict[str, Any]:
    """Into an empty database. The journal is walked afterwards, up to the head that the backup names."""
    if not (folder / MANIFEST).exists() or not (folder / DUMP).exists():
        raise KeepingTrouble(f"{folder} is no backup of yiwang: {MANIFEST} and {DUMP} belong in it.")
    if is_in_use():
        raise KeepingTrouble("the database holds data; restore into an empty one (another DATABASE_URL or YIWANG_VAR).")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if manifest["keys"] != fingerprint_of_keys():
        raise KeepingTrouble(
            "the backup was made with other keys; set YIWANG_FIELD_KEYS and YIWANG_BLIND_INDEX_KEY to those first."
        )
    connection.close()
    tell("the database")
    clean = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
    postgres("pg_restore", *clean, "--dbname", connection.settings_dict["NAME"], str(folder / DUMP))
    tell("the files")
    copy_files(folder / FILES, Path(settings.MEDIA_ROOT))
    verdict = verify()
    if verdict.fault is not None:
        fault = verdict.fault
        raise KeepingTrouble(f"restored, but the journal is broken at seal {fault.number} ({fault.kind}).")
    if verdict.sealed != manifest["journal_sealed"] or verdict.head != manifest["journal_head"]:
        raise KeepingTrouble("restored, but the journal ends elsewhere than when the backup was made.")
    return manifest


def export(folder: Path, *, tell: Tell) -> dict[str, Any]:
    """Every table as a .csv file that any spreadsheet opens, with what is encrypted in the clear."""
    fresh_folder(folder)
    counts: dict[str, int] = {}
    for model in apps.get_models():
        if model._meta.app_label not in NOT_EXPORTED and model._meta.managed and not model._meta.proxy:
            name = f"{model._meta.app_label}.{model._meta.model_name}"
            counts[name] = export_table(model, folder / f"{name}.csv")
            tell(f"{name}: {counts[name]}")
    files = copy_files(Path(settings.MEDIA_ROOT), folder / FILES)
    document = {"made_at": now().isoformat(timespec="seconds"), "tables": counts, "files": files}
    (folder / MANIFEST).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return document


def export_table(model: type[Model], path: Path) -> int:
    fields = [field for field in model._meta.concrete_fields if field.attname not in NOT_EXPORTED_COLUMNS]
    names = [field.attname for field in fields]
    nested = [isinstance(field, JSONField) for field in fields]
    rows = 0
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(names)
        for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2_000):
            cells = zip(row, nested, strict=True)
            writer.writerow([json.dumps(v, ensure_ascii=False) if is_json else plain(v) for v, is_json in cells])
            rows += 1
    return rows


def plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def fingerprint_of_keys() -> str:
    """Tells whether two installations have the same keys, and nothing about them."""
    return authenticate("backup.keys", b"").hex()[:16]


def fresh_folder(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KeepingTrouble(f"{folder} is not empty; name a folder that does not exist yet.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def copy_files(source: Path, target: Path) -> int:
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)
    return sum(1 for path in target.rglob("*") if path.is_file()) if target.exists() else 0


def is_in_use() -> bool:
    """Whether anybody has an account or anything is in the journal; a database without tables is not."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("accounts_user", "organisations_organisation"):
            if table in tables:
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})")  # noqa: S608 -- ours
                if cursor.fetchone()[0]:
                    return True
    return False


def postgres(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own tools on our database; the password goes by the environment, not by the command line."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    told = {name: str(given[key]) for name, key in names.items() if given[key]}
    command = [str(TOOLS / program), *arguments]
    done = subprocess.run(command, env={**os.environ, **told}, capture_output=True, text=True, check=False)  # noqa: S603 -- the wheel's own program
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()
        raise KeepingTrouble(f"{program} failed: {words[0] if words else done.returncode}")
