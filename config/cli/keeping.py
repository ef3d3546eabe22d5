"""Keeping an installation: its tables, its backup, and its data in the open."""

from pathlib import Path

import click

from config.cli.base import bring_tables, json_option, show, with_django

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@with_django
def migrate() -> None:
    """Bring the tables of the database to this version; safe to repeat. `yiwang run` does it by itself."""
    bring_tables()


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
@with_django
def backup(folder: Path, as_json: bool) -> None:
    """Write database and files into FOLDER, which must not exist yet or be empty. Keys are kept apart from it."""
    from config import keeping  # noqa: PLC0415 -- slow import

    manifest = keeping.backup(folder, tell=lambda text: None if as_json else click.echo(f"  {text}"))
    text = (
        f"{folder}: {manifest['journal_sealed']} sealed journal entries, {manifest['files']} files. Keep the keys too."
    )
    show(manifest, as_json=as_json, text=text)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
@with_django
def restore(folder: Path, as_json: bool) -> None:
    """Read the backup in FOLDER into an empty database and walk its journal."""
    from config import keeping  # noqa: PLC0415 -- slow import

    manifest = keeping.restore(folder, tell=lambda text: None if as_json else click.echo(f"  {text}"))
    text = f"Restored as of {manifest['made_at']}; the journal is intact ({manifest['journal_sealed']} entries sealed)."
    show(manifest, as_json=as_json, text=text)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
@with_django
def export(folder: Path, as_json: bool) -> None:
    """Write every table as .csv and all files into FOLDER, readable without us; what is encrypted stands there open."""
    from config import keeping  # noqa: PLC0415 -- slow import

    document = keeping.export(folder, tell=lambda text: None if as_json else click.echo(f"  {text}"))
    rows = sum(document["tables"].values())
    text = f"{folder}: {rows} rows of {len(document['tables'])} tables. Guard it: it holds identity numbers."
    show(document, as_json=as_json, text=text)


COMMANDS: list[click.Command] = [migrate, backup, restore, export]
