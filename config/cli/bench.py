"""bench commands."""

import click

COMMANDS: list[click.Command] = []
