"""Benchmarks: ours beside a peer in the same run."""

import importlib
import json
import pkgutil
import sys
from typing import Any

import click

from config.cli.base import installation, json_option, with_django

NOT_BENCHMARKS = {"boxes", "installation", "measure", "importing_peer", "rules_screen", "screening_data"}
CALLED = {"import": "importing"}  # a module can't have that name
ON_THE_DEMO = {"importing", "pages", "payment", "register", "routing", "tree", "weight"}
NO_DEMO = "“{names}” measures the demo federation, which is not in this database; run `yiwang demo` first."


def names() -> list[str]:
    """Every benchmark in ``bench/`` of this checkout."""
    folder = installation() / "bench"
    return sorted(module.name for module in pkgutil.iter_modules([str(folder)]) if module.name not in NOT_BENCHMARKS)


def has_demo() -> bool:
    from django.db import transaction  # noqa: PLC0415 -- slow import
    from django.db.utils import ProgrammingError  # noqa: PLC0415 -- slow import

    from yiwang.portal.personas import PERSONAS  # noqa: PLC0415 -- slow import
    from yiwang.register.accounts.models import User  # noqa: PLC0415 -- slow import

    try:
        with transaction.atomic():
            return User.objects.filter(phone=PERSONAS[0].phone).exists()
    except ProgrammingError:  # no tables at all
        return False


@click.command()
@click.argument("name")
@json_option
@with_django
def bench(name: str, as_json: bool) -> None:
    """Run the benchmark NAME (or “all”) on the data of this installation; fill it first with `yiwang demo`."""
    known = names()
    name = CALLED.get(name, name)
    if name != "all" and name not in known:
        raise click.ClickException(f"no benchmark is called “{name}”; there are: {', '.join(known)}")
    chosen = known if name == "all" else [name]
    on_the_demo = ON_THE_DEMO.intersection(chosen)
    if on_the_demo and not has_demo():
        raise click.ClickException(NO_DEMO.format(names=", ".join(sorted(on_the_demo))))
    sys.path.insert(0, str(installation()))
    for one in chosen:
        document: dict[str, Any] = importlib.import_module(f"bench.{one}").run()
        click.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 1))


COMMANDS: list[click.Command] = [bench]
