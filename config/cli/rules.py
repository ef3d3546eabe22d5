"""Rule tables: check them, explain one decision, screen everyone."""

import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from config.cli.base import json_option, show

ENGINES = ("duckdb", "polars", "spark")


def folders() -> list[Path]:
    """Every folder of rule tables in the apps of this installation; needs Django's settings, no database."""
    import django  # noqa: PLC0415 -- slow import

    django.setup()
    from yiwang.platform.rules.files import rule_folders  # noqa: PLC0415 -- slow import

    return list(rule_folders())


class Rules(click.Group):
    """Refusals of the rules become one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        from yiwang.kernel.errors import DomainError  # noqa: PLC0415 -- slow import

        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from refusal


def library() -> Any:
    from yiwang.platform.rules.library import commands  # noqa: PLC0415 -- slow import

    return commands


@click.group(cls=Rules)
def rules() -> None:
    """Rule tables of the programmes."""


@rules.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Check every rule table in FOLDER (default: all that ship with this release); exit 1 if a problem was found."""
    document = library().check([folder] if folder else folders())
    problems = document["problems"]
    lines = [f"{row['file']}:{row['line']}: {row['message']}" for row in problems]
    show(document, as_json=as_json, text="\n".join(lines) or f"{document['programmes']} programmes, no problem.")
    sys.exit(1 if problems else 0)


def explained(programme: str, written: dict[str, Any], on: dt.datetime | None, day: dt.date) -> dict[str, Any]:
    known = folders()
    from yiwang.rights.aid import explain_inputs  # noqa: PLC0415 -- slow import

    if programme == "aid" and explain_inputs.is_household(written):
        return explain_inputs.explain_household({**written, **({"reference_date": day.isoformat()} if on else {})})
    document: dict[str, Any] = library().explain(known, programme, written, day)
    return document


@rules.command()
@click.argument("programme")
@click.argument("facts", type=click.File("r", encoding="utf-8"))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day of the decision (default: today).")
@json_option
def explain(programme: str, facts: Any, on: dt.datetime | None, as_json: bool) -> None:
    """The answer of PROGRAMME for the facts in the file FACTS (JSON; money in yuan), with its reasons.

    For “aid” FACTS may be the inputs of a worked household: members, incomes, bills and students one by one. A receipt
    (its JSON as downloaded) is worked out again; what comes out is the same bytes unless somebody changed it.
    """
    written = json.load(facts)
    if written.get("format", "").startswith("yiwang-receipt"):
        sys.stdout.write(library().explain_receipt(written))
        return
    day = on.date() if on else dt.date.today()
    document = explained(programme, written, on, day)
    show(document, as_json=as_json, text=json.dumps(document, ensure_ascii=False, indent=1, default=str))


@rules.command()
@click.argument("programme")
@click.option("--engine", type=click.Choice(ENGINES), default="duckdb", show_default=True)
@click.option("--table", type=click.Path(exists=True, path_type=Path), help="Facts (.parquet, .csv).")
@click.option("--rows", default=100_000, show_default=True, help="How many made-up people without --table.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the answers to this .parquet file.")
@json_option
def screen(programme: str, engine: str, table: Path | None, rows: int, out: Path | None, as_json: bool) -> None:
    """Answer PROGRAMME for everyone in a table at once, with the formulas that answer one person.

    “all” answers every programme, one after the other from a file in bounded memory; --out is then a folder.
    """
    day = dt.date.today()
    if programme == "all":
        with click.progressbar(length=1, label="programmes", file=sys.stderr) as bar:

            def watch(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            document = library().screen_everyone(folders(), on=day, table=table, rows=rows, out=out, watch=watch)
        show(document, as_json=as_json, text=json.dumps(document, ensure_ascii=False, indent=1))
        return
    document = library().screen(folders(), programme, table=table, rows=rows, engine=engine, on=day, out=out)
    show(document, as_json=as_json, text=json.dumps(document, ensure_ascii=False, indent=1, default=str))


@rules.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The answers (.parquet).")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day of the decision (default: today).")
@json_option
def households(folder: Path, out: Path, on: dt.datetime | None, as_json: bool) -> None:
    """Class and amounts of hardship aid for every household of persons.parquet and households.parquet in FOLDER.

    Money in fen; persons in the order of their households, which are numbered from 0.
    """
    folders()
    from yiwang.rights.aid.packaged import packaged_version  # noqa: PLC0415 -- slow import
    from yiwang.rights.aid.screening_columns import screen_parquet  # noqa: PLC0415 -- slow import

    started = time.perf_counter()
    count = screen_parquet(packaged_version, folder, out, on.date() if on else dt.date.today())
    document = {"households": count, "seconds": round(time.perf_counter() - started, 2), "out": str(out)}
    show(document, as_json=as_json, text=f"{count:,} households in {document['seconds']} s: {out}")


COMMANDS: list[click.Command] = [rules]
