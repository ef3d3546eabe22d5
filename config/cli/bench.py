"""Benchmarks: ours beside a peer in the same run."""

import importlib
import json
import pkgutil
import sys
from typing import Any

import click

from config.cli.base import installation, json_option, with_django

NOT_BENCHMARKS = {"measure", "importing_peer"}
CALLED = {"import": "importing"}  # a module can't have that name


def names() -> list[str]:
    """Every benchmark in ``bench/`` of this checkout."""
    folder = installation() / "bench"
    return sorted(module.name for module in pkgutil.iter_modules([str(folder)]) if module.name not in NOT_BENCHMARKS)


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
    sys.path.insert(0, str(installation()))
    for one in known if name == "all" else [name]:
        document: dict[str, Any] = importlib.import_module(f"bench.{one}").run()
        click.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 1))


COMMANDS: list[click.Command] = [bench]
