"""Draws of lots: judge a file from its bytes alone."""

import json
from pathlib import Path

import click

from config.cli.base import json_option, show


@click.group()
def draws() -> None:
    """Draws of lots that anybody can check."""


@draws.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commitment", default="", help="The hash that was published before the draw.")
@json_option
def verify(file: Path, commitment: str, as_json: bool) -> None:
    """Verify the draw in FILE (draw.json) independently: list, secret, seed, order.

    Needs no database and no network. Give the hash you noted before the draw, and it is also certain that this is that
    very draw. Exit 1 and the reason where it fails.
    """
    from yiwang.platform.draws.library.protocol import DrawProblem  # noqa: PLC0415 -- slow import
    from yiwang.platform.draws.library.protocol import verify as judge  # noqa: PLC0415 -- slow import

    try:
        drawn = judge(file.read_bytes(), commitment=commitment)
    except DrawProblem as problem:
        if as_json:
            click.echo(json.dumps({"sound": False, "code": problem.code, "reason": str(problem)}, ensure_ascii=False))
        else:
            click.echo(f"NOT sound: {problem}", err=True)
        raise click.exceptions.Exit(1) from problem
    document = {
        "sound": True,
        "id": drawn.id,
        "title": drawn.title,
        "commitment": drawn.commitment,
        "is_announced": bool(commitment),
        "places": drawn.places,
        "winners": drawn.winners,
        "waiting": drawn.waiting,
    }
    lines = [
        f"Sound: {drawn.title} ({drawn.id}), commitment {drawn.commitment}",
        f"{len(drawn.order)} tickets, {len(drawn.winners)} places: {', '.join(drawn.winners)}",
    ]
    if not commitment:
        lines.append("Compare the commitment with the one published before the draw, or give it as --commitment.")
    show(document, as_json=as_json, text="\n".join(lines))


COMMANDS: list[click.Command] = [draws]
