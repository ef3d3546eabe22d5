"""Secret ballots: judge an archive from its bytes alone, take it home, make voting codes."""

import json
import os
from pathlib import Path

import click

from config.cli.base import json_option, show, with_django


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


@ballots.command("list")
@json_option
@with_django
def list_elections(as_json: bool) -> None:
    """Every election with its identifier, title and state."""
    from yiwang.platform.ballots.queries import all_elections  # noqa: PLC0415 -- slow import

    rows = [{"uuid": one.uuid, "title": one.name, "state": one.state} for one in all_elections()]
    text = "\n".join(f"{row['uuid']}  {row['state']:9}  {row['title']}" for row in rows) or "No election yet."
    show({"elections": rows}, as_json=as_json, text=text)


@ballots.command()
@click.argument("uuid")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@with_django
def export(uuid: str, file: Path, as_json: bool) -> None:
    """Write the archive of election UUID to FILE (.bel)."""
    from yiwang.platform.ballots import queries  # noqa: PLC0415 -- slow import

    election = next((one for one in queries.all_elections() if one.uuid == uuid), None)
    if election is None or not election.begun:
        raise click.ClickException(f"no opened election has the identifier “{uuid}”; see `yiwang ballots list`")
    raw = queries.archive_bytes(election)
    file.write_bytes(raw)
    show({"uuid": uuid, "file": str(file), "bytes": len(raw)}, as_json=as_json, text=f"{file}: {len(raw)} bytes")


@ballots.command()
@click.argument("uuid")
@click.argument("voters", type=click.IntRange(1, 100_000))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder of the authority."
)
def codes(uuid: str, voters: int, out: Path) -> None:
    """Make one voting code for each of VOTERS people in election UUID.

    For the code authority, on its own machine: needs no database and no network. Writes codes.txt (secret; one line
    for each voter in the order of the roll) and public.json (for the server).
    """
    from yiwang.platform.ballots.library import canonical, credentials  # noqa: PLC0415 -- slow import

    batch = credentials.make(uuid, voters)
    out.mkdir(parents=True, exist_ok=True)
    secret = out / "codes.txt"
    secret.touch(mode=0o600)
    secret.write_text("\n".join(batch.codes) + "\n")
    public = canonical.dump(batch.public)
    (out / "public.json").write_text(public)
    click.echo(f"{voters} codes in {secret}; fingerprint of the public half: {canonical.fingerprint(public)}")


COMMANDS: list[click.Command] = [ballots]
