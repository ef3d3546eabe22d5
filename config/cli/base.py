"""What every command shares: the database, Django, the JSON document, the sentence for a refusal."""

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from psycopg.errors import UndefinedColumn, UndefinedTable

from config import postgres
from config.environment import var_dir

DEMO_SEED = 20260412

P = ParamSpec("P")
R = TypeVar("R")

UNPREPARED = (
    "the database has no tables of this version yet; run `yiwang migrate` first (`yiwang run` does it by itself)."
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def with_django(command: Callable[P, R]) -> Callable[P, R]:
    """The command runs with the database up and Django ready; a refusal becomes one sentence and exit status 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with postgres.database(var_dir()):
            import django  # noqa: PLC0415 -- slow import

            django.setup()
            from django.db.utils import OperationalError, ProgrammingError  # noqa: PLC0415 -- slow import

            from yiwang.kernel.errors import DomainError  # noqa: PLC0415 -- slow import

            try:
                return command(*args, **kwargs)
            except DomainError as refusal:
                raise click.ClickException(str(refusal)) from refusal
            except ProgrammingError as trouble:
                if not isinstance(trouble.__cause__, UndefinedTable | UndefinedColumn):
                    raise
                raise click.ClickException(UNPREPARED) from trouble
            except OperationalError as trouble:
                reason = str(trouble).strip().splitlines()[0]
                raise click.ClickException(f"the database does not answer ({reason}); check DATABASE_URL.") from trouble

    return wrapped


def bring_tables() -> None:
    """Bring the database to this version: what fills an installation must also work on one that was never started."""
    from django.core.management import call_command  # noqa: PLC0415 -- slow import

    call_command("migrate", verbosity=0)


def show(document: dict[str, Any], *, as_json: bool, text: str) -> None:
    """The document for machines, or the text for people."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str) if as_json else text)


def installation() -> Path:
    """The folder of the checkout that this installation runs from."""
    return Path(__file__).resolve().parent.parent.parent


def fail(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)


def child_environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings")}
