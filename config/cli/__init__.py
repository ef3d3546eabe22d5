"""``yiwang``: the one command. ``--help`` is documentation; ``--json`` prints one JSON document and nothing else."""

import os
import sys

import click

from config.cli import ballots, bench, data, draws, house, keeping, records, rules

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="yiwang")
def yiwang() -> None:
    """One online service net for a trade-union federation.

    Every command starts the embedded database if DATABASE_URL is not set, and stops it afterwards if it was down.
    """


for module in (house, data, keeping, rules, records, ballots, draws, bench):
    for command in module.COMMANDS:
        yiwang.add_command(command)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        yiwang(standalone_mode=False)
    except click.ClickException as refusal:
        refusal.show()
        sys.exit(refusal.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
