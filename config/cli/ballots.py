"""Secret ballots: judge an archive from its bytes alone."""

import json
import os
from pathlib import Path

import click

from config.cli.base import json_option, show


@click.group()
def ballots() -> None:
    """Verifiable secret ballots."""


@ballots.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Verify the archive FILE (.bel) independently: every ballot, the tally, the shares, the result.

    Needs no database and no network. Exit 1 and the reason where it fails.
    """
    from yiwang.platform.ballots.library.errors import BallotProblem  # noqa: PLC0415 -- slow import
    from yiwang.platform.ballots.library.verifying import verify as judge  # noqa: PLC0415 -- slow import

    try:
        report = judge(file.read_bytes(), processes=os.cpu_count() or 1)
    except BallotProblem as problem:
        if as_json:
            document = {"sound": False, "code": problem.code, "reason": problem.message, "where": problem.where}
            click.echo(json.dumps(document, ensure_ascii=False))
        else:
            click.echo(f"NOT sound: {problem}", err=True)
        raise click.exceptions.Exit(1) from problem
    document = {
        "sound": True,
        "uuid": report.election.uuid,
        "title": report.election.name,
        "election_hash": report.election.hash,
        "stage": report.stage,
        "voters": report.voters,
        "ballots": report.ballots,
        "counted": report.counted,
        "head": report.head,
        "result": report.result,
    }
    lines = [
        f"Sound: {report.election.name} ({report.election.uuid}), fingerprint {report.election.hash}",
        f"{report.voters} voting codes, {report.ballots} ballots, {report.counted} counted; last step {report.stage}",
    ]
    for question, counts in zip(report.election.questions, report.result or [], strict=False):
        names = (["blank"] if question.blank else []) + list(question.answers)
        lines.append(f"{question.question}: " + ", ".join(f"{n} {c}" for n, c in zip(names, counts, strict=True)))
    show(document, as_json=as_json, text="\n".join(lines))


COMMANDS: list[click.Command] = [ballots]
