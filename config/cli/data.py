"""Filling an installation: the demo federation, imports of union bodies and members."""

from pathlib import Path
from typing import Any

import click

from config.cli.base import DEMO_SEED, bring_tables, json_option, show, with_django


@click.command()
@click.option(
    "--size",
    default="small",
    show_default=True,
    type=click.Choice(["tiny", "small", "county", "province"]),
    help="How much.",
)
@click.option("--seed", default=DEMO_SEED, show_default=True, help="The same seed gives the same federation.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds data.")
@json_option
@with_django
def demo(size: str, seed: int, if_empty: bool, as_json: bool) -> None:
    """Fill an empty database with a fictional federation on the real tree: families, open and overdue cases.

    small: 2,000 enterprise unions, 20,000 members, 3,000 cases over two years. tiny: for tests. county: the same with
    10,000 more unions and 280,000 more members in one county. province: 140,000 bodies and 3,000,000 members. The
    large ones, interrupted after the small part, go on when the same command is given again.
    """
    from config.demo.build import build, is_empty  # noqa: PLC0415 -- slow import
    from config.demo.sizes import SIZES  # noqa: PLC0415 -- slow import

    bring_tables()
    if if_empty and not is_empty():
        return
    built = build(SIZES[size], seed=seed, tell=lambda text: None if as_json else click.echo(f"  {text}"))
    show(built.as_dict(), as_json=as_json, text=built.sentence())


@click.command("demo-sheet")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rows", default=10_000, show_default=True, type=click.IntRange(min=50), help="How many members.")
@click.option("--seed", default=DEMO_SEED, show_default=True, help="The same seed gives the same list.")
@json_option
@with_django
def demo_sheet(folder: Path, rows: int, seed: int, as_json: bool) -> None:
    """Write a fictional member spreadsheet into FOLDER, as .xlsx and as a GBK .csv, mistakes included.

    Its members belong to the unions of `yiwang demo`; load it with `yiwang import members FILE`.
    """
    from config.demo.sheet import write_sheet  # noqa: PLC0415 -- slow import

    sheet = write_sheet(folder, rows=rows, seed=seed)
    document = {"files": [str(path) for path in sheet.files], "rows": sheet.rows, "spoilt": sheet.spoilt}
    names = " and ".join(path.name for path in sheet.files)
    show(document, as_json=as_json, text=f"{names}: {sheet.rows} rows, {sheet.spoilt} of them with a mistake.")


@click.group("import")
def import_() -> None:
    """Load spreadsheets: stage, compare, apply, undo."""


@import_.command("organisations")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@with_django
def import_organisations(file: Path | None, as_json: bool) -> None:
    """Load union bodies from FILE; without FILE, the packaged divisions of Jiangsu (23,563 rows).

    FILE is a list of divisions (code,name,level,parent_code) or a table of union bodies (.csv, .xlsx); of a table the
    rows without problems are written, and `yiwang import undo` takes them back. Safe to repeat.
    """
    from yiwang.register.organisations import actions  # noqa: PLC0415 -- slow import

    bring_tables()
    if file is None or is_division_list(file):
        loaded = actions.import_divisions(file) if file else actions.import_divisions()
        show_import(loaded.as_dict(), as_json=as_json)
        return
    from yiwang.register.imports.actions import apply_here, content_of, stage_here  # noqa: PLC0415 -- slow import
    from yiwang.register.imports.queries import batch_json  # noqa: PLC0415 -- slow import
    from yiwang.register.imports.queries.bodies import unlinked_of  # noqa: PLC0415 -- slow import

    batch = stage_here(content_of(file), file_name=file.name, kind="organisations")
    apply_here(batch)
    unlinked = [{"row": one.number, "reason": one.reason} for one in unlinked_of(batch)]
    show_import({**batch_json(batch), "unlinked": unlinked}, as_json=as_json)


def show_import(document: dict[str, Any], *, as_json: bool) -> None:
    counts = ", ".join(f"{document[key]} {key}" for key in ("new", "changed", "unchanged", "conflict"))
    lines = [f"  row {row['row']}, {row['column']}: {row['reason']}" for row in document["refused"]]
    lines += [f"  row {row['row']}, no employer: {row['reason']}" for row in document.get("unlinked", ())]
    text = "\n".join([f"Batch {document['batch']}: {counts}, {len(document['refused'])} refused", *lines])
    show(document, as_json=as_json, text=text)


def is_division_list(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(64).lstrip(b"\xef\xbb\xbf").startswith(b"code,name,level,parent_code")


@import_.command("members")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Stage and compare only; change nothing.")
@click.option("--all-or-nothing", is_flag=True, help="Apply nothing when a row is refused or in conflict.")
@json_option
@with_django
def import_members(file: Path, only_check: bool, all_or_nothing: bool, as_json: bool) -> None:
    """Stage, compare and apply a member spreadsheet (.xlsx, .csv in UTF-8 or GBK); refused rows are listed."""
    from yiwang.register.imports import actions, queries  # noqa: PLC0415 -- slow import

    batch = actions.stage_here(actions.content_of(file), file_name=file.name)
    if not only_check:
        (actions.apply_here_if_clean if all_or_nothing else actions.apply_here)(batch)
    show_import(queries.batch_json(batch), as_json=as_json)


@import_.command("undo")
@click.argument("batch")
@click.option("--reason", default="undone on the command line", help="Why; stands in the journal.")
@json_option
@with_django
def import_undo(batch: str, reason: str, as_json: bool) -> None:
    """Take back what BATCH changed; what was edited since stays and is listed."""
    from yiwang.register.imports import actions, queries  # noqa: PLC0415 -- slow import

    run = actions.undo_here(queries.batch_called(batch), reason=reason)
    document = {"batch": batch, "undone": run.done, "kept": run.failed}
    show(document, as_json=as_json, text=f"{run.done} rows undone, {run.failed} kept because they were edited since.")


COMMANDS: list[click.Command] = [demo, demo_sheet, import_]
